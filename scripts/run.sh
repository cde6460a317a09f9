#!/bin/sh
# What `make run` does after the set-up: load the demo (once), print a login link, serve.
set -eu
data=$1
tesela=.venv/bin/tesela

"$tesela" demo --data "$data"
"$tesela" user link admin@localhost --data "$data"
exec "$tesela" serve --data "$data"
