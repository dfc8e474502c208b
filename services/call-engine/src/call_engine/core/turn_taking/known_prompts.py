"""Known prompts in the menus: whether the expected one plays, and not another that has a sentence in common with it."""

from __future__ import annotations

from collections.abc import Iterator

from call_engine.core.call_time import samples
from call_engine.core.facts import Fact, Lost, Recognised
from call_engine.core.happenings import RecordingRecognised
from call_engine.core.turn_taking.line_sound import LineSound
from call_engine.core.turn_taking.patience import HOLDING
from call_engine.core.turn_taking.pieces import Pieces
from call_engine.core.turn_taking.turns import Turns

_SOON_MS = 3000
_ALIKE_BEFORE = 0.2  #: at least, what was heard of a prompt before it was recognised must be like it


class KnownPrompts:
    """``lengths``: of known recordings, in samples, by their ids."""

    def __init__(self, turns: Turns, line: LineSound, lengths: dict[str, int]) -> None:
        self._turns, self._line, self._lengths = turns, line, lengths
        self.expected = "-"  #: id of the recording that is expected next

    def recognised(self, heard: RecordingRecognised) -> Iterator[Fact]:
        turn = None
        aligned = True
        pieces = self._turns.now
        if pieces is not None and pieces.remainder_elsewhere(heard.recording_id, heard.start_sample):
            pieces.remainder_lost(heard.recording_id, heard.start_sample + samples(heard.position_ms))
        if pieces is not None and pieces.spoiled:
            return
        if pieces is not None and pieces.contradicts(heard.recording_id, heard.start_sample):
            self.no_longer(pieces, 0, heard.recording_id)
            yield from self.lost(pieces, 0, heard.recording_id)
            return
        on_hold = self._turns.patience is HOLDING
        at = heard.start_sample + samples(heard.position_ms)
        if pieces is not None and (self._line.speaking or on_hold) and at >= pieces.start:
            aligned = pieces.aligned(heard.start_sample, ear_late=on_hold)
            if not _credible(heard, aligned, known=pieces.recording_id == heard.recording_id, expected=self.expected):
                return
            if pieces.recording_id == self.expected != heard.recording_id and heard.recording_id.startswith("step:"):
                pieces.alike[heard.recording_id] = heard
                return
            if not aligned and pieces.behind_unknown(heard.start_sample):
                before = pieces.doubt(heard)
                self._turns.request([before] if before else [])
                yield from self.doubt_settled(pieces)
                return
            pieces.recognised(heard.recording_id, heard.start_sample, self._lengths.get(heard.recording_id))
            turn = self._turns.turn()
        yield Recognised(heard.recording_id, heard.start_sample, heard.position_ms, heard.score, turn, aligned)

    def doubt_settled(self, pieces: Pieces) -> Iterator[Fact]:
        """The expected prompt seems to follow other words. If they are of a menu, then only one of its sentences was heard here."""
        heard, before = pieces.doubted, pieces.said_before_doubted()
        if heard is None or before is None:
            return
        if self._turns.understand(before).menu.options:
            pieces.disbelieve()
            return
        pieces.believe()
        pieces.recognised(heard.recording_id, heard.start_sample, self._lengths.get(heard.recording_id))
        yield Recognised(heard.recording_id, heard.start_sample, heard.position_ms, heard.score, self._turns.turn(), aligned=False)

    def no_longer(self, pieces: Pieces, at: int, recording_id: str) -> None:
        """Whatever it might have become, it plays no more."""
        pieces.alike.pop(recording_id, None)
        pieces.remainder_lost(recording_id, at)
        if pieces.doubted is not None and pieces.doubted.recording_id == recording_id:
            pieces.doubted = None

    def lost(self, pieces: Pieces, at: int, recording_id: str) -> Iterator[Fact]:
        if pieces.loses(recording_id, at) and pieces.alike:
            yield from self._was_another(pieces)
        elif pieces.lost(recording_id, at):
            yield Lost(recording_id)

    def _was_another(self, pieces: Pieces) -> Iterator[Fact]:
        """What began like the expected prompt is lost, and another prompt that begins like it still plays."""
        lost, other = pieces.recording_id, pieces.alike.pop(next(iter(pieces.alike)))
        pieces.recognised(other.recording_id, other.start_sample, self._lengths.get(other.recording_id))
        yield Lost(lost)
        yield Recognised(other.recording_id, other.start_sample, other.position_ms, other.score, self._turns.turn())


def _credible(heard: RecordingRecognised, aligned: bool, *, known: bool, expected: str) -> bool:
    """Whether a recording plays, and not another one that has a sentence in common with it.

    It begins where speech begins (only an expected prompt may follow other words without a pause), and it is recognised soon:
    one that agrees only from its middle on is another prompt, whose words have to be heard.
    """
    if not aligned and heard.recording_id != expected:
        return False
    if known or not heard.recording_id.startswith(("step:", "prompt:")):
        return True
    return heard.position_ms <= _SOON_MS and heard.score_before >= _ALIKE_BEFORE
