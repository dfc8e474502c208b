"""What a learned step knows, kept in ``CallFlowStep.metadata`` under the field names of ``StepMetadata``.

flow-api's learner writes it, call-engine's executor reads it. Hand-written flows have none of it, or only some.
"""

from __future__ import annotations

from typing import Any

import msgspec

from call_contract.flows import CallFlowStep


class Prompt(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The signature of what is heard at this step."""

    transcript: str = ""  #: normalised words (lower case, no punctuation)
    fingerprint: str = ""  #: landmark fingerprint of the recording, base64; empty if none was kept
    duration_ms: int = 0


class LearnedOption(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One option of a menu. ``first_heard``/``last_heard`` are ISO 8601 times."""

    digits: str
    label: str
    first_heard: str | None = None
    last_heard: str | None = None


class Timing(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Durations over the calls seen, in milliseconds.

    For a menu: how long after the prompt's start the digit was pressed. For HOLD: the wait. ``earliest_press_ms`` is the
    earliest press, after the prompt's start, that was seen to work.
    """

    n: int = 0
    mean_ms: float = 0.0
    p50_ms: float = 0.0
    p95_ms: float = 0.0
    earliest_press_ms: int | None = None


class StepMetadata(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Every key that has a meaning in ``metadata``; other keys are kept and ignored."""

    prompt: Prompt | None = None
    options: list[LearnedOption] = msgspec.field(default_factory=list)
    timing: Timing | None = None
    dtmf_profile: str | None = None  #: rfc4733 | rfc4733_slow | inband
    evidence: list[str] = msgspec.field(default_factory=list)  #: call ids
    secret: str | None = None  #: the *name* of a secret whose digits are to be typed
    audio_file: str | None = None  #: SPEAK: the name of an asset
    text: str | None = None  #: SPEAK: words for the local text to speech
    device: str | None = None  #: TRANSFER: the name of a device
    transcript_pattern: str | None = None  #: LISTEN, hand-written: words to expect
    recordings: list[str] = msgspec.field(default_factory=list)  #: HOLD: fingerprints of recordings known to play here, base64
    last_seen: str | None = None  #: branches: ISO time when last on the main path


def metadata_of(step: CallFlowStep) -> StepMetadata:
    """The step's known metadata. Raises ``msgspec.ValidationError`` where a known key has a wrong type."""
    return msgspec.convert(step.metadata, StepMetadata)


def as_dict(metadata: StepMetadata) -> dict[str, Any]:
    """Back to plain JSON values, defaults left out."""
    plain: dict[str, Any] = msgspec.to_builtins(metadata)
    return plain
