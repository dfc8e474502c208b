"""The main job with real processes, real SIP and RTP on loopback, real speech recognition and a real event store."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest
from rich.console import Console

from demo.proof import agent_lines_heard
from demo.stack import PHONE_NUMBER, Company, running
from demo.story import faults, tell
from demo.timeline import Timeline

SCRIPT = "chase_bank_short"


@pytest.mark.timeout(400)
async def test_a_company_is_explored_learned_followed_and_the_human_bridged(tmp_path: Path) -> None:
    async with running(tmp_path, Company(script=SCRIPT)) as stack:
        summary = await tell(stack.api_url, Timeline(Console(highlight=False)))
        await stack.processes["device"].said(lambda line: '"bye"' in line and "device-2" in line, timeout_s=15.0)
        summary["device_heard_agent"] = bool(agent_lines_heard(tmp_path / "device-2.wav", SCRIPT))
        assert not faults(summary), json.dumps(summary)
        async with httpx.AsyncClient(base_url=stack.api_url, timeout=30) as client:
            flow_id = summary["flow"]["id"]
            history = (await client.get(f"/api/call-flows/{flow_id}/history")).json()
            assert history[0]["type"] == "CallFlowLearned"
            assert (await client.get(f"/api/call-flows/{flow_id}/verify")).json()["ok"]
            listed = (await client.get("/api/call-flows", params={"phone_number": PHONE_NUMBER})).json()
            assert [flow["id"] for flow in listed] == [flow_id]
            calls = (await client.get("/api/calls", params={"phone_number": PHONE_NUMBER})).json()
            assert {call["outcome"] for call in calls} == {"bridged"}
    assert not any(process.running for process in stack.processes.values())
