"""An engine reduced to one line, to be killed: ``python -m tests.support.line_owner spawned|forked COMPANY_URI [DEVICE_URI]``.

Dials, bridges when there is a device, prints the line's pid when it has got there, and then only waits.
"""

from __future__ import annotations

import asyncio
import sys

from call_engine.core.effects import Bridge, RingDevice
from call_engine.core.happenings import Answered, DevicePickedUp, LegsBridged
from call_engine.line.births import Nursery, spawn
from call_engine.line.client import open_line
from call_engine.line.settings import SipSettings

from tests.support.line_calls import Listener


async def own(birth: str, company: str, device: str) -> None:
    start = Nursery().start if birth == "forked" else spawn
    line = await open_line(SipSettings(devices={"phone": device} if device else {}), start)
    listener = Listener(line)
    await line.dial(company)
    await listener.until(Answered)
    if device:
        await line.command(RingDevice(device="phone"))
        await listener.until(DevicePickedUp)
        await line.command(Bridge(device="phone"))
        await listener.until(LegsBridged)
    print(line.pid, flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(own(sys.argv[1], sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else ""))
