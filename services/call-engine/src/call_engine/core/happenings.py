"""What can happen on a call, as the pure core sees it.

The shell hands each one to ``Brain.feed(at_sample, happening)``; ``at_sample`` is call time. Line facts come from the line
process as they are (the same structs are its wire format), sound events from ``line_audio``.
"""

from __future__ import annotations

import msgspec
from line_audio.segments import SegmentClosed, SegmentOpened

from call_engine.core.voicing import Judged


class Happening(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Base of all happenings."""


# --- the line ---------------------------------------------------------------------------------------------------------


class Ringing(Happening, frozen=True, kw_only=True, tag=True):
    """The company's phone rings (180), or early media flows (183)."""

    early_media: bool = False


class Answered(Happening, frozen=True, kw_only=True, tag=True):
    codec: str = ""


class LineEnded(Happening, frozen=True, kw_only=True, tag=True):
    """The company leg is gone. ``cause``: busy, declined, no_answer, unreachable, disconnected, hung_up (by us), line_lost, no_audio."""

    cause: str
    sip_code: int = 0
    reason: str = ""


class DigitsDelivered(Happening, frozen=True, kw_only=True, tag=True):
    """The line has finished sending these digits."""

    digits: str
    profile: str


class PlaybackEnded(Happening, frozen=True, kw_only=True, tag=True):
    playback_id: str
    completed: bool = True


class DeviceRang(Happening, frozen=True, kw_only=True, tag=True):
    device: str


class DevicePickedUp(Happening, frozen=True, kw_only=True, tag=True):
    device: str


class DeviceGone(Happening, frozen=True, kw_only=True, tag=True):
    """The device's leg ended, before or after being bridged. ``cause`` as in LineEnded."""

    device: str
    cause: str
    sip_code: int = 0


class LegsBridged(Happening, frozen=True, kw_only=True, tag=True):
    """Company and device hear each other."""

    device: str


class RecordingBegan(Happening, frozen=True, kw_only=True, tag=True):
    """The answer to ``RecordConversation``: the file's name, or why there is none."""

    file: str = ""
    failure: str = ""


class FarDigit(Happening, frozen=True, kw_only=True, tag=True):
    """The company's side sent us a digit."""

    digit: str
    method: str = "rfc4733"


LineFact = (
    Ringing | Answered | LineEnded | DigitsDelivered | PlaybackEnded | DeviceRang | DevicePickedUp | DeviceGone | LegsBridged
    | RecordingBegan | FarDigit
)  # fmt: skip

# --- hearing ----------------------------------------------------------------------------------------------------------


class Word(msgspec.Struct, frozen=True):
    """One recognised word; samples of call time."""

    text: str
    start_sample: int
    end_sample: int
    probability: float = 1.0


class Transcribed(Happening, frozen=True, kw_only=True, tag=True):
    """The answer to ``Transcribe``. An empty text means: nothing intelligible was said.

    ``log_prob`` (the mean natural logarithm of a token's probability) and ``no_speech`` (the probability that nobody speaks) are the
    recogniser's own doubt, also of words that it left out; None where it told none.
    """

    request_id: str
    start_sample: int
    end_sample: int
    text: str
    words: tuple[Word, ...] = ()
    language: str = "en"
    confidence: float = 1.0
    log_prob: float | None = None
    no_speech: float | None = None


class TranscriptionFailed(Happening, frozen=True, kw_only=True, tag=True):
    request_id: str
    reason: str


class RecordingRecognised(Happening, frozen=True, kw_only=True, tag=True):
    """A known recording is playing. It began (or would have begun) at ``start_sample``; ``position_ms`` of it has been heard.

    ``score`` tells how alike it is now (1: the same, 0: unrelated), ``score_before`` how alike it was before, as far as it was heard.
    """

    recording_id: str
    start_sample: int
    position_ms: int
    score: float
    length_ms: int = 0  #: of the whole recording; 0: not known
    score_before: float = 1.0


class RecordingLost(Happening, frozen=True, kw_only=True, tag=True):
    """What is heard no longer is the recording that was recognised: it has stopped, or goes on otherwise than it was learned."""

    recording_id: str


class RecordingKept(Happening, frozen=True, kw_only=True, tag=True):
    """The answer to ``KeepRecording``: a fingerprint of that stretch, which is from now on recognised as ``recording_id``."""

    recording_id: str
    start_sample: int
    end_sample: int
    fingerprint: str  #: base64; empty: nothing is left of its sound


class VoiceDescribed(Happening, frozen=True, kw_only=True, tag=True):
    """The answer to ``DescribeVoice``. ``timbre``: decibels of the bands of the spectrum; empty if there was too little sound.

    ``wrong_part``: of the bits of its fingerprint, where it agrees best with a known recording; ``wrong_in_place``: where those that have
    played should be by now; None: nothing to compare.
    """

    turn: int
    start_sample: int
    end_sample: int
    timbre: tuple[float, ...] = ()
    wrong_part: float | None = None
    wrong_in_place: float | None = None


# --- people -----------------------------------------------------------------------------------------------------------


class DigitsOrdered(Happening, frozen=True, kw_only=True, tag=True):
    digits: str
    by: str = ""


class TransferOrdered(Happening, frozen=True, kw_only=True, tag=True):
    device: str = ""
    by: str = ""


class EndOrdered(Happening, frozen=True, kw_only=True, tag=True):
    reason: str = ""
    by: str = ""


# --- time -------------------------------------------------------------------------------------------------------------


class Tick(Happening, frozen=True, kw_only=True, tag=True):
    """20 ms have gone by. Comes after everything else that happened in them, also while no audio flows."""

    level_dbm0: float = -90.0
    judged: Judged | None = None  #: how much like speech and like music the ear found it


AnyHappening = (
    LineFact | SegmentOpened | SegmentClosed | Transcribed | TranscriptionFailed | RecordingRecognised | RecordingLost | RecordingKept
    | VoiceDescribed | DigitsOrdered | TransferOrdered | EndOrdered | Tick
)  # fmt: skip
