"""From sounds and transcripts to turns, music, tones and recognised recordings.

A *turn* is speech up to a silence long enough to answer in (``patience``); known recordings are told by their fingerprints, in the menus
(``known_prompts``) and on hold (``known_on_hold``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from line_audio.segments import Label, SegmentClosed, SegmentOpened

from call_engine.core.call_time import samples
from call_engine.core.facts import Fact, MusicHeard, ToneHeard, Turn, TurnBegan, TurnEnded, TurnGrew
from call_engine.core.happenings import (
    AnyHappening,
    RecordingLost,
    RecordingRecognised,
    Tick,
    Transcribed,
    TranscriptionFailed,
    VoiceDescribed,
)
from call_engine.core.outbox import Outbox
from call_engine.core.turn_taking.human_near import HumanNear
from call_engine.core.turn_taking.known_on_hold import SPEECH_LAG, KnownOnHold, of_hold
from call_engine.core.turn_taking.known_prompts import KnownPrompts
from call_engine.core.turn_taking.line_sound import QUIET, SPEECH, LineSound
from call_engine.core.turn_taking.loudness import Loudness
from call_engine.core.turn_taking.patience import HOLDING, Patience
from call_engine.core.turn_taking.surroundings import Surroundings
from call_engine.core.turn_taking.turn_end import TurnEnd
from call_engine.core.turn_taking.turns import Turns
from call_engine.core.understanding.choice import Similarity
from call_engine.core.utterance import Understanding, Utterance, understand
from call_engine.core.voicing import Judged, Voicing
from call_engine.core.waking import later, soonest


class Begun(NamedTuple):
    """A turn, by its number, and when it began."""

    number: int
    start: int


class Hearing:
    """Feed it everything that is heard; it gives facts back and asks for transcripts through the outbox."""

    def __init__(
        self, outbox: Outbox, language: str = "", hot_words: str = "", similarity: Similarity | None = None,
        understanding: Understanding = understand,
    ) -> None:  # fmt: skip
        self.understanding = understanding  #: perhaps with a memory
        self.human_near = HumanNear()
        self.loudness = Loudness()
        self.voicing = Voicing()
        self.surroundings = Surroundings()
        self.lengths: dict[str, int] = {}  #: of known recordings, in samples
        self._line = LineSound()
        self._turns = Turns(
            outbox, self._line, self.loudness, self.human_near, language=language, hot_words=hot_words, similarity=similarity,
            understanding=understanding,
        )  # fmt: skip
        self._end = TurnEnd(self._turns, self._line)
        self._prompts = KnownPrompts(self._turns, self._line, self.lengths)
        self._known = KnownOnHold(self._turns, self._line, self.loudness, self.lengths)

    # --- what is to be heard ---

    @property
    def patience(self) -> Patience:
        return self._turns.patience

    @patience.setter
    def patience(self, patience: Patience) -> None:
        self._turns.patience = patience

    @property
    def listening(self) -> bool:
        """Whether to ask for words at all; off while a fingerprint is expected to do."""
        return self._turns.listening

    @listening.setter
    def listening(self, listening: bool) -> None:
        self._turns.listening = listening

    @property
    def expected(self) -> str:
        """Id of the recording that is expected next."""
        return self._prompts.expected

    @expected.setter
    def expected(self, recording_id: str) -> None:
        self._prompts.expected = recording_id

    # --- the sound that goes on; see ``LineSound`` ---

    @property
    def speaking(self) -> bool:
        return self._line.speaking

    @property
    def over_music(self) -> bool:
        return self._line.over_music

    @property
    def music(self) -> bool:
        return self._line.music

    @property
    def music_since(self) -> int | None:
        return self._line.music_since

    @property
    def music_ended(self) -> int | None:
        return self._line.music_ended

    @property
    def music_told(self) -> bool:
        return self._line.music_told

    @property
    def sound_since(self) -> int:
        return self._line.sound_since

    @property
    def quiet_since(self) -> int:
        return self._line.quiet_since

    @property
    def last_speech_end(self) -> int:
        return self._line.last_speech_end

    @property
    def last_sound_end(self) -> int:
        return self._line.last_sound_end

    def silence_ms(self, at: int) -> int:
        """How long nothing but silence has been heard."""
        return self._line.silence_ms(at)

    @property
    def known_plays(self) -> bool:
        """On hold: a known recording, speech or music, is heard right now."""
        return self._known.plays

    @property
    def known_until(self) -> int:
        """On hold: when a known recording was last lost."""
        return self._known.until

    def behind_known_ms(self, start: int) -> int | None:
        """On hold: how long after a known recording this begins; 0 also while one plays, None if none has played."""
        return self._known.before_ms(start)

    # --- the turn that goes on ---

    @property
    def in_turn(self) -> bool:
        """Whether a turn goes on; cheaper than to ask which."""
        return self._turns.now is not None

    @property
    def turn(self) -> Turn | None:
        """The turn that goes on, if any."""
        return self._turns.turn() if self._turns.now else None

    @property
    def turn_began(self) -> Begun | None:
        """Which turn goes on, if any; cheaper than to ask what it says."""
        pieces = self._turns.now
        return None if pieces is None else Begun(pieces.number, pieces.start)

    @property
    def unknown_span(self) -> tuple[int, int] | None:
        """From when to when there was speech in the turn that goes on, if it is no known recording."""
        pieces = self._turns.now
        return None if pieces is None or pieces.recording_id else (pieces.start, pieces.end)

    @property
    def wordless(self) -> bool:
        """The recogniser has listened to the turn that goes on and understood nothing."""
        return self._turns.now is not None and self._turns.now.wordless

    @property
    def quiet_before_turn(self) -> int:
        """How long nothing was said before the last turn began, in samples."""
        return self._turns.quiet_before

    def turn_ms(self, at: int) -> tuple[int, int]:
        """How long the turn that goes on has lasted up to its last sound, and how long it has been silent since."""
        return self._turns.lasted_ms(at)

    def look(self, worth_it: bool) -> None:
        """Whether what goes on is still unclear enough to be looked into before it is over."""
        self._turns.look(worth_it)

    def understand(self, text: str, language: str) -> Utterance:
        """By its words alone."""
        return self.understanding(text, language, None)

    def answered(self, at: int) -> None:
        """What rang or played before the answer is not part of the conversation."""
        self._turns.forget()
        self._line.answered(at)
        if self._line.speaking:
            self.cut(at)

    def human_met(self, at: int) -> None:
        """Whatever is being said, or will be until recordings are heard again, may be a human's."""
        self.human_near.met(at)
        self._turns.human_met()

    def cut(self, at: int) -> Turn | None:
        """Ends the turn that goes on, here and now (a key was pressed); further speech is a new turn."""
        return self._turns.cut(at)

    # --- feeding ---

    def passed(self, at: int, level_dbm0: float, judged: Judged | None = None) -> None:
        """A tick before ``wake_at``."""
        self._passed(at)
        self.loudness.feed(at, level_dbm0)
        self.voicing.feed(at, judged)
        if self._turns.now is not None:
            self._turns.now.passed(at)

    def _passed(self, at: int) -> None:
        self.surroundings.passed(at, heard=self._line.speaking or self._line.music, known=self._known.plays)

    def feed(self, at: int, happening: AnyHappening) -> list[Fact]:
        self._passed(at)
        facts = []
        for fact in self._feed(at, happening):
            self.human_near.heard(fact)
            facts.append(fact)
        return facts

    def _feed(self, at: int, happening: AnyHappening) -> Iterator[Fact]:
        match happening:
            case Tick():
                self.loudness.feed(at, happening.level_dbm0)
                self.voicing.feed(at, happening.judged)
                yield from self._tick(at)
            case SegmentOpened():
                yield from self._opened(happening)
            case SegmentClosed():
                yield from self._closed(happening)
            case Transcribed():
                yield from self._transcribed(happening)
            case TranscriptionFailed():
                yield from self._failed(happening.request_id)
            case RecordingRecognised():
                on_hold = self.patience is HOLDING and of_hold(happening.recording_id)
                yield from (self._known if on_hold else self._prompts).recognised(happening)
            case RecordingLost():
                yield from self._lost(at, happening.recording_id)
            case VoiceDescribed():
                yield happening
            case _:
                pass

    def _opened(self, opened: SegmentOpened) -> Iterator[Fact]:
        turns, start = self._turns, opened.start_sample
        self._line.opened(opened)
        if opened.label in SPEECH:
            turns.set_aside(start)
            yield from self._known.speech_behind(start)
            self._line.speech_began(opened.label)
            if turns.now is None:
                turns.begin(start, opened.label, lead=self._line.hidden(opened))
                yield from self._known.plays_already(turns.pieces())
            turns.pieces().speech(start)
        elif opened.label not in QUIET:
            if opened.label is Label.RINGBACK:
                self.human_near.rings(start)
            yield ToneHeard(opened.label, start, opened.detail)

    def _closed(self, closed: SegmentClosed) -> Iterator[Fact]:
        turns, segment = self._turns, closed.segment
        if segment.label in SPEECH:
            if turns.now is None:
                turns.begin(segment.start_sample, segment.label)
                yield TurnBegan(turns.turn())
            self._line.speech_ended()
            pieces = turns.pieces()
            pieces.speech(segment.start_sample)
            if segment.label is Label.SPEECH_OVER_MUSIC:
                pieces.samples_over_music += segment.end_sample - segment.start_sample
            pieces.pause(segment.end_sample)
        elif segment.label is Label.RINGBACK:
            self.human_near.rings_no_more(segment.end_sample)
        self._line.closed(segment)

    def _lost(self, at: int, recording_id: str) -> Iterator[Fact]:
        played, pieces = self._known.no_longer(at, recording_id), self._turns.now
        if pieces is None:
            return
        self._prompts.no_longer(pieces, at, recording_id)
        if self.patience is HOLDING and of_hold(recording_id):
            self._known.lost(pieces, at, recording_id, played)
        else:
            yield from self._prompts.lost(pieces, at, recording_id)

    def _failed(self, request_id: str) -> Iterator[Fact]:
        self._turns.failed(request_id)
        yield from self._turns.late()
        if self._turns.now is not None:
            yield from self._prompts.doubt_settled(self._turns.now)

    def _transcribed(self, answer: Transcribed) -> Iterator[Fact]:
        turns = self._turns
        if any(pieces.answer(answer) for pieces in turns.aside):
            yield from turns.late()
            return
        if turns.now is None or not turns.now.answer(answer):
            return
        yield TurnGrew(turns.turn(), peek=turns.now.peeked == answer.request_id)
        yield from self._prompts.doubt_settled(turns.now)

    def _tick(self, at: int) -> Iterator[Fact]:
        self.human_near.passed(at)
        line, turns = self._line, self._turns
        if line.music_since is not None and not line.music_told and at - line.music_since >= samples(self.patience.music_ms):
            line.music_told = True
            yield MusicHeard(line.music_since)
        yield from self._known.goes_on_behind(at)
        if turns.now is None:
            return
        if self.listening or turns.now.recording_id or self._end.unknown(at):
            turns.ask(at)
        if not line.speaking and self._end.is_over(at):
            turn = turns.turn()
            turns.now = None
            yield TurnEnded(turn)

    def wake_at(self, at: int) -> int | None:
        """On hold, where the level of the line is measured, speech is looked at with every tick."""
        patience, pieces, line = self.patience, self._turns.now, self._line
        music = later(line.music_since, patience.music_ms) if line.music_since is not None and not line.music_told else None
        if pieces is None:
            return soonest(at, music, self.human_near.wake_at)
        if self.loudness.measured and patience is HOLDING:
            return at + 1
        unknown = () if self.listening else self._end.unknown_at(pieces)
        asked = pieces.wake_at(at, line.speaking, patience.piece_pause_ms, patience.piece_max_ms, patience.peeks_ms)
        over = () if line.speaking else self._end.over_at(pieces)
        behind = pieces.known_until + SPEECH_LAG if pieces.known_until else None
        return soonest(at, music, asked, behind, self.human_near.wake_at, *unknown, *over)
