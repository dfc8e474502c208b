"""RFC 7396: what changed, and nothing else."""

from __future__ import annotations

from typing import Any

from flow_api.domain.merge_patch import patch_between, patched
from hypothesis import given
from hypothesis import strategies as st

LEAVES = st.integers() | st.text(max_size=3) | st.lists(st.integers(), max_size=3) | st.booleans()
OBJECTS = st.recursive(
    st.dictionaries(st.sampled_from("abcd"), LEAVES, max_size=4),
    lambda inner: st.dictionaries(st.sampled_from("abcd"), inner | LEAVES, max_size=4),
    max_leaves=12,
)


@given(OBJECTS, OBJECTS)
def test_a_patch_leads_from_one_to_the_other(before: dict[str, Any], after: dict[str, Any]) -> None:
    assert patched(before, patch_between(before, after)) == after


@given(OBJECTS)
def test_nothing_changed_is_an_empty_patch(same: dict[str, Any]) -> None:
    assert patch_between(same, same) == {}


def test_what_stays_the_same_is_not_repeated() -> None:
    before = {"hold": {"recordings": ["long"] * 9, "waits": [1]}, "text": None, "timing": {"n": 1}}
    after = {"hold": {"recordings": ["long"] * 9, "waits": [1, 2]}, "text": None}
    assert patch_between(before, after) == {"hold": {"waits": [1, 2]}, "timing": None}
