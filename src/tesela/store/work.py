"""One transaction at work: what every room of the store stands on."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import Connection, Executable, Row
from sqlalchemy.exc import IntegrityError

from tesela.errors import Conflict
from tesela.store.secrets import Keys
from tesela.store.totals import Totals

Clock = Callable[[], dt.datetime]
"""Returns the present moment, aware, UTC."""

ChangeKind = Literal[
    "tenant",
    "user",
    "listing",
    "session",
    "api_key",
    "team",
    "workspace",
    "datasource",
    "metric",
    "dashboard",
    "grant",
    "snapshot",
    "policy",
    "ai",
]


@dataclass(frozen=True, slots=True)
class Change:
    """One committed write.

    id: of the object; for a session or an API key, of its user; for `listing` (a list of dashboards may be
    longer or shorter), of the tenant; for a snapshot, which also means a link, of its dashboard.
    """

    kind: ChangeKind
    tenant_id: str
    id: str


@dataclass
class Work:
    """An open transaction.

    generation: of `totals`, when it began. changes: what listeners are told after the commit.
    """

    connection: Connection
    clock: Clock
    keys: Keys
    totals: Totals = field(default_factory=Totals)
    generation: int = 0
    changes: list[Change] = field(default_factory=list)

    def now(self) -> dt.datetime:
        return self.clock()

    def rows(self, statement: Executable) -> Sequence[Row[Any]]:
        return self.connection.execute(statement).all()

    def first(self, statement: Executable) -> Row[Any] | None:
        return self.connection.execute(statement).first()

    def value(self, statement: Executable) -> Any:
        return self.connection.execute(statement).scalar()

    def write(self, statement: Executable, *, taken: str | None = None) -> int:
        """Run a write and return how many rows it met.

        taken: the sentence of the Conflict that a breach of a unique or foreign key becomes.
        """
        try:
            return self.connection.execute(statement).rowcount
        except IntegrityError as error:
            if taken is None:
                raise
            raise Conflict(taken) from error

    def changed(self, kind: ChangeKind, tenant_id: str, id: str) -> None:  # noqa: A002
        """Note a change that listeners will hear of when it is committed."""
        self.changes.append(Change(kind, tenant_id, id))


def key_of(text: str) -> str:
    """Return the form in which names and addresses are compared: no case, one spelling of each letter.

    >>> key_of("  Ünal@Example.ORG ") == key_of("ünal@example.org")
    True
    """
    return unicodedata.normalize("NFKC", text.strip()).casefold()
