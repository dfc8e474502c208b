"""``doctor`` on a machine that has everything, and on ones that lack something: it finds it, and says what to do."""

from __future__ import annotations

import argparse
import socket
from pathlib import Path

import msgspec
import pytest
from call_engine.doctor import machine, store, telephone
from call_engine.doctor.finding import Finding, Health
from call_engine.doctor.report import run
from call_engine.journal.lock import DirectoryLock
from call_engine.line.settings import SipSettings, SipTransport
from call_engine.settings import GuardSettings, Settings, SettingsError

from tests.support.engine_under_test import running_engine
from tests.support.event_store import running_node
from tests.support.sip_registrar import registrar

NOWHERE = "esdb://127.0.0.1:9?Tls=false"


def by_name(findings: list[Finding]) -> dict[str, Finding]:
    return {finding.name: finding for finding in findings}


def settings(folder: Path, **fields: object) -> Settings:
    return Settings(data_dir=folder, port=0, **fields)  # type: ignore[arg-type]


async def test_a_store_that_answers_and_one_that_does_not(tmp_path: Path) -> None:
    async with running_node() as uri:
        assert (await store.look(settings(tmp_path, eventstore_uri=uri))).health is Health.OK
    gone = await store.look(settings(tmp_path, eventstore_uri=NOWHERE))
    assert (gone.health, "EVENTSTORE_URI" in gone.remedy) == (Health.BROKEN, True)


def test_a_machine_in_order(tmp_path: Path) -> None:
    found = by_name(list(machine.look(settings(tmp_path))))
    assert {finding.health for finding in found.values()} == {Health.OK}
    assert {"gRPC port", "address", "data folder", "journals"} <= found.keys()


def test_a_machine_in_disorder(tmp_path: Path) -> None:
    secrets, switch = tmp_path / "secrets.json", tmp_path / "stop"
    secrets.write_text('{"pin": "4711"}')
    secrets.chmod(0o644)
    switch.touch()
    (tmp_path / "aside").mkdir()
    (tmp_path / "aside" / "c1.jsonl").touch()
    (tmp_path / "journal").mkdir()
    lock = DirectoryLock(tmp_path / "journal")
    lock.take()
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        wanted = Settings(
            data_dir=tmp_path, port=taken, secrets_file=str(secrets), tls_cert=str(secrets), tls_key=str(secrets),
            guards=GuardSettings(kill_switch_file=str(switch)),
        )  # fmt: skip
        found = by_name(list(machine.look(wanted)))
    lock.release()
    broken = {name for name, finding in found.items() if finding.health is Health.BROKEN}
    warnings = {name for name, finding in found.items() if finding.health is Health.WARNING}
    assert broken == {"gRPC port", "data folder", "certificate"}
    assert warnings == {"journals", "secrets", "kill switch"}
    assert all(found[name].remedy for name in broken | warnings)
    assert found["secrets"].remedy == f"chmod 600 {secrets}"


@pytest.mark.parametrize(("password", "health"), [("secret", Health.OK), ("wrong", Health.BROKEN)])
async def test_a_registration_that_works_and_one_with_a_wrong_password(password: str, health: Health) -> None:
    async with registrar("alice", "secret") as server:
        found = await telephone.registration(SipSettings(registrar=server.uri, username="alice", password=password))
    assert found.health is health
    assert ("_PASSWORD" in found.remedy) == (health is Health.BROKEN)


async def test_the_stack_names_the_codecs_that_are_not_there() -> None:
    found = by_name([finding async for finding in telephone.stack(SipSettings(codecs=("PCMU", "opus")))])
    assert found["SIP stack"].health is Health.OK
    assert (found["codecs"].health, found["codecs"].found) == (Health.WARNING, "not here: opus")


async def test_an_address_that_is_not_this_machines() -> None:
    (found,) = [finding async for finding in telephone.stack(SipSettings(bind_address="192.0.2.1"))]
    assert (found.health, "CALL_ENGINE_SIP_BIND" in found.remedy) == (Health.BROKEN, True)


def test_a_folder_of_recordings_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    found = by_name(list(machine.look(settings(tmp_path / "data", recordings_dir=tmp_path / "file" / "recordings"))))["recordings"]
    assert (found.health, "CALL_ENGINE_RECORDINGS" in found.remedy) == (Health.BROKEN, True)
    found = by_name(list(machine.look(settings(tmp_path / "data", recordings_dir=tmp_path / "recordings"))))["recordings"]
    assert found.health is Health.OK
    assert list((tmp_path / "recordings").iterdir()) == []


async def test_the_engine_does_not_start_without_the_folder_it_is_to_record_into(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match=r"CALL_ENGINE_RECORDINGS=.*file: cannot be written"):
        async with running_engine(tmp_path / "data", settings={"recordings_dir": tmp_path / "file"}):
            pass


def test_too_few_ports_for_the_calls(tmp_path: Path) -> None:
    few = settings(tmp_path, sip=SipSettings(rtp_port_first=20_000, rtp_port_count=40), guards=GuardSettings(concurrent=20))
    assert telephone.rtp_ports(few).health is Health.WARNING


def test_what_is_broken_is_the_exit_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("CALL_ENGINE_PORT", "many")
    assert run(argparse.Namespace(json=True)) == 1
    (found,) = msgspec.json.decode(capsys.readouterr().out, type=list[Finding])
    assert (found.name, "CALL_ENGINE_PORT=many" in found.found) == ("settings", True)


@pytest.mark.parametrize(("transport", "health"), [(SipTransport.UDP, Health.WARNING), (SipTransport.TLS, Health.OK)])
async def test_what_encrypts_media_is_named(transport: SipTransport, health: Health) -> None:
    found = {finding.name: finding async for finding in telephone.stack(SipSettings(srtp=True, transport=transport))}
    assert found["encrypted media"].health is health
    assert "AES_CM_128_HMAC_SHA1_80" in found["encrypted media"].found
