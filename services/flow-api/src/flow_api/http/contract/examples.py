"""What is sent and answered, by example: the flow of the design document, made, corrected, learned, followed and looked back on."""

from __future__ import annotations

from typing import Any

import msgspec
from call_contract.flows import CallFlow

Json = dict[str, Any]

NUMBER, BANK, FLOW_ID, CALL_ID = "+18005551234", "Chase Bank", "chase_bank_disputes", "call_abc123"
_MADE, _CORRECTED = "2026-03-02T09:30:00Z", "2026-03-04T14:05:12Z"

DISPUTES: Json = {
    "id": FLOW_ID, "name": "Chase Bank — Disputes", "company": BANK, "phone_number": NUMBER,
    "steps": [
        {"id": "wait_greeting", "type": "WAIT", "description": "Wait for greeting to finish", "timeout": 5.0, "next_step": "main_menu"},
        {"id": "main_menu", "type": "LISTEN", "description": "Listen to main menu options", "timeout": 15.0, "next_step": "press_3"},
        {"id": "press_3", "type": "DTMF", "description": "Press 3 for account services", "dtmf": "3", "next_step": "sub_menu"},
        {"id": "sub_menu", "type": "LISTEN", "description": "Listen to account services sub-menu", "timeout": 15.0, "next_step": "press_1"},
        {"id": "press_1", "type": "DTMF", "description": "Press 1 for disputes", "dtmf": "1", "next_step": "hold"},
        {"id": "hold", "type": "HOLD", "description": "Wait on hold for disputes agent", "timeout": 7200, "next_step": "transfer"},
        {"id": "transfer", "type": "TRANSFER", "description": "Transfer to user's phone"},
    ],
}  # fmt: skip
#: Account services have moved to another key, and the flow has tags.
CORRECTED: Json = DISPUTES | {
    "tags": ["banking", "disputes"],
    "steps": [
        step | {"description": "Press 4 for account services", "dtmf": "4"} if step["id"] == "press_3" else step
        for step in DISPUTES["steps"]
    ],
}


def _answer(body: Json, version: int, *, updated_at: str = _MADE, successes: int = 0) -> Json:
    """The flow as it is answered, with all that was left out of the body."""
    owned = {"created_at": _MADE, "updated_at": updated_at, "version": version, "success_count": successes}
    answer: Json = msgspec.to_builtins(msgspec.convert(body | owned, CallFlow, strict=False))
    return answer


def _menu(step_id: str, key: str, label: str, said: str) -> Json:
    heard = "2026-03-02T09:25:00.000+00:00"
    return {
        "id": step_id, "type": "LISTEN", "description": f"Listen to the menu, then press {key} for {label}", "dtmf": key, "timeout": 15.0,
        "metadata": {
            "prompt": {"transcript": said}, "options": [{"digits": key, "label": label, "first_heard": heard, "last_heard": heard}],
            "timing": {"n": 1, "mean_ms": 4000.0, "p50_ms": 4000.0, "p95_ms": 4000.0, "earliest_press_ms": 4000},
            "chosen_label": label, "evidence": [CALL_ID],
        },
    }  # fmt: skip


def _then(step_id: str) -> Json:
    return {"next_step": step_id}


LEARNED: Json = _answer(
    {
        "id": "dispute_a_charge_18005551234", "name": "Chase Bank — Dispute a charge", "company": BANK, "phone_number": NUMBER,
        "description": "Navigate to: dispute a charge",
        "steps": [
            {"id": "wait", "type": "WAIT", "description": "Wait for the next prompt", "timeout": 3.0} | _then("menu_3_account_services"),
            _menu("menu_3_account_services", "3", "account services", "for billing press 1 for account services press 3")
            | _then("menu_1_disputes"),
            _menu("menu_1_disputes", "1", "disputes", "for disputes press 1 for statements press 2") | _then("hold"),
            {"id": "hold", "type": "HOLD", "description": "Wait on hold for a human", "timeout": 7200.0, "next_step": "transfer"},
            {"id": "transfer", "type": "TRANSFER", "description": "Transfer to the user's phone", "timeout": 30.0},
        ],
    },
    1, successes=1,
) | {"learning": {"result": "created", "reason": "no flow was known for this number and intent"}}  # fmt: skip

CALL: Json = {
    "id": CALL_ID, "state": "ended", "mode": "explore", "phone_number": NUMBER, "intent": "dispute a charge", "company": BANK,
    "flow_id": None, "flow_version": None, "device": "mobile", "started_at": "2026-03-02T09:25:00Z", "ended_at": "2026-03-02T09:37:41Z",
    "outcome": "bridged", "reason": "the person hung up", "digits": "31", "ms_to_hold": 18000, "ms_to_human": 498000, "hold_ms": 480000,
    "last_ordinal": 41, "engine": "127.0.0.1:50051", "recording": "",
}  # fmt: skip
STARTED: Json = CALL | {
    "state": "dialling", "ended_at": None, "outcome": None, "reason": None, "digits": "", "ms_to_hold": None, "ms_to_human": None,
    "hold_ms": 0, "last_ordinal": 1, "why": "no flow is known for this number and intent",
}  # fmt: skip

HISTORY: list[Json] = [
    {
        "revision": 0, "version": 1, "type": "CallFlowCreated", "recorded_at": _MADE, "actor": "ann", "summary": "created with 7 steps",
        "call_id": None, "cause": "request:0d6f5c0b7a9d4f0c8a3e5b1f2c4d6e80", "correlation_id": "6b3e9a52c1d84f7e9a0b2c3d4e5f6a71",
        "event_id": "d0df9ebf-ca9b-5a02-a3db-7b852e3d9575", "hash": "73eb559da05139993d9cb3a3dbb492ddb3b66b80c15b70eb4af087d9a26f660d",
    },
    {
        "revision": 1, "version": 2, "type": "CallFlowRevised", "recorded_at": _CORRECTED, "actor": "ann",
        "summary": "revised: $.tags changed; step press_3: $.description, $.dtmf changed",
        "call_id": None, "cause": "request:52b1c9d47e6a4b0f9c8d7e6f5a4b3c2d", "correlation_id": "9f8e7d6c5b4a49388271605f4e3d2c1b",
        "event_id": "81ed75ed-7daf-59f4-9d00-21e7f451ff61", "hash": "9fb40a088ecbe0915887fad0fecfe9b9bd5c6fac519c63dcbe2bd7cfb95aef23",
    },
]  # fmt: skip
DIFF: Json = {
    "fields": [{"path": "$.tags", "before": [], "after": ["banking", "disputes"]}], "added": [], "removed": [], "moved": [],
    "changed": [
        {
            "id": "press_3", "changes": [
                {"path": "$.description", "before": "Press 3 for account services", "after": "Press 4 for account services"},
                {"path": "$.dtmf", "before": "3", "after": "4"},
            ],
        },
    ],
}  # fmt: skip
FAULTY: Json = {
    "type": "/problems/invalid", "title": "The request is not valid.", "status": 422,
    "detail": "$.steps[0].next_step: there is no step 'main_menu'",
    "faults": [{"path": "$.steps[0].next_step", "message": "there is no step 'main_menu'"}],
}  # fmt: skip

#: Of an operation: what is sent for which purpose.
REQUESTS: dict[str, dict[str, Json]] = {
    "createFlow": {"a menu, another, hold and a human": DISPUTES},
    "replaceFlow": {"a key has changed": CORRECTED},
    "learnFlow": {"from a call that explored": {"call_id": CALL_ID, "phone_number": NUMBER, "company": BANK}},
    "startCall": {
        "by what is wanted": {"phone_number": NUMBER, "intent": "dispute a charge", "company": BANK},
        "along a flow": {"flow_id": FLOW_ID, "limits": {"max_hold_s": 3600}, "ring_early": True},
    },
    "revertFlow": {"to the first version": {"version": 1}},
    "sendDigits": {"a key": {"digits": "0"}},
    "transferCall": {"to another phone than the default one": {"device": "mobile"}},
}
#: Of an operation and a status.
ANSWERS: dict[tuple[str, str], Any] = {
    ("createFlow", "201"): _answer(DISPUTES, 1),
    ("createFlow", "422"): FAULTY,
    ("listFlows", "200"): [_answer(CORRECTED, 2, updated_at=_CORRECTED)],
    ("getFlow", "200"): _answer(CORRECTED, 2, updated_at=_CORRECTED),
    ("replaceFlow", "200"): _answer(CORRECTED, 2, updated_at=_CORRECTED),
    ("getFlowHistory", "200"): HISTORY,
    ("diffFlow", "200"): DIFF,
    ("learnFlow", "201"): LEARNED,
    ("startCall", "201"): STARTED,
    ("getCall", "200"): CALL,
    ("listCalls", "200"): [CALL],
}
