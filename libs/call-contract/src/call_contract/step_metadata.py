"""What a learned step knows, kept in ``CallFlowStep.metadata`` under the field names of ``StepMetadata``.

flow-api's learner writes it, call-engine's executor reads it. Hand-written flows have none of it, or only some.

How a learned step reads when it is executed:

- LISTEN with ``dtmf``: listen until the prompt matches, press at the earliest moment known to work, go to ``next_step``. An
  announcement among ``preambles`` may come before the prompt and is not drift.
- LISTEN without ``dtmf``: listen until the prompt matches, press nothing, go on (to a DTMF step, where the flow was learned split).
- HOLD: until a human is confirmed; a wait of zero is as good. TRANSFER bridges the human; it has none to wait for after a HOLD.
- ``conditions`` are tried in their order on what is heard while this step is current, before ``next_step``. After ``heard:<phrase>``
  (``call_contract.prompts.phrase_heard``) and ``on:callback_offer`` what was just heard is the target step's prompt: the target presses
  without hearing it again. After ``on:invalid_digit`` the menu is heard again before the target presses.
- A branch rejoins the main path further on. A learned condition never leads from a step to itself, nor do two lead back and forth.
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
    cut: bool = False  #: only the beginning is known (every call so far pressed into it)


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
    samples: list[tuple[str, int]] = []  #: [key of the call, milliseconds], the kept sample of all; sorted by key
    total_ms: int = 0  #: sum over all n, so that the mean needs no samples


class Outcomes(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How the calls that went through this step ended. ``confidence`` is the Wilson lower bound (95 %) of the share that succeeded."""

    successes: int = 0
    failures: int = 0
    confidence: float = 0.0


class WaitSummary(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Waits on hold by the Kaplan-Meier estimate: a call that ended while still on hold counts as "waited at least that long".

    A quantile is left out where too many calls gave up for it to be known.
    """

    n: int = 0
    censored: int = 0
    p50_ms: int | None = None
    p90_ms: int | None = None


class HoldStatistics(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The waits of a HOLD step. Slots are ``mon-09``: weekday and hour at which the call was made, in UTC for the calls of the service (for
    a time given with another offset, in that).
    """

    overall: WaitSummary = msgspec.field(default_factory=WaitSummary)
    slots: dict[str, WaitSummary] = {}
    waits: list[tuple[str, str, int, bool]] = []  #: [key of the call, slot, milliseconds, ended by a human]; sorted by key


class EndingsSeen(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Calls that ended at this step in one way (closed, voicemail), by slot as in ``HoldStatistics``: a hint when not to call."""

    n: int = 0
    slots: dict[str, int] = {}
    last_heard: str | None = None


class TreeOption(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An option of a menu of the company's phone tree, and where it was seen to lead."""

    digits: str
    label: str = ""
    led_to: str = ""  #: human | hold | menu | nothing; empty: no call has tried it
    menu: str = ""  #: key of the menu it leads to
    at: str = ""  #: ISO time of the last call that took it


class TreeMenu(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A menu of the phone tree, whether it is on the flow's path or not."""

    key: str
    transcript: str  #: normalised words, perhaps only the first of them
    options: list[TreeOption] = []


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
    recordings_left_out: int = 0  #: fingerprints heard here that the flow had no room for, since the last call
    last_seen: str | None = None  #: branches: ISO time when last on the main path
    last_heard: str | None = None  #: ISO time of the last call that came through this step
    chosen_label: str | None = None  #: the label of the option that ``dtmf`` takes: what to look for if the digit has moved
    language: str | None = None  #: of the prompt, as an ISO 639 code
    preambles: list[Prompt] = msgspec.field(default_factory=list)  #: announcements that may come before the prompt
    endings: dict[str, EndingsSeen] = msgspec.field(default_factory=dict)  #: closed | voicemail -> calls that ended so at this step
    former_options: list[LearnedOption] = msgspec.field(default_factory=list)  #: no longer in the menu
    learned_conditions: dict[str, str] = {}  #: conditions as calls taught them; a person wrote, or rewrote, the others
    outcomes: Outcomes | None = None
    hold: HoldStatistics | None = None  #: HOLD only
    learned_from: dict[str, str] = msgspec.field(default_factory=dict)  #: first step only: call id -> ISO time of what was merged
    tree: list[TreeMenu] = msgspec.field(default_factory=list)  #: first step only: all that is known of the phone tree; sorted by key


def metadata_of(step: CallFlowStep) -> StepMetadata:
    """The step's known metadata. Raises ``msgspec.ValidationError`` where a known key has a wrong type."""
    return msgspec.convert(step.metadata, StepMetadata)


def as_dict(metadata: StepMetadata) -> dict[str, Any]:
    """Back to plain JSON values, defaults left out."""
    plain: dict[str, Any] = msgspec.to_builtins(metadata)
    return plain
