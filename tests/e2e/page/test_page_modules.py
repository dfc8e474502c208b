"""The pure parts of the page, called as functions where they run: in the browser."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Page

from tests.support.browser import chromium, page
from tests.support.flow_server_process import flow_server

CALL = """async ([module, name, given]) => (await import(module))[name](...given)"""


@pytest.fixture
async def tab() -> AsyncIterator[Page]:
    chromium()
    with flow_server() as url:
        async with page(url) as opened:
            await opened.goto("/")
            yield opened


def step(step_id: str, kind: str, then: str | None = None, *, says: str = "", dtmf: str | None = None) -> dict[str, Any]:
    metadata = {"prompt": {"transcript": says}} if says else {}
    return {"id": step_id, "type": kind, "description": kind, "dtmf": dtmf, "next_step": then, "conditions": {}, "metadata": metadata}


def flow(flow_id: str, key: str, main: str) -> dict[str, Any]:
    steps = [step("menu", "LISTEN", "hold", says=main, dtmf=key), step("hold", "HOLD", "transfer"), step("transfer", "TRANSFER")]
    return {"id": flow_id, "name": flow_id, "steps": steps}


def event(kind: str, at_ms: int, **more: Any) -> dict[str, Any]:
    return {"type": kind, "at_ms": at_ms, **more}


CALL_EVENTS = [
    event("CallRinging", 100),
    event("CallAnswered", 2_000),
    event("UtteranceHeard", 9_000, start_ms=2_500, end_ms=8_000, speaker="recording"),
    event("ChoiceMade", 9_000, digits="3", label="cards"),
    event("DigitsSent", 9_000, digits="3"),
    event("DigitsSent", 12_000, digits="3"),
    event("HoldStarted", 15_000),
    event("HoldEnded", 60_000, reason="human"),
    event("HumanDetected", 60_000),
    event("UtteranceHeard", 60_000, start_ms=57_000, end_ms=59_500, speaker="human"),
    event("CallBridged", 62_000),
    event("CallEnded", 70_000),
]

ORDERED_IN_VAIN = [
    event("CallAnswered", 600),
    event("HoldStarted", 43_000),
    event("TransferStarted", 49_000, device="phone", reason="ordered"),
    event("TransferFailed", 79_000, device="phone", reason="no_answer", by="ann"),
    event("HoldStarted", 79_000, reason="nobody picked up"),
]


async def test_the_pure_parts(tab: Page) -> None:
    async def call(module: str, name: str, *given: Any) -> Any:
        return await tab.evaluate(CALL, [f"/{module}.js", name, list(given)])

    # Two flows of one number, their menu heard a little differently: one menu, two holds, since two keys lead to them.
    heard = [
        "For cards press 1. For loans press 2. For anything else stay on the line.",
        "For cards, press 1. For loan press 2. For anything else stay on the line.",
    ]
    steps = await call("menu_map", "merged", [flow("cards", "1", heard[0]), flow("loans", "2", heard[1])])
    assert [one["id"] for one in steps] == ["cards/menu", "cards/hold", "cards/transfer", "loans/hold", "loans/transfer"]
    assert (steps[0]["next_step"], steps[0]["conditions"]) == ("cards/hold", {"press 2": "loans/hold"})
    assert len(await call("menu_map", "merged", [flow("one", "1", heard[0]), flow("same", "1", heard[0])])) == 3

    # What was on the line when.
    sounds = await call("heard", "stretches", CALL_EVENTS, 70_000)
    at = {second: await call("heard", "soundAt", sounds, second * 1_000) for second in (1, 5, 14, 30, 58, 65)}
    assert at == {1: "ringing", 5: "speech", 14: None, 30: "hold", 58: "human", 65: "bridged"}

    # The tree of an exploration: a key pressed again is no new menu.
    found: list[dict[str, Any]] = []
    for one in CALL_EVENTS:
        found = await call("explored", "find", found, one)
    assert [(one["type"], one["dtmf"], one["description"]) for one in found] == [
        ("LISTEN", "3", "cards"), ("HOLD", None, "On hold"), ("TRANSFER", None, "You are connected"),
    ]  # fmt: skip

    # Back from a transfer that was ordered in vain: the same hold as before.
    shown: dict[str, Any] = {"phase": "dialling"}
    waited: list[dict[str, Any]] = []
    for one in ORDERED_IN_VAIN:
        shown, waited = await call("captions", "advance", shown, one), await call("explored", "find", waited, one)
    assert (shown["phase"], shown["holdingSince"]) == ("holding", 43_000)
    assert [(one["type"], one["next_step"]) for one in waited] == [("HOLD", None)]

    # No two steps in one place, whatever leads where.
    steps = [
        step(f"s{n}", "LISTEN", f"s{n + 1}") | {"conditions": {"on:timeout": f"s{(n * 7) % 30}", "on:busy": f"s{n + 9}"}} for n in range(30)
    ]
    plan = await call("tree_layout", "layout", steps)
    assert len({(box["column"], box["row"]) for box in plan["boxes"]}) == 30
