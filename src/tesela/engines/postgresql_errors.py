"""What PostgreSQL and psycopg say -> what a person reads, without hosts, users and passwords."""

from __future__ import annotations

import psycopg

from tesela.engines.names import place_at
from tesela.errors import QueryError, QueryFailed, QueryRefused, QueryTimedOut, SourceUnavailable

ERRORS: dict[str, tuple[type[QueryError], str | None]] = {
    "57014": (QueryTimedOut, "The query took longer than it may."),
    "25006": (QueryRefused, "Only queries that read may run here."),
    "42501": (QueryRefused, None),
    "57P01": (SourceUnavailable, "The database closed the connection."),
    "57P02": (SourceUnavailable, "The database closed the connection."),
    "57P03": (SourceUnavailable, "The database is starting or stopping."),
    "53300": (SourceUnavailable, "The database has no connection left for us."),
    "28P01": (SourceUnavailable, "The database refused the user name or the password."),
    "28000": (SourceUnavailable, "The database refused this login."),
    "3D000": (SourceUnavailable, "There is no database of that name on this server."),
}
"""By SQLSTATE: the error and its sentence; None keeps the server's own. The rest is QueryFailed."""
CAUSES = (
    ("password authentication failed", "The database refused the user name or the password."),
    ("no password supplied", "The database asks for a password, and there is none."),
    ("no pg_hba.conf entry", "The database refused this login."),
    ("does not exist", "There is no such database or user on this server."),
    ("does not support ssl", "The server does not support TLS; sslmode asks for it."),
    ("certificate", "The server's TLS certificate could not be verified."),
    ("starting up", "The database is starting or stopping."),
    ("shutting down", "The database is starting or stopping."),
    ("too many clients", "The database has no connection left for us."),
)
UNREACHABLE = "Nothing listens as PostgreSQL at this address; check host and port."
"""Said alike of a name that is not known, a closed port and another kind of server: who may add a datasource
is not told what there is in the server's network."""


def as_query_error(error: psycopg.Error, sql: str) -> QueryError:
    """Return the error that a failed query stands for, with its place in the SQL."""
    kind, sentence = ERRORS.get(error.sqlstate or "", (QueryFailed, None))
    if error.sqlstate is None and isinstance(error, psycopg.OperationalError):
        kind, sentence = SourceUnavailable, "The database closed the connection."
    if "multiple commands" in str(error):
        kind, sentence = QueryRefused, "Write one query; there are several statements here."
    elif isinstance(error, psycopg.ProgrammingError) and error.sqlstate is None:
        kind, sentence = QueryRefused, "Write one query that reads: SELECT, WITH or VALUES."
    if sentence is None:
        message = error.diag.message_primary or str(error).partition("\n")[0]
        hint = error.diag.message_hint
        sentence = message[:1].upper() + message[1:] + (f". {hint}" if hint else "")
    line, column = None, None
    if error.diag.statement_position:
        line, column = place_at(sql, int(error.diag.statement_position) - 1)
    return kind(sentence[:500], line=line, column=column, private=str(error)[:2000])


def as_unavailable(error: psycopg.Error) -> SourceUnavailable:
    """Return why the database cannot be reached."""
    known = ERRORS.get(error.sqlstate or "")
    message = str(error).lower()
    sentence = known[1] if known else None
    for needle, cause in CAUSES:
        sentence = sentence or (cause if needle in message else None)
    return SourceUnavailable(sentence or UNREACHABLE, private=str(error)[:2000])
