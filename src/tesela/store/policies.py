"""Row policies: kept here, applied in `sql/policies`."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from tesela.errors import Conflict, NotFound
from tesela.model.policy import Reader, RowPolicy, Rules, rules_for
from tesela.store.tables import row_policies
from tesela.store.work import Work, key_of

GONE = "Row policy not found or access denied"


class Policies:
    def __init__(self, work: Work) -> None:
        self._work = work

    def add(self, policy: RowPolicy) -> RowPolicy:
        """Add a policy. Raises Conflict when the datasource has one of this name."""
        self._work.write(
            insert(row_policies).values(
                id=policy.id,
                tenant_id=policy.tenant_id,
                datasource_id=policy.datasource_id,
                revision=policy.revision,
                created_by=policy.created_by,
                created_at=policy.created_at,
                **_values(policy),
            ),
            taken=f"This datasource already has a policy named {policy.name}",
        )
        self._work.changed("policy", policy.tenant_id, policy.id)
        return policy

    def get(self, tenant_id: str, policy_id: str) -> RowPolicy | None:
        row = self._work.first(
            select(row_policies).where(
                row_policies.c.tenant_id == tenant_id, row_policies.c.id == policy_id.lower()
            )
        )
        return None if row is None else _policy(row)

    def list(self, tenant_id: str, datasource_id: str | None = None) -> list[RowPolicy]:
        """Return a tenant's policies, or those of one datasource, by name."""
        query = select(row_policies).where(row_policies.c.tenant_id == tenant_id)
        if datasource_id is not None:
            query = query.where(row_policies.c.datasource_id == datasource_id)
        return [
            _policy(row)
            for row in self._work.rows(query.order_by(row_policies.c.name_key, row_policies.c.id))
        ]

    def rules_of(self, tenant_id: str, reader: Reader) -> Rules:
        """Return the rules that hold for a reader."""
        found = self.list(tenant_id)
        return rules_for(found, reader, {one.datasource_id: self.salt(one.datasource_id) for one in found})

    def salt(self, datasource_id: str) -> str:
        """Return what hashed values of a datasource are mixed with: ours alone, the same for all of its tables."""
        return self._work.keys.sign(f"mask:{datasource_id}".encode())

    def update(self, policy: RowPolicy, *, expected_revision: int | None = None) -> RowPolicy:
        """Write a policy, and return it with its next revision.

        Raises NotFound, Conflict (taken name; another revision than expected, with the current one).
        """
        statement = update(row_policies).where(
            row_policies.c.tenant_id == policy.tenant_id, row_policies.c.id == policy.id
        )
        if expected_revision is not None:
            statement = statement.where(row_policies.c.revision == expected_revision)
        met = self._work.write(
            statement.values(revision=row_policies.c.revision + 1, **_values(policy)),
            taken=f"This datasource already has a policy named {policy.name}",
        )
        found = self.get(policy.tenant_id, policy.id)
        if found is None:
            raise NotFound(GONE)
        if not met:
            raise Conflict("This policy was changed meanwhile: load it again", version=found.revision)
        self._work.changed("policy", policy.tenant_id, policy.id)
        return found

    def delete(self, tenant_id: str, policy_id: str) -> None:
        """Remove a policy. Raises NotFound."""
        gone = self._work.write(
            delete(row_policies).where(row_policies.c.tenant_id == tenant_id, row_policies.c.id == policy_id)
        )
        if not gone:
            raise NotFound(GONE)
        self._work.changed("policy", tenant_id, policy_id)


def _values(policy: RowPolicy) -> dict[str, Any]:
    return {
        "name": policy.name,
        "name_key": key_of(policy.name),
        "catalog": policy.catalog,
        "schema": policy.schema,
        "table": policy.table,
        "predicate": policy.predicate,
        "masks": dict(policy.masks),
        "roles": list(policy.roles),
        "team_ids": list(policy.team_ids),
        "is_enabled": policy.is_enabled,
        "updated_at": policy.updated_at,
    }


def _policy(row: Row[Any]) -> RowPolicy:
    return RowPolicy(
        id=row.id,
        tenant_id=row.tenant_id,
        datasource_id=row.datasource_id,
        name=row.name,
        catalog=row.catalog,
        schema=row.schema,
        table=row.table,
        predicate=row.predicate,
        masks=row.masks,
        roles=tuple(row.roles),
        team_ids=tuple(row.team_ids),
        is_enabled=row.is_enabled,
        revision=row.revision,
        created_by=row.created_by,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
