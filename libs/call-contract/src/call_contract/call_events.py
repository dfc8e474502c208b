"""The events of a ``call-{id}`` stream. call-engine is the only writer; the event type in the store is the struct's tag.

``at_ms`` is call time: milliseconds of audio since the call was dialled. Wall-clock time is in the event's metadata.
Digits typed as data are masked before an event is made. What live humans said is only ever in a ``sealed`` field.
"""

from __future__ import annotations

import enum
from typing import Any

import msgspec

from call_contract.discoveries import Discovery


class CallOutcome(enum.StrEnum):
    """How a call ended."""

    BRIDGED = "bridged"  #: the person talked to a human
    HUMAN_NOT_BRIDGED = "human_not_bridged"  #: a human was there, the person was not
    REACHED = "reached"  #: the goal was reached and no transfer was asked for
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    DECLINED = "declined"
    UNREACHABLE = "unreachable"
    NO_AUDIO = "no_audio"
    CLOSED = "closed"
    VOICEMAIL = "voicemail"
    FAX = "fax"
    QUEUE_FULL = "queue_full"
    CALLBACK_ACCEPTED = "callback_accepted"
    NEEDS_DATA = "needs_data"  #: the company asks for data we do not have
    NEEDS_SPEECH = "needs_speech"  #: a voice bot that takes no keys
    NO_WAY = "no_way"  #: no option fits the intent
    STUCK = "stuck"  #: presses change nothing, or the menus go in circles
    DRIFTED = "drifted"  #: the flow no longer fits and could not be repaired
    TIMED_OUT = "timed_out"
    DISCONNECTED = "disconnected"  #: the company hung up
    CANCELLED = "cancelled"
    REFUSED = "refused"  #: a guard refused it before dialling
    LINE_LOST = "line_lost"
    ENGINE_LOST = "engine_lost"


class CallEvent(msgspec.Struct, frozen=True, kw_only=True, tag_field="event"):
    """Base of every call event. In the store the tag is the event's type, so that it is left out of the body."""

    at_ms: int = 0


class CallRequested(CallEvent, frozen=True, kw_only=True, tag="CallRequested"):
    call_id: str
    mode: str  #: explore | follow
    phone_number: str
    engine: str  #: address where calls to control this one must go
    intent: str = ""
    company: str = ""
    flow_id: str = ""
    flow_version: int = 0
    device: str = ""
    limits: dict[str, int] = {}


class CallRefused(CallEvent, frozen=True, kw_only=True, tag="CallRefused"):
    rule: str
    reason: str


class ActionRefused(CallEvent, frozen=True, kw_only=True, tag="ActionRefused"):
    """A guard refused what was to be done on a running call. ``by``: who ordered it; empty when the call itself wanted it."""

    action: str  #: digits | transfer
    rule: str
    reason: str
    by: str = ""


class CallDialled(CallEvent, frozen=True, kw_only=True, tag="CallDialled"):
    target: str


class CallRinging(CallEvent, frozen=True, kw_only=True, tag="CallRinging"):
    early_media: bool = False


class CallAnswered(CallEvent, frozen=True, kw_only=True, tag="CallAnswered"):
    codec: str = ""


class UtteranceHeard(CallEvent, frozen=True, kw_only=True, tag="UtteranceHeard"):
    """Something was said by a recording, or (sealed) by a human."""

    start_ms: int
    end_ms: int
    kind: str  #: menu, hold_announcement, … (see DESIGN: kinds of utterances)
    text: str = ""
    sealed: str = ""
    confidence: float = 1.0
    speaker: str = "recording"  #: recording | human | unknown
    source: str = "transcription"  #: transcription | recognised (known recording, nothing was transcribed)
    recording_id: str = ""


class ChoiceMade(CallEvent, frozen=True, kw_only=True, tag="ChoiceMade"):
    """Which option was chosen for the intent, with every score that led to it."""

    digits: str | None
    label: str = ""
    confidence: float = 0.0
    reason: str = ""
    scores: list[dict[str, Any]] = []


class DiscoveryMade(CallEvent, frozen=True, kw_only=True, tag="DiscoveryMade"):
    discovery: Discovery


class StepStarted(CallEvent, frozen=True, kw_only=True, tag="StepStarted"):
    step_id: str
    type: str


class StepEnded(CallEvent, frozen=True, kw_only=True, tag="StepEnded"):
    step_id: str
    outcome: str  #: done | timeout | no_match | drift | silence | hold | human | busy | …
    match: str = ""  #: matched | drifted | unknown, where the step hears something
    next_step: str | None = None
    reason: str = ""


class DigitsSent(CallEvent, frozen=True, kw_only=True, tag="DigitsSent"):
    digits: str  #: masked with • where they are data
    profile: str = "rfc4733"
    step_id: str | None = None
    reason: str = ""
    prompt_end_ms: int | None = None  #: when the prompt was known; the reaction time is at_ms - prompt_end_ms


class PressIneffective(CallEvent, frozen=True, kw_only=True, tag="PressIneffective"):
    """A press changed nothing of what is heard; the next try uses another delivery."""

    digits: str
    profile: str
    next_profile: str | None = None


class AudioPlayed(CallEvent, frozen=True, kw_only=True, tag="AudioPlayed"):
    what: str  #: asset name, or text:<words>
    completed: bool = True


class HoldStarted(CallEvent, frozen=True, kw_only=True, tag="HoldStarted"):
    """Without a ``HoldEnded`` before it: the same hold goes on after a transfer that was ordered and that nobody picked up."""

    reason: str = ""


class HoldEnded(CallEvent, frozen=True, kw_only=True, tag="HoldEnded"):
    duration_ms: int
    reason: str = ""


class DriftFound(CallEvent, frozen=True, kw_only=True, tag="DriftFound"):
    """The live system no longer fits the flow at this step. ``heard`` is empty where a human may have said it."""

    step_id: str
    expected: str
    heard: str
    similarity: float = 0.0


class HumanSuspected(CallEvent, frozen=True, kw_only=True, tag="HumanSuspected"):
    posterior: float
    evidence: dict[str, float] = {}


class HumanDetected(CallEvent, frozen=True, kw_only=True, tag="HumanDetected"):
    posterior: float
    evidence: dict[str, float] = {}  #: log-likelihood ratio of each named cue
    heard_since_ms: int = 0  #: first sound of the human
    sealed: str = ""


EARLY = "early"  #: why a device rings that is to be at hand when a human comes; nobody is put through yet


class TransferStarted(CallEvent, frozen=True, kw_only=True, tag="TransferStarted"):
    device: str
    reason: str = "human"  #: human | early | ordered


class DeviceRinging(CallEvent, frozen=True, kw_only=True, tag="DeviceRinging"):
    device: str


class DeviceAnswered(CallEvent, frozen=True, kw_only=True, tag="DeviceAnswered"):
    device: str


class TransferFailed(CallEvent, frozen=True, kw_only=True, tag="TransferFailed"):
    """``by``: who ordered the transfer; empty when the call itself wanted it."""

    device: str
    reason: str
    sip_code: int = 0
    by: str = ""


class CallBridged(CallEvent, frozen=True, kw_only=True, tag="CallBridged"):
    device: str
    latency_ms: int = 0  #: from the human's confirmation, or from the device's answer if that was later


class RecordingStarted(CallEvent, frozen=True, kw_only=True, tag="RecordingStarted"):
    """From here on the conversation of the two people is recorded. Both have heard so."""

    announced: str  #: the words that both heard
    file: str  #: its name in the engine's folder of recordings


class RecordingFailed(CallEvent, frozen=True, kw_only=True, tag="RecordingFailed"):
    """A recording was asked for, and there is none."""

    reason: str


class RecordingEnded(CallEvent, frozen=True, kw_only=True, tag="RecordingEnded"):
    file: str
    duration_ms: int


class DigitsOrdered(CallEvent, frozen=True, kw_only=True, tag="DigitsOrdered"):
    digits: str
    by: str = ""


class TransferOrdered(CallEvent, frozen=True, kw_only=True, tag="TransferOrdered"):
    device: str = ""
    by: str = ""


class EndOrdered(CallEvent, frozen=True, kw_only=True, tag="EndOrdered"):
    reason: str = ""
    by: str = ""


class CallEnded(CallEvent, frozen=True, kw_only=True, tag="CallEnded"):
    outcome: CallOutcome
    reason: str
    sip_code: int = 0
    ms_to_hold: int | None = None
    ms_to_human: int | None = None
    hold_ms: int = 0
    digits: str = ""  #: every key pressed, in order, data masked
    transcriptions: int = 0
    transcriptions_before_hold: int = 0
    steps_matched: int = 0
    steps_drifted: int = 0


AnyCallEvent = (
    CallRequested | CallRefused | ActionRefused | CallDialled | CallRinging | CallAnswered | UtteranceHeard | ChoiceMade
    | DiscoveryMade | StepStarted | StepEnded | DigitsSent | PressIneffective | AudioPlayed | HoldStarted | HoldEnded | DriftFound
    | HumanSuspected | HumanDetected | TransferStarted | DeviceRinging | DeviceAnswered | TransferFailed | CallBridged
    | RecordingStarted | RecordingFailed | RecordingEnded | DigitsOrdered | TransferOrdered | EndOrdered | CallEnded
)  # fmt: skip

#: Version of the bodies above; in the metadata of every event as ``schema``.
CALL_EVENT_SCHEMA = 1

_types: dict[str, type[CallEvent]] = {str(cls.__struct_config__.tag): cls for cls in AnyCallEvent.__args__}


def event_type(event: CallEvent) -> str:
    """The type under which the store keeps this event."""
    return str(event.__struct_config__.tag)


def encode(event: CallEvent) -> bytes:
    """The body as JSON, without the tag."""
    body: dict[str, Any] = msgspec.to_builtins(event)
    del body["event"]
    return msgspec.json.encode(body)


def decode(type_name: str, body: bytes) -> CallEvent | None:
    """The event, or None for a type this version does not know. Raises ``msgspec.ValidationError`` on a bad body."""
    cls = _types.get(type_name)
    if cls is None:
        return None
    fields: dict[str, Any] = msgspec.json.decode(body)
    fields["event"] = type_name
    return msgspec.convert(fields, cls)
