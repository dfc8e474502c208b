"""Settings from variables, read once at the start.

A variable that cannot be understood raises ``SettingsError`` with its name and what it should look like.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from call_engine.line.settings import DEVICE_ADDRESSES_MAX, SipSettings, SipTransport
from call_engine.settings import LOOPBACK, GuardSettings, Settings, SettingsError

T = TypeVar("T")

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
_SHA256 = re.compile(r"[0-9a-f]{64}")


def from_env(env: Mapping[str, str]) -> Settings:
    """Settings from variables. Raises SettingsError."""
    defaults = Settings()
    engine = _Reader(env, "CALL_ENGINE_")
    guards = _guards(engine)
    settings = Settings(
        host=engine.get("HOST", str, defaults.host),
        port=engine.get("PORT", _port, defaults.port),
        advertise=engine.get("ADVERTISE", _address, ""),
        engine_id=engine.get("ID", str, ""),
        eventstore_uri=env.get("EVENTSTORE_URI") or defaults.eventstore_uri,
        data_dir=engine.get("DATA", Path, defaults.data_dir),
        metrics_port=engine.get("METRICS_PORT", _port, 0),
        traces_endpoint=env.get("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") or env.get("OTEL_EXPORTER_OTLP_ENDPOINT", ""),
        token_hashes=engine.get("TOKEN_SHA256", _hashes, ()),
        tls_cert=engine.get("TLS_CERT", str, ""),
        tls_key=engine.get("TLS_KEY", str, ""),
        tls_client_ca=engine.get("TLS_CLIENT_CA", str, ""),
        routes=engine.get("ROUTES", _mapping, {}),
        secrets_file=engine.get("SECRETS_FILE", str, ""),
        recordings_dir=engine.get("RECORDINGS", lambda text: Path(text) if text else None, defaults.recordings_dir),
        recording_notice=engine.get("RECORDING_NOTICE", str, defaults.recording_notice),
        whisper_model=engine.get("WHISPER_MODEL", str, ""),
        whisper_workers=engine.get("WHISPER_WORKERS", _positive, defaults.whisper_workers),
        transcription_queue=engine.get("TRANSCRIPTION_QUEUE", _positive, defaults.transcription_queue),
        warm_lines=engine.get("WARM_LINES", _natural, defaults.warm_lines),
        drain_s=engine.get("DRAIN_S", _seconds, defaults.drain_s),
        log_level=engine.get("LOG_LEVEL", _log_level, defaults.log_level),
        sip=_sip(_Reader(env, "CALL_ENGINE_SIP_"), _devices(engine), guards),
        guards=guards,
    )
    if settings.host not in LOOPBACK and not settings.token_hashes and not settings.tls_client_ca:
        raise SettingsError(f"CALL_ENGINE_HOST={settings.host}: off loopback set CALL_ENGINE_TOKEN_SHA256 or CALL_ENGINE_TLS_CLIENT_CA")
    _check_tls(settings)
    return settings


def _check_tls(settings: Settings) -> None:
    """A certificate and its key come together, and only where there is one are clients asked for theirs. Raises SettingsError."""
    given = {"CALL_ENGINE_TLS_CERT": settings.tls_cert, "CALL_ENGINE_TLS_KEY": settings.tls_key}
    present, absent = [name for name in given if given[name]], [name for name in given if not given[name]]
    if present and absent:
        raise SettingsError(f"{present[0]}={given[present[0]]}: needs {absent[0]} as well")
    if settings.tls_client_ca and absent:
        raise SettingsError(f"CALL_ENGINE_TLS_CLIENT_CA={settings.tls_client_ca}: needs {absent[0]} and {absent[1]} as well")


def _sip(env: _Reader, devices: dict[str, str], guards: GuardSettings) -> SipSettings:
    d = SipSettings()
    srtp = env.get("SRTP", _srtp, "no")
    low, high = env.get("RTP_PORTS", _port_range, (0, d.rtp_port_count - 1))
    return SipSettings(
        bind_address=env.get("BIND", str, d.bind_address),
        public_address=env.get("PUBLIC_ADDRESS", str, ""),
        sip_port=env.get("PORT", _port, 0),
        rtp_port_first=low,
        rtp_port_count=high - low + 1,
        transport=env.get("TRANSPORT", _transport, d.transport),
        domain=env.get("DOMAIN", str, ""),
        caller_id=env.get("CALLER_ID", str, ""),
        registrar=env.get("REGISTRAR", str, ""),
        proxy=env.get("PROXY", str, ""),
        realm=env.get("REALM", str, d.realm),
        username=env.get("USER", str, ""),
        password=env.get("PASSWORD", str, ""),
        register_expires_s=env.get("REGISTER_EXPIRES_S", _natural, d.register_expires_s),
        codecs=env.get("CODECS", _list, d.codecs),
        sip_info=env.get("DTMF_INFO", _flag, False),
        srtp=srtp != "no",
        srtp_required=srtp == "required",
        tls_ca_file=env.get("TLS_CA_FILE", str, ""),
        refer_transfers=env.get("REFER_TRANSFERS", _flag, False),
        no_audio_s=env.get("NO_AUDIO_S", _natural, d.no_audio_s),
        log_level=env.get("LOG_LEVEL", _natural, 0),
        devices=devices,
        call_max_s=guards.max_call_s,
        kill_switch_file=guards.kill_switch_file,
    )


def _devices(env: _Reader) -> dict[str, str]:
    """Device name → SIP URIs or numbers. The default device comes first."""
    nothing: dict[str, str] = {}
    devices = env.get("DEVICES", _mapping, nothing)
    first = env.get("DEFAULT_DEVICE", str, "")
    if first and first not in devices:
        raise SettingsError(f"CALL_ENGINE_DEFAULT_DEVICE={first}: no such device in CALL_ENGINE_DEVICES")
    crowded = [name for name, addresses in devices.items() if len(addresses.split()) > DEVICE_ADDRESSES_MAX]
    if crowded:
        raise SettingsError(f"CALL_ENGINE_DEVICES: {crowded[0]} has more than {DEVICE_ADDRESSES_MAX} addresses; as many can ring together")
    return {name: devices[name] for name in sorted(devices, key=lambda name: name != first)}


def _guards(env: _Reader) -> GuardSettings:
    d = GuardSettings()
    return GuardSettings(
        allow=env.get("ALLOW", _list, ()),
        deny=env.get("DENY", _list, ()),
        own_numbers=env.get("OWN_NUMBERS", _list, ()),
        per_hour=env.get("CALLS_PER_HOUR", _natural, d.per_hour),
        per_number_hour=env.get("CALLS_PER_NUMBER_HOUR", _natural, d.per_number_hour),
        per_token_hour=env.get("CALLS_PER_TOKEN_HOUR", _natural, d.per_token_hour),
        concurrent=env.get("CONCURRENT_CALLS", _natural, d.concurrent),
        concurrent_all=env.get("CONCURRENT_CALLS_ALL", _natural, 0),
        rates=env.get("RATES", _rates, {}),
        cost_per_call=env.get("COST_PER_CALL", _price, 0.0),
        cost_per_day=env.get("COST_PER_DAY", _price, 0.0),
        max_call_s=env.get("MAX_CALL_S", _natural, d.max_call_s),
        hours=env.get("CALLING_HOURS", _hours, d.hours),
        kill_switch_file=env.get("KILL_SWITCH_FILE", str, ""),
    )


class _Reader:
    """Reads variables of one prefix; an unset or empty one is the default."""

    def __init__(self, env: Mapping[str, str], prefix: str) -> None:
        self._env, self._prefix = env, prefix

    def get(self, name: str, parse: Callable[[str], T], default: T) -> T:
        text = self._env.get(self._prefix + name, "").strip()
        if not text:
            return default
        try:
            return parse(text)
        except ValueError as problem:
            raise SettingsError(f"{self._prefix}{name}={text}: {problem}") from problem


def _address(text: str) -> str:
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65535:
        raise ValueError("expected host:port")
    return text


def _natural(text: str) -> int:
    if not text.isdecimal():
        raise ValueError("expected a whole number, 0 or more")
    return int(text)


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ValueError("expected a whole number, 1 or more")
    return int(text)


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise ValueError("expected a port, 0 to 65535")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < 1e6:  # also false for NaN
        raise ValueError("expected seconds, 0 or more")
    return seconds


def _log_level(text: str) -> str:
    if text.upper() not in LOG_LEVELS:
        raise ValueError(f"expected one of {', '.join(LOG_LEVELS)}")
    return text.upper()


def _transport(text: str) -> SipTransport:
    if text.lower() not in {one.value for one in SipTransport}:
        raise ValueError("expected udp, tcp or tls")
    return SipTransport(text.lower())


def _flag(text: str) -> bool:
    if text.lower() not in ("0", "1", "true", "false", "yes", "no"):
        raise ValueError("expected yes or no")
    return text.lower() in ("1", "true", "yes")


def _srtp(text: str) -> str:
    if text.lower() == "required":
        return "required"
    if text.lower() not in ("0", "1", "true", "false", "yes", "no"):
        raise ValueError("expected no, yes (offered) or required")
    return "yes" if _flag(text) else "no"


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _mapping(text: str) -> dict[str, str]:
    pairs = [part.partition("=") for part in _list(text)]
    if any(not name or not value for name, _, value in pairs):
        raise ValueError("expected name=value,name=value")
    return {name.strip(): value.strip() for name, _, value in pairs}


def _price(text: str) -> float:
    try:
        price = float(text)
    except ValueError:
        price = -1.0
    if not 0 <= price < 1e6:
        raise ValueError("expected a price, such as 2.50")
    return price


def _rates(text: str) -> dict[str, float]:
    if not all(prefix.startswith("+") for prefix in _mapping(text)):
        raise ValueError("expected +prefix=price of a minute, such as +1=0.01,+=0.50")
    return {prefix: _price(price) for prefix, price in _mapping(text).items()}


def _hashes(text: str) -> tuple[str, ...]:
    hashes = tuple(part.lower() for part in _list(text))
    if not all(_SHA256.fullmatch(part) for part in hashes):
        raise ValueError("expected SHA-256 hashes in hex (printf %s TOKEN | sha256sum)")
    return hashes


def _hours(text: str) -> tuple[int, int]:
    first, _, last = text.partition("-")
    if not first.strip().isdecimal() or not last.strip().isdecimal() or not 0 <= int(first) < int(last) <= 24:
        raise ValueError("expected first-last in whole hours, such as 8-21")
    return int(first), int(last)


def _port_range(text: str) -> tuple[int, int]:
    low, _, high = text.partition("-")
    if not low.strip().isdecimal() or not high.strip().isdecimal() or not 1024 <= int(low) < int(high) <= 65535:
        raise ValueError("expected low-high, such as 10000-10999")
    return int(low), int(high)
