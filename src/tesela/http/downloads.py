"""Files that a browser saves: their names, safe in every header and on every disk."""

from __future__ import annotations

import unicodedata
from urllib.parse import quote

NAME_LENGTH = 80


def file_name(title: str, suffix: str) -> str:
    r"""Return a title as the name of a file: no path, no characters that a file system or shell minds.

    >>> file_name("../Ventas: 2026\r\n", ".csv"), file_name("...", ".csv")
    ('Ventas 2026.csv', 'untitled.csv')
    """
    kept = (c if c.isalnum() or c in "-_. ()" else " " for c in unicodedata.normalize("NFC", title))
    words = " ".join("".join(kept).split())
    return (words.strip(" .-")[:NAME_LENGTH].strip(" .-") or "untitled") + suffix


def attachment(title: str, suffix: str) -> str:
    """Return a Content-Disposition: the name in ASCII for old clients, and as it is (RFC 5987, RFC 6266).

    >>> print(attachment("Año", ".csv"))
    attachment; filename="Ano.csv"; filename*=UTF-8''A%C3%B1o.csv
    """
    name = file_name(title, suffix)
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    return f"attachment; filename=\"{file_name(plain, suffix)}\"; filename*=UTF-8''{quote(name, safe='')}"
