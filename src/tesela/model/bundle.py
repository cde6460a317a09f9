"""A bundle: a dashboard as a file, without ids, so that it can move to another server or live in git.

Here are its shape, its limits and its bytes. How ids become refs and back is in `model/refs`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Annotated, Any

import orjson
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from tesela.errors import BundleRefused

SCHEMA_VERSION = 1
Lift = Callable[[dict[str, Any]], dict[str, Any]]
LIFTS: Mapping[int, Lift] = MappingProxyType({})
"""How a bundle of a version becomes one of the next. Version 1 is the first, so there is none yet."""

MAX_BYTES = 10_000_000
MAX_DEPTH = 100
MAX_VALUES = 200_000
MAX_SQL_CHARACTERS = 2_000_000
"""Of all queries together: each of them is parsed."""
COUNTS = MappingProxyType({"pages": 50, "tiles": 200, "filters": 50, "required_datasources": 50})
SHOWN_PROBLEMS = 20
SUFFIX = ".qry-dashboard.json"

Ref = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]*$", max_length=200)]
"""The length stands apart: counted in the pattern, it takes a tenth of a second to compile."""


class Part(BaseModel):
    """A part of a bundle: strict types; what a later version adds is left out, with a warning."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore", populate_by_name=True)


class BundleLayout(Part):
    columns: int = Field(12, ge=12, le=12)
    rowHeight: int = Field(80, ge=20, le=400)  # noqa: N815  (the contract's spelling)
    gap: int = Field(16, ge=0, le=100)


class BundlePage(Part):
    ref: Ref = Field(alias="_ref")
    name: str
    page_order: int = 0


class BundleTile(Part):
    """A tile with refs in the place of ids. Without a place it goes to the first free one.

    metric_query: names metrics, which the server that reads the bundle has to have under the same names.
    """

    ref: Ref | None = Field(None, alias="_ref")
    page_ref: Ref | None = Field(None, alias="_page_ref")
    datasource_ref: Ref | None = Field(None, alias="_datasource_ref")
    title: str
    tile_type: str
    chart_type: str | None = None
    catalog: str | None = None
    schema_: str | None = Field(None, alias="schema")
    query: str | None = None
    metric_query: dict[str, Any] | None = None
    content: str | None = None
    chart_config: dict[str, Any] | None = None
    grid_x: int | None = None
    grid_y: int | None = None
    grid_w: int | None = None
    grid_h: int | None = None
    cache_ttl_seconds: int | None = None


class BundleDashboard(Part):
    name: str
    description: str | None = None
    layout: BundleLayout | None = None
    refresh_interval_seconds: int | None = None
    time_zone: str | None = None
    tags: list[str] | None = None
    filters: list[dict[str, Any]] = Field(default_factory=list)
    settings: dict[str, Any] | None = None


class RequiredDatasource(Part):
    """A database that the importer has to name. type: a kind of engine, such as `postgresql`."""

    ref: Ref
    name: str = Field(max_length=1_000)
    type: str = Field(max_length=100)


class Bundle(Part):
    """A dashboard that is nowhere yet. pages: in order."""

    schema_version: int
    dashboard: BundleDashboard
    pages: list[BundlePage] = Field(default_factory=list)
    tiles: list[BundleTile] = Field(default_factory=list)
    required_datasources: list[RequiredDatasource] = Field(default_factory=list)

    def left_out(self, raw: dict[str, Any]) -> list[str]:
        """Return a sentence for each member of the file that no part of a bundle has."""
        return [f"{place} is not known here and is left out" for place in sorted(set(_unknown(raw)))][:100]


def read_bundle(raw: Any, lifts: Mapping[int, Lift] = LIFTS) -> Bundle:
    """Return the bundle that parsed JSON holds, whole in itself: each ref is there, and there once.

    Raises BundleRefused naming the places. Whether its SQL may be saved is checked in `features/bundles`.
    """
    lifted = _lifted(raw, lifts)
    _check_counts(lifted)
    _check_values(lifted)
    try:
        bundle = Bundle.model_validate(lifted)
    except ValidationError as error:
        raise BundleRefused(list(_sentences(error))) from error
    bundle = bundle.model_copy(update={"pages": sorted(bundle.pages, key=lambda page: page.page_order)})
    if problems := [*_ref_problems(bundle), *_size_problems(bundle)]:
        raise BundleRefused(problems)
    return bundle


def bundle_bytes(bundle: Bundle) -> bytes:
    """Return the file: sorted keys, two spaces, null members left out; the same for the same dashboard."""
    shown = bundle.model_dump(mode="json", by_alias=True, exclude_none=True)
    written = [(shown["dashboard"], bundle.dashboard), *zip(shown["tiles"], bundle.tiles, strict=True)]
    for one, part in written:
        for name in (
            "chart_config",
            "metric_query",
            "settings",
            "filters",
        ):  # in there, null is a value like others
            if name in one:
                one[name] = getattr(part, name)
    return orjson.dumps(shown, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def bundle_of_bytes(content: bytes) -> Any:
    """Return the JSON of a file. Raises BundleRefused."""
    if len(content) > MAX_BYTES:
        raise BundleRefused([f"A bundle may have at most {MAX_BYTES} bytes"])
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise BundleRefused([f"The bundle is not valid JSON: {error}"]) from error


def _lifted(given: Any, lifts: Mapping[int, Lift]) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise BundleRefused(["bundle must be a JSON object"])
    raw: dict[str, Any] = given
    version = raw.get("schema_version")
    if type(version) is not int:
        raise BundleRefused(["schema_version is required: a whole number"])
    while version != SCHEMA_VERSION:
        if version not in lifts:
            raise BundleRefused(
                [f"schema_version {version} is not supported; this server reads version {SCHEMA_VERSION}"]
            )
        raw = lifts[version](raw)
        version = raw["schema_version"]
    return raw


def _check_counts(raw: dict[str, Any]) -> None:
    """Refuse long lists before anything is looked at one by one."""
    dashboard = raw.get("dashboard")
    for name, at_most in COUNTS.items():
        found = dashboard.get(name) if name == "filters" and isinstance(dashboard, dict) else raw.get(name)
        if isinstance(found, list) and len(found) > at_most:
            raise BundleRefused([f"{name}: a bundle may have at most {at_most}; this has {len(found)}"])


def _check_values(raw: dict[str, Any]) -> None:
    """Refuse what is too deep, too much, or cannot be stored. No recursion: the depth is not ours."""
    waiting: list[tuple[tuple[str | int, ...], Any]] = [((), raw)]
    count = 0
    while waiting:
        place, value = waiting.pop()
        count += 1
        if count > MAX_VALUES:
            raise BundleRefused([f"A bundle may hold at most {MAX_VALUES} values"])
        if len(place) > MAX_DEPTH:
            raise BundleRefused([f"{_dotted(place[:4])}: is nested more than {MAX_DEPTH} levels deep"])
        if isinstance(value, dict):
            for key in value:
                _check_scalar(place, key)
            waiting += (((*place, key), one) for key, one in value.items())
        elif isinstance(value, list):
            waiting += (((*place, number), one) for number, one in enumerate(value))
        else:
            _check_scalar(place, value)


def _check_scalar(place: tuple[str | int, ...], value: Any) -> None:
    if isinstance(value, str) and ("\x00" in value or not _is_clean(value)):
        raise BundleRefused([f"{_dotted(place)}: holds a character that cannot be stored"])
    if isinstance(value, float) and not math.isfinite(value):
        raise BundleRefused([f"{_dotted(place)}: must be a finite number"])
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        raise BundleRefused([f"{_dotted(place)}: is too large a number"])
    if value is not None and not isinstance(value, str | int | float | bool):
        raise BundleRefused([f"{_dotted(place)}: is no JSON value"])


def _is_clean(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _dotted(place: Iterable[str | int]) -> str:
    """
    >>> _dotted(("tiles", 2, "_page_ref"))
    'tiles.2._page_ref'
    """
    return ".".join(str(part)[:50] for part in place) or "bundle"


WORDS = {
    "missing": "is required",
    "string_type": "must be text",
    "int_type": "must be a whole number",
    "dict_type": "must be an object",
    "model_type": "must be an object",
    "list_type": "must be a list",
    "string_pattern_mismatch": "must be a short name of letters, digits, _ . and -",
    "extra_forbidden": "is not known",
}


def _sentences(error: ValidationError) -> Iterator[str]:
    for one in error.errors(include_url=False, include_input=False)[:SHOWN_PROBLEMS]:
        message = WORDS.get(one["type"]) or one["msg"][:1].lower() + one["msg"][1:]
        yield f"{_dotted(one['loc'])}: {message}"


def _ref_problems(bundle: Bundle) -> Iterator[str]:
    places: dict[str, str] = {}
    given = [
        *((f"required_datasources.{n}.ref", one.ref) for n, one in enumerate(bundle.required_datasources)),
        *((f"pages.{n}._ref", one.ref) for n, one in enumerate(bundle.pages)),
        *((f"tiles.{n}._ref", one.ref) for n, one in enumerate(bundle.tiles)),
    ]
    for place, ref in given:
        if ref is not None and ref in places:
            yield f"{place}: {ref} is the ref of {places[ref].rpartition('.')[0]} already"
        elif ref is not None:
            places[ref] = place
    pages = {page.ref for page in bundle.pages}
    sources = {one.ref for one in bundle.required_datasources}
    for n, tile in enumerate(bundle.tiles):
        if tile.page_ref is not None and tile.page_ref not in pages:
            yield f"tiles.{n}._page_ref: no page has the ref {tile.page_ref}"
        if tile.datasource_ref is not None and tile.datasource_ref not in sources:
            yield f"tiles.{n}._datasource_ref: {tile.datasource_ref} is not among required_datasources"


def _size_problems(bundle: Bundle) -> Iterator[str]:
    configs = [tile.chart_config or {} for tile in bundle.tiles]
    texts = [tile.query for tile in bundle.tiles] + [config.get("detail_query") for config in configs]
    if sum(len(text) for text in texts if isinstance(text, str)) > MAX_SQL_CHARACTERS:
        yield f"tiles: all queries together may have at most {MAX_SQL_CHARACTERS} characters"


def _unknown(raw: dict[str, Any]) -> Iterator[str]:
    yield from _unknown_in(Bundle, raw, "")
    yield from _unknown_in(BundleDashboard, raw["dashboard"], "dashboard.")
    for name, part in (
        ("pages", BundlePage),
        ("tiles", BundleTile),
        ("required_datasources", RequiredDatasource),
    ):
        for one in raw.get(name, ()):
            yield from _unknown_in(part, one, f"{name}.")


def _unknown_in(part: type[Part], raw: dict[str, Any], where: str) -> Iterator[str]:
    known = {field.alias or name for name, field in part.model_fields.items()}
    yield from (f"{where}{_dotted([name])}" for name in raw if name not in known)


def slug(text: str, at_most: int = 60) -> str:
    """Return a short name of letters and digits in lower case, joined with hyphens; may be empty.

    >>> slug("Revenue by Región <b>!")
    'revenue-by-región-b'
    """
    return "-".join(re.findall(r"[^\W_]+", text.casefold()))[:at_most].strip("-")
