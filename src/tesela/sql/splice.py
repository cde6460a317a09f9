"""Replaces parts of a text, with values apart from it."""

from __future__ import annotations

from collections.abc import Iterable

from tesela.model.statement import Scalar
from tesela.sql.clauses import Bound, Fragment

Edit = tuple[int, int, Fragment]
"""text[start:end] becomes the fragment."""


def splice(sql: str, edits: Iterable[Edit]) -> tuple[tuple[str, ...], tuple[Scalar, ...]]:
    """Return text and values, as `Statement` has them, with every edit made; an outer edit swallows inner ones.

    >>> splice("a = X and b", [(4, 5, (Bound(1),))])
    (('a = ', ' and b'), (1,))
    """
    text: list[str] = [""]
    values: list[Scalar] = []
    at = 0
    for start, end, fragment in sorted(edits, key=lambda edit: (edit[0], -edit[1])):
        if start < at:
            continue
        text[-1] += sql[at:start]
        for piece in fragment:
            if isinstance(piece, Bound):
                values.append(piece.value)
                text.append("")
            else:
                text[-1] += piece
        at = end
    text[-1] += sql[at:]
    return tuple(text), tuple(values)
