"""What the service measures of itself, in Prometheus' form."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """A registry of its own, so that two services in one process (tests) do not meet."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter("flow_api_requests_total", "Answered requests.", ("method", "route", "status"), registry=self.registry)
        self._seconds = Histogram(
            "flow_api_request_seconds", "Time to the first byte.", ("method", "route"), buckets=_SECONDS, registry=self.registry
        )
        self._flows = Gauge("flow_api_flows", "Flows that are not deleted.", registry=self.registry)
        self._calls = Gauge("flow_api_calls", "Calls ever made.", registry=self.registry)
        of = ("subscriber",)
        self._dead = Gauge("flow_api_dead_letters", "Events that could not be taken in.", of, registry=self.registry)
        self._lag_events = Gauge("flow_api_lag_events", "Events not taken in yet, up to 1000 (-1: not known).", of, registry=self.registry)
        self._lag_s = Gauge("flow_api_lag_seconds", "Age of the oldest of them.", of, registry=self.registry)

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)

    def set_sizes(self, *, flows: int, calls: int) -> None:
        self._flows.set(flows)
        self._calls.set(calls)

    def set_subscriber(self, name: str, *, lag_events: int, lag_s: float, dead_letters: int) -> None:
        self._lag_events.labels(name).set(lag_events)
        self._lag_s.labels(name).set(lag_s)
        self._dead.labels(name).set(dead_letters)
