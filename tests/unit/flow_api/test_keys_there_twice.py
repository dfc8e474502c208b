from __future__ import annotations

import json
import time
import tracemalloc
from typing import Any

import msgspec
import pytest
from flow_api.http.twice import keys_there_twice
from hypothesis import given
from hypothesis import strategies as st

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("raw", "paths"),
    [
        ('{"a": 1, "b": {"a": 1}}', []),
        ('{"a": 1, "a": 1}', ["$.a"]),
        ('{"steps": [{"id": "x"}, {"dtmf": "1", "dtmf": "2", "id": "y", "id": "z"}]}', ["$.steps[1].dtmf", "$.steps[1].id"]),
        ('{"steps": [1], "steps": []}', ["$.steps"]),
        ('{"a": 1, "\\u0061": 2}', ["$.a"]),
        ('{"a": {"b": 1, "b": 2}, "a": {"c": 1}}', ["$.a"]),
        ('{"n": ' + "9" * 5000 + "}", []),
        ("[]", []),
    ],
)
def test_each_is_named(raw: str, paths: list[str]) -> None:
    assert keys_there_twice(raw.encode()) == paths


@given(VALUES)
def test_what_was_encoded_has_none(value: Any) -> None:
    assert keys_there_twice(json.dumps(value).encode()) == []


@given(st.dictionaries(st.text(min_size=1), VALUES, min_size=1, max_size=4))
def test_one_that_is_added_is_found(value: dict[str, Any]) -> None:
    name = next(iter(value))
    raw = json.dumps(value)[:-1] + f", {json.dumps(name)}: 0}}"
    assert msgspec.json.decode(raw)[name] == 0
    assert keys_there_twice(raw.encode()) == [f"$.{name}"]


def test_as_many_as_a_body_can_have_take_no_time_worth_speaking_of() -> None:
    """The service does nothing else meanwhile."""
    keys = ", ".join(f'"{number}": 0' for number in range(50_000))
    began = time.process_time()
    assert keys_there_twice(f'{{{keys}, "7": 1}}'.encode()) == ["$.7"]
    assert time.process_time() - began < 5


def test_a_long_name_is_not_copied_for_each_object_in_it() -> None:
    objects = ["{}"] * 50_000 + ['{"a": 1, "a": 2}'] * 5_000
    raw = f'{{"{"n" * 300_000}": [{", ".join(objects)}]}}'.encode()
    tracemalloc.start()
    try:
        found = keys_there_twice(raw, 3)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert [path.lstrip("$.n") for path in found] == ["[50000].a", "[50001].a", "[50002].a"]
    assert most < 100_000_000
