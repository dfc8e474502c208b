from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from call_engine import collection


@pytest.fixture
def collector_as_it_was() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


@pytest.mark.usefixtures("collector_as_it_was")
def test_what_lasts_is_no_longer_looked_through() -> None:
    lasting = [[number] for number in range(1000)]
    collection.set_aside()
    assert gc.get_freeze_count() >= len(lasting)
    assert not any(found is lasting[0] for found in gc.get_objects())
