"""The design document's example flow, and the same as the learner writes it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from call_contract.flows import CallFlow, CallFlowStep, CallFlowStepType

from tests.support.chase_script import MAIN, SUB
from tests.support.scripted_call import WORD_MS

NEW_YEAR = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def step(
    step_id: str, kind: str, then: str | None = None, dtmf: str | None = None, timeout: float = 15.0, text: str = "", **more: Any
) -> CallFlowStep:
    return CallFlowStep(
        id=step_id, type=CallFlowStepType(kind), description=text or step_id, dtmf=dtmf, timeout=timeout, next_step=then, **more
    )  # fmt: skip


def flow(*steps: CallFlowStep) -> CallFlow:
    return CallFlow(id="chase_bank_disputes", name="Chase Bank — Disputes", company="Chase Bank", phone_number="+18005551234",
                    steps=list(steps), created_at=NEW_YEAR, updated_at=NEW_YEAR)  # fmt: skip


#: Written by hand: no metadata at all.
SPEC_FLOW = flow(
    step("wait_greeting", "WAIT", "main_menu", timeout=5.0),
    step("main_menu", "LISTEN", "press_3"),
    step("press_3", "DTMF", "sub_menu", "3", text="Press 3 for account services"),
    step("sub_menu", "LISTEN", "press_1"),
    step("press_1", "DTMF", "hold", "1", text="Press 1 for disputes"),
    step("hold", "HOLD", "transfer", timeout=7200),
    step("transfer", "TRANSFER"),
)


def prompt(text: str, options: dict[str, str], *, fingerprint: bool = True) -> dict[str, Any]:
    words = text.lower().replace(".", "").replace(",", "")
    return {
        "prompt": {"transcript": words, "fingerprint": "fp:" + text if fingerprint else "", "duration_ms": len(text.split()) * WORD_MS},
        "options": [{"digits": digits, "label": label} for digits, label in options.items()],
    }


MAIN_OPTIONS = {"1": "checking and savings", "2": "credit cards", "3": "account services", "9": "repeat these options"}
SUB_OPTIONS = {"1": "disputes", "2": "change your address", "*": "return to the main menu"}


def learned(fingerprint: bool = True) -> CallFlow:
    """A menu is one LISTEN that carries its digit."""
    return flow(
        step("wait", "WAIT", "main", timeout=1.5),
        step("main", "LISTEN", "sub", "3", timeout=30, metadata=prompt(MAIN, MAIN_OPTIONS, fingerprint=fingerprint)),
        step("sub", "LISTEN", "hold", "1", timeout=30, metadata=prompt(SUB, SUB_OPTIONS, fingerprint=fingerprint)),
        step("hold", "HOLD", "transfer", timeout=3600),
        step("transfer", "TRANSFER"),
    )
