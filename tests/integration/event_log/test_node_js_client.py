"""The embedded node through the JavaScript client, which asks for ids, errors and features in ways Python's does not.

Only where asked for (EVENT_LOG_JS_CLIENT=1) and Node.js is there: it installs a package from npm.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.event_store import running_node

CLIENT = "@eventstore/db-client@6"
FOLDER = Path(".cache/node-client")
SMOKE = Path(__file__).parents[2] / "support" / "event_store_smoke.mjs"

pytestmark = [
    pytest.mark.skipif(not os.environ.get("EVENT_LOG_JS_CLIENT"), reason="EVENT_LOG_JS_CLIENT is not set"),
    pytest.mark.skipif(shutil.which("npm") is None, reason="Node.js is not here"),
]


@pytest.fixture(scope="module")
def installed() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    if not (FOLDER / "node_modules").exists():
        subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--silent", CLIENT], cwd=FOLDER, check=True)


async def run(*command: str) -> str:
    process = await asyncio.create_subprocess_exec(*command, cwd=FOLDER, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE)
    out, complaint = await process.communicate()
    assert process.returncode == 0, complaint.decode()
    return out.decode()


@pytest.mark.timeout(180)
@pytest.mark.usefixtures("installed")
async def test_the_javascript_client_works_with_it() -> None:
    async with running_node() as uri:
        answer = json.loads(await run("node", str(SMOKE), uri.replace("Tls=", "tls=")))
    assert answer == {
        "appended": 2,
        "wrong": True,
        "pipelined": 3,
        "read": [0, 1, 2, 3, 4, 5],
        "sameId": True,
        "filtered": 6,
        "group": 6,
        "deleted": "stream-not-found",
    }
