"""Everything that can be set. ``environment.from_env`` reads it, ``.env.example`` documents each name."""

from __future__ import annotations

from pathlib import Path

import msgspec

from call_engine.core.settings import CoreSettings
from call_engine.line.settings import SipSettings

LOOPBACK = ("127.0.0.1", "localhost", "::1")


class SettingsError(Exception):
    """A variable has a value that cannot be used."""


class GuardSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What may be dialled, and how much."""

    allow: tuple[str, ...] = ()  #: prefixes (+1800) or countries (US); empty: every number that no rule refuses
    deny: tuple[str, ...] = ()
    own_numbers: tuple[str, ...] = ()
    per_hour: int = 60
    per_number_hour: int = 10
    per_token_hour: int = 60  #: by who asks: the name of a token
    concurrent: int = 20  #: on this engine
    concurrent_all: int = 0  #: on all engines of the store; 0: no limit
    rates: dict[str, float] = {}  #: price of a minute by prefix, the longest counts; "+" is every number
    cost_per_call: float = 0.0  #: in the currency of the rates, at the call's maximum length; 0: no limit
    cost_per_day: float = 0.0  #: on all engines, spent or reserved; 0: no limit
    max_call_s: int = 10_800
    hours: tuple[int, int] = (0, 24)  #: whole hours at the destination: from the first on, before the second
    kill_switch_file: str = ""  #: while this file exists nothing is dialled and running calls are ended


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    host: str = "127.0.0.1"
    port: int = 50051
    advertise: str = ""  #: address where others reach this engine; host:port by default
    engine_id: str = ""
    eventstore_uri: str = "esdb://127.0.0.1:2113?Tls=false"
    data_dir: Path = Path("data/call-engine")
    metrics_port: int = 0  #: 0: none
    traces_endpoint: str = ""  #: an OTLP collector; empty: no traces
    token_hashes: tuple[str, ...] = ()  #: SHA-256 of each bearer token, hex
    tls_cert: str = ""
    tls_key: str = ""
    tls_client_ca: str = ""  #: with it clients must show a certificate (mTLS)
    routes: dict[str, str] = {}  #: number → SIP URI, tried before the trunk
    secrets_file: str = ""  #: JSON object: name → digits
    recordings_dir: Path | None = None  #: where bridged conversations are recorded if a call asks for it; None: nowhere
    recording_notice: str = CoreSettings().recording_notice_text  #: both sides hear it before
    whisper_model: str = ""  #: folder of a CTranslate2 model; the installed package by default
    whisper_workers: int = 2
    transcription_queue: int = 8
    warm_lines: int = 1
    drain_s: float = 20.0
    log_level: str = "INFO"
    sip: SipSettings = SipSettings()
    guards: GuardSettings = GuardSettings()

    def listening(self, port: int) -> str:
        return f"[{self.host}]:{port}" if ":" in self.host else f"{self.host}:{port}"

    @property
    def listen(self) -> str:
        return self.listening(self.port)

    @property
    def journal_dir(self) -> Path:
        return self.data_dir / "journal"

    @property
    def aside_dir(self) -> Path:
        """For journals that the store will not take."""
        return self.data_dir / "aside"
