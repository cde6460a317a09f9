"""Whole answers, put together once: the bytes of a dashboard as long as nothing in them has changed.

A cached view must cost next to nothing: no table is read, no key computed, no JSON encoded.
"""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

from tesela.features.data import TileAnswer, dashboard_bytes
from tesela.model.caller import Caller
from tesela.model.dashboard import Dashboard
from tesela.running.runner import Answered
from tesela.running.shelf import Shelf

GZIP_FROM_BYTES = 1_000
GZIP_LEVEL = 5
KEPT_VERSIONS = 20_000


@dataclass(slots=True)
class Assembled:
    """An answer's bytes, plain and compressed.

    parts: the shelf's entries it consists of. departures: the shelf's count when they were last seen there.
    """

    body: bytes
    etag: bytes
    fresh_until: float
    parts: tuple[Answered, ...]
    departures: int = -1
    _gzipped: bytes | None = field(default=None, repr=False)

    @property
    def size(self) -> int:
        return len(self.body) + len(self._gzipped or b"") + 512

    def gzipped(self) -> bytes | None:
        """Return the compressed body, made at the first call; None when it is not worth it."""
        if self._gzipped is None and len(self.body) >= GZIP_FROM_BYTES:
            self._gzipped = gzip.compress(self.body, GZIP_LEVEL, mtime=0)
        return self._gzipped


Name = tuple[str, int, str | None, str, str]
"""(dashboard, version, tile or None for all, whose rows, when)"""


class Assemblies:
    """Assembled answers by dashboard, version and reader; the least recently used go first."""

    def __init__(self, shelf: Shelf, max_bytes: int) -> None:
        self._shelf = shelf
        self._max_bytes = max_bytes
        self._kept: OrderedDict[Name, Assembled] = OrderedDict()
        self._personal: dict[tuple[str, int], bool] = {}
        self._size = 0
        self.hits = 0

    def find(
        self, caller: Caller, dashboard: Dashboard, tile_id: str | None, now: float, moment: dt.datetime
    ) -> Assembled | None:
        """Return the answer when every part of it is still on the shelf and fresh.

        now: of the shelf's clock. moment: the time of day, which relative dates in filters depend on.
        """
        name = self._name(caller, dashboard, tile_id, moment)
        found = self._kept.get(name)
        if found is None:
            return None
        if now >= found.fresh_until or not self._is_whole(found):
            self._drop(name)
            return None
        self._kept.move_to_end(name)
        self.hits += 1
        return found

    def keep(
        self,
        caller: Caller,
        dashboard: Dashboard,
        tile_id: str | None,
        answers: Sequence[TileAnswer],
        moment: dt.datetime,
    ) -> Assembled | None:
        """Put the answers together as the next viewer gets them; None when one is an error or stale."""
        bodies = [answer.cached for answer in answers]
        parts = tuple(answer.answered for answer in answers if answer.answered is not None)
        if any(body is None for body in bodies) or any(part.freshness == "stale" for part in parts):
            return None
        whole = [body for body in bodies if body is not None]
        assembled = Assembled(
            body=whole[0] if tile_id is not None else dashboard_bytes(dashboard, whole),
            etag=etag_of(dashboard, answers),
            fresh_until=min((part.shelved.fresh_until for part in parts), default=float("inf")),
            parts=parts,
        )
        self._put(self._name(caller, dashboard, tile_id, moment), assembled)
        return assembled

    def clear(self) -> None:
        """Forget everything: after a datasource changed, old entries of the shelf must not be found."""
        self._kept.clear()
        self._size = 0

    def _name(self, caller: Caller, dashboard: Dashboard, tile_id: str | None, moment: dt.datetime) -> Name:
        reader = f"{caller.tenant_id} {caller.policy_digest}"
        if self._names_reader(dashboard):
            reader = f"{reader} {caller.user_id} {sorted(caller.attributes.items())}"
        # "today" and "now" in a filter must not be kept
        when = f"{moment:%Y-%m-%dT%H:%M}" if dashboard.document.depends_on_now else ""
        return dashboard.id, dashboard.version, tile_id, reader, when

    def _names_reader(self, dashboard: Dashboard) -> bool:
        """Return what the document says, looked up once for each of its versions."""
        version = (dashboard.id, dashboard.version)
        known = self._personal.get(version)
        if known is None:
            if len(self._personal) >= KEPT_VERSIONS:
                self._personal.clear()
            known = self._personal[version] = dashboard.document.names_reader
        return known

    def _is_whole(self, assembled: Assembled) -> bool:
        """Return whether all parts are still on the shelf; they are looked for only after something left it."""
        if assembled.departures != self._shelf.departures:
            if not all(self._shelf.holds(part.key, part.shelved) for part in assembled.parts):
                return False
            assembled.departures = self._shelf.departures
        return True

    def _put(self, name: Name, assembled: Assembled) -> None:
        self._drop(name)
        if len(assembled.body) > self._max_bytes // 8:
            return
        assembled.gzipped()
        self._kept[name] = assembled
        self._size += assembled.size
        while self._size > self._max_bytes:
            self._drop(next(iter(self._kept)))

    def _drop(self, name: Name) -> None:
        dropped = self._kept.pop(name, None)
        if dropped is not None:
            self._size -= dropped.size


def etag_of(dashboard: Dashboard, answers: Sequence[TileAnswer]) -> bytes:
    """Return a weak tag of the data: the same for an answer just made and for the same one from the shelf."""
    digest = hashlib.sha256(f"{dashboard.id} {dashboard.version}".encode())
    for answer in answers:
        digest.update(answer.tile_id.encode())
        if answer.answered is not None:
            digest.update(answer.answered.key)
            digest.update(answer.answered.shelved.made_at.hex().encode())
        else:
            digest.update(answer.body if answer.error is None else answer.error.sentence.encode())
    return b'W/"' + digest.hexdigest()[:32].encode() + b'"'
