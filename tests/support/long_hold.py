"""A hold that never ends, in accelerated time: one call of a whole engine with the real ear, fingerprints and brain."""

from __future__ import annotations

import gc
import time
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from call_engine.adapters.recordings import KnownRecordings
from call_engine.core.brain import Brain
from call_engine.core.understanding.choice import Similarity
from line_audio import ear, fingerprint
from line_audio.ear import EarBank
from line_audio.segments import FRAME_SAMPLES
from numpy.typing import NDArray

from tests.support.engine_under_test import EngineUnderTest, FixedTranscriber, running_engine
from tests.support.scripted_line import ScriptedLine, ScriptedLines
from tests.support.sipp_load import ANNOUNCEMENT, queue_sound

BEATS_A_MINUTE = 3000


class LoopingLine(ScriptedLine):
    """Plays its sound over and over."""

    def _next_frame(self) -> NDArray[np.int16]:
        start = self._frames_given * FRAME_SAMPLES % (len(self._heard) - FRAME_SAMPLES)
        self._frames_given += 1
        return self._heard[start : start + FRAME_SAMPLES].reshape(1, FRAME_SAMPLES)


class NothingAlike:
    def scores(self, text: str, candidates: Any) -> list[float]:
        return [0.0] * len(candidates)

    def kinds(self, text: str, cues: Any) -> dict[str, float]:
        return {}

    def topics(self, text: str, candidates: Any) -> list[float]:
        return [0.0] * len(candidates)

    def serving(self, text: str, candidates: Any) -> list[float]:
        return [0.0] * len(candidates)

    def remembered(self, text: str, candidates: Any) -> list[float]:
        return [0.0] * len(candidates)

    def singled_out(self, text: str, candidates: Any) -> list[float]:
        return [0.0] * len(candidates)


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """What one call of the engine is, at a minute of its call time."""

    minute: int
    objects: int
    resident_mb: float
    events: int
    state: str
    cpu_ms_a_minute: float


async def hold(folder: Path, minutes: list[int], similarity: Similarity | None = None) -> list[Moment]:
    """Looks at the engine at each of these minutes (ascending)."""
    ear.warm_up()
    fingerprint.warm_up()
    alike = similarity or NothingAlike()
    overrides: dict[str, Any] = {
        "ears": EarBank(2), "recordings": KnownRecordings, "transcriber": FixedTranscriber(ANNOUNCEMENT),
        "lines": ScriptedLines(LoopingLine(heard=queue_sound())),
    }  # fmt: skip

    def brain(request: Any) -> Brain:
        return Brain(request.plan, call_id=request.call_id, similarity=alike)

    seen: list[Moment] = []
    async with running_engine(folder, **overrides, brain_of=brain) as it:
        await it.start()
        at, spent = 0, time.process_time()
        for minute in minutes:
            await it.beat((minute - at) * BEATS_A_MINUTE)
            cpu, spent = time.process_time() - spent, time.process_time()
            seen.append(_look(it, minute, cpu * 1000 / max(minute - at, 1)))
            at = minute
    return seen


def _look(it: EngineUnderTest, minute: int, cpu_ms: float) -> Moment:
    record = it.engine.calls.record_of("c1")
    assert record is not None
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return Moment(
        minute=minute, objects=len(gc.get_objects()), resident_mb=pages * 4096 / 2**20, events=len(record.entries),
        state=record.state.state, cpu_ms_a_minute=cpu_ms,
    )  # fmt: skip
