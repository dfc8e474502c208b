"""``python -m demo``: the whole system on this machine, told as a timeline; the last line is one JSON object."""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

from rich.console import Console

from demo.processes import DidNotStart
from demo.proof import agent_lines_heard
from demo.stack import Company, Stack, running
from demo.story import StoryBroke, faults, tell
from demo.timeline import Timeline


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m demo", description=__doc__)
    parser.add_argument("--keep", action="store_true", help="leave everything running at the end, until Ctrl-C")
    parser.add_argument("--hold-s", type=float, default=32.0, help="seconds in the hold queue")
    parser.add_argument("--script", default="chase_bank", help="the simulated company's script")
    return parser.parse_args()


async def heard_by_device(stack: Stack, script: str) -> list[str]:
    """What of the agent's words is in the recording of the last call; the file is complete when the device has said bye."""
    await stack.processes["device"].said(lambda line: '"bye"' in line and "device-2" in line, timeout_s=15.0)
    last = stack.recording.with_stem(f"{stack.recording.stem}-2")
    return await asyncio.to_thread(agent_lines_heard, last, script)


async def demonstrate(options: argparse.Namespace, folder: Path, console: Console) -> dict[str, Any]:
    timeline = Timeline(console)
    timeline.heading("0  Start an event store, both services, a simulated company and your phone")
    async with running(folder, Company(script=options.script, hold_s=options.hold_s)) as stack:
        timeline.note(f"flow-api at {stack.api_url}  (REST description: {stack.api_url}/docs; page: {stack.api_url}/)")
        summary = await tell(stack.api_url, timeline)
        lines = await heard_by_device(stack, options.script)
        summary["device_heard_agent"] = bool(lines)
        timeline.heading("4  What your phone recorded of the agent")
        for line in lines:
            timeline.note(f"“{line}”")
        broken = faults(summary)
        for what in broken:
            console.print(f"[red]did not hold: {what}[/red]")
        if options.keep:
            console.print(f"[bold]Open {stack.api_url}/ — Ctrl-C stops everything.[/bold]")
            await asyncio.Event().wait()
    return {"ok": not broken, **summary}


async def main(options: argparse.Namespace) -> int:
    console = Console(highlight=False)
    task = asyncio.current_task()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, task.cancel)  # type: ignore[union-attr]
    folder = Path(tempfile.mkdtemp(prefix="demo-"))
    try:
        summary = await demonstrate(options, folder, console)
    except asyncio.CancelledError:
        console.print("stopped; everything that was started is stopped too")
        return 130
    except (DidNotStart, StoryBroke) as broke:
        console.print(f"[red]{broke}[/red]", markup=True)
        print(json.dumps({"ok": False, "reason": str(broke), "logs": str(folder)}))
        return 1
    if not summary["ok"]:
        console.print(f"logs are in {folder}")
    print(json.dumps(summary))
    return 0 if summary["ok"] else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main(arguments())))
