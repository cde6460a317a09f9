"""What Prometheus may ask: requests by route, and what the runner and the shelf are doing."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from tesela.features.assembly import Assemblies
from tesela.features.audit import AuditLog
from tesela.running.runner import Runner


class Metrics:
    """One server's figures."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "tesela_requests",
            "Requests by method, route and status",
            ["method", "route", "status"],
            registry=self.registry,
        )
        self.request_seconds = Histogram(
            "tesela_request_seconds",
            "Duration of requests by route",
            ["route"],
            registry=self.registry,
            buckets=(0.001, 0.005, 0.02, 0.1, 0.5, 2, 10, 30),
        )

    def watch(self, runner: Runner, assemblies: Assemblies, audit: AuditLog) -> None:
        """Show what the runner, its shelf and the audit are doing."""
        self.registry.register(RunnerCollector(runner, assemblies))
        self.registry.register(AuditCollector(audit))

    def text(self) -> bytes:
        """Return everything in Prometheus' text format."""
        return generate_latest(self.registry)


class RunnerCollector(Collector):
    """Figures read from the runner when they are asked for; nothing is counted on the hot path."""

    def __init__(self, runner: Runner, assemblies: Assemblies) -> None:
        self._runner = runner
        self._assemblies = assemblies

    def collect(self) -> Iterator[Metric]:
        shelf, flights, admission = self._runner.shelf, self._runner.flights, self._runner.admission
        yield CounterMetricFamily(
            "tesela_assembled_hits", "Views answered whole from memory", self._assemblies.hits
        )
        yield CounterMetricFamily("tesela_shelf_hits", "Results found on the shelf", shelf.hits)
        yield CounterMetricFamily("tesela_shelf_misses", "Results not on the shelf", shelf.misses)
        yield CounterMetricFamily("tesela_shelf_evictions", "Results put out for room", shelf.evictions)
        yield GaugeMetricFamily("tesela_shelf_bytes", "Bytes of results in memory", shelf.size)
        yield CounterMetricFamily("tesela_flights", "Queries started", flights.started)
        yield CounterMetricFamily(
            "tesela_flights_joined", "Requests that joined a running query", flights.joined
        )
        yield GaugeMetricFamily("tesela_queries_running", "Queries running now", admission.running)
        yield GaugeMetricFamily("tesela_queries_queued", "Queries waiting for a turn", admission.queued)
        yield CounterMetricFamily("tesela_queries_refused", "Queries refused a turn", admission.refused)


class AuditCollector(Collector):
    """Whether every line of the audit reached the store."""

    def __init__(self, audit: AuditLog) -> None:
        self._audit = audit

    def collect(self) -> Iterator[Metric]:
        yield CounterMetricFamily("tesela_audit_lines", "Lines written to the audit", self._audit.written)
        yield CounterMetricFamily("tesela_audit_dropped", "Lines of the audit lost", self._audit.dropped)
        yield GaugeMetricFamily(
            "tesela_audit_waiting", "Lines of the audit not yet written", self._audit.waiting
        )
