"""Prometheus metrics. Frame accounting is end to end: what the lines gave, what was made up while they were silent, late beats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, start_http_server

if TYPE_CHECKING:
    from call_engine.app import Engine


class Metrics:
    """Figures are read from the engine when they are asked for; nothing is counted twice."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.broken = Counter("call_engine_calls_broken", "Calls ended by a fault of the engine", registry=self.registry)

    def observe(self, engine: Engine) -> None:
        """Registers the gauges, and opens the port if one is set. Raises OSError where it is taken."""
        frames, transcriber = engine.pulse.frames, engine.transcriber
        aside = engine.settings.aside_dir
        gauges = {
            "calls_running": ("Calls that have not ended", lambda: len(engine.calls.running)),
            "frames_heard": ("Frames the lines gave", lambda: frames.heard),
            "frames_late": ("Frames heard more than 100 ms after their time", lambda: frames.late),
            "frames_lost": ("Frames that were overwritten before they were heard", lambda: frames.lost),
            "packets_lost": ("Packets of sound that the network lost or brought too late", lambda: frames.packets_lost),
            "frames_silent": ("Frames made up while no audio flowed", lambda: frames.silent),
            "beats": ("20 ms beats", lambda: frames.beats),
            "late_beats": ("Beats that began late", lambda: frames.late_beats),
            "worst_beat_s": ("The longest that a beat has taken", lambda: frames.worst_beat_s),
            "events_not_stored": ("Events in journals that the store does not have yet", lambda: engine.calls.events_not_stored),
            "journals_aside": ("Late journals that the store did not take, kept for people to look at", lambda: len(list(aside.glob("*")))),
            "store_up": ("Whether the event store answers", lambda: float(engine.store.up)),
            "trunk_ready": ("Whether the SIP account is registered, or needs not be", lambda: float(engine.trunk_ready)),
            "transcription_queue": ("Utterances waiting to be transcribed", lambda: transcriber.waiting),
            "transcription_lag_s": ("How long the last transcribed utterance waited and took", lambda: transcriber.lag_s),
        }
        for name, (text, read) in gauges.items():
            Gauge(f"call_engine_{name}", text, registry=self.registry).set_function(read)
        if engine.settings.metrics_port:
            self._open(engine.settings.host, engine.settings.metrics_port)

    def _open(self, host: str, port: int) -> None:
        try:
            start_http_server(port, addr=host, registry=self.registry)
        except OSError as problem:
            raise OSError(f"CALL_ENGINE_METRICS_PORT={port}: {problem.strerror or problem}") from problem
