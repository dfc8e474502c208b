"""How the core weighs and waits. One value a decision, with its unit; the defaults are the measured or proposed ones."""

from __future__ import annotations

import enum

import msgspec


class HumanSetting(enum.StrEnum):
    """Which mistake is worse."""

    NEVER_MISS = "never_miss"
    NEVER_FALSE_RING = "never_false_ring"


class CoreSettings(msgspec.Struct, frozen=True, kw_only=True):
    human: HumanSetting = HumanSetting.NEVER_MISS
    verify_human: bool = True  #: ask "Hello?" when it is not clear whether a human speaks, if the call may speak
    probe_barge_in: bool = True  #: following: press as soon as the option was named, until it is known whether that works
    answer_silent_s: float = 20.0
    hold_after_notice_s: float = 12.0  #: silence this long after a transfer notice is hold
    hold_after_press_s: float = 20.0  #: silence this long after a press is hold, too
    verify_reply_s: float = 4.0
    hello_text: str = "Hello?"
    hold_the_line_text: str = "Hello! Please hold on for a moment, I am connecting you now."
    recording_notice_text: str = "This conversation is recorded."
    apology_text: str = "I am sorry, I could not connect you. We will call back. Goodbye."
