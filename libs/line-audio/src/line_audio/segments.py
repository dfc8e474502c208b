"""The vocabulary of hearing: a *frame* is 20 ms of 8 kHz mono PCM, a *segment* a stretch of one kind of sound.

Times are sample counts of the line since its first frame; end is exclusive.
"""

from __future__ import annotations

import enum

import msgspec

SAMPLE_RATE_HZ = 8000
FRAME_SAMPLES = 160
FRAME_MS = 20


class Label(enum.StrEnum):
    """What a stretch of sound is."""

    SILENCE = "silence"
    DIAL = "dial"
    RINGBACK = "ringback"
    CALL_WAITING = "call_waiting"
    BUSY = "busy"
    REORDER = "reorder"
    SIT = "sit"
    FAX = "fax"
    BEEP = "beep"
    DTMF = "dtmf"
    MUSIC = "music"
    SPEECH = "speech"
    SPEECH_OVER_MUSIC = "speech_over_music"


class Segment(msgspec.Struct, frozen=True, kw_only=True):
    """A finished stretch of sound. ``detail``: the digit of DTMF, the cause of SIT, the kind of fax tone.

    ``speech`` and ``music`` are the classifier's mean probabilities over the segment, whatever it is called; each on its own.
    """

    label: Label
    start_sample: int
    end_sample: int
    detail: str = ""
    level_dbm0: float = -90.0
    speech: float = 0.0
    music: float = 0.0


class SegmentOpened(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A kind of sound has been recognised and still goes on. It began at ``start_sample``; known at ``at_sample``."""

    label: Label
    start_sample: int
    at_sample: int
    detail: str = ""


class SegmentClosed(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A segment has ended. Known at ``at_sample``, which is a little later than its end."""

    segment: Segment
    at_sample: int


SoundEvent = SegmentOpened | SegmentClosed
