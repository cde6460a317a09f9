"""Checks of single fields that several features share. Each raises BadRequest with the field and the remedy."""

from __future__ import annotations

import unicodedata
import uuid
import zoneinfo

from tesela.errors import BadRequest

NAME_LENGTH = 200
TEXT_LENGTH = 10_000


def name(value: str | None, field: str, *, required_as: str | None = None) -> str:
    """Return a name without outer blanks: 1 to 200 characters, on one line.

    >>> name("  Sales ", "name")
    'Sales'
    """
    stripped = (value or "").strip()
    if not stripped:
        raise BadRequest(f"{required_as or field} is required")
    if len(stripped) > NAME_LENGTH:
        raise BadRequest(f"{field} must have at most {NAME_LENGTH} characters")
    if any(unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in stripped):
        raise BadRequest(f"{field} must be one line without control characters")
    return stripped


def text(value: str | None, field: str, *, at_most: int = TEXT_LENGTH) -> str | None:
    """Return a text of several lines, or None when it is blank."""
    if value is None or not value.strip():
        return None
    if len(value) > at_most:
        raise BadRequest(f"{field} must have at most {at_most} characters")
    if "\x00" in value:
        raise BadRequest(f"{field} must not contain the character NUL")
    return value


def time_zone(value: str, field: str = "time_zone") -> str:
    """Return an IANA name of a zone."""
    try:
        zoneinfo.ZoneInfo(value)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise BadRequest(f"{field} must be a time zone such as Europe/Madrid") from error
    return value


def tags(values: list[str], field: str = "tags") -> tuple[str, ...]:
    """Return at most 50 different tags, in the given order."""
    found = tuple(dict.fromkeys(name(value, field) for value in values))
    if len(found) > 50:
        raise BadRequest(f"{field} must be at most 50")
    return found


def refresh_interval(value: int | None, field: str = "refresh_interval_seconds") -> int | None:
    """Return seconds between 5 and a week, or None for no automatic refresh (0 means the same)."""
    if value is None or value == 0:
        return None
    if not 5 <= value <= 604_800:
        raise BadRequest(f"{field} must be between 5 and 604800, or null")
    return value


def cache_ttl(value: int | None, field: str = "cache_ttl_seconds") -> int | None:
    """Return seconds between 0 and a week, or None for the dashboard's own."""
    if value is not None and not 0 <= value <= 604_800:
        raise BadRequest(f"{field} must be between 0 and 604800, or null")
    return value


def is_uuid(value: str) -> bool:
    """Return whether the value is a UUID in its usual spelling."""
    try:
        return str(uuid.UUID(value)) == value.lower()
    except ValueError:
        return False


def uuid_field(value: str, field: str) -> str:
    """Return a UUID in lower case."""
    if not is_uuid(value):
        raise BadRequest(f"{field} must be a UUID")
    return value.lower()
