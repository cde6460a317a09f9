"""The language of an answer that is written in words."""

from __future__ import annotations

from typing import Literal

Language = Literal["en", "es"]
SPOKEN: tuple[Language, ...] = ("en", "es")


def accepted(header: str | None) -> Language:
    """Return the language that Accept-Language prefers among those that are spoken here; English else.

    >>> accepted("fr-CH, es;q=0.8, en;q=0.7"), accepted("de"), accepted(None)
    ('es', 'en', 'en')
    """
    best: tuple[float, Language] = (0.0, "en")
    for part in (header or "").split(","):
        name, *parameters = (one.strip().casefold() for one in part.split(";"))
        spoken = next((one for one in SPOKEN if name == one or name.startswith(f"{one}-")), None)
        quality = _quality(parameters)
        if spoken is not None and quality > best[0]:
            best = (quality, spoken)
    return best[1]


def _quality(parameters: list[str]) -> float:
    for one in parameters:
        if one.startswith("q="):
            try:
                return float(one[2:])
            except ValueError:
                return 0.0
    return 1.0
