"""What a flow may be."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from flow_api.domain.errors import Fault, Invalid
from flow_api.domain.limits import MAX_STEPS
from flow_api.domain.validation import check, flow_of, warnings
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.flow_commands import contents
from tests.support.flow_service import chase, step

LEAVES = [None, True, -1, 0, 2.5, float("nan"), 10**400, "", " ", "a", "\x00", "\ud800", "on:timeout", "+18005551234"]
_leaf = st.sampled_from(LEAVES)
JSON = _leaf | st.lists(_leaf, max_size=2) | st.fixed_dictionaries({}, optional={"a": _leaf})
FIELDS = ["id", "name", "company", "phone_number", "steps", "tags", "type", "description", "dtmf", "timeout", "conditions", "metadata"]


def faults(body: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as refused:
        flow_of(body)
    return {fault.path: fault.message for fault in refused.value.faults}


@given(st.sampled_from(FIELDS), JSON, st.booleans())
@settings(max_examples=120)
def test_whatever_comes_in_is_a_flow_or_is_refused_with_paths(field: str, value: object, in_step: bool) -> None:
    body = chase()
    (body["steps"][2] if in_step else body)[field] = value
    refused: list[Fault] = []
    try:
        _, content = flow_of(body)
    except Invalid as error:
        refused = error.faults
    else:
        check(content)
        msgspec.json.encode(content)
    assert all(fault.path.startswith("$") and fault.message for fault in refused)


@pytest.mark.parametrize("value", [0, -1, 10**400, -(10**400), float("nan"), float("inf")], ids=["0", "-1", "huge", "-huge", "nan", "inf"])
def test_a_timeout_out_of_range_is_refused_however_large(value: float) -> None:
    body = chase()
    body["steps"][2]["timeout"] = value
    assert faults(body) == {"$.steps[2].timeout": "must be more than 0 and at most 86400 seconds"}


@given(contents())
@settings(max_examples=40)
def test_what_was_valid_stays_valid(content: Any) -> None:
    assert flow_of(msgspec.to_builtins(content)) == (None, content)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"dtmf": "3x"}, "$.steps[0].dtmf"), ({"dtmf": ""}, "$.steps[0].dtmf"), ({"dtmf": "1" * 65}, "$.steps[0].dtmf"),
        ({"dtmf": None}, "$.steps[0].dtmf"), ({"timeout": 0}, "$.steps[0].timeout"), ({"timeout": float("inf")}, "$.steps[0].timeout"),
        ({"timeout": True}, "$.steps[0].timeout"), ({"timeout": 86_401}, "$.steps[0].timeout"), ({"type": "dtmf"}, "$.steps[0].type"),
        ({"next_step": "nowhere"}, "$.steps[0].next_step"), ({"next_step": 3}, "$.steps[0].next_step"), ({"id": "a b"}, "$.steps[0].id"),
        ({"description": None}, "$.steps[0].description"), ({"conditions": {"on:lunch": "a"}}, '$.steps[0].conditions["on:lunch"]'),
        ({"conditions": {"heard: ": "a"}}, '$.steps[0].conditions["heard: "]'), ({"conditions": []}, "$.steps[0].conditions"),
        ({"metadata": {"audio_file": "../x.wav"}}, "$.steps[0].metadata.audio_file"),
        ({"metadata": {"timing": {"n": "x"}}}, "$.steps[0].metadata.timing.n"),
        ({"metadata": {"secret": "pin"}}, "$.steps[0].dtmf"), ({"metadata": {"secret": " "}, "dtmf": None}, "$.steps[0].dtmf"),
        ({"type": "SPEAK", "dtmf": None}, "$.steps[0].metadata"),
        ({"extra": 1}, "$.steps[0].extra"),
    ],
)  # fmt: skip
def test_each_rule_of_a_step(change: dict[str, Any], path: str) -> None:
    assert list(faults({"name": "x", "steps": [{**step("a", "DTMF", dtmf="1"), **change}]})) == [path]


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"name": " "}, "$.name"), ({"name": "x" * 201}, "$.name"), ({"name": "a\x00"}, "$.name"),
        ({"phone_number": "911"}, "$.phone_number"),
        ({"steps": None}, "$.steps"), ({"steps": [3]}, "$.steps[0]"), ({"tags": "x"}, "$.tags"), ({"tags": ["", 5]}, "$.tags[0]"),
        ({"id": "lookup"}, "$.id"), ({"id": "-x"}, "$.id"), ({"surprise": 1}, "$.surprise"),
        ({"steps": [step("a", "WAIT")] * (MAX_STEPS + 1)}, "$.steps"),
    ],
)  # fmt: skip
def test_each_rule_of_a_flow(change: dict[str, Any], path: str) -> None:
    assert next(iter(faults({**chase(), **change}))) == path


def test_every_fault_is_found_at_once() -> None:
    assert len(faults({"steps": [step("a", "X", dtmf="z", timeout=-1, next_step="n") for _ in range(3)]})) == 1 + 3 * 4 + 2


def test_every_fault_of_the_metadata_is_found_at_once() -> None:
    metadata = {"device": 5, "hold": "long", "timing": {"n": "x"}, "anything": 1}
    assert list(faults({"name": "x", "steps": [step("a", "TRANSFER", metadata=metadata)]})) == [
        "$.steps[0].metadata.timing.n", "$.steps[0].metadata.device", "$.steps[0].metadata.hold",
    ]  # fmt: skip


def test_secrets_and_oddities() -> None:
    _, content = flow_of({"name": "x", "steps": [step("a", "DTMF", metadata={"secret": "pin"}), step("b", "WAIT")]})
    assert [warning.path for warning in warnings(content)] == ["$.steps[1]"]
    assert [warning.path for warning in warnings(flow_of({"name": "x", "steps": []})[1])] == ["$.steps"]
