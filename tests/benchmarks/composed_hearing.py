"""Composed calls through the real ear, fingerprints, recogniser and weighing, in virtual time."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec
import numpy as np
from call_contract.flows import CallFlow
from call_engine.core.call_time import samples
from call_engine.core.effects import AnyEffect
from call_engine.core.facts import Turn
from call_engine.core.happenings import AnyHappening
from call_engine.core.holding.hold_cues import Sound, cues
from call_engine.core.holding.hold_memory import HoldSoFar
from call_engine.core.holding.human import Scene, evidence, posterior, told_by_words
from call_engine.core.holding.listening import Listener
from call_engine.core.kit import Kit
from call_engine.hear import Pipeline
from call_engine.ports import Transcriber, Transcript
from call_engine.recording_listener import Decision, RecordingListener
from flow_api.domain.call_flow_learner import CallFlowLearner
from numpy.typing import NDArray

from tests.benchmarks.composed_calls import Call
from tests.benchmarks.hearing_peers import corpus
from tests.benchmarks.transcript_cache import CachedTranscriber

LEARNER = CallFlowLearner()
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
    learned: dict[str, str]  #: recordings that later calls will know, and their fingerprints


def transcripts() -> CachedTranscriber:
    return CachedTranscriber(Path(corpus.cache_folder()) / "transcripts.sqlite")


def flow_of(*calls: Iterable[str]) -> CallFlow:
    """What the learner makes of the fingerprints that earlier calls to a company have taught, each on one hold."""
    flow = None
    for number, recordings in enumerate(calls):
        heard = [{"type": "hold", "description": "On hold", "recordings": list(recordings)}, {"type": "human_detected"}]
        if flow is None:
            flow = LEARNER.build_flow(heard, "+10000000000", call_id=str(number))
        else:
            flow = LEARNER.merge_discoveries(flow, heard, call_id=str(number))
    assert flow is not None
    return flow


class _UpToThePickUp(RecordingListener):
    """``known_then``: what a call teaches on which the human is met at once."""

    def __init__(self, flow: CallFlow | None, listener: type[Listener], picked_up: int) -> None:
        super().__init__(flow, listener)
        self._picked_up = picked_up
        self.known_then: dict[str, str] | None = None

    def feed(self, at_sample: int, happening: AnyHappening) -> tuple[list[AnyEffect], list[Decision]]:
        if self.known_then is None and at_sample >= self._picked_up:
            self.known_then = self.learned
        return super().feed(at_sample, happening)


async def hear(call: Call, transcriber: Transcriber, flow: CallFlow | None = None) -> Heard:
    """Every weighing on this call up to some seconds after the pick-up, as if nobody had been taken for a human."""
    watcher = _DeafWatcher if isinstance(transcriber, NoWords) else _Watcher
    listener = _UpToThePickUp(flow, watcher, call.picked_up)
    await Pipeline(transcriber, listener).hear(call.samples[: call.picked_up + ENOUGH_OF_THE_HUMAN])
    assert isinstance(listener.listener, _Watcher)
    return Heard(listener.listener.glances, listener.known_then or {})
