"""What the pure core wants done. The shell performs each effect in order; what comes of it returns as a happening.

Line commands go to the line process as they are: the same structs are its wire format.
"""

from __future__ import annotations

import enum

import msgspec
from call_contract.call_events import AnyCallEvent


class Effect(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Base of all effects."""


class DtmfProfile(enum.StrEnum):
    """How digits are sent, in the order in which they are tried."""

    RFC4733 = "rfc4733"  #: 160 ms on, 120 ms off
    RFC4733_SLOW = "rfc4733_slow"  #: 250 ms on, 500 ms off
    INBAND = "inband"  #: 200 ms on, 120 ms off, as audio
    SIP_INFO = "sip_info"  #: only when configured


# --- the line ---------------------------------------------------------------------------------------------------------


class Press(Effect, frozen=True, kw_only=True, tag=True):
    """Send digits; ``w`` waits 0.5 s, ``,`` waits 2 s. With ``secret`` (a name) the shell looks the digits up."""

    digits: str
    profile: DtmfProfile = DtmfProfile.RFC4733
    secret: str | None = None


class Play(Effect, frozen=True, kw_only=True, tag=True):
    """Play to the company: an asset of the plan by name, or words through the local text to speech. ``both``: to the device, too."""

    playback_id: str
    both: bool = False
    audio_file: str | None = None
    text: str | None = None


class StopPlaying(Effect, frozen=True, kw_only=True, tag=True):
    pass


class RingDevice(Effect, frozen=True, kw_only=True, tag=True):
    """Ring the user's device in a second leg; empty is the default device."""

    device: str


class CancelDevice(Effect, frozen=True, kw_only=True, tag=True):
    device: str


class Bridge(Effect, frozen=True, kw_only=True, tag=True):
    """Let company and device hear each other. The device has picked up. ``stay``: do not hand the call over to the switch."""

    device: str
    stay: bool = False


class RecordConversation(Effect, frozen=True, kw_only=True, tag=True):
    """Record what both sides of the bridged call say. The shell says where. The answer is RecordingBegan."""

    path: str = ""


class HangUp(Effect, frozen=True, kw_only=True, tag=True):
    """End every leg. The answer is LineEnded."""


# --- hearing ----------------------------------------------------------------------------------------------------------


class Transcribe(Effect, frozen=True, kw_only=True, tag=True):
    """Turn this stretch of the line into words. ``purpose``: menu, candidate (may be a human: first in the queue), hold."""

    request_id: str
    start_sample: int
    end_sample: int
    purpose: str = "menu"
    language: str = ""
    hot_words: str = ""


class KnowRecording(Effect, frozen=True, kw_only=True, tag=True):
    """From now on recognise this fingerprint (base64) as ``recording_id``."""

    recording_id: str
    fingerprint: str


class KeepRecording(Effect, frozen=True, kw_only=True, tag=True):
    """Fingerprint this stretch of the line and recognise it from now on. The answer is RecordingKept.

    With a ``lead`` it goes on with what is known under this id, behind a ``gap`` that nobody knows; so many samples at its start
    only lead up to it.
    """

    recording_id: str
    start_sample: int
    end_sample: int
    lead: int = 0
    gap: int = 0


class DescribeVoice(Effect, frozen=True, kw_only=True, tag=True):
    """Measure the timbre of this stretch, and how far it is from known recordings. ``turn``: who speaks, 0 for an announcement.

    The answer is VoiceDescribed.
    """

    turn: int
    start_sample: int
    end_sample: int


# --- the record -------------------------------------------------------------------------------------------------------


class Seal(msgspec.Struct, frozen=True):
    """Words of a live human, to be encrypted by the shell into the ``sealed`` field of the event that goes with it."""

    text: str


class Record(Effect, frozen=True, kw_only=True, tag=True):
    """Write this event. ``seal`` is put, encrypted, in the event's ``sealed`` field (in its discovery's, for DiscoveryMade)."""

    event: AnyCallEvent
    seal: Seal | None = None


AnyEffect = (
    Press | Play | StopPlaying | RingDevice | CancelDevice | Bridge | RecordConversation | HangUp
    | Transcribe | KnowRecording | KeepRecording | DescribeVoice | Record
)  # fmt: skip
