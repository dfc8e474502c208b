"""Settings, from the environment. Every one has a default that works on one machine."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """``FLOW_API_<NAME>`` for each, except the two that both services share: EVENTSTORE_URI and CALL_ENGINE_TARGET."""

    host: str = "127.0.0.1"
    port: int = 8080
    data: Path = Path("data/flow-api")
    eventstore_uri: str = "esdb://127.0.0.1:2113?Tls=false"
    call_engine_target: str = "127.0.0.1:50051"
    call_engine_token: str = ""
    call_engine_tls_ca: Path | None = None  #: PEM file; with it the engine is spoken to over TLS
    audio_folder: Path | None = None  #: where SPEAK steps find their files
    learn_automatically: bool = True
    max_body_bytes: int = 1_000_000
    rate_per_s: float = 200.0  #: sustained requests a second, a token (or address)
    rate_burst: int = 400
    sse_heartbeat_s: float = 15.0

    @property
    def is_loopback(self) -> bool:
        return self.host in {"127.0.0.1", "::1", "localhost"}


_SHARED = {"eventstore_uri": "EVENTSTORE_URI", "call_engine_target": "CALL_ENGINE_TARGET"}


def from_environment(env: Mapping[str, str], **given: object) -> Settings:
    """Settings from variables; ``given`` (the command line) wins. Raises ``msgspec.ValidationError`` on a bad value."""
    fields: dict[str, object] = {}
    for name in Settings.__struct_fields__:
        value = env.get(_SHARED.get(name, f"FLOW_API_{name.upper()}"))
        if value:
            fields[name] = value
    fields.update({name: value for name, value in given.items() if value is not None})
    return msgspec.convert(fields, Settings, strict=False, dec_hook=_decode)


def _decode(kind: type, value: object) -> object:
    if kind is Path or kind == Path | None:
        return Path(str(value))
    raise NotImplementedError
