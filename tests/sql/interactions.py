"""Reads the query shapes of `cases/interactions.sql`, and the small shop that they ask."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sql.cases_files import CASES

TABLES = {
    "sales": "id,region,country,city,product,day,amt\n"
    "1,North,SE,Stockholm,1,2026-01-03,10\n"
    "2,North,SE,Stockholm,2,2026-01-20,5\n"
    "3,North,SE,Malmö,1,2026-02-03,21\n"
    "4,North,NO,Oslo,3,2026-02-04,43\n"
    "5,North,NO,Bergen,1,2026-02-05,2\n"
    "6,South,ES,Madrid,2,2026-01-06,81\n"
    "7,South,ES,O'Neil's,3,2026-01-07,160\n"
    "8,South,IT,Roma,1,2026-03-08,3\n"
    "9,,XX,Nowhere,2,2026-03-09,320\n"
    "10,,XX,Nowhere,3,2026-03-10,1\n",
    "products": "id,name,maker\n1,pen,a\n2,ink,b\n3,paper,a\n4,glue,b\n",
    "targets": "region,goal\nNorth,100\nSouth,50\n",
    "returned": "sale,why\n2,wet\n8,late\n",
}
QUOTE = "'"
LEVELS = ("region", "country", "city")
PATHS: tuple[tuple[str | None, ...], ...] = (
    ("North",),
    (None,),
    ("North", "SE"),
    ("South", "ES", "O'Neil's"),
    ("nobody'; DROP TABLE sales; --",),
)


@dataclass(frozen=True)
class Shape:
    """One query, with the same asked by hand.

    drill: with {level} and {path} where those go; empty where the query cannot be drilled.
    refused: a part of the sentence that then says why.
    cross: what a click on the region North makes of it.
    """

    title: str
    query: str
    drill: str
    refused: str
    cross: str
    only: str

    def drilled(self, path: tuple[str | None, ...]) -> str:
        """Return the query that a person would write for this path."""
        conditions = [
            f"{level} IS NULL" if value is None else f"{level} = '{value.replace(QUOTE, 2 * QUOTE)}'"
            for level, value in zip(LEVELS, path, strict=False)
        ]
        sql = self.drill.replace("{level}", LEVELS[min(len(path), 2)])
        return sql.replace("{path}", f"({' AND '.join(conditions)})")


def read_shapes() -> Iterator[Shape]:
    for block in (CASES / "interactions.sql").read_text().split("-- title: ")[1:]:
        title, _, rest = block.strip().partition("\n")
        only = ""
        if rest.startswith("-- only: "):
            first, _, rest = rest.partition("\n")
            only = first.removeprefix("-- only: ")
        query, *parts = re.split(r"^-- (drill|refused: .+|cross)$", rest, flags=re.MULTILINE)
        found = {
            key.split(": ")[0]: (key, text.strip()) for key, text in zip(parts[::2], parts[1::2], strict=True)
        }
        refused = found["refused"][0].removeprefix("refused: ") if "refused" in found else ""
        drill = found["drill"][1] if "drill" in found else ""
        yield Shape(title, query.strip(), drill.rstrip(";"), refused, found["cross"][1].rstrip(";"), only)
