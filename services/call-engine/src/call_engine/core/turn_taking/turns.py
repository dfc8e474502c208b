"""The turn that goes on, and those whose sound is over while their words are still awaited."""

from __future__ import annotations

from collections.abc import Iterator

from line_audio.segments import Label

from call_engine.core.call_time import samples
from call_engine.core.effects import Transcribe
from call_engine.core.facts import Fact, Turn, TurnEnded
from call_engine.core.outbox import Outbox
from call_engine.core.turn_taking.human_near import HumanNear
from call_engine.core.turn_taking.line_sound import LineSound
from call_engine.core.turn_taking.loudness import Loudness
from call_engine.core.turn_taking.patience import HOLDING, WALKING
from call_engine.core.turn_taking.pieces import Pieces
from call_engine.core.understanding.choice import Similarity
from call_engine.core.utterance import Understanding, Utterance, understand

_NOTHING = understand("")


class Turns:
    """``now`` is the audio of the turn that goes on, if any. Times are samples."""

    def __init__(
        self, outbox: Outbox, line: LineSound, loudness: Loudness, human_near: HumanNear, *, language: str, hot_words: str,
        similarity: Similarity | None, understanding: Understanding,
    ) -> None:  # fmt: skip
        self._out, self._line, self._loudness, self._human_near = outbox, line, loudness, human_near
        self._language, self._hot_words = language, hot_words
        self._similarity, self._understanding = similarity, understanding
        self.patience = WALKING
        self.listening = True  #: whether to ask for words at all; off while a fingerprint is expected to do
        self.now: Pieces | None = None
        self.aside: list[Pieces] = []
        self.quiet_before = 0  #: how long nothing was said before the last turn began
        self._numbers = 0

    # --- turns ---

    def begin(self, start: int, label: Label, cut: bool = False, lead: int = 0) -> None:
        """``lead``: so long before, at most, the first words may have begun."""
        self._numbers += 1
        self.quiet_before = max(0, start - self._line.last_speech_end)
        self.now = Pieces(
            number=self._numbers, start=start, over_music=label is Label.SPEECH_OVER_MUSIC or self._line.music, cut=cut,
            lead=min(lead, self.quiet_before),
        )  # fmt: skip
        self.now.with_human = bool(self._human_near)

    def pieces(self) -> Pieces:
        """Of the turn that goes on, where there is one."""
        assert self.now is not None
        return self.now

    def turn(self) -> Turn:
        return self.turn_of(self.pieces())

    def turn_of(self, pieces: Pieces) -> Turn:
        text, words = pieces.text()
        utterance = self.understood(pieces, text)
        return Turn(
            number=pieces.number, start=pieces.start, end=max(pieces.end, pieces.start), text=text, words=words,
            uncertainty=pieces.uncertainty(), language=pieces.language, utterance=utterance, over_music=self._over_music(pieces),
            recording_id=pieces.recording_id, cut=pieces.cut, with_human=pieces.with_human and bool(text or not pieces.recording_id),
        )  # fmt: skip

    def understood(self, pieces: Pieces, text: str) -> Utterance:
        if not text:
            return _NOTHING
        if pieces.understood is None or pieces.understood[0] != text:
            pieces.understood = (text, self.understand(text))
        return pieces.understood[1]

    def understand(self, text: str) -> Utterance:
        return self._understanding(text, self._language, self._similarity)

    def _over_music(self, pieces: Pieces) -> bool:
        """On hold most of the turn has to be: the ear lets go of music a second after it has stopped."""
        if self.patience is not HOLDING:
            return pieces.over_music
        return 2 * pieces.samples_over_music > pieces.end - pieces.start > 0

    def lasted_ms(self, at: int) -> tuple[int, int]:
        """How long the turn that goes on has lasted up to its last sound, and how long it has been silent since."""
        pieces = self.now
        if pieces is None:
            return 0, 0
        quiet = self._loudness.quiet_ms(pieces.start, at) if self._line.speaking else (at - pieces.end) // 8
        return max(0, (at - pieces.start) // 8 - quiet), quiet

    def human_met(self) -> None:
        """Whatever is being said may be a human's."""
        for pieces in (*self.aside, *([self.now] if self.now else [])):
            pieces.with_human = True

    def forget(self) -> None:
        self.now = None
        self.aside.clear()

    def cut(self, at: int) -> Turn | None:
        """Ends the turn that goes on, here and now; further speech is a new turn."""
        ended = self.turn() if self.now else None
        plays = self.now.plays_at(at) if self.now else None
        self.forget()
        if self._line.speaking:
            self.begin(at, Label.SPEECH, cut=True)
            self.pieces().speech(at)
            if plays is not None:
                self.pieces().plays_on(plays)
        return ended

    def set_aside(self, start: int) -> None:
        """Speech after a silence that ends any turn is a new one, even while the recogniser is slow to tell the words of the old."""
        pieces = self.now
        if pieces is None or self._line.speaking or not pieces.waiting or start - pieces.end < samples(self.patience.unfinished_ms):
            return
        self.ask(start)
        self.aside.append(pieces)
        self.now = None

    def late(self) -> Iterator[Fact]:
        """Turns that were set aside and whose words have now come, in the order in which they were spoken."""
        while self.aside and not self.aside[0].waiting:
            yield TurnEnded(self.turn_of(self.aside.pop(0)))

    # --- their words ---

    def look(self, worth_it: bool) -> None:
        """Whether what goes on is still unclear enough to be looked into before it is over."""
        if self.now:
            self.now.looking = worth_it

    def ask(self, at: int) -> None:
        pieces, patience, speaking = self.pieces(), self.patience, self._line.speaking
        self.request(pieces.due(at, speaking=speaking, pause_ms=patience.piece_pause_ms, max_ms=patience.piece_max_ms))
        if patience.peeks_ms and speaking:
            paused = patience.peek_pause_ms and self._loudness.quiet_ms(pieces.start, at) >= patience.peek_pause_ms
            peek = pieces.peek(at, patience.peeks_ms, paused=bool(paused))
            self.request([peek] if peek else [])

    def request(self, stretches: list[tuple[str, int, int]]) -> None:
        for request_id, start, end in stretches:
            self._out.do(
                Transcribe(
                    request_id=request_id, start_sample=start, end_sample=end, purpose=self.patience.purpose,
                    language=self._language, hot_words=self._hot_words,
                )
            )  # fmt: skip

    def failed(self, request_id: str) -> None:
        for pieces in [*self.aside, *([self.now] if self.now else [])]:
            pieces.failed(request_id)
