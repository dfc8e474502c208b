"""An engine reduced to one line, to be killed: ``python -m tests.support.line_owner spawned|forked COMPANY_URI [DEVICE_URI]``.

Dials, bridges when there is a device, prints the line's pid when it has got there, and then only waits.
"""

from __future__ import annotations

import argparse
import asyncio

from call_engine.core.effects import Bridge, RingDevice
from call_engine.core.happenings import Answered, DevicePickedUp, LegsBridged
from call_engine.line.births import Nursery, spawn
from call_engine.line.client import open_line
from call_engine.line.settings import SipSettings

from tests.support.line_calls import Listener


async def own(birth: str, company: str, device: str, kill_switch_file: str, call_max_s: int) -> None:
    start = Nursery().start if birth == "forked" else spawn
    settings = SipSettings(devices={"phone": device} if device else {}, kill_switch_file=kill_switch_file, call_max_s=call_max_s)
    line = await open_line(settings, start)
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
    parser = argparse.ArgumentParser()
    parser.add_argument("birth", choices=["spawned", "forked"])
    parser.add_argument("company")
    parser.add_argument("device", nargs="?", default="")
    parser.add_argument("--kill-switch-file", default="")
    parser.add_argument("--call-max-s", type=int, default=0)
    options = parser.parse_args()
    asyncio.run(own(options.birth, options.company, options.device, options.kill_switch_file, options.call_max_s))
