from __future__ import annotations

import re
from pathlib import Path

import pytest
from call_engine import wiring
from call_engine.environment import from_env
from call_engine.guards import Guards
from call_engine.line.settings import SipSettings
from call_engine.settings import Settings, SettingsError


def test_an_empty_environment_is_a_loopback_engine() -> None:
    settings = from_env({})
    assert (settings.listen, settings.eventstore_uri) == ("127.0.0.1:50051", "esdb://127.0.0.1:2113?Tls=false")


def test_everything_of_a_trunk() -> None:
    settings = from_env(
        {
            "CALL_ENGINE_ROUTES": "+18005551234=sip:company@127.0.0.1:5070,+1=sip:b",
            "CALL_ENGINE_DEVICES": "desk=sip:a@h,mobile=+12125551234",
            "CALL_ENGINE_DEFAULT_DEVICE": "mobile",
            "CALL_ENGINE_SIP_REGISTRAR": "sip:trunk.example",
            "CALL_ENGINE_SIP_RTP_PORTS": "10000-10999",
            "CALL_ENGINE_ALLOW": "US, +44",
            "CALL_ENGINE_RATES": "+1=0.01,+=0.5",
            "CALL_ENGINE_COST_PER_DAY": "12.50",
        }
    )
    assert settings.routes["+18005551234"] == "sip:company@127.0.0.1:5070"
    assert list(settings.sip.devices) == ["mobile", "desk"]
    assert (settings.sip.rtp_port_first, settings.sip.rtp_port_count) == (10000, 1000)
    assert settings.guards.allow == ("US", "+44")
    assert (settings.guards.rates, settings.guards.cost_per_day) == ({"+1": 0.01, "+": 0.5}, 12.5)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CALL_ENGINE_PORT", "many"), ("CALL_ENGINE_ADVERTISE", "nowhere"), ("CALL_ENGINE_ROUTES", "a"),
        ("CALL_ENGINE_TOKEN_SHA256", "abc"), ("CALL_ENGINE_SIP_RTP_PORTS", "5-4"), ("CALL_ENGINE_HOST", "0.0.0.0"),
        ("CALL_ENGINE_DEFAULT_DEVICE", "nobody"), ("CALL_ENGINE_SIP_TRANSPORT", "smoke"),
        ("CALL_ENGINE_SIP_SRTP", "maybe"), ("CALL_ENGINE_RATES", "US=1"), ("CALL_ENGINE_COST_PER_CALL", "cheap"),
        ("CALL_ENGINE_PORT", "70000"), ("CALL_ENGINE_METRICS_PORT", "65536"), ("CALL_ENGINE_SIP_PORT", "99999"),
        ("CALL_ENGINE_DRAIN_S", "nan"), ("CALL_ENGINE_DRAIN_S", "-1"), ("CALL_ENGINE_DRAIN_S", "soon"), ("CALL_ENGINE_LOG_LEVEL", "loud"),
        ("CALL_ENGINE_WHISPER_WORKERS", "0"), ("CALL_ENGINE_TRANSCRIPTION_QUEUE", "0"),
        ("CALL_ENGINE_CALLING_HOURS", "8am-9pm"), ("CALL_ENGINE_TLS_CERT", "cert.pem"),
        ("CALL_ENGINE_TLS_CLIENT_CA", "ca.pem"),
    ],
)  # fmt: skip
def test_a_bad_value_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=re.escape(f"{name}={value}")):
        from_env({name: value})


def test_a_bad_value_says_what_was_expected() -> None:
    with pytest.raises(SettingsError, match="expected udp, tcp or tls"):
        from_env({"CALL_ENGINE_SIP_TRANSPORT": "smoke"})
    with pytest.raises(SettingsError, match="expected first-last in whole hours"):
        from_env({"CALL_ENGINE_CALLING_HOURS": "8am-9pm"})
    with pytest.raises(SettingsError, match=r"CALL_ENGINE_TLS_CERT=cert\.pem: needs CALL_ENGINE_TLS_KEY"):
        from_env({"CALL_ENGINE_TLS_CERT": "cert.pem"})


async def test_what_is_no_uri_of_an_event_store_is_a_wrong_setting() -> None:
    with pytest.raises(SettingsError, match=r"EVENTSTORE_URI: expected esdb://") as refused:
        await wiring.event_log(Settings(eventstore_uri="https://admin:changeit@store:2113"))
    assert "changeit" not in str(refused.value)


def test_no_more_addresses_than_can_ring_together() -> None:
    from_env({"CALL_ENGINE_DEVICES": "me=sip:a@h sip:b@h +12125551234"})
    with pytest.raises(SettingsError, match="me has more than 3 addresses"):
        from_env({"CALL_ENGINE_DEVICES": "me=sip:a@h sip:b@h sip:c@h sip:d@h"})


def test_a_line_knows_what_ends_it_when_its_engine_is_gone() -> None:
    sip = from_env({"CALL_ENGINE_KILL_SWITCH_FILE": "stop", "CALL_ENGINE_MAX_CALL_S": "600"}).sip
    assert (sip.kill_switch_file, sip.call_max_s) == ("stop", 600)


@pytest.mark.parametrize(("value", "offered", "required"), [("no", False, False), ("yes", True, False), ("required", True, True)])
def test_encrypted_media(value: str, offered: bool, required: bool) -> None:
    sip = from_env({"CALL_ENGINE_SIP_SRTP": value}).sip
    assert (sip.srtp, sip.srtp_required) == (offered, required)


def test_the_example_is_one_that_can_be_started_with() -> None:
    """Whoever copies it and fills in little is told of nothing that the example itself says."""
    lines = (Path(__file__).parents[3] / ".env.example").read_text().splitlines()
    given = dict(line.split("=", 1) for line in lines if re.match(r"[A-Z_]+=", line))
    settings = from_env({name: value.strip('"') for name, value in given.items()})
    guards = Guards(settings.guards, settings.routes, epoch_s=lambda: 0.0, killed=lambda: False, devices=settings.sip.devices)
    guards.check_configured_devices()
    for name in settings.sip.devices:
        guards.check_device(name)


def test_an_address_that_is_not_of_this_machine_is_told_before_the_engine_says_that_it_is_ready() -> None:
    with pytest.raises(SettingsError, match=r"CALL_ENGINE_SIP_BIND=192\.0\.2\.10: is no address of this machine"):
        wiring.lines(Settings(sip=SipSettings(bind_address="192.0.2.10")))
    wiring.lines(Settings(sip=SipSettings(bind_address="127.0.0.1")))
