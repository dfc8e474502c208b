"""Golden samples: every version of every event body that was ever stored can still be read. Samples are added, never changed."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from flow_api.domain.flow_events import AnyFlowEvent, decode, encode
from flow_api.domain.upcasters import FLOW_EVENT_SCHEMA

SAMPLES = sorted((Path(__file__).parent / "golden").glob("*.json"))


class Sample(msgspec.Struct, frozen=True):
    """``body`` as it was stored; ``today`` is the same event in today's shape."""

    type: str
    schema: int
    body: msgspec.Raw
    today: msgspec.Raw


@pytest.mark.parametrize("file", SAMPLES, ids=lambda file: file.stem)
def test_a_stored_event_is_still_read(file: Path) -> None:
    sample = msgspec.json.decode(file.read_bytes(), type=Sample)
    event = decode(sample.type, bytes(sample.body), sample.schema)
    assert event is not None
    assert msgspec.json.decode(encode(event)) == msgspec.json.decode(bytes(sample.today))


def test_every_type_has_a_sample_of_todays_schema() -> None:
    samples = [msgspec.json.decode(file.read_bytes(), type=Sample) for file in SAMPLES]
    today = {sample.type for sample in samples if sample.schema == FLOW_EVENT_SCHEMA}
    assert today == {str(cls.__struct_config__.tag) for cls in AnyFlowEvent.__args__}
