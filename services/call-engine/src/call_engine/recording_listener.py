"""The brain's hearing and weighing on its own: says of every turn in a recording whether a human speaks. Pure, as the brain is.

It listens as on hold: every turn is weighed as a candidate, announcements are kept and recognised when they come again.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from call_contract.flows import CallFlow
from call_contract.step_metadata import metadata_of

from call_engine.core.effects import AnyEffect, DescribeVoice, KeepRecording, KnowRecording, Transcribe
from call_engine.core.facts import Fact, Turn, TurnEnded
from call_engine.core.happenings import AnyHappening, RecordingKept, Tick, Word
from call_engine.core.holding.hold import Hold
from call_engine.core.holding.human import evidence, posterior
from call_engine.core.holding.listening import Listener
from call_engine.core.kit import make_kit
from call_engine.core.orders import MeetHuman
from call_engine.core.plan import Explore, Plan
from call_engine.core.settings import CoreSettings


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What was made of one turn, and when. Times are samples. A later one of the same turn has more of its words."""

    turn: int
    start: int
    end: int
    at_sample: int
    human: bool
    posterior: float
    evidence: dict[str, float]
    text: str = ""
    words: tuple[Word, ...] = ()
    kind: str = ""
    recording_id: str = ""


_HEARD = Transcribe | KnowRecording | KeepRecording | DescribeVoice
_QUIET = CoreSettings(verify_human=False)


class _NoSimilarity:
    """Nothing is chosen here."""

    def scores(self, text: str, candidates: Sequence[str]) -> list[float]:
        return [0.0] * len(candidates)

    def kinds(self, text: str, cues: Sequence[float]) -> dict[str, float]:
        return {}

    def topics(self, text: str, candidates: Sequence[str]) -> list[float]:
        return [0.0] * len(candidates)

    def serving(self, text: str, candidates: Sequence[str]) -> list[float]:
        return [0.0] * len(candidates)

    def remembered(self, text: str, candidates: Sequence[str]) -> list[float]:
        return [0.0] * len(candidates)

    def singled_out(self, text: str, candidates: Sequence[str]) -> list[float]:
        return [0.0] * len(candidates)


class RecordingListener:
    """``listener`` weighs; a benchmark hands in one that also writes down what it saw."""

    def __init__(self, flow: CallFlow | None = None, listener: type[Listener] = Listener, settings: CoreSettings = _QUIET) -> None:
        plan = Plan(goal=Explore(phone_number="", intent=""), may_speak=False)
        self._kit = make_kit(plan, settings, _NoSimilarity(), "", "")
        self._listener_type = listener
        self._hold: Hold
        self._flow = flow
        self._humans: dict[int, Decision] = {}

    def start(self) -> list[AnyEffect]:
        """Makes known what the flow knows."""
        for step in self._flow.steps if self._flow else ():
            metadata = metadata_of(step)
            if metadata.prompt and metadata.prompt.fingerprint:
                prompt = metadata.prompt
                self._kit.prompts.know(f"step:{step.id}", prompt.fingerprint, text=prompt.transcript, duration_ms=prompt.duration_ms)
            for number, fingerprint in enumerate(metadata.recordings):
                self._kit.prompts.know(f"hold:{step.id}:{number}", fingerprint)
        self.listener = self._listener_type(self._kit)
        self._hold = Hold(self._kit, self.listener, "recording", since=0)
        return self._effects()

    @property
    def learned(self) -> dict[str, str]:
        """Fingerprints of what has been heard so far, by recording, as a call that ends now teaches them."""
        return self._hold.learned

    def feed(self, at_sample: int, happening: AnyHappening) -> tuple[list[AnyEffect], list[Decision]]:
        self._kit.outbox.now = at_sample
        if isinstance(happening, RecordingKept) and happening.fingerprint:
            self._kit.prompts.fingerprints[happening.recording_id] = happening.fingerprint
        decisions: list[Decision] = []
        for fact in self._kit.hearing.feed(at_sample, happening):
            decisions += self._weigh(at_sample, fact)
        if isinstance(happening, Tick):
            self._hold.tick()
            decisions += self._met(at_sample)
        return self._effects(), decisions

    def finish(self, at_sample: int) -> list[Decision]:
        """What is to be said of a turn that the recording cut off."""
        turn = self._kit.hearing.turn
        return self._weigh(at_sample, TurnEnded(turn)) if turn is not None else []

    def _weigh(self, at_sample: int, fact: Fact) -> list[Decision]:
        before = self._hold.scene(fact.turn, waits=True, partial=False) if isinstance(fact, TurnEnded) else None
        self._hold.heard(fact)
        met = self._met(at_sample)
        if met or before is None or not isinstance(fact, TurnEnded):
            return met
        turn = self._kit.prompts.complete(fact.turn)
        if (known := self._humans.get(turn.number)) is not None:
            return [_decision(turn, known.at_sample, True, known.posterior, known.evidence)]
        cues = evidence(turn, before)
        return [_decision(turn, at_sample, False, posterior(cues), cues)]

    def _met(self, at_sample: int) -> list[Decision]:
        """The human whom the hold has just met. The first moment counts, however much of the turn is heard afterwards."""
        met = next((order for order in self._kit.orders.take() if isinstance(order, MeetHuman)), None)
        if met is None:
            return []
        first = self._humans.setdefault(met.turn.number, _decision(met.turn, at_sample, True, met.posterior, met.evidence))
        return [_decision(met.turn, first.at_sample, True, first.posterior, first.evidence)]

    def _effects(self) -> list[AnyEffect]:
        return [effect for effect in self._kit.outbox.take() if isinstance(effect, _HEARD)]


def _decision(turn: Turn, at_sample: int, human: bool, probability: float, cues: dict[str, float]) -> Decision:
    return Decision(
        turn=turn.number, start=turn.start, end=turn.end, at_sample=at_sample, human=human, posterior=probability,
        evidence={name: round(value, 3) for name, value in cues.items()}, text=turn.text, words=turn.words,
        kind=turn.utterance.kind if turn.text else "", recording_id=turn.recording_id,
    )  # fmt: skip
