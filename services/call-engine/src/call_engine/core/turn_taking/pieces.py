"""The audio of one turn, cut into pieces for the recogniser, as far as it is not known."""

from __future__ import annotations

from typing import NamedTuple

from call_engine.core.call_time import samples
from call_engine.core.facts import Uncertainty
from call_engine.core.happenings import RecordingRecognised, Transcribed, Word
from call_engine.core.turn_taking.asked_words import AskedWords
from call_engine.core.utterance import Utterance
from call_engine.core.waking import later, soonest

_MARGIN = samples(100)  #: heard on both sides of a piece, so that no consonant is lost
_RESIDUE = samples(1000)  #: the key is sent, the company hears it, the ear lets go of a word that has no end
_LATE_RESIDUE = samples(2200)  #: of a known recording: some companies read on for a second and a half
_ALIGNED = samples(500)
_EAR_LATE = samples(1500)
_SHIFTED = samples(700)
_LOST_WITHIN = samples(1200)  #: of other sound
_LONG_MS = 9000  #: from here on any pause is good enough to cut at
_SHORT_PAUSE_MS = 160
_AN_OPTION = samples(1500)  #: the shortest time in which one is read
_SHORTEST_SAID_MS = 500  #: a look at less is not worth its cost


class Remainder(NamedTuple):
    """A known recording that goes on behind the key that was pressed into it."""

    recording_id: str
    start: int
    over_at: int | None  #: when it will be over, where that is known


class Pieces:
    """Times are samples. ``waiting`` is true while a transcript is outstanding or speech has not been sent yet."""

    def __init__(self, *, number: int, start: int, over_music: bool, cut: bool, lead: int = 0) -> None:
        """``lead``: so long before its start the turn may have begun."""
        self.number, self.start, self.end = number, start, start
        self.over_music, self.cut = over_music, cut
        self.with_human = False  #: a human who was met may have said some of it
        self.samples_over_music = 0
        self.recording_id, self.recording_start = "", 0
        self.alike: dict[str, RecordingRecognised] = {}  #: prompts that begin like the expected one, which this was recognised as
        self.doubted: RecordingRecognised | None = None  #: the expected prompt, if what was said before it is no part of a menu
        self._before_it = ""
        self._length_known = True
        self.spoiled = False  #: it began like a known recording and went on otherwise
        self._remainder: Remainder | None = None  #: the known recording in whose middle a key cut this off …
        self._remainder_until: int | None = None  #: … and when that was heard no more
        self.deferred = True  #: words are not asked for yet, when a fingerprint is expected
        self.covered = 0  #: up to here it is a known recording, whose words are not asked for
        self.understood: tuple[str, Utterance] | None = None
        self.lead = lead
        self._open: int | None = None  #: start of what has not been sent
        self._starts: list[int] = []  #: where speech began …
        self._breaks: list[int] = []  #: … and where it paused
        self._asked = AskedWords(number)
        self._looks = 0
        self._looked_at_pause = False
        self.looking = True  #: whether a look into unfinished speech is still worth its cost

    @property
    def waiting(self) -> bool:
        return self._open is not None or self._asked.waiting

    def speech(self, start: int) -> None:
        self._starts.append(start)
        if self._is_residue(speaking=False) and start > self.end > self.start:
            self.start, self._open, self.cut = start, None, False
        if self.covered and not self._length_known and start >= self.end + samples(300):
            self.covered = self.end
        if self._open is None and start >= self.end - samples(20):
            self._open = max(start, self.start)

    def pause(self, end: int) -> None:
        self.end = max(self.end, end)
        self._breaks.append(end)

    def passed(self, at: int) -> None:
        """What is known need not be sent, as far as it has played."""
        if self._open is not None and self.covered:
            self._open = max(self._open, min(self.covered, at))

    def due(self, at: int, *, speaking: bool, pause_ms: int, max_ms: int) -> list[tuple[str, int, int]]:
        """The stretch to transcribe now, if any: up to a pause, or in the middle of speech that is too long."""
        if self._open is None:
            return []
        self.passed(at)
        if self.covered:
            if not speaking and self.end <= self.covered + _MARGIN * 4:
                self._open = None
                return []
            if at <= self.covered + _MARGIN * 4:
                return []
        if self._is_residue(speaking):
            self._open = None
            return []
        backlog = self._backlog(at, max_ms)
        if backlog is not None:
            return [backlog]
        if speaking:
            if at - self._open < samples(max_ms) or self._asked.waiting_for_cut:
                return []
            start, self._open = self._open, at
            return [self._ask(start, at, cut=True)]
        pause = at - self.end
        if pause < samples(self._pause_ms(pause_ms)):
            return []
        start, self._open = self._open, None
        return [self._ask(start, self.end + min(_MARGIN, pause), cut=False)]

    def _pause_ms(self, pause_ms: int) -> int:
        """The pause at which what has been said is cut; ``pause_ms`` if that is not much."""
        assert self._open is not None
        return _SHORT_PAUSE_MS if self.end - self._open >= samples(_LONG_MS) else pause_ms

    def wake_at(self, at: int, speaking: bool, pause_ms: int, max_ms: int, peeks_ms: tuple[int, ...]) -> int | None:
        """When there may be something to transcribe or to look into."""
        if self._open is None:
            return None
        known = (self.covered, self.covered + _MARGIN * 4 + 1, later(self.covered, max_ms)) if self.covered else ()
        pauses = () if speaking else (later(self.end, self._pause_ms(pause_ms)), later(self.end, pause_ms))
        looking = speaking and self.looking and self._looks < len(peeks_ms)
        looks = (self._look_at(at, peeks_ms[self._looks]), later(self.covered, peeks_ms[0])) if looking else ()
        return soonest(at, *known, *pauses, *looks, later(self._open, max_ms), later(self._open, max_ms) + 1)

    def _look_at(self, at: int, after_ms: int) -> int:
        """When the next look is due. One that was not worth its cost when it was due is taken as soon as it is."""
        assert self._open is not None
        due = later(self._open, after_ms)
        return due if self.covered else max(due, at + 1)

    def _is_residue(self, speaking: bool) -> bool:
        """What was left of a prompt that a key has cut short."""
        if not self.cut or self._asked or speaking:
            return False
        if self._remainder_until is not None and self.end - max(self.start, self._remainder_until - _LOST_WITHIN) >= _RESIDUE:
            return False  # since then something else is heard
        return self.end - self.start < (_RESIDUE if self._remainder is None else _LATE_RESIDUE)

    def _backlog(self, at: int, max_ms: int) -> tuple[str, int, int] | None:
        """Speech that was not sent when it was heard is cut at the last pause that keeps a piece short enough."""
        if self._open is None or at - self._open <= samples(max_ms):
            return None
        pauses = [end for end in self._breaks if samples(1000) < end - self._open <= samples(max_ms) and end < self.end]
        if not pauses:
            return None
        start, self._open = self._open, pauses[-1]
        return self._ask(start, pauses[-1] + _MARGIN, cut=False)

    def lost(self, recording_id: str, at: int) -> bool:
        """The recording this turn was recognised as goes on otherwise: all of the turn has to be understood by its words."""
        if not self.loses(recording_id, at):
            return False
        self._spoil()
        return True

    def loses(self, recording_id: str, at: int) -> bool:
        """Whether the recording that this turn was recognised as has stopped before its end."""
        return recording_id == self.recording_id and at <= self.covered - samples(600)

    def _spoil(self) -> None:
        self.recording_id, self.covered, self.deferred, self.spoiled = "", 0, False, True
        self._asked.forget()
        self._open = self.start

    def stopped(self, at: int) -> None:
        """The known recording stopped then, which was noticed later: whatever was said since is somebody else's."""
        if at >= self.covered:
            return
        self.covered = at
        since = max(at, self.start, self._asked.until)
        if self._open is not None or self.end > since:
            self._open = since if self._open is None else min(self._open, since)

    def unrecognised(self) -> None:
        """It was not the recording that speaks here."""
        self.recording_id, self.covered = "", 0
        if not self._asked:
            self._open = self.start

    def peek(self, at: int, after_ms: tuple[int, ...], *, paused: bool = False) -> tuple[str, int, int] | None:
        """What has been said so far, though the speaker goes on; at each of these times after the start of the speech.

        ``paused``: the speaker seems to have paused; the first time this is worth a look of its own.
        """
        if not self.looking or self._open is None or self.covered > at - samples(after_ms[0]):
            return None
        if paused and not self._looked_at_pause and at - self._open >= samples(_SHORTEST_SAID_MS):
            self._looked_at_pause = True
            return self._peek(at)
        if self._looks >= len(after_ms) or at - self._open < samples(after_ms[self._looks]):
            return None
        self._looks += 1
        return self._peek(at)

    def _peek(self, at: int) -> tuple[str, int, int]:
        assert self._open is not None
        return self._asked.peek(), self._heard_from(self._open), at

    def recognised(self, recording_id: str, start: int, length: int | None) -> None:
        """This turn is (or begins with) a known recording. Without its length it is taken to last until the speech pauses."""
        self.recording_id, self.recording_start = recording_id, start
        self._asked.peeked = ""
        self._length_known = length is not None
        self.covered = start + length if length else self.start + samples(600_000)

    @property
    def known_until(self) -> int:
        """When the recognised recording should be over; 0 if there is none, or its length is not known."""
        return self.covered if self.recording_id and self._length_known else 0

    def aligned(self, start: int, *, ear_late: bool = False) -> bool:
        """Whether a recording that would have begun then began where speech began. ``ear_late``: music may have hidden its first words."""
        if ear_late and 0 <= self.start - start <= _EAR_LATE:
            return True
        return any(abs(start - begun) <= _ALIGNED for begun in (self.start, *self._starts))

    def behind_unknown(self, start: int) -> bool:
        """Whether so much was said before in this turn, and is not known, that it may have been an option."""
        remainder = self.remainder
        if self.recording_id or (remainder is not None and not remainder.over_at):
            return False
        until = remainder.over_at if remainder is not None else self._remainder_until
        since = self.start if until is None else max(self.start, until - _LOST_WITHIN)
        return start - since >= _AN_OPTION

    @property
    def remainder(self) -> Remainder | None:
        """The known recording that goes on here, as far as is known."""
        return self._remainder if self._remainder_until is None else None

    def plays_at(self, at: int) -> Remainder | None:
        """The recording that should play then."""
        if at < self.known_until:
            return Remainder(self.recording_id, self.recording_start, self.known_until)
        remainder = self.remainder
        return None if remainder is not None and remainder.over_at and at >= remainder.over_at else remainder

    def plays_on(self, remainder: Remainder) -> None:
        """This begins in the middle of that recording."""
        self._remainder = remainder

    def remainder_lost(self, recording_id: str, at: int) -> None:
        """That recording is heard no more, or was over long before: behind the pause since which it is not, another prompt has begun."""
        remainder = self.remainder
        if remainder is None or remainder.recording_id != recording_id:
            return
        since = at - _LOST_WITHIN if remainder.over_at is None else min(at - _LOST_WITHIN, remainder.over_at - _ALIGNED)
        self._remainder_until = since + _LOST_WITHIN
        behind = [start for start in self._starts if start > self.start or (start == self.start and not self.cut)]
        begun = next((start for start in behind if since <= start <= at), None)
        if begun is None:
            return
        self.start, self.cut = begun, False
        self._asked.forget_up_to(begun + _MARGIN)
        self._open = None if self._open is None else max(self._open, begun)

    def doubt(self, heard: RecordingRecognised) -> tuple[str, int, int] | None:
        """Believe it only after the words before it have been looked at. Gives the stretch to transcribe, unless that is under way."""
        self.doubted = heard
        if self._open is None or self._open >= heard.start_sample:
            return None
        start, self._open = self._open, heard.start_sample
        asked = self._ask(start, heard.start_sample, cut=False)
        self._before_it = asked[0]
        return asked

    def said_before_doubted(self) -> str | None:
        """The words before it; None while they are awaited, or nothing is in doubt."""
        doubted = self.doubted
        return None if doubted is None else self._asked.said_before(doubted.start_sample, _ALIGNED)

    def believe(self) -> None:
        """It plays. What was said before it is no part of it."""
        across = self._asked.across(self.doubted.start_sample, _ALIGNED) if self.doubted else ()
        self._asked.drop((self._before_it, *across))
        self.doubted = None

    def disbelieve(self) -> None:
        """It does not: the words of this turn decide."""
        self.doubted, self.deferred, self.spoiled = None, False, True

    def contradicts(self, recording_id: str, start: int) -> bool:
        """The same recording, but not where it should be by now: something in it was added, removed or moved."""
        return self.recording_id == recording_id and abs(start - self.recording_start) > _SHIFTED

    def remainder_elsewhere(self, recording_id: str, start: int) -> bool:
        """The recording that went on behind a key, but not where it should be by now."""
        remainder = self.remainder
        return remainder is not None and remainder.recording_id == recording_id and abs(start - remainder.start) > _SHIFTED

    def _ask(self, start: int, end: int, *, cut: bool) -> tuple[str, int, int]:
        return self._asked.ask(start, end, cut=cut), self._heard_from(start), end

    def _heard_from(self, start: int) -> int:
        return max(0, start - (max(self.lead, _MARGIN) if start == self.start else _MARGIN))

    # --- its words ---

    def answer(self, answer: Transcribed) -> bool:
        """Takes a transcript; False if it is not ours."""
        if not self._asked.are(answer.request_id):
            return False
        self._open = self._asked.take(answer, self._open)
        return True

    def failed(self, request_id: str) -> None:
        self._asked.failed(request_id)

    @property
    def peeked(self) -> str:
        """The latest look that was answered."""
        return self._asked.peeked

    @property
    def language(self) -> str:
        return self._asked.language

    @property
    def wordless(self) -> bool:
        """The recogniser has listened and understood nothing."""
        return self._asked.none_understood

    def uncertainty(self) -> Uncertainty | None:
        """The recogniser's, about all of ``text``. None where it told none."""
        return self._asked.uncertainty()

    def text(self) -> tuple[str, tuple[Word, ...]]:
        """All the words so far; a peek counts only while nothing better has come."""
        return self._asked.text()
