"""A line process that breaks PJSIP's rules when told to (SIGUSR1): ``python -m tests.support.asserting_line SOCKET_FD RING_FD``.

A thread that PJSIP does not know calls into it. That is an assertion in PJSIP, which aborts the process.
"""

from __future__ import annotations

import asyncio
import signal
import sys
import threading

import pjsua2 as pj
from call_engine.line.births import LineProcess
from call_engine.line.process import take_calls


async def start(connection: int, ring: int) -> LineProcess:
    """For ``open_line``."""
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.support.asserting_line", str(connection), str(ring), pass_fds=(connection, ring),
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip


def _misuse(_signal: int, _frame: object) -> None:
    threading.Thread(target=lambda: pj.Endpoint.instance().transportEnum()).start()


if __name__ == "__main__":
    signal.signal(signal.SIGUSR1, _misuse)
    take_calls(int(sys.argv[1]), int(sys.argv[2]))
