"""Pressing keys in answer to prompts: the press, its discovery, and trying again until it shows an effect."""

from __future__ import annotations

import enum
from typing import NamedTuple

import msgspec
from call_contract.discoveries import Discovery, DiscoveryType, HeardOption

from call_engine.core.call_time import ms, samples
from call_engine.core.dtmf.delivery import Attempt, Moment
from call_engine.core.facts import Turn
from call_engine.core.flows.discovery_log import Pending
from call_engine.core.kit import Kit
from call_engine.core.understanding.choice import Choice
from call_engine.core.waking import later, soonest

_STOPPED_SHORT = samples(800)  #: heard no nearer to its end, a known prompt may have been broken off: its words decide
_TOO_SHORT = samples(400)  #: at most, a prompt was learned: who speaks on for longer says something else
_SURELY = 0.8  #: of a prompt: heard so far it is the one it began as. With room for a greeting that is not repeated
_TOGETHER = samples(700)  #: so near the beginnings of two recordings are that may be one
_SHIFTED = samples(700)  #: by more than this a prompt that plays on cannot seem to have begun at another time
_NO_PAUSE_MS = 1500  #: a silence this long is no pause of a prompt: it has stopped
_LETS_GO = samples(1000)  #: the ear of speech that has ended, of a prompt that was learned a little too short, at most
_INTO_THE_PROMPT = samples(1500)  #: how far a repeated prompt must have come to press into it


class Again(enum.Enum):
    TRYING = "trying"
    EXHAUSTED = "exhausted"


class EarlyPress(NamedTuple):
    """A key pressed into a known prompt. If that plays on to its end the key was not taken, and is pressed again then."""

    recording_id: str
    over_at: int


class PlaysAgain(NamedTuple):
    """The prompt of the pending press seems to play again since ``start``: it is pressed into once enough of it was heard."""

    recording_id: str
    start: int
    press_at: int
    over_at: int


class Keying:
    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self._open: Pending | None = None  #: the discovery of the menu whose press has not shown its effect
        self._prompt_start = 0
        self._turn_began_at = 0
        self._spoke_at: int | None = None  #: when the company first spoke again after the last press
        self._early: EarlyPress | None = None
        self._repeat: PlaysAgain | None = None
        self._longest_silence_ms = 0  #: since a key was pressed into a prompt

    def discover(
        self, turn: Turn, recording_id: str, choice: Choice | None, *, dtmf: str | None, waits: bool, step_id: str | None = None,
        kind: DiscoveryType = DiscoveryType.IVR_MENU, said: str = "", fingerprint: str = "",
    ) -> None:  # fmt: skip
        """A menu was heard, or a question that is answered by ``said``. With ``waits`` its discovery stays open until the answer has
        shown its effect. ``fingerprint``: of the prompt, where it is not that of the recording.
        """
        menu, length, human = turn.utterance.menu, ms(turn.end - turn.start) / 1000.0, turn.may_be_human
        label = choice.label if choice and not human else ""
        known = "" if human else fingerprint or self._kit.prompts.fingerprints.get(recording_id, "")
        found = Discovery(
            type=DiscoveryType.OPEN_QUESTION if said else kind, transcript=turn.open_text, dtmf_sent=dtmf, complete=menu.complete,
            language=turn.language or menu.language,
            options=[HeardOption(digits=one.digits, label=one.label, confidence=one.confidence) for one in turn.open_options],
            chosen_label=said or label, choice_confidence=choice.confidence if choice else None,
            choice_reason=choice.reason if choice else "", at_ms=ms(turn.start), duration=length,
            description=f"Press {dtmf} for {label}" if dtmf and label else "Menu", step_id=step_id,
            fingerprint=known,
        )  # fmt: skip
        pending = self._kit.discoveries.add(
            found, recording_id="" if known or human else recording_id, keep_open=waits, seal=turn.sealed_text
        )  # fmt: skip
        if waits:
            self._open = pending

    def press(
        self, digits: str, turn: Turn | None, *, start: int, recording_id: str = "", reason: str = "", profile: str | None = None,
        step_id: str | None = None, secret: str | None = None, known_at: int | None = None, over_at: int | None = None,
        into: bool = False, once: bool = False,
    ) -> None:  # fmt: skip
        """``start``: when the prompt began that this answers; ``known_at``: when it was known; ``over_at``: when it will be over, if this
        is before; ``into``: the prompt plays on; ``once``: a guess, not to be tried in every way.
        """
        self._early = None if over_at is None else EarlyPress(recording_id, over_at)
        self._longest_silence_ms = 0
        pressed = self._kit.delivery.press(
            digits, prompt=turn, profile=profile, step_id=step_id, secret=secret, reason=reason, prompt_known_at=known_at,
            early=over_at is not None, into=into, once=once,
        )  # fmt: skip
        self._kit.delivery.prompt_is(recording_id)
        self._prompt_start = start
        if self._open:
            self._open.change(dtmf_sent=None if secret else digits)
        self._pressed(pressed.at, pressed.profile.value)

    def _pressed(self, at: int, profile: str) -> None:
        if self._open:
            self._open.change(dtmf_profile=profile, pressed_after_ms=max(0, ms(at - self._prompt_start)))
        self._spoke_at = self._repeat = None
        self._kit.hearing.cut(self._kit.now)

    def settle(self, *, reacted: bool) -> None:
        """The effect of the last press is known."""
        self._early = self._repeat = None
        if reacted:
            self._kit.delivery.worked()
        else:
            self._kit.delivery.give_up()
        if self._open:
            self._kit.discoveries.settle(self._open, reacted=reacted)
            self._open = None

    def effect_seen(self) -> None:
        """What is heard now shows that the last press, if one is pending, was taken."""
        if self._kit.delivery.pending:
            self.settle(reacted=True)

    # --- again ---

    def again(self, turn: Turn) -> Again:
        """The press changed nothing: the next rung of the ladder, now or when the prompt plays again."""
        attempt = self._kit.delivery.next_try(turn.start if self._spoke_at is None else self._spoke_at)
        if attempt is None:
            return Again.EXHAUSTED
        if attempt.late:
            self._hurry()
        self._prompt_start = turn.start
        if attempt.moment is Moment.DURING and not self._kit.hearing.speaking:
            self._kit.delivery.waiting = attempt
        else:
            self._retry(attempt)
        return Again.TRYING

    def _hurry(self) -> None:
        """The company repeats its prompt after so short a silence that keys come too late: wait no longer than after a whole menu."""
        hearing = self._kit.hearing
        hearing.patience = msgspec.structs.replace(hearing.patience, unfinished_ms=hearing.patience.complete_menu_ms)

    def _retry(self, attempt: Attempt, over_at: int | None = None) -> None:
        pressed = self._kit.delivery.retry(attempt, over_at, self._prompt_start)
        self._pressed(pressed.at, pressed.profile.value)

    def turn_began(self, start: int) -> None:
        self._turn_began_at = start
        self._spoke_at = start if self._spoke_at is None else self._spoke_at

    @property
    def undecided(self) -> bool:
        """Whether a key was pressed into a known prompt of which it is not known yet whether it plays on."""
        return self._early is not None

    def played_before(self, start: int) -> bool:
        """Whether what began then played already when the key was pressed into its prompt: a sentence that this shares with another."""
        pending = self._kit.delivery.pending
        return self._early is not None and pending is not None and start < pending.at

    def plays_again(self, recording_id: str) -> bool:
        """Whether this is the prompt of the pending press, which seems to play again."""
        return self._repeat is not None and self._repeat.recording_id == recording_id

    def plays_on(self, recording_id: str) -> bool:
        """Whether this is the prompt into which the key was pressed, and no other was heard since."""
        return self._early is not None and self._early.recording_id == recording_id

    def is_elsewhere(self, recording_id: str, start: int) -> bool:
        """Whether the prompt into which the key was pressed is heard, and not where it should be by now: so it does not play on."""
        return self.plays_on(recording_id) and abs(start - self._prompt_start) > _SHIFTED

    def begins_alike(self, start: int) -> bool:
        """Whether what began then began together with the prompt of the pending press, which seems to play again."""
        return self._repeat is not None and abs(start - self._repeat.start) <= _TOGETHER

    def recording_lost(self, recording_id: str) -> None:
        """A known prompt that has stopped before its end was left: the key that was pressed into it was taken."""
        if self._early is not None and self.plays_on(recording_id) and self._kit.now < self._early.over_at:
            self._early = None
        if self.plays_again(recording_id):
            self._repeat = None  # another prompt that begins alike: its words decide

    def no_longer_in_doubt(self) -> None:
        """Another prompt plays: that of the pending press neither plays on nor again."""
        self._early = self._repeat = None

    def _after_all(self, early: EarlyPress, *, next_plays: bool) -> None:
        """The prompt is over. If it was heard to its end, the key that was pressed into it is pressed again. Whoever speaks on says
        something else.
        """
        self._early = None
        hearing, pending = self._kit.hearing, self._kit.delivery.pending
        until = early.over_at - _STOPPED_SHORT, early.over_at + _TOO_SHORT
        heard_out = not hearing.speaking and until[0] <= hearing.last_speech_end <= until[1]
        if next_plays or pending is None or pending.rung >= 0 or hearing.music or not heard_out or self._longest_silence_ms >= _NO_PAUSE_MS:
            return
        attempt = self._kit.delivery.next_try()
        if attempt is not None:
            self._retry(attempt)

    def tick(self, *, next_plays: bool = False) -> None:
        """``next_plays``: what is heard seems to be the prompt behind the key, or may be it: no key is pressed again into that."""
        now = self._kit.now
        if self._early:
            self._longest_silence_ms = max(self._longest_silence_ms, self._kit.hearing.silence_ms(now))
            over_at = self._early.over_at + (_LETS_GO if self._kit.hearing.speaking else 0)
            if now >= over_at:
                self._after_all(self._early, next_plays=next_plays)
        if self._repeat and now >= self._repeat.press_at:
            if not next_plays:
                self._press_again(self._repeat)
            elif now >= self._repeat.over_at:
                self._repeat = None
        if not next_plays:
            self._press_into_repeat()

    @property
    def wake_at(self) -> int | None:
        quiet_since = self._kit.hearing.quiet_since
        early = (self._early.over_at, self._early.over_at + _LETS_GO, later(quiet_since, _NO_PAUSE_MS)) if self._early else ()
        again = (self._repeat.press_at, self._repeat.over_at) if self._repeat else ()
        repeated = self._turn_began_at + _INTO_THE_PROMPT if self._kit.delivery.waiting else None
        return soonest(self._kit.now, *early, *again, repeated)

    def _press_into_repeat(self) -> None:
        """Presses into the prompt that plays again, if a try waits for it."""
        attempt, pending = self._kit.delivery.waiting, self._kit.delivery.pending
        if self._repeat or attempt is None or pending is None or not self._kit.hearing.speaking or self._turn_began_at <= pending.at:
            return
        if self._kit.now - self._turn_began_at >= _INTO_THE_PROMPT:
            self._prompt_start = self._turn_began_at
            self._retry(attempt)

    def recognised(self, recording_id: str, start: int, steps: frozenset[str] = frozenset()) -> bool:
        """Whether a recognised recording is the prompt of the pending press; if it plays *again*, presses into it.

        ``steps``: whose prompt it is. One prompt may be known twice, as learned and as heard on this call.
        """
        pending = self._kit.delivery.pending
        if pending is None or not (recording_id == pending.recording_id or pending.step_id in steps):
            return False
        if start > pending.at and self._repeat is None:
            self._early = None  # it has not played on, but begun anew
            length = self._kit.hearing.lengths.get(recording_id, 0)
            self._repeat = PlaysAgain(recording_id, start, max(self._kit.now, start + int(length * _SURELY)), start + length)
        return True

    def _press_again(self, again: PlaysAgain) -> None:
        """The prompt has been heard for long enough, and was the same. A key that only came too late is pressed when it is over."""
        self._repeat = None
        delivery = self._kit.delivery
        if delivery.pending is None:
            return
        if delivery.waiting is None and self._spoke_at is not None and delivery.too_late(self._spoke_at):
            self._hurry()
            return
        attempt = delivery.waiting or (delivery.next_try() if delivery.pending.rung == 0 else None)
        if attempt:
            self._prompt_start = again.start
            self._retry(attempt, again.over_at if again.over_at > again.start else None)
