"""What the documents' commands need to be run for real: a store with their flow in ``data/``, an empty one, a recording, a service."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
import wave
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from event_log import client
from flow_api.terminal.rest import Rest
from line_audio import generate

from tests.architecture.sources import ROOT
from tests.support.flow_server_process import flow_server
from tests.support.flow_service import NUMBER, chase, running

MADE = "2026-03-01T12:00:00Z"
#: The example of the learner in the documents.
DISCOVERIES = [
    {"type": "wait", "duration": 3.0, "description": "Initial silence"},
    {"type": "ivr_menu", "transcript": "Press 1 for billing...", "dtmf_sent": "1"},
    {"type": "ivr_menu", "transcript": "Press 3 for disputes...", "dtmf_sent": "3"},
    {"type": "hold", "duration": 480.0},
    {"type": "human_detected", "transcript": "Thank you for calling..."},
]  # fmt: skip


@contextmanager
def prepared(folder: Path) -> Iterator[tuple[Path, dict[str, str]]]:
    """(folder to run in, environment). ``SPARE_STORE`` is the address of an empty store, CALLFLOW_URL that of a flow-api with
    the documents' flow, CALL_ID a call that it made."""
    (folder / "data").mkdir()
    with ExitStack() as stack:
        uri = stack.enter_context(_node(folder / "data/events.db"))
        spare = stack.enter_context(_node(folder / "spare.db"))
        url = stack.enter_context(flow_server())
        call_id = _used(Rest(url))
        asyncio.run(_fill(uri, folder))
        (folder / "discoveries.json").write_text(json.dumps(DISCOVERIES))
        (folder / "flow.json").write_text(json.dumps(chase(id="chase_bank_disputes", created_at=MADE, updated_at=MADE)))
        _record(folder / "call.wav")
        shutil.copy(ROOT / ".env.example", folder)
        yield (
            folder,
            {
                **os.environ,
                "PATH": f"{Path(sys.executable).parent}:{os.environ.get('PATH', '')}",
                "EVENTSTORE_URI": uri,
                "SPARE_STORE": spare,
                "CALLFLOW_URL": url,
                "CALL_ID": call_id,
                "FLOW_API_DATA": str(folder / "flow-api"),
            },
        )


@contextmanager
def _node(db: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "event_log.node", "--db", str(db), "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        ready = re.search(r"esdb://\S+", process.stdout.readline())
        assert ready
        yield ready[0]
    finally:
        process.terminate()
        process.wait(timeout=20)


def _used(rest: Rest) -> str:
    """The documents' flow in two versions, and a call."""
    rest.post("/api/call-flows", chase(id="chase_bank_disputes"))
    rest._answer("PUT", "/api/call-flows/chase_bank_disputes", json=chase(id="chase_bank_disputes", tags=["banking"]))
    return str(rest.post("/api/calls", {"phone_number": NUMBER, "intent": "dispute a charge"})["id"])


async def _fill(uri: str, folder: Path) -> None:
    """The flow of the documents in two versions."""
    log = await client.connect(uri)
    async with running(folder / "filling", log=log) as world:
        made = await world.client.post("/api/call-flows", json=chase(id="chase_bank_disputes"))
        made.raise_for_status()
        revised = chase(id="chase_bank_disputes", tags=["banking"])
        (await world.client.put("/api/call-flows/chase_bank_disputes", json=revised)).raise_for_status()
    await log.close()


def _record(path: Path) -> None:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(generate.to_pcm(generate.dtmf("3")).tobytes())
