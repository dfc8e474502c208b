"""What speech on hold looks like apart from its words, as named cues with few values each; ``hold_ratios`` says what each is worth.

The values are coarse on purpose: each must have been seen often enough, live and recorded, for its ratio to mean something.
"""

from __future__ import annotations

from bisect import bisect_right

import msgspec

from call_engine.core.holding.hold_memory import HoldSoFar
from call_engine.core.holding.standing import AGREED_MS
from call_engine.core.turn_taking.surroundings import SHARES

_LENGTHS_MS = (700, 1000, 1300, 1700, 2600, 4500, 8000)
_SILENCES_MS = (200, 500, 1100)
_TELLING_MS, _TELLING_PAUSE_MS = 500, 300
CHANGES_MS = (_TELLING_MS, *_LENGTHS_MS)  #: lengths of the speech from which on it looks different
_FLOOR_STEP_DB = 5.0
_NO_PAUSE_DB = 8.0  #: below the voice
_LOUD_PAUSE_MS = 500
_LEVEL_STEP_DB = 4.0
_RETURN_SLACK_MS = 250
_MUCH_SAID_MS = 1700
_DEPTHS_DB = (8, 13, 18, 24, 32)
_DEEP_DB = 24.0
_UNLIKE_TENTHS = (30, 40, 50, 60, 70, 85)  #: of a decibel
_AGAIN_MS = (2500, 5000)
#: From so many ms compared on: parts of wrong bits, below which it agrees as recordings do through another channel, and from which on
#: as anything does by chance.
_AGREES_BELOW = ((1500, (0.375, 0.405)), (1000, (0.365, 0.395)), (0, (0.345, 0.385)))


_FAINT, _CLEAR = 0.4, 0.8  #: probabilities of speech
_PARTLY_MUSIC, _MUSIC = 0.3, 0.6
_HARDLY_A_VOICE = frozenset(f"{over} {how}" for over in ("alone", "over music") for how in ("faint", "music"))
_OF_A_VOICE = dict.fromkeys(("voice_level", "noise_floor", "timbre", "likeness"), "unknown")
_AGREED_LEARNED_MS, _AGREED_MIXED_MS, _AGREED_MUSIC_MS = 600, 1200, 3000
_IN_PLACE_PERCENT = (41, 44)  #: of wrong bits

_FRESH = {"first": "early", "new": "early", "again": "late", "round": "round", "learned": "learned", "learned round": "learned"}


class Sound(msgspec.Struct, frozen=True, kw_only=True):
    """What is heard of the speech right now. Levels are None where nobody measures them."""

    length_ms: int  #: from its first to its last sound
    silence_ms: int = 0  #: since then
    music: bool = False  #: goes on, or was heard under the voice
    music_seen: bool = False
    gap_ms: int | None = None  #: from the end of the music to the voice
    behind_ms: int | None = None  #: from the end of an announcement to the voice
    again_ms: int | None = None  #: from the end of the last unknown speech, if neither music nor anything known has come since
    voice_dbm0: float | None = None
    floor_dbm0: float | None = None  #: in the pauses of the speech
    before_dbm0: float | None = None  #: right before it
    depth_db: float | None = None  #: how far the level falls between its sounds
    unlike_db: float | None = None  #: how far its timbre is from the announcements'
    nearest_db: float | None = None  #: … and from that one of them that is most like it
    wrong_part: float | None = None  #: of its fingerprint's bits, beside the known recording that it is most like
    wrong_in_place: float | None = None  #: … and beside where the recordings that have played should be by now
    compared_ms: int = 0  #: how much of it was compared
    as_speech: float | None = None  #: how much like speech it has sounded to the ear, on the mean …
    as_music: float | None = None  #: … and like music
    known_share: float | None = None  #: of what sounded lately: part that was known
    behind_known_ms: int | None = None  #: from a known recording to the voice, 0 while one plays


def telling(sound: Sound) -> bool:
    """Whether enough has been said to be weighed: half a second, or less and then a pause."""
    return sound.length_ms >= _TELLING_MS or sound.silence_ms >= _TELLING_PAUSE_MS


def agreed_ms(sound: Sound, hold: HoldSoFar) -> int:
    """For how long all weighings must agree that a human speaks. What has sounded like music or is hardly a voice may be music that the
    ear takes for one, and takes for one for seconds; but music does not pause, and somebody who waits for an answer does. Where earlier
    calls have taught the recordings, one of them may be recognised meanwhile."""
    how = _how_much_of_a_voice(sound)
    if how == "unknown":
        return AGREED_MS
    if how == "clear" or _pauses_without_music(sound):
        return _AGREED_LEARNED_MS if hold.learned else AGREED_MS
    return _AGREED_MIXED_MS if how == "mixed" else _AGREED_MUSIC_MS


def _pauses_without_music(sound: Sound) -> bool:
    """The ear calls it music for a second after it has stopped, and may take faint music for silence: where the level is known, it says
    whether music goes on."""
    silent = not sound.music if sound.depth_db is None else sound.depth_db >= _DEEP_DB
    return silent and sound.silence_ms >= _TELLING_PAUSE_MS


def silences_ms(hold: HoldSoFar) -> tuple[int, ...]:
    """Lengths of the silence behind the speech from which on it looks different."""
    returned = (hold.longest_return_ms + _RETURN_SLACK_MS + 1,) if hold.longest_return_ms else ()
    return _TELLING_PAUSE_MS, *_SILENCES_MS, *returned


def cues(sound: Sound, hold: HoldSoFar) -> dict[str, str]:
    """Cue → its value. How a voice sounds tells nothing where there hardly is one."""
    found = _cues(sound, hold)
    return {**found, **_OF_A_VOICE} if found["voice"] in _HARDLY_A_VOICE else found


def _cues(sound: Sound, hold: HoldSoFar) -> dict[str, str]:
    novelty = _novelty(hold)
    return {
        "pace": f"{_FRESH[novelty]} {_step(sound.length_ms, _LENGTHS_MS)} {_step(sound.silence_ms, _SILENCES_MS)}",
        "music": f"{_music(sound, hold)} {novelty}",
        "music_gap": _gap(sound),
        "behind_announcement": _behind(sound),
        "speaks_again": _speaks_again(sound),
        "music_stays_away": _stays_away(sound, hold),
        "voice_level": _voice_level(sound, hold),
        "noise_floor": _noise_floor(sound),
        "timbre": _timbre(sound),
        "pauses": _pauses(sound),
        "likeness": _likeness(sound),
        "surroundings": _surroundings(sound, hold),
        "strangeness": _strangeness(sound, hold),
        "doubts": _step(hold.doubted, (1, 2, 4)),
        "voice": _voice(sound),
        "in_place": _in_place(sound),
    }


def _step(value: int, limits: tuple[int, ...]) -> str:
    place = bisect_right(limits, value)
    return f"<{limits[place]}" if place < len(limits) else f">{limits[-1]}"


def _novelty(hold: HoldSoFar) -> str:
    """How surprising something new is here: after a round of known announcements, very. What an earlier call has taught may still
    be recognised, a second or two after its start."""
    round_over = hold.again >= max(hold.new, 2)
    if hold.learned:
        return "learned round" if round_over else "learned"
    if hold.again:
        return "round" if round_over else "again"
    return "first" if hold.announcements == 0 else "new"


def _music(sound: Sound, hold: HoldSoFar) -> str:
    if sound.music:
        return "under"
    if not sound.music_seen:
        return "none"
    if hold.announcements == 0:
        return "stopped"
    return "stopped unlike before" if 2 * hold.over_music > hold.announcements else "stopped as before"


def _gap(sound: Sound) -> str:
    if sound.music or sound.gap_ms is None:
        return "none"
    return _step(sound.gap_ms, (200, 600, 1200, 2500, 6000, 12_000))


def _behind(sound: Sound) -> str:
    if sound.behind_ms is None:
        return "none"
    return _step(sound.behind_ms, (300, 1000, 4000)) if sound.behind_ms else "without a pause"


def _speaks_again(sound: Sound) -> str:
    """Behind an announcement something plays again; a human who was not answered says more."""
    if sound.again_ms is None:
        return "none"
    return f"{'music before' if sound.music_seen else 'no music'} {_step(sound.again_ms, _AGAIN_MS)}"


def _stays_away(sound: Sound, hold: HoldSoFar) -> str:
    if sound.music or not sound.music_seen or sound.silence_ms < 300:
        return "none"
    if not hold.longest_return_ms:
        return "unknown"
    return "longer than before" if sound.silence_ms > hold.longest_return_ms + _RETURN_SLACK_MS else "as before"


def _voice_level(sound: Sound, hold: HoldSoFar) -> str:
    if sound.voice_dbm0 is None or hold.voice_dbm0 is None:
        return "unknown"
    return "other" if abs(sound.voice_dbm0 - hold.voice_dbm0) > _LEVEL_STEP_DB else "same"


def _pauses(sound: Sound) -> str:
    """The ear calls it music for a second after it has stopped; the level between the sounds of a voice tells at once."""
    if sound.depth_db is None:
        return "unknown"
    return f"{'over music' if sound.music else 'alone'} {_step(round(sound.depth_db), _DEPTHS_DB)}"


def _timbre(sound: Sound) -> str:
    """The less has been heard of a voice, the further from its mean it may be."""
    if sound.unlike_db is None:
        return "unknown"
    over = "over music" if sound.music else "early" if sound.length_ms < _MUCH_SAID_MS else "much said"
    return f"{over} {_step(round(10 * sound.unlike_db), _UNLIKE_TENTHS)}"


def _likeness(sound: Sound) -> str:
    """Sparse music that the ear takes for a voice is like what was taken for a voice before."""
    if sound.nearest_db is None:
        return "unknown"
    over = "over music" if sound.music else "early" if sound.length_ms < _MUCH_SAID_MS else "much said"
    return f"{over} {_step(round(10 * sound.nearest_db), _UNLIKE_TENTHS)}"


def _strangeness(sound: Sound, hold: HoldSoFar) -> str:
    """The more was compared, the less agrees by chance. Before recordings have come round, what is none of them may be another one."""
    if sound.wrong_part is None or (knowing := _FRESH[_novelty(hold)]) == "early":
        return "unknown"
    near, far = next(limits for length_ms, limits in _AGREES_BELOW if sound.compared_ms >= length_ms)
    if near <= sound.wrong_part < far:
        return "unknown"
    return f"{'learned' if knowing == 'learned' else 'this call'} {'near' if sound.wrong_part < near else 'far'}"


def _voice(sound: Sound) -> str:
    """What the ear calls a voice sounds more or less like one, and may sound like music all the while."""
    how = _how_much_of_a_voice(sound)
    return how if how == "unknown" else f"{'over music' if sound.music else 'alone'} {how}"


def _how_much_of_a_voice(sound: Sound) -> str:
    speech, music = sound.as_speech, sound.as_music
    if speech is None or music is None:
        return "unknown"
    return "music" if music >= _MUSIC else "faint" if speech < _FAINT else "mixed" if speech < _CLEAR or music >= _PARTLY_MUSIC else "clear"


def _in_place(sound: Sound) -> str:
    """What agrees with a recording where it is due is that, however little it was like it when it was lost."""
    if sound.wrong_in_place is None:
        return "none"
    return _step(round(100 * sound.wrong_in_place), _IN_PLACE_PERCENT)


def _surroundings(sound: Sound, hold: HoldSoFar) -> str:
    """Where nearly all that sounds is known, what is not known is new; where nothing has come round yet, that says nothing."""
    behind = sound.behind_known_ms
    if sound.known_share is None or behind is None:
        return "none"
    near = "while known" if behind == 0 else _step(behind, (1500, 6000))
    return f"{_step(round(100 * sound.known_share), SHARES)} {near}"


def loud_pause_ms(length_ms: int) -> int:
    """How long what the ear calls a pause behind so long a speech has to be to be judged by its loudness."""
    return max(_LOUD_PAUSE_MS, -(-length_ms // 3))


def is_loud_pause(sound: Sound) -> bool:
    """What the ear calls a pause, and is nearly as loud as the voice, is none: the notes of music go on."""
    if sound.floor_dbm0 is None or sound.voice_dbm0 is None or sound.music or sound.silence_ms < loud_pause_ms(sound.length_ms):
        return False
    return sound.floor_dbm0 > sound.voice_dbm0 - _NO_PAUSE_DB


def _noise_floor(sound: Sound) -> str:
    if sound.floor_dbm0 is None or sound.before_dbm0 is None or sound.music or sound.silence_ms < _TELLING_PAUSE_MS:
        return "unknown"
    change = sound.floor_dbm0 - sound.before_dbm0
    return "higher" if change > _FLOOR_STEP_DB else "lower" if change < -_FLOOR_STEP_DB else "same"
