#!/bin/sh
# Write the locked requirements again: `make lock`, after a change in pyproject.toml. Needs the network.
# One file serves Python 3.11 to 3.14 on every platform; no file names an index. The first line of each says what
# it was made from, so that a test can tell when it is out of date.
set -eu
cd "$(dirname "$0")/.."

lock() {
    target=requirements/$1
    shift
    .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
        --no-emit-index-url --no-header "$@" --output-file "$target"
    sed -i.before '/^# made from /d' "$target"
    { .venv/bin/python scripts/asked.py; cat "$target"; } >"$target.new"
    mv "$target.new" "$target"
    rm -f "$target.before"
}

lock base.lock pyproject.toml
lock dev.lock --group dev --constraint requirements/base.lock
lock setup.lock requirements/setup.in --constraint requirements/dev.lock
lock demo.lock requirements/demo.in --no-deps
