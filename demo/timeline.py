"""The demo's story as lines a person can read while the calls go on."""

from __future__ import annotations

from typing import Any

from flow_api.terminal.drawing import event_line, flow_tree
from rich.console import Console
from rich.text import Text


class Timeline:
    """Prints events; knows nothing of where they come from."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def heading(self, text: str) -> None:
        self._console.rule(Text(text, style="bold"), align="left")

    def note(self, text: str) -> None:
        self._console.print(Text(f"         {text}", style="dim"), soft_wrap=True)

    def event(self, event: dict[str, Any]) -> None:
        line = event_line(event)
        if line is not None:
            self._console.print(line, soft_wrap=True)

    def flow(self, flow: dict[str, Any]) -> None:
        self._console.print(flow_tree(flow))
