"""Getting a key across: a press must change what is heard. If it does not, the next try sends it another way.

Some systems take keys only while the prompt plays, some only after it, some swallow one, some want longer tones, some only hear
tones in the audio. The ladder below reaches each of them within three more hearings of the prompt.
"""

from __future__ import annotations

import enum
import re

import msgspec
from call_contract.call_events import DigitsSent, PressIneffective

from call_engine.core.call_time import ms, samples
from call_engine.core.dtmf.cut_turn import behind_sorry, is_read_on, since_press
from call_engine.core.dtmf.endless_menu import goes_on
from call_engine.core.dtmf.read_on import PlayedPrompt, left_unsaid
from call_engine.core.effects import DtmfProfile, Press
from call_engine.core.facts import Turn
from call_engine.core.flows.same_menu import has_own_topic, other_keys, same_keys, same_menu
from call_engine.core.flows.signature import contained, ends_with, similarity, to_the_word
from call_engine.core.flows.step_prompts import PREFIX
from call_engine.core.menu import Option
from call_engine.core.outbox import Outbox
from call_engine.core.vocabulary import phrases
from call_engine.core.vocabulary.words import join, tokenise

_WITHOUT_GREETING = 0.9  #: shorter than this share of it, a prompt lacks the greeting that came before it the first time
_ALL_BUT_THE_SAME = 0.85  #: likeness of such a rest to the prompt, where it has the same keys
_A_SORRY = 8  #: words that may introduce such a message, or end the prompt before it
_ITS_END = samples(1500)  #: heard for so long after the prompt should be over, it is not only the end of it
_STOPPED_SHORT = samples(1500)  #: heard no nearer to its end than this, the prompt was broken off: the key was taken …
_WORDS_SHORT = samples(700)  #: … nor than this, where so much of its words is missing, up to as much
_TOO_LATE = samples(400)  #: speech that begins so near to the press was about to, and left no time to take the key
_CUT_OFF = samples(200)  #: speech that seems to begin so near to the press may have begun before
_LATE_TRIES = 2
_A_PAUSE = samples(400)  #: between two sentences of a prompt


class Moment(enum.StrEnum):
    AFTER = "after"  #: when the prompt is over
    DURING = "during"  #: while it plays


class Attempt(msgspec.Struct, frozen=True):
    """``rung``: of the ladder."""

    profile: DtmfProfile
    moment: Moment
    rung: int
    late: int = 0


LADDER = (
    Attempt(DtmfProfile.RFC4733, Moment.AFTER, 0),
    Attempt(DtmfProfile.RFC4733_SLOW, Moment.DURING, 1),
    Attempt(DtmfProfile.INBAND, Moment.AFTER, 2),
    Attempt(DtmfProfile.INBAND, Moment.DURING, 3),
)


class Reaction(enum.Enum):
    CHANGED = "changed"
    UNCHANGED = "unchanged"  #: the same prompt again, or "we did not receive your selection"
    REFUSED = "refused"  #: "that is not a valid option"


_NO_INPUT = re.compile(
    r"(did not|didn't|have not|haven't|not|didnt) (receive|received|hear|get|detect|recei)|no (selection|entry|input|response)|no recibi|"
    r"nothing was (entered|pressed)|rien recu|keine eingabe"
)
_NOT_VALID = re.compile(
    r"\b(invalid|not (a |an )?valid|not recogni[sz]ed|incorrect|isn't valid|no valida|invalida|invalide|pas valide|ungultig)"
)


class Pressed(msgspec.Struct, frozen=True, kw_only=True):
    """A press whose effect is not known yet."""

    digits: str
    prompt: str
    recording_id: str
    at: int
    options: tuple[Option, ...] = ()  #: of the prompt
    rung: int = 0  #: of the ladder; -1: pressed before the prompt was over, which need not be taken
    into: bool = False  #: the prompt was playing: its end may be heard yet …
    over_at: int | None = None  #: … until then, where that is known
    began_at: int = 0  #: the prompt, as far as is known …
    lasts: int = 0  #: … and for so long, in samples
    anew: PlayedPrompt | None = None  #: what is read of it from its end on, if it never pauses
    late: int = 0  #: how often it was pressed again at the same rung, since the time before was too late
    profile: DtmfProfile = DtmfProfile.RFC4733
    step_id: str | None = None
    secret: str | None = None
    reason: str = ""


class Delivery:
    def __init__(self, outbox: Outbox) -> None:
        self._out = outbox
        self.pending: Pressed | None = None
        self.waiting: Attempt | None = None  #: the next try, which waits for the prompt to play again
        self.presses = 0
        self._good = DtmfProfile.RFC4733  #: what worked last on this line
        self._last: Pressed | None = None

    def press(
        self, digits: str, *, prompt: Turn | None = None, profile: str | None = None, step_id: str | None = None,
        secret: str | None = None, reason: str = "", prompt_known_at: int | None = None, early: bool = False,
        into: bool = False, once: bool = False,
    ) -> Pressed:  # fmt: skip
        """Presses for the first time. ``profile``: the delivery that is known to work here; ``early``: it need not be taken yet;
        ``into``: the prompt plays; ``once``: a guess, not to be tried in every way.
        """
        pressed = Pressed(
            digits=digits, prompt=prompt.text if prompt else "", options=prompt.utterance.menu.options if prompt else (),
            recording_id=prompt.recording_id if prompt else "", at=self._out.now,
            profile=DtmfProfile(profile) if profile else self._good, step_id=step_id, secret=secret, reason=reason,
            rung=-1 if early else len(LADDER) if once else 0, into=into or early,
            over_at=prompt.end if prompt and prompt.end > self._out.now else None, began_at=prompt.start if prompt else 0,
            lasts=prompt.end - prompt.start if prompt else 0, anew=goes_on(prompt, self._out.now) if prompt and into else None,
        )  # fmt: skip
        self._send(pressed, prompt_known_at)
        return pressed

    def _send(self, pressed: Pressed, prompt_known_at: int | None = None) -> None:
        self.pending, self.waiting = pressed, None
        self._last = pressed
        self.presses += 1
        self._out.do(Press(digits=pressed.digits if not pressed.secret else "", profile=pressed.profile, secret=pressed.secret))
        shown = "•" if pressed.secret else pressed.digits
        self._out.record(
            DigitsSent(
                digits=shown, profile=pressed.profile.value, step_id=pressed.step_id, reason=pressed.reason,
                prompt_end_ms=ms(prompt_known_at) if prompt_known_at is not None else None,
            )
        )  # fmt: skip

    @property
    def pressed_at(self) -> int | None:
        """The last time."""
        return self._last.at if self._last else None

    def since_press(self, turn: Turn) -> Turn:
        """What was heard since the last press of a key, if that cut the turn off, and is not of the prompt that was playing then."""
        since = since_press(turn, self.pressed_at, self._playing(turn))
        pressed = self.pending
        if pressed is None or turn.start - pressed.at > _TOO_LATE:
            return since
        behind = behind_sorry(since, _NO_INPUT)  # for the key, which came as this was being said, and has led on
        led_on = behind.utterance.kind == phrases.TRANSFER or other_keys(since.utterance.menu.options, pressed.options)
        return behind if led_on else since

    def is_read_on(self, turn: Turn) -> bool:
        """Whether this turn, which is not the whole end of the prompt, is what a company that reacts late still read of it."""
        at = self.pressed_at
        return at is not None and is_read_on(turn, at, self._playing(turn)) and self.judge(turn) is Reaction.CHANGED

    def _playing(self, turn: Turn) -> PlayedPrompt | None:
        """The prompt into which the last key was pressed, or which may have begun anew with this turn, just as the key was pressed."""
        last = self._last
        if last is None:
            return None
        if last.into:
            return last.anew or PlayedPrompt(last.prompt, last.began_at, last.began_at + last.lasts, again=last.rung > 0)
        began = max(turn.start, turn.words[0].start_sample) if turn.cut and turn.words else turn.start  # the ear lets go late
        if last.prompt and abs(began - last.at) <= _TOO_LATE and not _NO_INPUT.search(join(tokenise(turn.text))):
            whole = not turn.cut or began > last.at + _CUT_OFF
            return PlayedPrompt(last.prompt, began, began + last.lasts, again=True, from_a_beginning=whole)
        return None

    def prompt_is(self, recording_id: str) -> None:
        """The prompt of the pending press was kept under this id: hearing it again means that nothing changed."""
        if self.pending and recording_id:
            self.pending = msgspec.structs.replace(self.pending, recording_id=recording_id)

    @property
    def tried_again(self) -> bool:
        """Whether the effect of a press is awaited, and no other try."""
        return self.pending is not None and self.waiting is None

    def is_of_its_prompt(self, turn: Turn) -> bool:
        """Whether the turn was recognised as the prompt of the press whose effect is not known yet."""
        return self.pending is not None and turn.recording_id != "" and turn.recording_id == self.pending.recording_id

    def judge(self, turn: Turn) -> Reaction:
        """What this turn, heard after the press, says about it."""
        pressed = self.pending
        if pressed is None:
            return Reaction.CHANGED
        words = join(tokenise(turn.text))
        missed = _NO_INPUT.search(words)
        if missed and turn.utterance.votes.get(phrases.FAILURE, 0) > 0 and not _another_prompt(words[: missed.start()], pressed):
            return Reaction.UNCHANGED
        if turn.text and _NOT_VALID.search(words):
            return Reaction.REFUSED
        if self.is_of_its_prompt(turn):
            return Reaction.UNCHANGED
        if turn.text and pressed.prompt and _is_again(turn, pressed):
            return Reaction.UNCHANGED
        return Reaction.CHANGED

    def worked(self) -> Pressed | None:
        """The press has changed what is heard. Gives it back."""
        pressed, self.pending, self.waiting = self.pending, None, None
        if pressed:
            self._good = pressed.profile
        return pressed

    def give_up(self) -> Pressed | None:
        pressed, self.pending, self.waiting = self.pending, None, None
        return pressed

    def next_try(self, again_from: int | None = None) -> Attempt | None:
        """Records that the press did nothing, and says how to try next; None at the end of the ladder.

        ``again_from``: when the company spoke again, what has now been heard to its end.
        """
        assert self.pending is not None
        attempt = self._next(self.pending, again_from)
        self._out.record(
            PressIneffective(
                digits="•" if self.pending.secret else self.pending.digits, profile=self.pending.profile.value,
                next_profile=attempt.profile.value if attempt else None,
            )
        )  # fmt: skip
        return attempt

    def _next(self, pressed: Pressed, again_from: int | None) -> Attempt | None:
        if again_from is not None and self.too_late(again_from):
            return Attempt(pressed.profile, Moment.AFTER, pressed.rung, late=pressed.late + 1)
        if pressed.rung == -1 or (pressed.rung == 0 and pressed.into):  # the same again, now that the prompt is over
            return Attempt(pressed.profile, Moment.AFTER, 0, late=pressed.late)
        return LADDER[pressed.rung + 1] if pressed.rung + 1 < len(LADDER) else None

    def too_late(self, spoke_at: int) -> bool:
        """Whether the key, meant for the silence behind the prompt, came as the company spoke again: worth the same try, sooner."""
        pressed = self.pending
        if pressed is None or pressed.into or pressed.late >= _LATE_TRIES or not 0 <= pressed.rung < len(LADDER):
            return False
        return LADDER[pressed.rung].moment is Moment.AFTER and abs(spoke_at - pressed.at) <= _TOO_LATE

    def retry(self, attempt: Attempt, over_at: int | None = None, began_at: int = 0) -> Pressed:
        """``over_at``: when the prompt that plays will be over, and ``began_at``: when it began, where that is known."""
        assert self.pending is not None
        again = msgspec.structs.replace(
            self.pending, anew=None, rung=attempt.rung, late=attempt.late, profile=attempt.profile, at=self._out.now,
            reason=f"again, {attempt.moment}", into=attempt.moment is Moment.DURING, over_at=over_at, began_at=began_at,
        )  # fmt: skip
        self._send(again)
        return again


def _is_again(turn: Turn, pressed: Pressed) -> bool:
    """The prompt again, or the end of one that was pressed into (whose keys may be bound wrongly).

    A prompt known by its sound and not recognised now is another one, unless it says all but the same words.
    """
    its_end = pressed.into and _may_be_its_end(turn, pressed)
    if its_end and (ends_with(pressed.prompt, turn.text) or _within(turn, pressed)):
        return True
    before = pressed.options
    if pressed.recording_id.startswith(PREFIX) and not its_end and not _all_but_the_same(turn, pressed.prompt, before):
        return False
    return same_menu(turn.text, turn.utterance.menu.options, pressed.prompt, before)


def _another_prompt(before: str, pressed: Pressed) -> bool:
    """What stood before "we did not get your response" was read after the press, and is not the prompt that was answered: it was that
    one that nobody has answered.
    """
    return len(before.split()) > _A_SORRY and contained(before, pressed.prompt) < _ALL_BUT_THE_SAME


def _may_be_its_end(turn: Turn, pressed: Pressed) -> bool:
    if pressed.over_at is None:  # a key pressed in the pause between two sentences cuts none of them
        return turn.cut or turn.start <= pressed.at + _A_PAUSE
    heard_out = pressed.over_at - _STOPPED_SHORT <= turn.end <= pressed.over_at + _ITS_END and not _lacks_its_end(turn, pressed)
    return heard_out and (turn.cut or turn.start < pressed.over_at)


def _lacks_its_end(turn: Turn, pressed: Pressed) -> bool:
    """By its words and by its length; by either alone it may be the recogniser's fault, or the ear's."""
    left = pressed.over_at - turn.end if pressed.over_at is not None else 0
    unsaid = left_unsaid(turn.text, pressed.prompt, pressed.lasts) if left >= _WORDS_SHORT else 0
    return unsaid >= _WORDS_SHORT and abs(unsaid - left) <= _WORDS_SHORT


def _within(turn: Turn, pressed: Pressed) -> bool:
    if not 16 <= len(turn.text) < len(pressed.prompt) or contained(turn.text, pressed.prompt) < 0.9:
        return False
    return not has_own_topic(turn.utterance.menu.options, pressed.options, pressed.prompt)


def _all_but_the_same(turn: Turn, prompt: str, before: tuple[Option, ...]) -> bool:
    """Perhaps without the greeting that came before it the first time."""
    if to_the_word(turn.text, prompt):
        return True
    shorter = len(turn.text) < _WITHOUT_GREETING * len(prompt) and same_keys(turn.utterance.menu.options, before)
    return shorter and max(similarity(turn.text, prompt), contained(turn.text, prompt)) >= _ALL_BUT_THE_SAME
