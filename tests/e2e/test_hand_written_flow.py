"""The design document's own example, written by hand and never learned, followed over real SIP to a human."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from rich.console import Console

from demo.stack import PHONE_NUMBER, Company, running
from demo.story import Caller
from demo.timeline import Timeline

STEPS: list[dict[str, Any]] = [
    {"id": "wait_greeting", "type": "WAIT", "description": "Wait for greeting to finish", "timeout": 5.0, "next_step": "main_menu"},
    {"id": "main_menu", "type": "LISTEN", "description": "Listen to main menu options", "timeout": 15.0, "next_step": "press_3"},
    {"id": "press_3", "type": "DTMF", "description": "Press 3 for account services", "dtmf": "3", "next_step": "sub_menu"},
    {"id": "sub_menu", "type": "LISTEN", "description": "Listen to account services sub-menu", "timeout": 15.0, "next_step": "press_1"},
    {"id": "press_1", "type": "DTMF", "description": "Press 1 for disputes", "dtmf": "1", "next_step": "hold"},
    {"id": "hold", "type": "HOLD", "description": "Wait on hold for disputes agent", "timeout": 7200, "next_step": "transfer"},
    {"id": "transfer", "type": "TRANSFER", "description": "Transfer to user's phone"},
]
FLOW = {"id": "chase_bank_disputes", "name": "Chase Bank — Disputes", "company": "Chase Bank", "phone_number": PHONE_NUMBER, "steps": STEPS}


@pytest.mark.timeout(300)
async def test_the_example_of_the_design_document_reaches_the_human(tmp_path: Path) -> None:
    async with (
        running(tmp_path, Company(script="chase_bank_short")) as stack,
        httpx.AsyncClient(base_url=stack.api_url, timeout=30) as client,
    ):
        made = await client.post("/api/call-flows", json=FLOW)
        assert made.status_code == 201, made.text
        caller = Caller(client, Timeline(Console(highlight=False)))
        events = await caller.call(mode="follow", flow_id="chase_bank_disputes", intent="dispute a charge")
    assert (events[-1]["outcome"], events[-1]["digits"]) == ("bridged", "31"), json.dumps(events[-1])
    steps = [event["step_id"] for event in events if event["type"] == "StepStarted"]
    assert steps == [step["id"] for step in STEPS]
