"""Discoveries: the facts an exploring (or following) call found out, which the learner turns into steps.

The spec's five kinds are ``wait ivr_menu hold human_detected dtmf``; the others are ours. A discovery is one flat struct rather
than a union because learners outside this project send plain dicts with only the fields of the spec in them.
"""

from __future__ import annotations

import enum

import msgspec


class DiscoveryType(enum.StrEnum):
    """What was found."""

    WAIT = "wait"
    IVR_MENU = "ivr_menu"
    HOLD = "hold"
    HUMAN_DETECTED = "human_detected"
    DTMF = "dtmf"
    ANNOUNCEMENT = "announcement"
    CALLBACK_OFFER = "callback_offer"
    TRANSFER_NOTICE = "transfer_notice"
    OPEN_QUESTION = "open_question"
    DATA_ENTRY = "data_entry"
    VOICEMAIL = "voicemail"
    CLOSED = "closed"
    TONE = "tone"
    DISCONNECTED = "disconnected"


class HeardOption(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One option of a menu as it was heard."""

    digits: str
    label: str
    confidence: float = 1.0


class Discovery(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One fact of one call. Everything but ``type`` is optional; what a kind does not use stays at its default."""

    type: DiscoveryType
    description: str = ""
    duration: float | None = None  #: seconds (the spec's field)
    transcript: str = ""  #: recordings only; what a live human said is in ``sealed``
    sealed: str = ""  #: base64, encrypted words of a live human
    dtmf_sent: str | None = None  #: what was pressed; None: nothing, the call went on by itself
    options: list[HeardOption] = msgspec.field(default_factory=list)
    complete: bool = True  #: the menu was heard to its end
    chosen_label: str = ""
    choice_confidence: float | None = None
    choice_reason: str = ""
    language: str = ""
    at_ms: int = 0  #: call time at which it began (the prompt's start, the music's first frame …)
    pressed_after_ms: int | None = None  #: after the prompt's start
    dtmf_profile: str = ""  #: the delivery that worked
    reacted: bool | None = None  #: whether what was heard changed after the press
    fingerprint: str = ""  #: base64 landmark fingerprint of the recording heard
    recordings: list[str] = msgspec.field(default_factory=list)  #: hold: fingerprints of what played, base64
    tone: str = ""  #: tone: busy, reorder, sit, fax, ringback …
    reason: str = ""
    step_id: str | None = None  #: the step being followed, if any
