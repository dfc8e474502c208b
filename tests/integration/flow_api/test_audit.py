"""Audit: NDJSON, export and import bit for bit, verify, anchors; by the API and by the commands on an export."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import pytest_asyncio
from event_log.memory import MemoryEventLog
from flow_api.audit_import import ImportRefused, import_lines
from flow_api.audit_log import AuditFilter, lines
from flow_api.cli.main import main

from tests.support.fake_call_engine import bank
from tests.support.flow_service import NUMBER, World, chase, running

FLOWS, AUDIT = "/api/call-flows", "/api/audit/events"


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """A flow made by hand in three versions, and one that was learned."""
    async with running(tmp_path / "api") as world:
        flow = (await world.client.post(FLOWS, json=chase())).json()
        for name in ("Second", "Third"):
            await world.client.put(f"{FLOWS}/{flow['id']}", json={**flow, "name": name}, headers={"x-correlation-id": name})
        world.engine.script = bank()
        asked = {"phone_number": NUMBER, "mode": "explore", "intent": "dispute a charge"}
        call = (await world.client.post("/api/calls", json=asked)).json()
        assert (await world.client.post(f"{FLOWS}/learn", json={"call_id": call["id"]})).status_code == 201
        yield world


async def export(world: World) -> bytes:
    return b"".join([msgspec.json.encode(line) + b"\n" async for line in lines(world.log, AuditFilter())])


async def read(world: World, **params: Any) -> list[dict[str, Any]]:
    response = await world.client.get(AUDIT, params=params)
    assert response.headers["content-type"].startswith("application/x-ndjson")
    return [json.loads(line) for line in response.text.splitlines()]


async def test_events_are_read_resumed_and_filtered(world: World) -> None:
    everything = await read(world)
    assert len(everything) == 3 + 14 + 2
    assert await read(world, after=everything[5]["position"]) == everything[6:]
    assert await read(world, limit=2) == everything[:2]
    assert {line["stream"] for line in await read(world, flow_id="chase_bank_disputes")} == {"callflow-chase_bank_disputes"}
    assert [json.loads(line["data"])["content"]["name"] for line in await read(world, correlation_id="Third")] == ["Third"]
    assert len(await read(world, actor="local", since="2026-03-01T12:00:00Z", until="2026-03-02T00:00:00Z")) == 5
    assert await read(world, since="2027-01-01T00:00:00Z") == []
    assert (await world.client.get(AUDIT, params={"since": "x", "limit": 0})).status_code == 422


async def test_an_export_gives_every_version_back_bit_for_bit(world: World) -> None:
    exported = await export(world)
    fresh = MemoryEventLog()
    for _ in range(2):
        imported = await import_lines(fresh, io.BytesIO(exported))
        assert (imported.events, imported.streams) == (19, 3)
    before = [(e.stream, e.revision, e.id, e.type, e.data, e.metadata) async for e in world.log.read_all()]
    assert [(e.stream, e.revision, e.id, e.type, e.data, e.metadata) async for e in fresh.read_all()] == before


async def test_an_import_over_other_events_is_refused(world: World) -> None:
    exported = await export(world)
    forged = exported.replace(b"Second", b"Sekond")
    with pytest.raises(ImportRefused, match="another event at revision 1"):
        await import_lines(world.log, io.BytesIO(forged))
    with pytest.raises(ImportRefused, match="goes from revision -1 to 1"):
        await import_lines(MemoryEventLog(), io.BytesIO(exported.split(b"\n", 1)[1]))
    with pytest.raises(ImportRefused, match="line 1 is not of an export"):
        await import_lines(MemoryEventLog(), io.BytesIO(b"{}\n"))


async def written(world: World, folder: Path) -> Path:
    file = folder / "export.ndjson"
    file.write_bytes(await export(world))
    return file


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs an audit command in another thread (it has a loop of its own) and gives (status, lines of JSON)."""
    import asyncio

    async def run(*argv: object) -> tuple[int, list[Any]]:
        status = await asyncio.to_thread(main, ["audit", *map(str, argv)])
        return status, [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return run


async def test_the_commands_work_on_an_export(world: World, tmp_path: Path, said: Any) -> None:
    file = await written(world, tmp_path)
    status, versions = await said("replay", "chase_bank_disputes", "--file", file)
    assert (status, [(line["version"], line["flow"]["name"]) for line in versions]) == (
        0, [(1, "Chase Bank — Disputes"), (2, "Second"), (3, "Third")],
    )  # fmt: skip
    assert (await said("replay", "chase_bank_disputes", "--version", 2, "--file", file))[1][0]["flow"]["name"] == "Second"
    at = versions[1]["recorded_at"]
    assert (await said("replay", "chase_bank_disputes", "--as-of", at, "--file", file))[1][0]["name"] == "Second"
    assert (await said("diff", "chase_bank_disputes", 1, 3, "--file", file))[1][0]["fields"][0]["after"] == "Third"
    assert (await said("blame", "chase_bank_disputes", "--file", file))[1][0]["form"]["version"] == 1
    assert (await said("verify", "--file", file))[1][0] == {"ok": True, "flows": 2, "events": 5, "breaks": {}}
    assert (await said("verify", "nobody", "--file", file))[0] == 1
    assert (await said("replay", "nobody", "--file", file))[0] == 1


async def test_changes_cuts_and_rewrites_are_found(world: World, tmp_path: Path, said: Any) -> None:
    file = await written(world, tmp_path)
    status, anchored = await said("anchor", "--key", tmp_path / "key", "--file", file)
    anchor = tmp_path / "anchor.json"
    anchor.write_text(json.dumps(anchored[0]))
    assert (await said("verify", "--anchor", anchor, "--public-key", anchored[0]["public_key"], "--file", file))[0] == 0
    changed = tmp_path / "changed.ndjson"
    changed.write_bytes(file.read_bytes().replace(b"Second", b"Sekond"))
    status, answer = await said("verify", "--file", changed)
    assert (status, answer[0]["breaks"]["callflow-chase_bank_disputes"][0]["revision"]) == (1, 1)
    cut = tmp_path / "cut.ndjson"
    cut.write_bytes(b"\n".join(line for line in file.read_bytes().splitlines() if b"Third" not in line))
    assert (await said("verify", "--file", cut))[0] == 0, "a cut end keeps the chain whole"
    status, answer = await said("verify", "--anchor", anchor, "--file", cut)
    assert (status, "cut off" in answer[0]["breaks"]["callflow-chase_bank_disputes"][0]["reason"]) == (1, True)
    anchor.write_text(json.dumps({**anchored[0], "at": "2000-01-01"}))
    assert (await said("verify", "--anchor", anchor, "--file", file))[0] == 1


def test_what_an_auditor_mistypes_is_said_in_his_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    empty = tmp_path / "export.ndjson"
    empty.write_bytes(b"")
    with pytest.raises(SystemExit):
        main(["audit", "replay", "x", "--file", str(empty), "--as-of", "yesterday"])
    assert "'yesterday' is no ISO 8601 time such as 2026-01-31T12:00:00Z" in capsys.readouterr().err
    other = tmp_path / "other.json"
    other.write_text("{}")
    assert main(["audit", "verify", "--file", str(empty), "--anchor", str(other)]) == 1
    assert capsys.readouterr().err.startswith(f"flow-api: {other} is no anchor: ")


def test_who_reads_only_the_beginning_sees_no_fault(tmp_path: Path) -> None:
    export = tmp_path / "export.ndjson"
    export.write_text("")
    command = [sys.executable, "-m", "flow_api", "audit", "verify", "--file", str(export)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() == b""
