"""What the demo starts ends with it, also when somebody loses patience."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from demo.processes import Process, stop_all

STUBBORN = """\
import signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("ready")
signal.pause()
"""


@pytest.mark.asyncio
async def test_a_second_request_to_stop_leaves_nobody_behind(tmp_path: Path) -> None:
    (tmp_path / "stubborn.py").write_text(STUBBORN)
    env = {"PYTHONPATH": str(tmp_path)}
    started = [await Process.start(name, "stubborn", log=tmp_path / f"{name}.log", env=env) for name in ("one", "two")]
    try:
        for process in started:
            await process.said(lambda line: line == "ready")
        stopping = asyncio.create_task(stop_all(started))
        await asyncio.sleep(0)
        stopping.cancel()
        with pytest.raises(asyncio.CancelledError):
            await stopping
        assert not any(process.running for process in started)
    finally:
        for process in started:
            process.insist()
