#!/bin/sh
# What `make run` does after the set-up: load the demo (once), print a login link, serve.
# TESELA_PORT=9000 make run takes another port; every setting works like that.
set -eu
data=$1
tesela=.venv/bin/tesela

"$tesela" demo --data "$data"
link=$("$tesela" user link admin@localhost --data "$data")
cat <<END

  Open this to log in; it works once, for 15 minutes, and the next \`make run\` prints another:

  $link

END
TESELA_LOG_LEVEL=${TESELA_LOG_LEVEL:-warning} exec "$tesela" serve --data "$data"
