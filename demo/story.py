"""Explore a company, learn its flow, call again following it, and prove that the person heard the human. By REST alone."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx

from demo.stack import PHONE_NUMBER
from demo.timeline import Timeline

INTENT = "dispute a charge"
COMPANY = "Chase Bank"
CALL_TIMEOUT_S = 240.0


class StoryBroke(Exception):
    """Something did not hold."""


class Caller:
    """A REST client of flow-api."""

    def __init__(self, client: httpx.AsyncClient, timeline: Timeline) -> None:
        self._client, self._timeline = client, timeline

    async def call(self, **request: Any) -> list[dict[str, Any]]:
        """Start a call, show it live, and give back all its events once it has ended."""
        started = await self._ok("POST", "/api/calls", json={"phone_number": PHONE_NUMBER, **request})
        events = []
        async for event in self._events(started["id"]):
            self._timeline.event(event)
            events.append(event)
        if not events or events[-1]["type"] != "CallEnded":
            raise StoryBroke(f"call {started['id']} did not end")
        return events

    async def learn(self, call_id: str) -> dict[str, Any]:
        answer = await self._ok(
            "POST", "/api/call-flows/learn", json={"call_id": call_id, "phone_number": PHONE_NUMBER, "company": COMPANY}
        )
        flow: dict[str, Any] = answer.get("flow", answer)
        return flow

    async def _events(self, call_id: str) -> AsyncIterator[dict[str, Any]]:
        async with self._client.stream("GET", f"/api/calls/{call_id}/events", timeout=CALL_TIMEOUT_S) as response:
            response.raise_for_status()
            async for line in response.aiter_lines():
                if line.startswith("data:"):
                    event = json.loads(line.removeprefix("data:"))
                    if "type" in event and "ordinal" in event:
                        yield event
                        if event["type"] == "CallEnded":
                            return

    async def _ok(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        response = await self._client.request(method, path, timeout=30.0, **options)
        if response.is_error:
            raise StoryBroke(f"{method} {path}: {response.status_code} {response.text}")
        body: dict[str, Any] = response.json()
        return body


def figures(events: list[dict[str, Any]]) -> dict[str, Any]:
    """What the last line says of one call; times count from the answer."""
    ended = events[-1]
    return {
        "call_id": events[0]["call_id"],
        "outcome": ended["outcome"],
        "seconds_to_hold": _seconds(ended["ms_to_hold"]),
        "seconds_to_human": _seconds(ended["ms_to_human"]),
        "digits": ended["digits"],
    }


def _seconds(ms: int | None) -> float | None:
    return None if ms is None else round(ms / 1000, 2)


def faults(summary: dict[str, Any]) -> list[str]:
    """Everything that had to hold and does not."""
    explore, follow, flow = summary["explore"], summary["follow"], summary["flow"]
    checks = {
        "the exploration was bridged": explore["outcome"] == "bridged",
        "the exploration pressed 3, then 1": explore["digits"] == "31",
        "the followed call was bridged": follow["outcome"] == "bridged",
        "the followed call pressed 3, then 1": follow["digits"] == "31",
        "both calls reached the hold queue": explore["seconds_to_hold"] is not None and follow["seconds_to_hold"] is not None,
        "the flow holds and transfers": flow["steps"][-2:] == ["HOLD", "TRANSFER"],
        "the device heard the agent": summary["device_heard_agent"],
        "following was faster than exploring": (summary["speedup_to_hold"] or 0) > 1.0,
    }
    return [what for what, held in checks.items() if not held]


async def tell(api_url: str, timeline: Timeline) -> dict[str, Any]:
    """The story; ``device_heard_agent`` and ``ok`` are added by who can hear the recording."""
    async with httpx.AsyncClient(base_url=api_url) as client:
        caller = Caller(client, timeline)
        timeline.heading(f"1  Explore {PHONE_NUMBER}: “{INTENT}”")
        explored = await caller.call(intent=INTENT, company=COMPANY, mode="explore")
        timeline.heading("2  Learn the flow")
        flow = await caller.learn(explored[0]["call_id"])
        timeline.flow(flow)
        timeline.heading("3  Call again, following the flow")
        followed = await caller.call(intent=INTENT, mode="follow", flow_id=flow["id"])
    explore, follow = figures(explored), figures(followed)
    follow["transcriptions_before_hold"] = followed[-1]["transcriptions_before_hold"]
    speedup = None
    if explore["seconds_to_hold"] and follow["seconds_to_hold"]:
        speedup = round(explore["seconds_to_hold"] / follow["seconds_to_hold"], 2)
    return {
        "explore": explore,
        "flow": {"id": flow["id"], "version": flow["version"], "steps": [step["type"] for step in flow["steps"]]},
        "follow": follow,
        "speedup_to_hold": speedup,
    }
