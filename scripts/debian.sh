#!/bin/sh
# Install the servers that the tests start: PostgreSQL and Chromium, from Debian's packages, where that may be done.
set -eu

missing=
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$missing postgresql"
command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
[ -n "$missing" ] || exit 0

skipped() {
    echo "tests: $1, so what needs these skips:$missing" >&2
    exit 0
}

command -v apt-get >/dev/null 2>&1 || skipped "there is no apt-get here"
if [ "$(id -u)" -eq 0 ]; then
    as_root=
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    as_root="sudo -n"
else
    skipped "installing Debian packages needs root or sudo without a password"
fi

echo "tests: installing$missing"
install() {
    # The tests start servers of their own; the packages' own must not start.
    $as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq --no-install-recommends $missing >/dev/null
}
install 2>/dev/null || { $as_root apt-get update -qq && install; } || skipped "apt-get could not install them"
