"""A bank as many calls have come to know it: its flow with what was learned, and one more call to it, event by event."""

from __future__ import annotations

from typing import Any

from call_contract import call_events as ev
from call_contract.discoveries import Discovery, DiscoveryType

from tests.support.fake_call_engine import menu

MAIN = "Thank you for calling Chase Bank. For checking and savings, press 1. For credit cards, press 2. For account services, press 3."
SUB = "Account services. For disputes, press 1. To change your address, press 2."
HOLD_AT_MS = 22_000  #: of call time: the queue has been announced
QUEUE = "All of our agents are busy. Please stay on the line."


def _seen(successes: int, failures: int, confidence: float, p50_ms: int, p95_ms: int, **more: Any) -> dict[str, Any]:
    return {
        "outcomes": {"successes": successes, "failures": failures, "confidence": confidence},
        "timing": {"n": successes + failures, "mean_ms": p50_ms, "p50_ms": p50_ms, "p95_ms": p95_ms},
        **more,
    }


def _heard(transcript: str, **options: str) -> dict[str, Any]:
    found = [{"digits": key[1:], "label": label, "last_heard": "2026-02-27T10:00:00Z"} for key, label in options.items()]
    return {"prompt": {"transcript": transcript, "duration_ms": 9_000, "fingerprint": "bGFuZG1hcmtz"}, "options": found}


def known_flow(**more: Any) -> dict[str, Any]:
    """As a request body."""
    main = _heard(MAIN, _1="checking and savings", _2="credit cards", _3="account services")
    sub = _heard(SUB, _1="disputes", _2="change your address")
    minutes = [3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 12, 14, 15, 15]
    waits = [[f"{call:010x}", "mon-09", 60_000 * waited, True] for call, waited in enumerate(minutes)]
    wait = {"n": len(waits), "p50_ms": 480_000, "p90_ms": 840_000}
    return {
        "name": "Chase Bank — Disputes", "company": "Chase Bank", "phone_number": "+18005551234", "tags": ["banking", "disputes"],
        "steps": [
            _step("greeting", "WAIT", "Wait for the greeting", "main_menu", timeout=5.0, metadata=_seen(21, 0, 0.85, 1_500, 1_900)),
            _step(
                "main_menu", "LISTEN", "Main menu: account services", "sub_menu", timeout=15.0, dtmf="3",
                conditions={"heard:currently closed": "closed"}, metadata=_seen(21, 0, 0.85, 4_200, 4_900, **main),
            ),
            _step(
                "sub_menu", "LISTEN", "Account services: disputes", "hold", timeout=15.0, dtmf="1",
                metadata=_seen(20, 1, 0.77, 3_800, 4_400, **sub),
            ),
            _step(
                "hold", "HOLD", "Wait for a disputes agent", "transfer", timeout=7200,
                metadata={**_seen(18, 3, 0.65, 480_000, 900_000), "hold": {"overall": wait, "slots": {"mon-09": wait}, "waits": waits}},
            ),
            _step("transfer", "TRANSFER", "Ring my phone", None),
            _step("closed", "WAIT", "Hear the opening hours", None, timeout=3.0, metadata={"last_seen": "2026-02-22T20:15:00Z"}),
        ],
        **more,
    }  # fmt: skip


def _step(step_id: str, kind: str, description: str, then: str | None, **more: Any) -> dict[str, Any]:
    return {"id": step_id, "type": kind, "description": description, "next_step": then, **more}


def call_at_the_bank() -> list[ev.CallEvent]:
    """3, then 1, a minute of hold, a human, bridged."""
    return [
        ev.CallDialled(target="sip:bank"),
        ev.CallRinging(at_ms=400),
        ev.CallAnswered(at_ms=2_000, codec="PCMU"),
        ev.DiscoveryMade(at_ms=2_000, discovery=Discovery(type=DiscoveryType.WAIT, duration=3.0, at_ms=2_000)),
        ev.StepStarted(at_ms=5_000, step_id="main_menu", type="LISTEN"),
        ev.UtteranceHeard(at_ms=9_000, start_ms=5_000, end_ms=9_000, kind="menu", text=MAIN, source="recognised"),
        menu(5_000, MAIN, "3", "account services"),
        ev.DigitsSent(at_ms=9_200, digits="3", step_id="main_menu", reason="the learned prompt was recognised"),
        ev.StepStarted(at_ms=12_000, step_id="sub_menu", type="LISTEN"),
        ev.UtteranceHeard(at_ms=16_000, start_ms=12_000, end_ms=16_000, kind="menu", text=SUB, source="recognised"),
        menu(12_000, SUB, "1", "disputes"),
        ev.DigitsSent(at_ms=16_200, digits="1", step_id="sub_menu", reason="the learned prompt was recognised"),
        ev.StepStarted(at_ms=18_000, step_id="hold", type="HOLD"),
        ev.HoldStarted(at_ms=18_000),
        ev.DiscoveryMade(at_ms=18_000, discovery=Discovery(type=DiscoveryType.HOLD, duration=60.0, at_ms=18_000)),
        ev.UtteranceHeard(at_ms=22_000, start_ms=18_500, end_ms=22_000, kind="hold_announcement", text=QUEUE, source="recognised"),
        ev.HumanSuspected(at_ms=76_000, posterior=0.62),
        ev.HumanDetected(at_ms=78_000, posterior=0.99, sealed="c2VhbGVk"),
        ev.HoldEnded(at_ms=78_000, duration_ms=60_000, reason="human"),
        ev.DiscoveryMade(at_ms=78_000, discovery=Discovery(type=DiscoveryType.HUMAN_DETECTED, at_ms=78_000)),
        ev.StepStarted(at_ms=78_100, step_id="transfer", type="TRANSFER"),
        ev.TransferStarted(at_ms=78_200, device="mobile"),
        ev.DeviceAnswered(at_ms=79_800, device="mobile"),
        ev.CallBridged(at_ms=80_000, device="mobile", latency_ms=120),
        ev.CallEnded(
            at_ms=90_000, outcome=ev.CallOutcome.BRIDGED, reason="the call was bridged", ms_to_hold=18_000, ms_to_human=78_000,
            hold_ms=60_000, digits="31",
        ),
    ]  # fmt: skip
