"""Deciding whether a turn was spoken by a human, and writing down what was heard accordingly."""

from __future__ import annotations

from call_contract.call_events import AudioPlayed, HumanSuspected, UtteranceHeard

from call_engine.core.call_time import ms, samples
from call_engine.core.effects import Play
from call_engine.core.facts import Turn
from call_engine.core.holding import hold_cues
from call_engine.core.holding.human import SUSPICION, Scene, clear_without_sound, evidence, posterior, threshold, told_by_words
from call_engine.core.holding.standing import AGREED_MS, Standing
from call_engine.core.kit import Kit
from call_engine.core.orders import MeetHuman


class Listener:
    """``posterior`` is the probability that the last speech was a human's, for meters."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self.posterior = 0.0
        self._suspected: set[int] = set()
        self._told: set[int] = set()
        self._standing = Standing()
        self._asked_at: int | None = None
        self._questions = 0

    def is_human(self, turn: Turn, scene: Scene) -> bool:
        """Weighs the turn; if a human speaks, orders the meeting. A suspicion is recorded once a turn."""
        cues = evidence(turn, scene)
        self.posterior = posterior(cues)
        enough = self.posterior >= threshold(self._kit.settings.human, scene)
        clear = scene.sound is None or clear_without_sound(told_by_words(turn, scene))
        agreed_ms = AGREED_MS if scene.sound is None else hold_cues.agreed_ms(scene.sound, scene.hold)
        if self._standing.stands(turn.number, self._kit.now, enough=enough, clear=clear, agreed_ms=agreed_ms):
            self._kit.orders.give(MeetHuman(turn, round(self.posterior, 4), _rounded(cues)))
            return True
        if self.posterior >= SUSPICION and turn.number not in self._suspected:
            self._suspected.add(turn.number)
            self._kit.outbox.record(HumanSuspected(posterior=round(self.posterior, 4), evidence=_rounded(cues)))
        return False

    @property
    def undecided(self) -> bool:
        """Whether the last weighing would have been enough, had another agreed."""
        return self._standing.undecided

    def suspicious(self) -> bool:
        return self.posterior >= SUSPICION

    def ask(self) -> None:
        """A short question: only a human answers it. At most twice a call."""
        settings, plan = self._kit.settings, self._kit.plan
        if not (settings.verify_human and plan.may_speak) or self._questions >= 2 or self.awaits_reply():
            return
        self._questions += 1
        self._asked_at = self._kit.now
        self._kit.outbox.do(Play(playback_id=f"hello:{self._questions}", text=settings.hello_text))
        self._kit.outbox.record(AudioPlayed(what=f"text:{settings.hello_text}"))

    def awaits_reply(self) -> bool:
        """Whether our question may still be answered."""
        return self._waiting_for_reply(self._kit.now)

    def _waiting_for_reply(self, at: int) -> bool:
        return self._asked_at is not None and self._asked_at <= at <= self._asked_at + samples(self._kit.settings.verify_reply_s * 1000)

    @property
    def reply_due_at(self) -> int | None:
        """When a question of ours counts as not answered."""
        return None if self._asked_at is None else self._asked_at + samples(self._kit.settings.verify_reply_s * 1000) + 1

    def replied(self, turn: Turn) -> bool:
        """Whether this turn is an answer to our question."""
        return bool(turn.text) and self._waiting_for_reply(turn.start)

    def write(self, turn: Turn, *, human: bool = False, unsure: bool = False) -> None:
        """Records the turn once. What a human says, or may have said, is sealed."""
        if turn.number in self._told or not (turn.text or turn.recording_id):
            return
        self._told.add(turn.number)
        sealed = human or unsure or turn.with_human
        self._kit.outbox.record(
            UtteranceHeard(
                start_ms=ms(turn.start), end_ms=ms(turn.end), kind=turn.utterance.kind, text="" if sealed else turn.text,
                confidence=turn.utterance.confidence, speaker="human" if human else "unknown" if sealed else "recording",
                source="recognised" if turn.recording_id else "transcription", recording_id=turn.recording_id,
            ),
            seal=turn.text if sealed else "",
        )  # fmt: skip


def _rounded(cues: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 3) for name, value in cues.items()}
