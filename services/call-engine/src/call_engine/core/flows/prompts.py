"""The recordings of this call: what each said, so that one heard again needs no transcript and counts as a recording."""

from __future__ import annotations

import msgspec

from call_engine.core.call_time import samples
from call_engine.core.effects import KeepRecording, KnowRecording
from call_engine.core.facts import Turn
from call_engine.core.flows.signature import SAME, contained, similarity
from call_engine.core.hearing import Hearing
from call_engine.core.outbox import Outbox

_WORTH_KEEPING = samples(1500)
_LEAD = samples(200)  #: what a fingerprint needs to go on
_LEAD_IN = samples(2500)
_MAX_KEPT = 200
_MAX_SAID = 200  #: texts: a queue has a few dozen, and what was said longest ago comes again the least
_MOST_KEPT = samples(15 * 60_000)  #: in all: 90 kB of fingerprints
_TELLING_WORDS = 6
_ALL_OF_IT = 0.92  #: likeness of a text to the part of another that is the same


class Prompts:
    def __init__(self, outbox: Outbox, hearing: Hearing) -> None:
        self._out = outbox
        self._hearing = hearing
        self._texts: dict[str, str] = {}
        self._said: dict[str, None] = {}  #: texts, those said last at the end
        self._asked: dict[str, bool] = {}  #: texts, and whether one of these said them
        self._kept = self._kept_samples = 0
        self.fingerprints: dict[str, str] = {}

    def know(self, recording_id: str, fingerprint: str, *, text: str = "", duration_ms: int = 0) -> None:
        """A recording learned on an earlier call."""
        self._out.do(KnowRecording(recording_id=recording_id, fingerprint=fingerprint))
        self.fingerprints[recording_id] = fingerprint
        self._texts[recording_id] = text
        if duration_ms:
            self._hearing.lengths[recording_id] = samples(duration_ms)

    def keep(self, turn: Turn, family: str = "prompt") -> str:
        """Keeps a turn that was a recording; gives its id, empty if it is too short to be recognised again, or a human may have spoken."""
        self._says(turn)
        if turn.recording_id or turn.may_be_human:
            return turn.recording_id
        return self.keep_stretch(turn.start, turn.end, family, turn.text)

    def keep_on_hold(self, turn: Turn, since: int) -> str:
        """Keeps it from a little before its start, but not from before ``since``: the ear notices a voice over music late."""
        self._says(turn)
        if turn.recording_id:
            return turn.recording_id
        return self.keep_stretch(max(turn.start - _LEAD_IN, min(since, turn.start)), turn.end, "hold", turn.text)

    def _says(self, turn: Turn) -> None:
        text = turn.text
        if not text or turn.with_human:
            return
        self._asked.clear()
        self._said.pop(text, None)
        self._said[text] = None
        if len(self._said) > _MAX_SAID:
            del self._said[next(iter(self._said))]

    def keep_stretch(self, start: int, end: int, family: str, text: str = "") -> str:
        """Nothing of it is kept in which a human who was met may be heard."""
        gone_since = self._hearing.human_near.gone_since
        if gone_since is None:
            return ""
        start = max(start, gone_since)
        if end - start < _WORTH_KEEPING or self._kept >= _MAX_KEPT or self._kept_samples > _MOST_KEPT:
            return ""
        self._kept += 1
        self._kept_samples += end - start
        recording_id = f"{family}:{self._kept}"
        self._texts[recording_id] = text
        self._hearing.lengths[recording_id] = end - start
        self._out.do(KeepRecording(recording_id=recording_id, start_sample=start, end_sample=end))
        return recording_id

    def keep_on(self, recording_id: str, start: int, end: int, gap: int) -> bool:
        """What is kept under this id went on from ``start`` to ``end``, behind a gap; False if there is no room for it."""
        if self._kept_samples > _MOST_KEPT or self._hearing.human_near:
            return False
        self._kept_samples += gap + end - start
        self._hearing.lengths[recording_id] += gap + end - start
        self._out.do(KeepRecording(recording_id=recording_id, start_sample=start - _LEAD, end_sample=end, lead=_LEAD, gap=gap))
        return True

    def complete(self, turn: Turn) -> Turn:
        """A recognised turn with the words it had when it was first heard."""
        text = self._texts.get(turn.recording_id, "")
        if not turn.recording_id or not text:
            return turn
        whole = f"{text} {turn.text}".strip()
        return msgspec.structs.replace(turn, text=whole, utterance=self._hearing.understand(whole, turn.language))

    def heard_before(self, text: str) -> bool:
        """Whether a recording of this call said this, or all of this and more. A few words in common say nothing."""
        if len(text.split()) < _TELLING_WORDS:
            return False
        if text not in self._asked:  # of what goes on it is asked many times a second
            self._asked[text] = any(_says_all_of(said, text) for said in self._said)
        return self._asked[text]


def _says_all_of(said: str, text: str) -> bool:
    if similarity(text, said, at_least=SAME) >= SAME:
        return True
    return len(text) <= len(said) * 1.1 and contained(text, said, at_least=_ALL_OF_IT) > _ALL_OF_IT
