"""A call's events as lines a person can read while the call goes on."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.text import Text

#: event type → (colour, sentence with the event's fields)
LINES: dict[str, tuple[str, str]] = {
    "CallRequested": ("dim", "asked to {mode} {phone_number}"),
    "CallRinging": ("dim", "ringing"),
    "CallAnswered": ("green", "answered"),
    "UtteranceHeard": ("cyan", "heard   “{text}”  ({kind})"),
    "ChoiceMade": ("yellow", "chose   {label} → {digits}  ({reason})"),
    "DigitsSent": ("bold yellow", "pressed {digits}  {reason}"),
    "PressIneffective": ("red", "pressing {digits} changed nothing"),
    "StepStarted": ("magenta", "step    {step_id} ({step_type})"),
    "DriftFound": ("red", "drifted at {step_id}: heard “{heard}”"),
    "HoldStarted": ("blue", "on hold"),
    "HoldEnded": ("blue", "hold is over"),
    "HumanSuspected": ("dim", "a human? posterior {posterior:.2f}"),
    "HumanDetected": ("bold green", "a live human, posterior {posterior:.2f}"),
    "TransferStarted": ("green", "ringing {device}"),
    "DeviceAnswered": ("green", "{device} picked up"),
    "TransferFailed": ("red", "{device} did not pick up: {reason}"),
    "CallBridged": ("bold green", "bridged to {device} after {latency_ms} ms"),
    "CallEnded": ("bold", "ended: {outcome}  ({reason})"),
}


class Timeline:
    """Prints events; knows nothing of where they come from."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def heading(self, text: str) -> None:
        self._console.rule(Text(text, style="bold"), align="left")

    def note(self, text: str) -> None:
        self._console.print(Text(f"         {text}", style="dim"))

    def event(self, event: dict[str, Any]) -> None:
        line = LINES.get(event["type"])
        if line is None:
            return
        style, sentence = line
        text = sentence.format_map(_Blank(event))
        if event["type"] == "UtteranceHeard" and not event.get("text"):
            text = f"heard   ({event.get('kind')}, {event.get('source')})"
        self._console.print(Text.assemble((f"{event['at_ms'] / 1000:7.1f}s ", "dim"), (text, style)), soft_wrap=True)

    def flow(self, flow: dict[str, Any]) -> None:
        for step in flow["steps"]:
            pressed = f" press {step['dtmf']}" if step.get("dtmf") else ""
            arrow = f" → {step['next_step']}" if step.get("next_step") else ""
            self._console.print(Text(f"         {step['id']}: {step['type']}{pressed}{arrow}", style="magenta"))


class _Blank(dict[str, Any]):
    """Fields an event does not have read as nothing."""

    def __missing__(self, key: str) -> str:
        return ""
