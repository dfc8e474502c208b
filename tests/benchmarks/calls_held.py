"""Calls held at once on real SIP and RTP: ``python -m tests.benchmarks.calls_held --calls 20 --seconds 10``.

Prints one JSON line. CPU and memory are those of the line processes, from /proc; the far end runs in this process. The floor of
the set-up latency is a bare INVITE over UDP to the same far end.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import socket
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

from call_engine.core.effects import Press
from call_engine.core.happenings import Answered
from call_engine.line.births import Nursery
from call_engine.line.client import LineClient, open_line
from call_engine.line.settings import SipSettings

from tests.support.line_calls import next_frame_time
from tests.support.sip_answerer import Answerer, answerer

TICKS_PER_S = os.sysconf("SC_CLK_TCK")
SETTLE_S = 2.0


def cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_S


def private_mb(pid: int) -> float:
    lines = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:])
    return sum(int(lines[name].split()[0]) for name in ("Private_Dirty", "Private_Clean")) / 1024


async def moment() -> None:
    await asyncio.sleep(0.001)


async def set_up_ms(line: LineClient, uri: str) -> float:
    started = time.perf_counter()
    await line.dial(uri)
    while not any(isinstance(fact, Answered) for fact in (await line.poll())[0]):
        await moment()
    return (time.perf_counter() - started) * 1000


async def bare_invite_ms(uri: str) -> float:
    """INVITE out, 200 back, nothing else."""
    host, port = uri.rsplit("@", 1)[1].split(":")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as caller:
        caller.setblocking(False)
        caller.bind(("127.0.0.1", 0))
        own = caller.getsockname()[1]
        started = time.perf_counter()
        request = (
            f"INVITE {uri} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{own};branch=z9hG4bKbare{own}\r\nFrom: <sip:a@x>;tag=1\r\n"
            f"To: <{uri}>\r\nCall-ID: bare{own}\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n"
        )
        await asyncio.get_running_loop().sock_sendto(caller, request.encode(), (host, int(port)))
        await asyncio.get_running_loop().sock_recv(caller, 4096)
        return (time.perf_counter() - started) * 1000


async def digit_ms(line: LineClient, company: Answerer, call_id: str) -> float:
    """From the command to the first RFC 4733 packet at the far end."""
    peer = company.peers[call_id]
    peer.payload_types.clear()
    started = time.perf_counter()
    await line.command(Press(digits="1"))
    while not peer.payload_types - {0}:
        await moment()
    return (time.perf_counter() - started) * 1000


async def hold(calls: int, seconds: float) -> dict[str, object]:
    nursery = Nursery()
    async with answerer() as company:
        lines = [await open_line(SipSettings(), nursery.start) for _ in range(calls)]
        assert nursery.pid is not None
        set_up = [await set_up_ms(line, company.uri) for line in lines]
        await _poll_for(lines, SETTLE_S)
        before, started = [cpu_s(line.pid) for line in lines], time.perf_counter()
        frames, latest_s = await _poll_for(lines, seconds)
        spent_s = time.perf_counter() - started
        used = [after - was for after, was in zip((cpu_s(line.pid) for line in lines), before, strict=True)]
        digits = [await digit_ms(line, company, next(iter(line.dialogs.values())).call_id) for line in lines[:10]]
        result: dict[str, object] = {
            "bench": "calls.held",
            "calls": calls,
            "seconds": round(spent_s, 1),
            "frames_per_s_a_call": round(sum(frames) / spent_s / calls, 2),
            "frames_per_s_worst": round(min(frames) / spent_s, 2),
            "frames_lost": sum(line.lost_frames for line in lines),
            "poll_latest_ms": round(latest_s * 1000, 1),
            "cpu_percent_a_call": round(100 * statistics.mean(used) / spent_s, 2),
            "private_mb_a_call": round(statistics.mean([private_mb(line.pid) for line in lines]), 1),
            "private_mb_shared_by_all": round(private_mb(nursery.pid), 1),
            "set_up_ms_median": round(statistics.median(set_up), 1),
            "set_up_floor_ms": round(await bare_invite_ms(company.uri), 1),
            "digit_ms_median": round(statistics.median(digits), 1),
        }
        await asyncio.gather(*(line.close() for line in lines))
        await nursery.close()
        return result


async def _poll_for(lines: list[LineClient], seconds: float) -> tuple[list[int], float]:
    """Frames of each line, and how late the worst poll was."""
    frames, latest_s = [0] * len(lines), 0.0
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        began = time.perf_counter()
        await next_frame_time()
        for index, line in enumerate(lines):
            frames[index] += len((await line.poll())[1])
        latest_s = max(latest_s, time.perf_counter() - began - 0.02)
    return frames, latest_s


def run() -> Iterator[dict[str, object]]:
    """What ``make bench`` prints: few calls, and as many as the project promises on two cores."""
    for calls in (10, 100):
        yield asyncio.run(hold(calls, 10.0))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Calls held at once on real SIP and RTP.")
    parser.add_argument("--calls", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=10.0)
    options = parser.parse_args()
    print(json.dumps(asyncio.run(hold(options.calls, options.seconds))))
