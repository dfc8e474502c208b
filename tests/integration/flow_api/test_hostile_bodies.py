"""Every REST body with numbers, texts and nestings that no client should send: an answer or a problem document, never a fault inside."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.flow_service import NUMBER, World, chase, running, step

#: JSON as it is written, since some of it is what no parser gives back.
HOSTILE = [
    "1e400", "-1e400", "9" * 400, "-" + "9" * 400, "18446744073709551616", "-9223372036854775809", "1e308", "1E-400", "-0", "-0.0", "1.0",
    "0.1", "01", "+1", "0x1", "NaN", "Infinity", "-Infinity", "null", "true", "[]", "{}", "[[[[]]]]", '{"":{"":{"":[]}}}', '""', '" "',
    r'"\ud800"', r'"\udc00\ud800"', r'"\u0000"', r'"\uffff"', '"\u202e"', '"☎😀"', '"\x7f"', '"\t"', '"' + "a" * 3_000 + '"',
    r'{"\ud800":1}', r'{"\ud800":1,"\ud800":2}', r'{"\u0000":1}', '{"a":1,"a":2}', "[" * 31 + "]" * 31, '"1"', '"+18005551234"', "'x'", "",
]  # fmt: skip
HERE = "@@here@@"
ANSWERS = {200, 201, 400, 404, 409, 412, 422}


def _with(field: str, **body: Any) -> dict[str, Any]:
    return {**body, field: HERE}


FLOW = [
    _with(name, **chase())
    for name in ("id", "name", "company", "phone_number", "description", "tags", "steps", "version", "created_at", "é")
]
FLOW += [chase(tags=["a", HERE]), chase(**{HERE: 1})]
FLOW += [
    chase(steps=[_with(name, **step("a", "LISTEN"))])
    for name in ("id", "type", "description", "dtmf", "timeout", "next_step", "conditions", "metadata")
]
FLOW += [
    chase(steps=[step("a", "LISTEN", conditions={"on:timeout": HERE})]), chase(steps=[step("a", "LISTEN", conditions={HERE: "a"})]),
    chase(steps=[step("a", "LISTEN", metadata={"anything": HERE})]), chase(steps=[step("a", "LISTEN", metadata={HERE: 1})]),
    chase(steps=[step("a", "LISTEN", metadata={"timing": {"n": HERE}})]), chase(steps=[step("a", "LISTEN", metadata={"evidence": [HERE]})]),
    chase(steps=[step("a", "SPEAK", metadata={"audio_file": HERE})]), chase(steps=[step("a", "DTMF", metadata={"secret": HERE})]),
]  # fmt: skip
LEARN = [_with(name, call_id="nobody") for name in ("call_id", "phone_number", "company", "é")]
CALL = [
    _with(name, phone_number=NUMBER)
    for name in (
        "phone_number",
        "intent",
        "company",
        "language",
        "mode",
        "flow_id",
        "device",
        "limits",
        "ring_early",
        "accept_callback",
        "record_conversation",
        "é",
    )
] + [{"phone_number": NUMBER, "limits": {"max_call_s": HERE}}, {"phone_number": NUMBER, "limits": {HERE: 1}}]
REQUESTS = [
    *[("POST", "/api/call-flows", body) for body in FLOW], *[("PUT", "/api/call-flows/chase", body) for body in FLOW],
    *[("POST", "/api/call-flows/chase/revert", body) for body in ({"version": HERE}, HERE)],
    *[("POST", "/api/call-flows/learn", body) for body in LEARN], *[("POST", "/api/calls", body) for body in CALL],
    *[("POST", "/api/calls/CALL/digits", body) for body in ({"digits": HERE}, HERE)],
    *[("POST", "/api/calls/CALL/transfer", body) for body in ({"device": HERE}, HERE)],
]  # fmt: skip


def written(body: Any, hostile: str) -> bytes:
    """The body as JSON with the hostile part in its place; as a key only where it is a text."""
    whole = json.dumps(body)
    for_key = hostile if hostile.startswith('"') else json.dumps(hostile[:40])
    return whole.replace(f'"{HERE}":', f"{for_key}:").replace(f'"{HERE}"', hostile).encode()


async def ask(world: World, method: str, path: str, content: bytes) -> None:
    answer = await world.client.request(method, path, content=content, headers={"content-type": "application/json"})
    said = (method, path, content[:300], answer.status_code, answer.text[:300])
    assert answer.status_code in ANSWERS, said
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json", said
        return
    shown = await world.client.get(path if method == "PUT" else f"{path}/{answer.json()['id']}" if path.count("/") == 2 else "/api/calls")
    assert shown.status_code == 200, said
    newest = await world.client.get("/api/call-flows", params={"sort": "-updated_at", "limit": 1})
    assert newest.status_code == 200, said


@pytest.mark.parametrize("where", sorted({(method, path) for method, path, _ in REQUESTS}), ids=" ".join)
async def test_no_body_is_a_fault_inside(tmp_path: Path, where: tuple[str, str]) -> None:
    async with running(tmp_path, rate_per_s=1e9, rate_burst=10**9) as world:
        assert (await world.client.post("/api/call-flows", json=chase(id="chase"))).status_code == 201
        call = (await world.client.post("/api/calls", json={"phone_number": NUMBER, "mode": "explore"})).json()
        method, path = where
        for body in (body for *asked, body in REQUESTS if tuple(asked) == where):
            for hostile in HOSTILE:
                await ask(world, method, path.replace("CALL", call["id"]), written(body, hostile))
