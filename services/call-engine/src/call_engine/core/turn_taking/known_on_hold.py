"""Known recordings on hold: while one plays nobody else speaks, and whoever speaks behind its end is somebody else."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from line_audio.segments import Label

from call_engine.core.call_time import samples
from call_engine.core.facts import Fact, Recognised, TurnBegan, TurnEnded
from call_engine.core.happenings import RecordingRecognised
from call_engine.core.turn_taking.line_sound import LineSound
from call_engine.core.turn_taking.loudness import Loudness
from call_engine.core.turn_taking.patience import HOLDING
from call_engine.core.turn_taking.pieces import Pieces
from call_engine.core.turn_taking.turns import Turns

SPEECH_LAG = samples(1000)  #: the ear calls it speech this much longer, at most
_RECORDING_SLACK = samples(300)  #: by which a recording's end may be missed
_RECOGNISED_IN = samples(1200)  #: the sound by which a recording is recognised, at most
_LOST_WITHIN = samples(1200)  #: of sound that is other than the recording
_NOTICED_LATE, _NOTICED_LATEST = samples(600), samples(1000)  #: that a recording no longer plays


def of_hold(recording_id: str) -> bool:
    """Heard on this hold or on an earlier one."""
    return recording_id.startswith(("hold:", "music:"))


class KnownOnHold:
    """Times are samples. ``lengths``: of known recordings, by their ids."""

    def __init__(self, turns: Turns, line: LineSound, loudness: Loudness, lengths: dict[str, int]) -> None:
        self._turns, self._line, self._loudness, self._lengths = turns, line, loudness, lengths
        self._playing: dict[str, RecordingRecognised] = {}  #: the recordings that play, whether the ear hears speech or not
        self.until = 0  #: when a known recording was last lost

    @property
    def plays(self) -> bool:
        """A known recording, speech or music, is heard right now."""
        return bool(self._playing)

    def before_ms(self, start: int) -> int | None:
        """How long after a known recording this begins; 0 also while one plays, None if none has played."""
        if self._playing:
            return 0
        return max(0, start - self.until) // 8 if self.until else None

    def _plays_at(self, at: int) -> RecordingRecognised | None:
        """The known recording that plays then, of several the one that goes on longest."""
        ends = {one.start_sample + self._lengths.get(one.recording_id, 0): one for one in self._playing.values()}
        latest = max(ends, default=0)
        return ends[latest] if latest > at else None

    # --- what goes on behind one ---

    def speech_behind(self, start: int) -> Iterator[Fact]:
        """Speech behind the known end of a recording is somebody else's, however short the pause."""
        turns, pieces = self._turns, self._turns.now
        if turns.patience is not HOLDING or pieces is None or not pieces.known_until or start < pieces.known_until - _RECORDING_SLACK:
            return
        known_until = min(start, pieces.known_until)
        turn = turns.turn()
        turns.now = None
        yield TurnEnded(msgspec.structs.replace(turn, end=max(turn.end, known_until)))

    def goes_on_behind(self, at: int) -> Iterator[Fact]:
        """… and without a pause, too."""
        pieces = self._turns.now
        if self._turns.patience is not HOLDING or pieces is None or not self._line.speaking:
            return
        if not pieces.known_until or at < pieces.known_until + SPEECH_LAG:
            return
        if not self._loudness.quiet_ms(pieces.known_until + _RECORDING_SLACK, at):
            yield from self._another_from(pieces.known_until)

    def _another_from(self, at: int) -> Iterator[Fact]:
        """The turn is over; without a pause somebody or something else goes on."""
        turns = self._turns
        pieces = turns.pieces()
        pieces.pause(at)
        turns.now = None
        if pieces.recording_id or not pieces.waiting:
            yield TurnEnded(turns.turn_of(pieces))
        else:
            turns.request(pieces.due(at, speaking=False, pause_ms=0, max_ms=turns.patience.piece_max_ms))
            turns.aside.append(pieces)
        label = Label.SPEECH_OVER_MUSIC if self._line.over_music else Label.SPEECH
        turns.begin(at, label, lead=pieces.lead if at <= pieces.start else 0)
        turns.pieces().speech(at)
        yield from self.plays_already(turns.pieces())

    def plays_already(self, pieces: Pieces) -> Iterator[Fact]:
        """A turn begins. A recording may have been recognised before the ear called it speech."""
        playing = self._plays_at(pieces.start)
        if playing is not None:
            pieces.recognised(playing.recording_id, playing.start_sample, self._lengths.get(playing.recording_id))
        yield TurnBegan(self._turns.turn())

    # --- recognised and lost ---

    def recognised(self, heard: RecordingRecognised) -> Iterator[Fact]:
        """What plays is known, wherever in the recording: nobody else speaks meanwhile. What was said before is another turn."""
        turns, speaking = self._turns, self._line.speaking
        if heard.length_ms:
            self._lengths.setdefault(heard.recording_id, samples(heard.length_ms))
        self._playing[heard.recording_id] = heard
        at = heard.start_sample + samples(heard.position_ms)
        since = max(heard.start_sample, at - _RECOGNISED_IN)
        pieces, turn = turns.now, None
        if pieces is not None and speaking and not pieces.recording_id and since > pieces.start + SPEECH_LAG:
            yield from self._another_from(since)
            pieces = turns.pieces()
        prompt = pieces is not None and pieces.recording_id.startswith("step:") and at < pieces.known_until
        if pieces is not None and not prompt and at >= pieces.start and (speaking or at <= pieces.end + _NOTICED_LATE):
            pieces.recognised(heard.recording_id, heard.start_sample, self._lengths.get(heard.recording_id))
            turn = turns.turn()
        yield Recognised(heard.recording_id, heard.start_sample, heard.position_ms, heard.score, turn)

    def no_longer(self, at: int, recording_id: str) -> RecordingRecognised | None:
        """It plays no more, if it did. Gives how it had been recognised."""
        played = self._playing.pop(recording_id, None)
        if played is not None:
            self.until = at
        return played

    def lost(self, pieces: Pieces, at: int, recording_id: str, played: RecordingRecognised | None) -> None:
        """Another known recording still plays, or somebody else speaks: from now on, or if it was known music since the speech began."""
        if pieces.recording_id != recording_id:
            return
        other = self._plays_at(at)
        if other is not None:
            pieces.recognised(other.recording_id, other.start_sample, self._lengths.get(other.recording_id))
        elif at - pieces.start <= _NOTICED_LATEST:
            pieces.unrecognised()  # it had stopped before
        else:
            known_before = played is not None and played.start_sample + samples(played.position_ms) < pieces.start
            was_music = pieces.lead > 0 and known_before and at - pieces.start <= _LOST_WITHIN
            pieces.stopped(pieces.start if was_music else max(pieces.start, at - _NOTICED_LATE))
