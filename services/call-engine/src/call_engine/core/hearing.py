"""From sounds and transcripts to turns, music, tones and recognised recordings.

A *turn* is speech up to a silence long enough to answer in: 1.2 s when a menu was heard to its end, 2 s otherwise (facts of the
field: 1.0 to 5 s). Its audio is cut at pauses into pieces of less than 15 s, since a recogniser's window is costly and long pieces
are recognised worse; speech that never pauses is cut anyway, and the last, possibly broken word is heard again.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from line_audio.segments import Label, SegmentClosed, SegmentOpened

from call_engine.core.call_time import samples
from call_engine.core.choice import Similarity
from call_engine.core.effects import Transcribe
from call_engine.core.facts import Fact, Lost, MusicHeard, Recognised, ToneHeard, Turn, TurnBegan, TurnEnded, TurnGrew
from call_engine.core.happenings import (
    AnyHappening,
    RecordingLost,
    RecordingRecognised,
    Tick,
    Transcribed,
    TranscriptionFailed,
    VoiceDescribed,
)
from call_engine.core.human_near import HumanNear
from call_engine.core.loudness import Loudness
from call_engine.core.outbox import Outbox
from call_engine.core.pieces import Pieces
from call_engine.core.surroundings import Surroundings
from call_engine.core.utterance import ANNOUNCEMENT, RECORDED, Understanding, Utterance, understand
from call_engine.core.waking import later, soonest

_SPEECH = frozenset((Label.SPEECH, Label.SPEECH_OVER_MUSIC))
_QUIET = frozenset((Label.SILENCE, Label.MUSIC, Label.DTMF))
_SOON_MS = 3000
_RECOGNISER_AWAY_MS = 15_000
_ALIKE_BEFORE = 0.2  #: at least, what was heard of a prompt before it was recognised must be like it
_RECORDING_SLACK = samples(300)  #: by which a recording's end may be missed
_SPEECH_LAG = samples(1000)  #: the ear calls it speech this much longer, at most
_RECOGNISED_IN = samples(1200)  #: the sound by which a recording is recognised, at most
_TAKEN_FOR_MUSIC = samples(600)  #: the first sound of a voice over music, at most
_TAKEN_FOR_A_TONE = samples(500)  #: … over a ringing tone, which ends where the voice begins
_LOST_WITHIN = samples(1200)  #: of sound that is other than the recording
_NOTICED_LATE, _NOTICED_LATEST = samples(600), samples(1000)  #: that a recording no longer plays
_SILENT = samples(1500)
_NOTHING = understand("")


class Patience(msgspec.Struct, frozen=True, kw_only=True):
    """How long to wait before a turn counts as over, in ms, and when to ask for words."""

    complete_menu_ms: int = 1200
    turn_ms: int = 2000
    unfinished_ms: int = 3000
    piece_pause_ms: int = 450
    piece_max_ms: int = 14_000
    music_ms: int = 3000
    deferred_pause_ms: int = 1500  #: while a fingerprint is expected, words are asked for only after this silence …
    deferred_ms: int = 12_000  #: … or this much unknown speech
    peeks_ms: tuple[int, ...] = ()  #: look into speech that still goes on, this long after its start …
    peek_pause_ms: int = 0  #: … and at its first pause of this length; 0: not
    music_again_ms: int = 2000  #: a turn behind which music plays is over after this much
    purpose: str = "menu"


WALKING = Patience()
#: On hold the question is only whether a human speaks: early looks. A turn that waits stays open, for the silence tells, too.
HOLDING = Patience(
    complete_menu_ms=1500, turn_ms=1500, unfinished_ms=1500, music_again_ms=700, piece_pause_ms=250, peeks_ms=(700, 1600, 2800, 4500),
    peek_pause_ms=280, purpose="candidate",
)  # fmt: skip


class Hearing:
    """Feed it everything that is heard; it gives facts back and asks for transcripts through the outbox."""

    def __init__(
        self, outbox: Outbox, language: str = "", hot_words: str = "", similarity: Similarity | None = None,
        understanding: Understanding = understand,
    ) -> None:  # fmt: skip
        self._similarity = similarity
        self._understand = understanding
        self.patience = WALKING
        self.listening = True  #: whether to ask for words at all; off while a fingerprint is expected to do
        self._out = outbox
        self._language = language
        self._hot_words = hot_words
        self._numbers = 0
        self._pieces: Pieces | None = None
        self._aside: list[Pieces] = []  #: turns whose sound is over and whose words are still awaited
        self._speaking = False
        self.over_music = False  #: speech over music is heard right now
        self._playing: dict[str, RecordingRecognised] = {}  #: on hold: the recordings that play, whether the ear hears speech or not
        self.known_until = 0  #: on hold: when a known recording was last lost
        self.human_near = HumanNear()
        self.loudness = Loudness()
        self.surroundings = Surroundings()
        self.music_since: int | None = None
        self.music_ended: int | None = None
        self.music_told = False  #: what plays has lasted long enough to be hold music
        self.expected = "-"  #: id of the recording that is expected next
        self.lengths: dict[str, int] = {}  #: of known recordings, in samples
        self.sound_since = 0  #: start of the last speech or music that followed a silence
        self.quiet_since = 0  #: end of the last speech, music or tone
        self.last_speech_end = 0
        self._tone_ended = 0
        self.quiet_before_turn = 0  #: how long nothing was said before the last turn began, in samples

    # --- what is going on ---

    @property
    def speaking(self) -> bool:
        return self._speaking

    @property
    def music(self) -> bool:
        return self.music_since is not None

    @property
    def last_sound_end(self) -> int:
        """End of the last speech or music, as far as it is over."""
        return max(self.last_speech_end, self.music_ended or 0)

    @property
    def in_turn(self) -> bool:
        """Whether a turn goes on; cheaper than to ask which."""
        return self._pieces is not None

    @property
    def turn(self) -> Turn | None:
        """The turn that goes on, if any."""
        return self._turn() if self._pieces else None

    @property
    def unknown_span(self) -> tuple[int, int] | None:
        """From when to when there was speech in the turn that goes on, if it is no known recording."""
        pieces = self._pieces
        return None if pieces is None or pieces.recording_id else (pieces.start, pieces.end)

    @property
    def wordless(self) -> bool:
        """The recogniser has listened to the turn that goes on and understood nothing."""
        return self._pieces is not None and self._pieces.wordless

    def turn_ms(self, at: int) -> tuple[int, int]:
        """How long the turn that goes on has lasted up to its last sound, and how long it has been silent since."""
        pieces = self._pieces
        if pieces is None:
            return 0, 0
        quiet = self.loudness.quiet_ms(pieces.start, at) if self._speaking else (at - pieces.end) // 8
        return max(0, (at - pieces.start) // 8 - quiet), quiet

    def silence_ms(self, at: int) -> int:
        """How long nothing but silence has been heard."""
        return 0 if self._speaking or self.music else (at - self.quiet_since) // 8

    def answered(self, at: int) -> None:
        """What rang or played before the answer is not part of the conversation."""
        self._pieces, self.quiet_since, self.last_speech_end = None, at, at
        self._aside.clear()
        if self._speaking:
            self.cut(at)

    # --- feeding ---

    def passed(self, at: int, level_dbm0: float) -> None:
        """A tick before ``wake_at``."""
        self.surroundings.passed(at, heard=self._speaking or self.music, known=bool(self._playing))
        self.loudness.feed(at, level_dbm0)
        if self._pieces is not None:
            self._pieces.passed(at)

    def feed(self, at: int, happening: AnyHappening) -> list[Fact]:
        self.surroundings.passed(at, heard=self._speaking or self.music, known=bool(self._playing))
        facts = []
        for fact in self._feed(at, happening):
            self.human_near.heard(fact)
            facts.append(fact)
        return facts

    def human_met(self, at: int) -> None:
        """Whatever is being said, or will be until recordings are heard again, may be a human's."""
        self.human_near.met(at)
        for pieces in (*self._aside, *([self._pieces] if self._pieces else [])):
            pieces.with_human = True

    def _feed(self, at: int, happening: AnyHappening) -> Iterator[Fact]:
        match happening:
            case SegmentOpened():
                yield from self._opened(happening)
            case SegmentClosed():
                yield from self._closed(happening)
            case Transcribed():
                yield from self._transcribed(at, happening)
            case TranscriptionFailed():
                yield from self._failed(happening.request_id)
            case RecordingRecognised():
                yield from self._recognised(happening)
            case RecordingLost():
                yield from self._lost(at, happening.recording_id)
            case VoiceDescribed():
                yield happening
            case Tick():
                self.loudness.feed(at, happening.level_dbm0)
                yield from self._tick(at)
            case _:
                pass

    def _opened(self, opened: SegmentOpened) -> Iterator[Fact]:
        if (opened.label in _SPEECH or opened.label is Label.MUSIC) and self._was_silent(opened.start_sample):
            self.sound_since = opened.start_sample
        if opened.label in _SPEECH:
            self._set_aside(opened.start_sample)
            yield from self._behind_recording(opened.start_sample)
            self._speaking = True
            self.over_music = opened.label is Label.SPEECH_OVER_MUSIC
            if self._pieces is None:
                self._begin(opened.start_sample, opened.label, lead=self._hidden(opened))
                yield from self._plays_already(self._pieces_now())
            self._pieces_now().speech(opened.start_sample)
        elif opened.label is Label.MUSIC:
            if self.music_since is None:
                self.music_since, self.music_told = opened.start_sample, False
        elif opened.label not in _QUIET:
            if opened.label is Label.RINGBACK:
                self.human_near.rings(opened.start_sample)
            yield ToneHeard(opened.label, opened.start_sample, opened.detail)

    def _hidden(self, opened: SegmentOpened) -> int:
        """For so long the ear may have taken the first words for something else."""
        if opened.label is Label.SPEECH_OVER_MUSIC:
            return _TAKEN_FOR_MUSIC
        behind = opened.start_sample - self._tone_ended
        return behind if 0 < behind <= _TAKEN_FOR_A_TONE else 0

    def _was_silent(self, until: int) -> bool:
        return not (self._speaking or self.music) and until - self.last_sound_end > _SILENT

    def _behind_recording(self, start: int) -> Iterator[Fact]:
        """Speech behind the known end of a recording is somebody else's, however short the pause."""
        pieces = self._pieces
        if self.patience is not HOLDING or pieces is None or not pieces.known_until or start < pieces.known_until - _RECORDING_SLACK:
            return
        known_until = min(start, pieces.known_until)
        turn = self._turn()
        self._pieces = None
        yield TurnEnded(msgspec.structs.replace(turn, end=max(turn.end, known_until)))

    def _goes_on_behind_recording(self, at: int) -> Iterator[Fact]:
        """… and without a pause, too."""
        pieces = self._pieces
        if self.patience is not HOLDING or pieces is None or not self._speaking:
            return
        if not pieces.known_until or at < pieces.known_until + _SPEECH_LAG:
            return
        if not self.loudness.quiet_ms(pieces.known_until + _RECORDING_SLACK, at):
            yield from self._another_from(pieces.known_until)

    def _another_from(self, at: int) -> Iterator[Fact]:
        """The turn is over; without a pause somebody or something else goes on."""
        pieces = self._pieces_now()
        pieces.pause(at)
        self._pieces = None
        if pieces.recording_id or not pieces.waiting:
            yield TurnEnded(self._turn_of(pieces))
        else:
            self._request(pieces.due(at, speaking=False, pause_ms=0, max_ms=self.patience.piece_max_ms))
            self._aside.append(pieces)
        self._begin(at, Label.SPEECH_OVER_MUSIC if self.over_music else Label.SPEECH, lead=pieces.lead if at <= pieces.start else 0)
        self._pieces_now().speech(at)
        yield from self._plays_already(self._pieces_now())

    def _plays_already(self, pieces: Pieces) -> Iterator[Fact]:
        """A recording may be recognised before the ear calls it speech."""
        playing = self._plays_at(pieces.start)
        if playing is not None:
            pieces.recognised(playing.recording_id, playing.start_sample, self.lengths.get(playing.recording_id))
        yield TurnBegan(self._turn())

    def _plays_at(self, at: int) -> RecordingRecognised | None:
        """On hold: the known recording that plays then, of several the one that goes on longest."""
        ends = {one.start_sample + self.lengths.get(one.recording_id, 0): one for one in self._playing.values()}
        latest = max(ends, default=0)
        return ends[latest] if latest > at else None

    def behind_known_ms(self, start: int) -> int | None:
        """On hold: how long after a known recording this begins; 0 also while one plays, None if none has played."""
        if self._playing:
            return 0
        return max(0, start - self.known_until) // 8 if self.known_until else None

    @property
    def known_plays(self) -> bool:
        """On hold: a known recording, speech or music, is heard right now."""
        return bool(self._playing)

    def _closed(self, closed: SegmentClosed) -> Iterator[Fact]:
        segment = closed.segment
        if segment.label in _SPEECH:
            if self._pieces is None:
                self._begin(segment.start_sample, segment.label)
                yield TurnBegan(self._turn())
            self._speaking = self.over_music = False
            self._pieces_now().speech(segment.start_sample)
            if segment.label is Label.SPEECH_OVER_MUSIC:
                self._pieces_now().samples_over_music += segment.end_sample - segment.start_sample
            self._pieces_now().pause(segment.end_sample)
            self.last_speech_end = segment.end_sample
        elif segment.label is Label.MUSIC and self.music_since is not None:
            self.music_since, self.music_ended, self.music_told = None, segment.end_sample, False
        elif segment.label not in _QUIET:
            self._tone_ended = segment.end_sample
            if segment.label is Label.RINGBACK:
                self.human_near.rings_no_more(segment.end_sample)
        if segment.label is not Label.SILENCE:
            self.quiet_since = max(self.quiet_since, segment.end_sample)

    def _recognised(self, heard: RecordingRecognised) -> Iterator[Fact]:
        if self.patience is HOLDING and _of_hold(heard.recording_id):
            yield from self._recognised_on_hold(heard)
            return
        turn = None
        aligned = True
        pieces = self._pieces
        if pieces is not None and pieces.remainder_elsewhere(heard.recording_id, heard.start_sample):
            pieces.remainder_lost(heard.recording_id, heard.start_sample + samples(heard.position_ms))
        if pieces is not None and pieces.spoiled:
            return
        if pieces is not None and pieces.contradicts(heard.recording_id, heard.start_sample):
            yield from self._lost(0, heard.recording_id)
            return
        on_hold = self.patience is HOLDING
        if pieces is not None and (self._speaking or on_hold) and heard.start_sample + samples(heard.position_ms) >= pieces.start:
            aligned = pieces.aligned(heard.start_sample, ear_late=on_hold)
            if not _credible(heard, aligned, known=pieces.recording_id == heard.recording_id, expected=self.expected):
                return
            if pieces.recording_id == self.expected != heard.recording_id and heard.recording_id.startswith("step:"):
                pieces.alike[heard.recording_id] = heard
                return
            if not aligned and pieces.behind_unknown(heard.start_sample):
                before = pieces.doubt(heard)
                self._request([before] if before else [])
                yield from self._doubt_settled(pieces)
                return
            pieces.recognised(heard.recording_id, heard.start_sample, self.lengths.get(heard.recording_id))
            turn = self._turn()
        yield Recognised(heard.recording_id, heard.start_sample, heard.position_ms, heard.score, turn, aligned)

    def _doubt_settled(self, pieces: Pieces) -> Iterator[Fact]:
        """The expected prompt seems to follow other words. If they are of a menu, then only one of its sentences was heard here."""
        heard, before = pieces.doubted, pieces.said_before_doubted()
        if heard is None or before is None:
            return
        if self._understand(before, self._language, self._similarity).menu.options:
            pieces.disbelieve()
            return
        pieces.believe()
        pieces.recognised(heard.recording_id, heard.start_sample, self.lengths.get(heard.recording_id))
        yield Recognised(heard.recording_id, heard.start_sample, heard.position_ms, heard.score, self._turn(), aligned=False)

    def _was_another(self, pieces: Pieces) -> Iterator[Fact]:
        """What began like the expected prompt is lost, and another prompt that begins like it still plays."""
        lost, other = pieces.recording_id, pieces.alike.pop(next(iter(pieces.alike)))
        pieces.recognised(other.recording_id, other.start_sample, self.lengths.get(other.recording_id))
        yield Lost(lost)
        yield Recognised(other.recording_id, other.start_sample, other.position_ms, other.score, self._turn())

    def _recognised_on_hold(self, heard: RecordingRecognised) -> Iterator[Fact]:
        """What plays is known, wherever in the recording: nobody else speaks meanwhile. What was said before is another turn."""
        if heard.length_ms:
            self.lengths.setdefault(heard.recording_id, samples(heard.length_ms))
        self._playing[heard.recording_id] = heard
        at = heard.start_sample + samples(heard.position_ms)
        since = max(heard.start_sample, at - _RECOGNISED_IN)
        pieces, turn = self._pieces, None
        if pieces is not None and self._speaking and not pieces.recording_id and since > pieces.start + _SPEECH_LAG:
            yield from self._another_from(since)
            pieces = self._pieces_now()
        prompt = pieces is not None and pieces.recording_id.startswith("step:") and at < pieces.known_until
        if pieces is not None and not prompt and at >= pieces.start and (self._speaking or at <= pieces.end + _NOTICED_LATE):
            pieces.recognised(heard.recording_id, heard.start_sample, self.lengths.get(heard.recording_id))
            turn = self._turn()
        yield Recognised(heard.recording_id, heard.start_sample, heard.position_ms, heard.score, turn)

    def _lost(self, at: int, recording_id: str) -> Iterator[Fact]:
        played = self._playing.pop(recording_id, None)
        if played is not None:
            self.known_until = at
        pieces = self._pieces
        if pieces is None:
            return
        pieces.alike.pop(recording_id, None)
        pieces.remainder_lost(recording_id, at)
        if pieces.doubted is not None and pieces.doubted.recording_id == recording_id:
            pieces.doubted = None
        if self.patience is HOLDING and _of_hold(recording_id):
            self._lost_on_hold(pieces, at, recording_id, played)
        elif pieces.loses(recording_id, at) and pieces.alike:
            yield from self._was_another(pieces)
        elif pieces.lost(recording_id, at):
            yield Lost(recording_id)

    def _lost_on_hold(self, pieces: Pieces, at: int, recording_id: str, played: RecordingRecognised | None) -> None:
        """Another known recording still plays, or somebody else speaks: from now on, or if it was known music since the speech began."""
        if pieces.recording_id != recording_id:
            return
        other = self._plays_at(at)
        if other is not None:
            pieces.recognised(other.recording_id, other.start_sample, self.lengths.get(other.recording_id))
        elif at - pieces.start <= _NOTICED_LATEST:
            pieces.unrecognised()  # it had stopped before
        else:
            known_before = played is not None and played.start_sample + samples(played.position_ms) < pieces.start
            was_music = pieces.lead > 0 and known_before and at - pieces.start <= _LOST_WITHIN
            pieces.covered = min(pieces.covered, pieces.start if was_music else max(pieces.start, at - _NOTICED_LATE))

    def _set_aside(self, start: int) -> None:
        """Speech after a silence that ends any turn is a new one, even while the recogniser is slow to tell the words of the old."""
        pieces = self._pieces
        if pieces is None or self._speaking or not pieces.waiting or start - pieces.end < samples(self.patience.unfinished_ms):
            return
        self._ask(start)
        self._aside.append(pieces)
        self._pieces = None

    def _late(self) -> Iterator[Fact]:
        """Turns that were set aside and whose words have now come, in the order in which they were spoken."""
        while self._aside and not self._aside[0].waiting:
            yield TurnEnded(self._turn_of(self._aside.pop(0)))

    def _failed(self, request_id: str) -> Iterator[Fact]:
        for pieces in [*self._aside, *([self._pieces] if self._pieces else [])]:
            pieces.failed(request_id)
        yield from self._late()
        if self._pieces is not None:
            yield from self._doubt_settled(self._pieces)

    def _transcribed(self, at: int, answer: Transcribed) -> Iterator[Fact]:
        if any(pieces.answer(answer) for pieces in self._aside):
            yield from self._late()
            return
        if self._pieces is None or not self._pieces.answer(answer):
            return
        yield TurnGrew(self._turn(), peek=self._pieces.peeked == answer.request_id)
        if self._pieces is not None:
            yield from self._doubt_settled(self._pieces)

    def _tick(self, at: int) -> Iterator[Fact]:
        self.human_near.passed(at)
        if self.music_since is not None and not self.music_told and at - self.music_since >= samples(self.patience.music_ms):
            self.music_told = True
            yield MusicHeard(self.music_since)
        yield from self._goes_on_behind_recording(at)
        if self._pieces is None:
            return
        if self.listening or self._pieces.recording_id or self._unknown(at):
            self._ask(at)
        if not self._speaking and self._is_over(at):
            turn = self._turn()
            self._pieces = None
            yield TurnEnded(turn)

    def wake_at(self, at: int) -> int | None:
        """On hold, where the level of the line is measured, speech is looked at with every tick."""
        patience, pieces = self.patience, self._pieces
        music = later(self.music_since, patience.music_ms) if self.music_since is not None and not self.music_told else None
        if pieces is None:
            return soonest(at, music, self.human_near.wake_at)
        if self.loudness.measured and self.patience is HOLDING:
            return at + 1
        unknown = () if self.listening else self._unknown_at(pieces)
        asked = pieces.wake_at(at, self._speaking, patience.piece_pause_ms, patience.piece_max_ms, patience.peeks_ms)
        over = () if self._speaking else self._over_at(pieces)
        behind = pieces.known_until + _SPEECH_LAG if pieces.known_until else None
        return soonest(at, music, asked, behind, self.human_near.wake_at, *unknown, *over)

    def _unknown_at(self, pieces: Pieces) -> tuple[int, ...]:
        """When a turn whose words were not asked for, since a fingerprint was to spare them, may count as unknown."""
        if pieces.recording_id or not pieces.deferred:
            return ()
        spoken = later(pieces.start, self.patience.deferred_ms)
        return (spoken,) if self._speaking else (spoken, later(pieces.end, self.patience.deferred_pause_ms))

    def _over_at(self, pieces: Pieces) -> tuple[int, ...]:
        """When a turn that is silent now may be over."""
        end, patience = pieces.end, self.patience
        if pieces.waiting or (not self.listening and pieces.deferred and not pieces.recording_id):
            return (later(end, _RECOGNISER_AWAY_MS),)
        if pieces.recording_id:
            return (max(pieces.known_until, later(end, patience.complete_menu_ms)),)
        needed = later(end, self._needed_ms(pieces))
        return (later(end, patience.music_again_ms), needed) if self.music else (needed,)

    # --- pieces and turns ---

    def _unknown(self, at: int) -> bool:
        """A fingerprint was to spare us the words, but this turn has not been recognised and is over, or too long to wait on."""
        pieces = self._pieces_now()
        over = not self._speaking and at - pieces.end >= samples(self.patience.deferred_pause_ms)
        pieces.deferred = pieces.deferred and not over and at - pieces.start < samples(self.patience.deferred_ms)
        return not pieces.deferred

    def look(self, worth_it: bool) -> None:
        """Whether what goes on is still unclear enough to be looked into before it is over."""
        if self._pieces:
            self._pieces.looking = worth_it

    def _ask(self, at: int) -> None:
        pieces, patience = self._pieces_now(), self.patience
        stretches = pieces.due(at, speaking=self._speaking, pause_ms=patience.piece_pause_ms, max_ms=patience.piece_max_ms)
        self._request(stretches)
        if patience.peeks_ms and self._speaking:
            paused = patience.peek_pause_ms and self.loudness.quiet_ms(pieces.start, at) >= patience.peek_pause_ms
            peek = pieces.peek(at, patience.peeks_ms, paused=bool(paused))
            if peek:
                self._transcribe(*peek)

    def _request(self, stretches: list[tuple[str, int, int]]) -> None:
        for request_id, start, end in stretches:
            self._transcribe(request_id, start, end)

    def _transcribe(self, request_id: str, start: int, end: int) -> None:
        self._out.do(
            Transcribe(
                request_id=request_id, start_sample=start, end_sample=end, purpose=self.patience.purpose,
                language=self._language, hot_words=self._hot_words,
            )
        )  # fmt: skip

    def _is_over(self, at: int) -> bool:
        pieces = self._pieces_now()
        quiet = at - pieces.end
        if not self.listening and pieces.deferred and not pieces.recording_id:
            return quiet >= samples(_RECOGNISER_AWAY_MS)
        if pieces.recording_id and not pieces.waiting:
            return at >= pieces.known_until and quiet >= samples(self.patience.complete_menu_ms)
        if pieces.waiting:
            return quiet >= samples(_RECOGNISER_AWAY_MS)  # the recogniser is away: go on without words
        if self.music and quiet >= samples(self.patience.music_again_ms):
            return True
        return quiet >= samples(self._needed_ms(pieces))

    def _needed_ms(self, pieces: Pieces) -> int:
        utterance = self._understood(pieces, pieces.text()[0])
        if utterance.kind == ANNOUNCEMENT or not utterance.menu.complete:
            return self.patience.unfinished_ms if not utterance.menu.complete else self.patience.turn_ms
        if len(utterance.menu.options) == 1:  # of a menu there is more to come
            return self.patience.turn_ms
        if utterance.kind in RECORDED or utterance.menu.options:
            return self.patience.complete_menu_ms
        return min(self.patience.turn_ms, 1500)

    def cut(self, at: int) -> Turn | None:
        """Ends the turn that goes on, here and now (a key was pressed); further speech is a new turn."""
        ended = self._turn() if self._pieces else None
        plays = self._pieces.plays_at(at) if self._pieces else None
        self._pieces = None
        self._aside.clear()
        if self._speaking:
            self._begin(at, Label.SPEECH, cut=True)
            self._pieces_now().speech(at)
            if plays is not None:
                self._pieces_now().plays_on(plays)
        return ended

    def _begin(self, start: int, label: Label, cut: bool = False, lead: int = 0) -> None:
        """``lead``: so long before, at most, the first words may have begun."""
        self._numbers += 1
        self.quiet_before_turn = max(0, start - self.last_speech_end)
        self._pieces = Pieces(
            number=self._numbers, start=start, over_music=label is Label.SPEECH_OVER_MUSIC or self.music, cut=cut,
            lead=min(lead, self.quiet_before_turn),
        )  # fmt: skip
        self._pieces.with_human = bool(self.human_near)

    def _pieces_now(self) -> Pieces:
        assert self._pieces is not None
        return self._pieces

    def _turn(self) -> Turn:
        return self._turn_of(self._pieces_now())

    def _turn_of(self, pieces: Pieces) -> Turn:
        text, words = pieces.text()
        utterance = self._understood(pieces, text)
        return Turn(
            number=pieces.number, start=pieces.start, end=max(pieces.end, pieces.start), text=text, words=words,
            uncertainty=pieces.uncertainty(), language=pieces.language, utterance=utterance, over_music=self._over_music(pieces),
            recording_id=pieces.recording_id, cut=pieces.cut, with_human=pieces.with_human and bool(text or not pieces.recording_id),
        )  # fmt: skip

    def _understood(self, pieces: Pieces, text: str) -> Utterance:
        if not text:
            return _NOTHING
        if pieces.understood is None or pieces.understood[0] != text:
            pieces.understood = (text, self._understand(text, self._language, self._similarity))
        return pieces.understood[1]

    def understand(self, text: str, language: str) -> Utterance:
        """By its words alone."""
        return self._understand(text, language, None)

    def _over_music(self, pieces: Pieces) -> bool:
        """On hold most of the turn has to be: the ear lets go of music a second after it has stopped."""
        if self.patience is not HOLDING:
            return pieces.over_music
        return 2 * pieces.samples_over_music > pieces.end - pieces.start > 0


def _of_hold(recording_id: str) -> bool:
    """Heard on this hold or on an earlier one."""
    return recording_id.startswith(("hold:", "music:"))


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
