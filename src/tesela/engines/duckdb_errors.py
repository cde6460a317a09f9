"""What DuckDB says -> what a person reads: the sentence without noise, and where in the SQL."""

from __future__ import annotations

import re

from tesela.errors import QueryCancelled, QueryError, QueryFailed, QueryRefused, QueryTimedOut

ERRORS: dict[str, type[QueryError]] = {
    "Cancelled": QueryCancelled,
    "Stopped": QueryCancelled,
    "Deadline": QueryTimedOut,
    "Refused": QueryRefused,
    "PermissionException": QueryRefused,
    "InvalidInputException": QueryFailed,
}
"""Everything that is not named here is QueryFailed."""

SENTENCES = {
    "Cancelled": "The query was cancelled.",
    "Stopped": "The query was cancelled.",
    "Deadline": "The query took longer than it may.",
    "several": "Write one query; there are several statements here.",
    "empty": "There is no query here.",
    "not a query": "Only queries that read may run here: SELECT, WITH, FROM, VALUES or PIVOT.",
    "PermissionException": "Queries may not reach files, the network or settings.",
    "OutOfMemoryException": (
        "The query needs more memory than it may use; aggregate or filter earlier, or read fewer columns."
    ),
    "FatalException": "The engine had to give up on this query.",
    "InternalException": "The engine had to give up on this query.",
    "IOException": "The data of this datasource could not be read.",
}
READ_ONLY = re.compile(r"read-only mode|Cannot execute statement of type", re.IGNORECASE)
POSITION = re.compile(r"\n+LINE (\d+): (.*)\n( *)\^+", re.DOTALL)
KIND = re.compile(r"^(?:[A-Z]\w* )*Error: ")
PATH = re.compile(r"""(?<![\w/])(?:/[\w.@+-]+){2,}|[\w./-]+\.duckdb\b""")


def as_query_error(name: str, message: str, sql: str) -> QueryError:
    """Return the error that a worker's answer stands for.

    name: of DuckDB's exception, or one of the worker's own words. sql: the text that was sent.
    """
    kind = ERRORS.get(name, QueryFailed)
    sentence = SENTENCES.get(message) or SENTENCES.get(name)
    if name == "InvalidInputException" and ("locked" in message or READ_ONLY.search(message)):
        kind, sentence = QueryRefused, SENTENCES["not a query"]
    if sentence is not None:
        return kind(sentence, private=f"{name}: {message}"[:2000])
    line, column = position(message, sql)
    return kind(cleaned(message), line=line, column=column, private=f"{name}: {message}"[:2000])


def position(message: str, sql: str) -> tuple[int | None, int | None]:
    """Return line and column, from 1, that a message points at.

    Long lines are shown as a piece between dots, so the piece is looked up in the line itself.
    """
    found = POSITION.search(message)
    if found is None:
        return None, None
    number, shown = int(found[1]), found[2]
    label = len(f"LINE {number}: ")
    offset = len(found[3]) - label
    lines = sql.split("\n")
    if number > len(lines) or offset < 0:
        return number, None
    if shown.startswith("..."):
        piece = shown[3:].removesuffix("...")
        start = lines[number - 1].find(piece)
        return number, None if start < 0 else start + offset - 3 + 1
    return number, offset + 1


def cleaned(message: str) -> str:
    """Return the first lines of a message as one sentence without the engine's labels, SQL and paths.

    >>> cleaned('Binder Error: Column "x" not found!\\nCandidates: "d"\\n\\nLINE 1: x\\n  ^')
    'Column "x" not found! Candidates: "d"'
    """
    text = re.split(r"\n+LINE \d+: |\n+\s*Candidate functions:|\n+while processing ", message)[0]
    text = PATH.sub("a file", KIND.sub("", text.strip()))
    return " ".join(text.split())[:500] or "The engine reported an error without words."
