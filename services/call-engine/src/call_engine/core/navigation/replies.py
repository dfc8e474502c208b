"""Answers to what is asked on the way that is no menu: data, open questions, confirmations, offers, surveys. Never invents data."""

from __future__ import annotations

import re

import msgspec
from call_contract.call_events import AudioPlayed, CallOutcome
from call_contract.discoveries import Discovery, DiscoveryType, HeardOption

from call_engine.core.call_time import ms
from call_engine.core.effects import DtmfProfile, Play
from call_engine.core.facts import Turn
from call_engine.core.kit import Kit
from call_engine.core.menu import Option
from call_engine.core.navigation.keying import Keying
from call_engine.core.orders import EndCall
from call_engine.core.understanding.callback_offer import accepting, staying
from call_engine.core.understanding.choice import Choice
from call_engine.core.understanding.staying_on import waits_or_declines
from call_engine.core.utterance import ANNOUNCEMENT
from call_engine.core.vocabulary import lexicon, phrases
from call_engine.core.vocabulary.words import fold

_SKIP = re.compile(r"\b(don't have|do not have|don't know|do not know|without|skip|no tengo|je n'ai pas|keine|not have)\b")
_ENTER = re.compile(
    r"\b(enter|key in|type in|punch in|ingrese|introduzca|saisissez|entrez|geben sie)\b.*\b(number|digits?|code|pin|numero|codigo|nummer)\b"
)
_SENTENCE = re.compile(r"[.?!]")
_YES = re.compile(r"\b(yes|correct|right|confirm|si|oui|ja|richtig|korrekt)\b")
_NO = re.compile(r"\b(no|not|incorrect|wrong|nein|non|decline|skip|continue|without)\b")
_TOLD, _SURELY = frozenset((phrases.NOTICE, ANNOUNCEMENT)), 3.0  #: what only tells something, and votes beside that
_NUMBERS = re.compile(r"\d[\d\s-]{2,}")


def asks_for_data(turn: Turn) -> bool:
    """Whether what was heard as a menu is a question for data, with the key that ends it or a way around as its only keys.
    Or what was heard as a notice: the question may be in the same breath, and its way around with it.
    """
    labels = [option.label for option in turn.utterance.menu.options]
    around = [label for label in labels if _SKIP.search(label)]
    may_ask = turn.utterance.kind in _TOLD or (turn.utterance.kind == phrases.MENU and around == labels)
    if around and may_ask and turn.utterance.votes.get(phrases.DATA, 0.0) >= _SURELY:
        return True
    asked = [option.label for option in turn.utterance.menu.options if _is_entered(option, turn.text)]
    return bool(asked) and all(label in asked or _SKIP.search(label) for label in labels)


def _is_entered(option: Option, text: str) -> bool:
    """ "(enter your) account number, then press pound": its key ends what is to be entered."""
    if _ENTER.search(fold(option.label)):
        return True
    label, sentences = fold(option.label), _SENTENCE.split(fold(text)) if option.digits in ("#", "*") else []
    return any(label in sentence and _ENTER.search(sentence.partition(label)[0] + label) for sentence in sentences)


class Replies:
    """Methods give the explorer's next state, or None for the one its table names."""

    def __init__(self, kit: Kit, keys: Keying, intent: str) -> None:
        self._kit = kit
        self._keys = keys
        self._intent = intent
        self._data_asked = 0
        self._questions = 0
        self._confirmed = 0

    def skip_data(self, turn: Turn) -> str | None:
        """Skips by the key the prompt offers, else by silence, pound and zero, in this order; never by data."""
        self._data_asked += 1
        offered = next((one for one in turn.utterance.menu.options if _SKIP.search(one.label) or _is_operator(one)), None)
        if offered is not None and self._data_asked <= 2:
            return self._skip(offered, turn)
        self._note(DiscoveryType.DATA_ENTRY, turn)
        if self._data_asked == 1:
            return None
        if self._data_asked <= 3:
            return self._guess("#" if self._data_asked == 2 else "0", turn, "skip a question for data")
        return self._end(CallOutcome.NEEDS_DATA, "the company wants data that this call does not have")

    def _skip(self, offered: Option, turn: Turn) -> str:
        """The key that the prompt names for this is pressed like that of a menu: again, and otherwise, until it shows an effect."""
        recording_id, reason = self._kit.prompts.keep(turn), f"skip: {turn.open_label(offered.label)}"
        choice = Choice(offered.digits, offered.label, offered.confidence, "skip")
        self._keys.discover(turn, recording_id, choice, dtmf=offered.digits, waits=True, kind=DiscoveryType.DATA_ENTRY)
        self._keys.press(offered.digits, turn, start=turn.start, recording_id=recording_id, reason=reason, known_at=turn.end)
        return "pressed"

    def say_intent(self, turn: Turn) -> str | None:
        """Tells a voice bot the intent if the call may speak; else silence, then zero."""
        self._questions += 1
        speaks = self._kit.plan.may_speak and self._questions <= 2
        saying = self._intent if self._questions == 1 and self._intent else "representative"
        self._note(DiscoveryType.OPEN_QUESTION, turn, said=saying if speaks else "")
        offered = next(iter(turn.utterance.menu.options), None)
        if offered is not None and self._questions > 1:
            reason = f"{turn.open_label(offered.label)}: instead of speaking"
            self._send(offered.digits, turn, reason)
            return self._pressed(offered.digits, reason)
        if speaks:
            self._say(saying)
            return None
        if self._questions <= 2:
            return None
        if self._questions <= 4:
            return self._guess("0", turn, "a voice bot: ask for a human", profile=None if self._questions == 3 else DtmfProfile.INBAND)
        return self._end(CallOutcome.NEEDS_SPEECH, "a voice bot that takes no keys")

    def confirm(self, turn: Turn) -> str | None:
        """Confirms what we chose ourselves; never a number or a name that was not given by us."""
        self._confirmed += 1
        ours = not _NUMBERS.search(turn.text)
        options = turn.utterance.menu.options
        wanted = next((one for one in options if (_YES if ours else _NO).search(one.label)), None)
        if wanted is None and ours and len(options) == 1:
            if self._confirmed == 1 and not turn.utterance.votes.get(phrases.CONFIRM):
                return None  # it may be the last option of a menu, of which more is heard the next time
            wanted = options[0]
        if self._confirmed > 4:
            return self._end(CallOutcome.STUCK, "asked to confirm again and again")
        if wanted is not None:
            self._note(DiscoveryType.IVR_MENU, turn, said=wanted.label, pressed=wanted.digits, reason="confirm")
            return self._send(wanted.digits, turn, f"confirm: {turn.open_label(wanted.label)}")
        if self._kit.plan.may_speak:
            self._say("yes" if ours else "no")
        return None

    def answer_offer(self, turn: Turn) -> str | None:
        """A call-back offer: accepted only if the plan says so; otherwise we keep waiting."""
        options = turn.utterance.menu.options
        stay, accept = staying(options), accepting(options)
        accepted = accept if self._kit.plan.accept_callback else None
        answer = accepted or stay
        self._note(DiscoveryType.CALLBACK_OFFER, turn, pressed=answer.digits if answer else None)
        if accepted is not None:
            self._send(accepted.digits, turn, "call back accepted")
            self._kit.orders.give(EndCall(CallOutcome.CALLBACK_ACCEPTED, "the company will call back", after_keys=True))
            return "over"
        return self._send(stay.digits, turn, turn.open_label(stay.label)) if stay is not None else None

    def decline_survey(self, turn: Turn) -> str | None:
        declining = next((one for one in turn.utterance.menu.options if _NO.search(one.label) or waits_or_declines(one.label)), None)
        if declining is None:
            return None
        self._note(DiscoveryType.IVR_MENU, turn, said=declining.label, pressed=declining.digits, reason="no survey")
        return self._send(declining.digits, turn, "no survey")

    def note(self, turn: Turn) -> str | None:
        self._note(DiscoveryType.ANNOUNCEMENT, turn)
        return None

    def note_transfer(self, turn: Turn) -> str | None:
        """It answers the key: in a turn that the key began it starts with its first word."""
        start = turn.words[0].start_sample if turn.cut and turn.words and not turn.recording_id else turn.start
        self._note(DiscoveryType.TRANSFER_NOTICE, msgspec.structs.replace(turn, start=start))
        return None

    def end_closed(self, turn: Turn) -> str | None:
        self._note(DiscoveryType.CLOSED, turn)
        return self._end(CallOutcome.CLOSED, "the company is closed")

    def end_voicemail(self, turn: Turn) -> str | None:
        self._note(DiscoveryType.VOICEMAIL, turn)
        return self._end(CallOutcome.VOICEMAIL, "a voice mail")

    # --- means ---

    def _note(self, kind: DiscoveryType, turn: Turn, *, said: str = "", pressed: str | None = None, reason: str = "") -> None:
        """``said``, ``pressed``: the answer to it."""
        rest = turn.cut and kind is not DiscoveryType.TRANSFER_NOTICE  # which is not to be taken for the whole prompt
        recording_id = "" if rest else self._kit.prompts.keep(turn)
        known = self._kit.prompts.fingerprints.get(recording_id, "")
        found = Discovery(
            type=kind, transcript=turn.open_text, at_ms=ms(turn.start), duration=ms(turn.end - turn.start) / 1000.0, language=turn.language,
            fingerprint=known, description=turn.open_text[:80], chosen_label=turn.open_label(said), dtmf_sent=pressed, choice_reason=reason,
            options=[HeardOption(digits=one.digits, label=one.label, confidence=one.confidence) for one in turn.open_options],
            complete=turn.utterance.menu.complete,
        )  # fmt: skip
        self._kit.discoveries.add(found, recording_id="" if known else recording_id, seal=turn.sealed_text)

    def _guess(self, digits: str, turn: Turn, reason: str, *, profile: DtmfProfile | None = None) -> str:
        """A key that nobody named is pressed once: whoever takes no notice of it is asked no more."""
        self._send(digits, turn, reason, once=True, profile=profile)
        return self._pressed(digits, reason)

    def _pressed(self, digits: str, reason: str) -> str:
        self._kit.discoveries.add(Discovery(type=DiscoveryType.DTMF, dtmf_sent=digits, description=reason, at_ms=ms(self._kit.now)))
        return "pressed"

    def _send(self, digits: str, turn: Turn, reason: str, *, once: bool = False, profile: DtmfProfile | None = None) -> str:
        self._kit.delivery.press(digits, prompt=turn, reason=reason, prompt_known_at=turn.end, once=once, profile=profile)
        self._kit.hearing.cut(self._kit.now)
        return "pressed"

    def _say(self, text: str) -> None:
        self._kit.outbox.do(Play(playback_id=f"say:{self._kit.now}", text=text))
        self._kit.outbox.record(AudioPlayed(what=f"text:{text}"))

    def _end(self, outcome: CallOutcome, reason: str) -> str:
        self._kit.orders.give(EndCall(outcome, reason))
        return "over"


def _is_operator(option: Option) -> bool:
    return any(word in fold(option.label) for word in lexicon.OPERATOR)
