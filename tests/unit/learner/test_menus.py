"""When the keys that two menus have in common make them two menus."""

from __future__ import annotations

import pytest
from call_contract.menus import stand_for_others

SAME, MISHEARD, ANOTHER = ("bags", "bags"), ("seats", "seat"), ("fees", "meals")


@pytest.mark.parametrize(
    ("keys", "others"),
    [
        ([], False), ([SAME], False), ([MISHEARD], True), ([ANOTHER], True), ([SAME, MISHEARD], False), ([SAME, ANOTHER], True),
        ([SAME, SAME, ANOTHER], False), ([SAME, MISHEARD, MISHEARD], True), ([SAME, SAME, MISHEARD, ANOTHER], False),
    ],
)  # fmt: skip
def test_most_of_them_or_half_quite_differently(keys: list[tuple[str, str]], others: bool) -> None:
    told = stand_for_others(keys, same=lambda one, other: one == other, nothing_alike=lambda one, other: one[:3] != other[:3])
    assert told is others
