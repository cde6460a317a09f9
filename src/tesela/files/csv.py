"""What stands around the rows of a CSV file (RFC 4180, UTF-8): the names, and a note when rows are missing."""

from __future__ import annotations

from collections.abc import Sequence

from tesela.files.cells import csv_text

MEDIA_TYPE = "text/csv; charset=utf-8"
BYTE_ORDER_MARK = "\ufeff".encode()
"""By which some spreadsheets tell that a file is UTF-8."""


def beginning(names: Sequence[str], *, bom: bool) -> bytes:
    """Return the line of the names.

    >>> beginning(["region", "=sum", "a,b"], bom=False)
    b'region,"\\'=sum","a,b"\\r\\n'
    """
    return (BYTE_ORDER_MARK if bom else b"") + line(names)


def line(texts: Sequence[str]) -> bytes:
    """Return a line of texts."""
    return f"{','.join(map(csv_text, texts))}\r\n".encode()
