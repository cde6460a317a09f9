"""Datasources: how to reach a database, with its secrets encrypted and bound to their row."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy import Row, delete, insert, select, update

from tesela.errors import Conflict, NotFound
from tesela.model.datasource import Datasource
from tesela.store.tables import dashboard_uses, dashboards, datasources, grants, metrics
from tesela.store.work import Work, key_of

MISSING = "Datasource not found or access denied"


class Datasources:
    def __init__(self, work: Work) -> None:
        self._work = work

    def add(self, datasource: Datasource) -> Datasource:
        """Add a datasource; a default one takes the place of the former. Raises Conflict on a taken name."""
        if datasource.is_default:
            self._clear_default(datasource.tenant_id)
        self._work.write(
            insert(datasources).values(
                id=datasource.id,
                tenant_id=datasource.tenant_id,
                kind=datasource.kind,
                revision=datasource.revision,
                created_by=datasource.created_by,
                created_at=datasource.created_at,
                **self._values(datasource),
            ),
            taken=f"A datasource named {datasource.name} already exists",
        )
        self._work.changed("datasource", datasource.tenant_id, datasource.id)
        return datasource

    def get(self, tenant_id: str, datasource_id: str, *, secrets: bool = False) -> Datasource | None:
        """Return a datasource, with its secrets only where they are asked for."""
        row = self._work.first(
            select(datasources).where(datasources.c.tenant_id == tenant_id, datasources.c.id == datasource_id)
        )
        return None if row is None else self._datasource(row, secrets=secrets)

    def list(self, tenant_id: str) -> list[Datasource]:
        """Return the datasources of a tenant by name, without secrets."""
        found = self._work.rows(
            select(datasources)
            .where(datasources.c.tenant_id == tenant_id)
            .order_by(datasources.c.name_key, datasources.c.id)
        )
        return [self._datasource(row, secrets=False) for row in found]

    def default(self, tenant_id: str) -> Datasource | None:
        """Return the tenant's default datasource, without secrets."""
        row = self._work.first(
            select(datasources).where(datasources.c.tenant_id == tenant_id, datasources.c.is_default)
        )
        return None if row is None else self._datasource(row, secrets=False)

    def update(
        self, datasource: Datasource, *, keep_secrets: bool = False, expected_revision: int | None = None
    ) -> Datasource:
        """Write name, config, secrets and flags, and return it with its next revision.

        keep_secrets: leave the stored ones, whatever `datasource.secrets` says.
        Raises NotFound, Conflict (taken name; another revision than expected, with the current one).
        """
        values = self._values(datasource)
        if keep_secrets:
            del values["secrets"]
        if datasource.is_default:
            self._clear_default(datasource.tenant_id, but=datasource.id)
        self._change(datasource.tenant_id, datasource.id, values, expected_revision, datasource.name)
        found = self.get(datasource.tenant_id, datasource.id, secrets=True)
        if found is None:
            raise NotFound(MISSING)
        return found

    def bump_generation(
        self,
        tenant_id: str,
        datasource_id: str,
        *,
        config: Mapping[str, Any] | None = None,
        expected_revision: int | None = None,
    ) -> Datasource:
        """Note that the data changed, under a new `config` where one is given, and return the next revision.

        Raises NotFound, Conflict.
        """
        values: dict[str, Any] = {} if config is None else {"config": dict(config)}
        values["updated_at"] = self._work.now()
        self._change(tenant_id, datasource_id, values, expected_revision, "")
        found = self.get(tenant_id, datasource_id)
        if found is None:
            raise NotFound(MISSING)
        return found

    def set_default(self, tenant_id: str, datasource_id: str) -> None:
        """Make one datasource the tenant's default. Raises NotFound."""
        self._clear_default(tenant_id, but=datasource_id)
        met = self._work.write(
            update(datasources)
            .where(datasources.c.tenant_id == tenant_id, datasources.c.id == datasource_id)
            .values(is_default=True)
        )
        if not met:
            raise NotFound(MISSING)
        self._work.changed("datasource", tenant_id, datasource_id)

    def delete(self, tenant_id: str, datasource_id: str) -> bool:
        """Remove a datasource with its grants. Raises Conflict naming the dashboards that use it."""
        users = self._work.rows(
            select(dashboards.c.name)
            .join(dashboard_uses, dashboard_uses.c.dashboard_id == dashboards.c.id)
            .where(
                dashboard_uses.c.tenant_id == tenant_id,
                dashboard_uses.c.kind == "datasource",
                dashboard_uses.c.ref == datasource_id,
            )
            .order_by(dashboards.c.name)
        )
        if users:
            raise Conflict(f"This datasource is used by {_named([row.name for row in users])}")
        measured = self._work.rows(
            select(metrics.c.name)
            .where(metrics.c.tenant_id == tenant_id, metrics.c.datasource_id == datasource_id)
            .order_by(metrics.c.name)
        )
        if measured:
            raise Conflict(f"This datasource is used by {_named([row.name for row in measured], 'metric')}")
        gone = self._work.write(
            delete(datasources).where(datasources.c.tenant_id == tenant_id, datasources.c.id == datasource_id)
        )
        self._work.write(
            delete(grants).where(
                grants.c.tenant_id == tenant_id,
                grants.c.object_kind == "datasource",
                grants.c.object_id == datasource_id,
            )
        )
        self._work.changed("datasource", tenant_id, datasource_id)
        return gone == 1

    def reseal(self) -> int:
        """Encrypt every secret with the newest key and return how many there were."""
        found = self._work.rows(
            select(datasources.c.id, datasources.c.secrets).where(datasources.c.secrets.is_not(None))
        )
        for row in found:
            opened = self._work.keys.decrypt(row.secrets, bound_to=f"datasource:{row.id}")
            sealed = self._work.keys.encrypt(opened, bound_to=f"datasource:{row.id}")
            self._work.write(update(datasources).where(datasources.c.id == row.id).values(secrets=sealed))
        return len(found)

    def _change(
        self, tenant_id: str, datasource_id: str, values: dict[str, Any], expected: int | None, name: str
    ) -> None:
        statement = update(datasources).where(
            datasources.c.tenant_id == tenant_id, datasources.c.id == datasource_id
        )
        if expected is not None:
            statement = statement.where(datasources.c.revision == expected)
        met = self._work.write(
            statement.values(revision=datasources.c.revision + 1, **values),
            taken=f"A datasource named {name} already exists",
        )
        if not met:
            found = self.get(tenant_id, datasource_id)
            if found is None:
                raise NotFound(MISSING)
            raise Conflict("This datasource was changed meanwhile: load it again", version=found.revision)
        self._work.changed("datasource", tenant_id, datasource_id)

    def _clear_default(self, tenant_id: str, *, but: str = "") -> None:
        former = self._work.rows(
            select(datasources.c.id).where(
                datasources.c.tenant_id == tenant_id, datasources.c.is_default, datasources.c.id != but
            )
        )
        for row in former:
            self._work.write(update(datasources).where(datasources.c.id == row.id).values(is_default=False))
            self._work.changed("datasource", tenant_id, row.id)

    def _values(self, datasource: Datasource) -> dict[str, Any]:
        sealed = None
        if datasource.secrets:
            text = orjson.dumps(dict(datasource.secrets)).decode()
            sealed = self._work.keys.encrypt(text, bound_to=f"datasource:{datasource.id}")
        return {
            "name": datasource.name,
            "name_key": key_of(datasource.name),
            "config": dict(datasource.config),
            "secrets": sealed,
            "is_default": datasource.is_default,
            "is_shared": datasource.is_shared,
            "updated_at": datasource.updated_at,
        }

    def _datasource(self, row: Row[Any], *, secrets: bool) -> Datasource:
        found = Datasource(
            id=row.id,
            tenant_id=row.tenant_id,
            name=row.name,
            kind=row.kind,
            config=row.config,
            revision=row.revision,
            created_by=row.created_by,
            created_at=row.created_at,
            updated_at=row.updated_at,
            is_default=row.is_default,
            is_shared=row.is_shared,
        )
        if not secrets or row.secrets is None:
            return found
        opened = self._work.keys.decrypt(row.secrets, bound_to=f"datasource:{row.id}")
        return dataclasses.replace(found, secrets=orjson.loads(opened))


def _named(names: list[str], noun: str = "dashboard") -> str:
    """
    >>> _named(["Sales"]), _named(["a", "b", "c", "d"])
    ('the dashboard Sales', 'the dashboards a, b, c and 1 more')
    """
    if len(names) == 1:
        return f"the {noun} {names[0]}"
    shown = ", ".join(names[:3])
    return f"the {noun}s {shown}" + (f" and {len(names) - 3} more" if len(names) > 3 else "")
