"""Settings, from the environment. Every one has a default that works on one machine."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import msgspec


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """``FLOW_API_<NAME>`` for each, except what both services share: EVENTSTORE_URI, CALL_ENGINE_TARGET, and OpenTelemetry's own."""

    host: str = "127.0.0.1"
    port: int = 8080
    data: Path = Path("data/flow-api")
    eventstore_uri: str = "esdb://127.0.0.1:2113?Tls=false"
    call_engine_target: str = "127.0.0.1:50051"
    call_engine_token: str = ""
    call_engine_tls_ca: Path | None = None  #: PEM file; with it engines are spoken to over TLS
    call_engine_tls_cert: Path | None = None  #: PEM file that we show to engines (mTLS), with its key
    call_engine_tls_key: Path | None = None
    call_engines: dict[str, str] = {}  #: address that an engine names → where it is reached from here, if elsewhere
    audio_folder: Path | None = None  #: where SPEAK steps find their files
    learn_automatically: bool = True
    max_body_bytes: int = 1_000_000
    rate_per_s: float = 200.0  #: sustained requests a second, a token (or address)
    rate_burst: int = 400
    sse_heartbeat_s: float = 15.0
    #: who may read /metrics, and more of /health/ready than yes or no. local: this machine, or whoever has a token
    metrics_access: Literal["local", "token", "open"] = "local"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    traces_endpoint: str = ""  #: OTLP; none: no traces. From OTEL_EXPORTER_OTLP_TRACES_ENDPOINT or OTEL_EXPORTER_OTLP_ENDPOINT

    @property
    def is_loopback(self) -> bool:
        return self.host in {"127.0.0.1", "::1", "localhost"}


_SHARED = {
    "eventstore_uri": ("EVENTSTORE_URI",),
    "call_engine_target": ("CALL_ENGINE_TARGET",),
    "traces_endpoint": ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"),
}


def from_environment(env: Mapping[str, str], **given: object) -> Settings:
    """Settings from variables; ``given`` (the command line) wins. Raises ``msgspec.ValidationError`` on a bad value."""
    fields: dict[str, object] = {}
    for name in Settings.__struct_fields__:
        variables = _SHARED.get(name, (f"FLOW_API_{name.upper()}",))
        value = next(filter(None, map(env.get, variables)), None)
        if value:
            fields[name] = _pairs(value) if name == "call_engines" else value
    fields.update({name: value for name, value in given.items() if value is not None})
    settings = msgspec.convert(fields, Settings, strict=False, dec_hook=_decode)
    _check(settings)
    return settings


def _pairs(value: str) -> dict[str, str]:
    pairs = [part.strip().partition("=") for part in value.split(",")]
    if any(not name or not target for name, _, target in pairs):
        raise msgspec.ValidationError("FLOW_API_CALL_ENGINES: expected address=target,address=target")
    return {name: target for name, _, target in pairs}


def _check(settings: Settings) -> None:
    cert, key = settings.call_engine_tls_cert, settings.call_engine_tls_key
    if (cert is None) != (key is None) or (cert is not None and settings.call_engine_tls_ca is None):
        raise msgspec.ValidationError("FLOW_API_CALL_ENGINE_TLS_CERT needs FLOW_API_CALL_ENGINE_TLS_KEY and FLOW_API_CALL_ENGINE_TLS_CA")


def _decode(kind: type, value: object) -> object:
    if kind is Path or kind == Path | None:
        return Path(str(value))
    raise NotImplementedError
