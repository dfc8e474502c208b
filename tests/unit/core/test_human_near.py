"""When ringback says that a human who was met is gone: with the ear that hears it, in every plan's cadence."""

from __future__ import annotations

import numpy as np
import pytest
from call_engine.core.turn_taking.human_near import HumanNear
from line_audio import generate, tone_plan
from line_audio.ear import Ear
from line_audio.segments import FRAME_SAMPLES, Label, SegmentClosed, SegmentOpened
from line_audio.tone_plan import Tone
from numpy.typing import NDArray

RINGS = {f"{name}-{number}": (name, one) for name in tone_plan.names() for number, one in enumerate(tone_plan.load(name).tones)
         if one.label is Label.RINGBACK}  # fmt: skip
ONE_RING_A_ROUND = [name for name, (_, one) in RINGS.items() if all(pause < 1 for pause in one.cadence_s[1:-1:2])]
MET_AT = 8000


def gone(plan: str, sound: NDArray[np.int16]) -> bool:
    """Whether the human who was met before this sound is thought to be gone after it."""
    near, ear = HumanNear(), Ear(plan)
    near.met(MET_AT)
    lead = generate.silence(1.5)
    heard = generate.to_pcm(np.concatenate([lead, sound]))
    for number, frame in enumerate(heard[: len(heard) // FRAME_SAMPLES * FRAME_SAMPLES].reshape(-1, FRAME_SAMPLES), 1):
        for event in ear.feed(frame):
            match event:
                case SegmentOpened(label=Label.RINGBACK, start_sample=start):
                    near.rings(start)
                case SegmentClosed(segment=segment) if segment.label is Label.RINGBACK:
                    near.rings_no_more(segment.end_sample)
                case _:
                    pass
        near.passed(number * FRAME_SAMPLES)
    return not near


def rings(one: Tone, times: int) -> NDArray[np.int16]:
    """And a long silence."""
    once = sum(one.cadence_s)
    return np.concatenate([generate.tone(one, once * times), generate.silence(12.0)])


@pytest.mark.parametrize("name", ONE_RING_A_ROUND)
def test_one_ring_and_its_pause_are_not_enough(name: str) -> None:
    plan, one = RINGS[name]
    assert not gone(plan, rings(one, 1))


@pytest.mark.parametrize("name", RINGS)
def test_ringing_that_goes_on_is(name: str) -> None:
    plan, one = RINGS[name]
    assert gone(plan, rings(one, 4))
