"""Settings, from the environment. Every one has a default that works on one machine."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, get_type_hints

import msgspec
from msgspec import Meta


class SettingsError(msgspec.ValidationError):
    """A variable has a value that cannot be used."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """``FLOW_API_<NAME>`` for each, except what both services share: EVENTSTORE_URI, CALL_ENGINE_TARGET, and OpenTelemetry's own."""

    host: str = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535)] = 8080
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
    max_body_bytes: Annotated[int, Meta(ge=1)] = 1_000_000
    rate_per_s: Annotated[float, Meta(gt=0)] = 200.0  #: sustained requests a second, a token (or address)
    rate_burst: Annotated[int, Meta(ge=1)] = 400  #: requests at once
    sse_heartbeat_s: Annotated[float, Meta(gt=0)] = 15.0  #: between signs of life on an event stream
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


#: What a value should have been, where the type's own words say too little.
_EXPECTED = {
    "port": "a whole number from 0 to 65535", "max_body_bytes": "a whole number, 1 or more", "rate_per_s": "a number more than 0",
    "rate_burst": "a whole number, 1 or more", "sse_heartbeat_s": "seconds, more than 0", "learn_automatically": "true or false",
    "log_level": "DEBUG, INFO, WARNING or ERROR", "metrics_access": "local, token or open",
    "call_engines": "address=target,address=target",
}  # fmt: skip
_YES, _NO = ("1", "true", "yes"), ("0", "false", "no")


def from_environment(env: Mapping[str, str], **given: object) -> Settings:
    """Settings from variables; ``given`` (the command line) wins. Raises SettingsError, which names the variable, on a bad value."""
    kinds = get_type_hints(Settings, include_extras=True)
    fields: dict[str, object] = {}
    for name in Settings.__struct_fields__:
        variables = _SHARED.get(name, (f"FLOW_API_{name.upper()}",))
        variable = next((one for one in variables if env.get(one)), "")
        if given.get(name) is not None:
            fields[name] = _read(f"--{name}", name, given[name], kinds[name])
        elif variable:
            fields[name] = _read(variable, name, env[variable].strip(), kinds[name])
    settings = Settings(**fields)  # type: ignore[arg-type]
    _check(settings)
    return settings


def _read(variable: str, name: str, value: object, kind: object) -> object:
    try:
        return msgspec.convert(_plain(name, value), kind, strict=False, dec_hook=_decode)
    except (ValueError, OverflowError) as problem:
        raise SettingsError(f"{variable}={value}: expected {_EXPECTED[name]}" if name in _EXPECTED else f"{variable}: {problem}") from None


def _plain(name: str, value: object) -> object:
    """The words of people as those of the type."""
    text = str(value)
    match name:
        case "call_engines":
            return _pairs(text)
        case "log_level":
            return text.upper()
        case "metrics_access":
            return text.lower()
        case "learn_automatically" if text.lower() in (*_YES, *_NO):
            return text.lower() in _YES
        case "rate_per_s" | "sse_heartbeat_s" if not re.fullmatch(r"[0-9.]+", text):
            raise ValueError("no number")
        case _:
            return value


def _pairs(value: str) -> dict[str, str]:
    pairs = [part.strip().partition("=") for part in value.split(",")]
    if any(not name or not target for name, _, target in pairs):
        raise ValueError("no pairs")
    return {name: target for name, _, target in pairs}


def _check(settings: Settings) -> None:
    cert, key = settings.call_engine_tls_cert, settings.call_engine_tls_key
    if (cert is None) != (key is None) or (cert is not None and settings.call_engine_tls_ca is None):
        raise SettingsError("FLOW_API_CALL_ENGINE_TLS_CERT needs FLOW_API_CALL_ENGINE_TLS_KEY and FLOW_API_CALL_ENGINE_TLS_CA")


def _decode(kind: type, value: object) -> object:
    if kind is Path or kind == Path | None:
        return Path(str(value))
    raise NotImplementedError
