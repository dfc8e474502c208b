"""Composed calls through the real ear, fingerprints, recogniser and weighing, in virtual time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import numpy as np
from call_contract.flows import CallFlow, CallFlowStep, CallFlowStepType
from call_engine.core.call_time import samples
from call_engine.core.facts import Turn
from call_engine.core.hold_cues import Sound, cues
from call_engine.core.hold_memory import HoldSoFar
from call_engine.core.human import Scene, evidence, posterior, told_by_words
from call_engine.core.kit import Kit
from call_engine.core.listening import Listener
from call_engine.hear import Pipeline
from call_engine.ports import Transcriber, Transcript
from call_engine.recording_listener import RecordingListener
from numpy.typing import NDArray

from tests.benchmarks.composed_calls import Call
from tests.benchmarks.hearing_peers import corpus
from tests.benchmarks.transcript_cache import CachedTranscriber

ENOUGH_OF_THE_HUMAN = samples(9000)


class Glance(msgspec.Struct, frozen=True):
    """One weighing of a turn on hold. ``other``: what does not come from its sound: words, known recordings, …"""

    at: int
    turn: int
    start: int
    sound: Sound
    hold: HoldSoFar
    other: dict[str, float]
    text: str = ""
    told: float = 0.0  #: how surely the words say that a human or a recording speaks


class _Watcher(Listener):
    """Weighs and writes down; nobody is ever met. ``deaf``: there are no words, and that none were found says nothing."""

    deaf = False

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit)
        self.glances: list[Glance] = []

    def is_human(self, turn: Turn, scene: Scene) -> bool:
        if self.deaf and scene.sound is not None:
            scene = msgspec.structs.replace(scene, wordless=False)
        found = evidence(turn, scene)
        self.posterior = posterior(found)
        if scene.sound is not None:
            named = cues(scene.sound, scene.hold)
            ours = {"prior", *(f"{cue}:{value}" for cue, value in named.items()), *(("words_awaited",) if self.deaf else ())}
            other = {name: value for name, value in found.items() if name not in ours}
            self.glances.append(
                Glance(self._kit.now, turn.number, turn.start, scene.sound, scene.hold, other, turn.text, told_by_words(turn, scene))
            )
        return False


class _DeafWatcher(_Watcher):
    deaf = True


class NoWords:
    """A transcriber that understands nothing, for what the sound alone tells."""

    async def transcribe(self, samples: NDArray[np.int16], *, purpose: str, language: str, hot_words: str) -> Transcript:
        return Transcript(text="")


class Heard(msgspec.Struct, frozen=True):
    glances: list[Glance]
    kept: dict[str, str]  #: recordings of this hold, and their fingerprints


def transcripts() -> CachedTranscriber:
    return CachedTranscriber(Path(corpus.cache_folder()) / "transcripts.sqlite")


def flow_of(kept: Sequence[str]) -> CallFlow:
    """What an earlier call has learned of this hold."""
    hold = CallFlowStep(id="hold", type=CallFlowStepType.HOLD, description="On hold", timeout=7200, metadata={"recordings": list(kept)})
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return CallFlow(id="composed", name="composed", steps=[hold], created_at=at, updated_at=at)


async def hear(call: Call, transcriber: Transcriber, flow: CallFlow | None = None) -> Heard:
    """Every weighing on this call up to some seconds after the pick-up, as if nobody had been taken for a human."""
    listener = RecordingListener(flow, _DeafWatcher if isinstance(transcriber, NoWords) else _Watcher)
    pipeline = Pipeline(transcriber, listener)
    await pipeline.hear(call.samples[: call.picked_up + ENOUGH_OF_THE_HUMAN])
    assert isinstance(listener.listener, _Watcher)
    before = {one.recording_id: one.fingerprint for one in pipeline.kept if one.end_sample < call.picked_up}
    return Heard(listener.listener.glances, before)
