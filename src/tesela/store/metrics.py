"""Metrics: named definitions of a tenant, and which dashboards ask them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update

from tesela.errors import Conflict
from tesela.model.metric import Definition, Metric
from tesela.store.tables import dashboard_uses, dashboards, metrics
from tesela.store.work import Work

MISSING = "Metric not found or access denied"


class Metrics:
    def __init__(self, work: Work) -> None:
        self._work = work

    def add(self, metric: Metric) -> Metric:
        """Add a metric. Raises Conflict when the name is taken, or its datasource is gone."""
        self._work.write(
            insert(metrics).values(
                id=metric.id,
                tenant_id=metric.tenant_id,
                created_at=metric.created_at,
                **_values(metric),
            ),
            taken=_taken(metric),
        )
        self._work.changed("metric", metric.tenant_id, metric.id)
        return metric

    def get(self, tenant_id: str, metric_id: str) -> Metric | None:
        row = self._work.first(
            select(metrics).where(metrics.c.tenant_id == tenant_id, metrics.c.id == metric_id)
        )
        return None if row is None else _metric(row)

    def list(self, tenant_id: str) -> list[Metric]:
        """Return the metrics of a tenant by name."""
        found = self._work.rows(
            select(metrics).where(metrics.c.tenant_id == tenant_id).order_by(metrics.c.name)
        )
        return [_metric(row) for row in found]

    def count(self, tenant_id: str) -> int:
        """Return how many metrics a tenant has."""
        found: int = self._work.value(
            select(func.count()).select_from(metrics).where(metrics.c.tenant_id == tenant_id)
        )
        return found

    def save(self, metric: Metric, *, expected_revision: int) -> Metric:
        """Write a metric. Raises Conflict when it has another revision by now, or the name is taken."""
        met = self._work.write(
            update(metrics)
            .where(
                metrics.c.tenant_id == metric.tenant_id,
                metrics.c.id == metric.id,
                metrics.c.revision == expected_revision,
            )
            .values(**_values(metric)),
            taken=_taken(metric),
        )
        if not met:
            raise Conflict("The metric was changed meanwhile; load it again and repeat your change")
        self._work.changed("metric", metric.tenant_id, metric.id)
        return metric

    def delete(self, tenant_id: str, metric_id: str) -> bool:
        """Remove a metric; who uses it was asked before, in the same transaction."""
        gone = self._work.write(
            delete(metrics).where(metrics.c.tenant_id == tenant_id, metrics.c.id == metric_id)
        )
        self._work.changed("metric", tenant_id, metric_id)
        return gone == 1

    def dashboards_using(self, tenant_id: str, names: frozenset[str]) -> dict[str, str]:
        """Return id and name of each dashboard with a tile that asks one of these metrics, by name."""
        if not names:
            return {}
        found = self._work.rows(
            select(dashboards.c.id, dashboards.c.name)
            .distinct()
            .join(dashboard_uses, dashboard_uses.c.dashboard_id == dashboards.c.id)
            .where(
                dashboard_uses.c.tenant_id == tenant_id,
                dashboard_uses.c.kind == "metric",
                dashboard_uses.c.ref.in_(sorted(names)),
            )
            .order_by(dashboards.c.name, dashboards.c.id)
        )
        return {row.id: row.name for row in found}


def _taken(metric: Metric) -> str:
    return f"A metric named {metric.name} already exists, or its datasource is gone"


def _values(metric: Metric) -> dict[str, Any]:
    return {
        "name": metric.name,
        "datasource_id": metric.definition.datasource_id,
        "owner_id": metric.owner_id,
        "status": metric.status,
        "certified": metric.certified,
        "revision": metric.revision,
        "definition": metric.definition.model_dump(mode="json", by_alias=True),
        "updated_at": metric.updated_at,
    }


def _metric(row: Row[Any]) -> Metric:
    return Metric(
        id=row.id,
        tenant_id=row.tenant_id,
        owner_id=row.owner_id,
        status=row.status,
        certified=row.certified,
        revision=row.revision,
        created_at=row.created_at,
        updated_at=row.updated_at,
        definition=Definition.model_validate(row.definition),
    )
