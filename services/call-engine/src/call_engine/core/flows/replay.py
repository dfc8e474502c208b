"""Verified replay: is what is heard the prompt that the flow's step was learned from, and is the key still the right one?"""

from __future__ import annotations

import enum

import msgspec
from call_contract.prompts import normalise
from call_contract.step_metadata import StepMetadata
from rapidfuzz import fuzz

from call_engine.core.facts import Turn
from call_engine.core.flows.signature import OTHER, SAME, contained, signature, similarity
from call_engine.core.menu import Option, parse_menu
from call_engine.core.understanding.choice import content_words

_SAME_LABEL = 0.84
_TELLING, _TELLING_BEGINNING = 24, 12  #: characters of a prompt that are found in another text only where it is heard
_A_MENU = 2  #: options, at least
_CLEARER = 0.2  #: so much nearer must another key's label be, where the learned key's label would pass as well …
_TO_THE_LETTER, _ANOTHER = 0.97, 0.92  #: likeness of a label: "starting service" is not "stopping service" where both are offered
_CLEARER_WHERE_CHANGED = 0.08  #: … and so much where the menu has more or other keys than it had


class Match(enum.StrEnum):
    MATCHED = "matched"
    DRIFTED = "drifted"
    UNKNOWN = "unknown"  #: nothing to compare with


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """``digits``: what to press for the same thing here; None where that is not known."""

    match: Match
    similarity: float
    digits: str | None
    reason: str = ""


def compare(metadata: StepMetadata, turn: Turn, digits: str | None, label: str) -> Verdict:
    """``digits`` and ``label``: the learned response and what it stands for."""
    options = turn.utterance.menu.options
    if metadata.prompt and not metadata.options and digits:
        label, options = _by_words(metadata.prompt.transcript, turn.text, digits) or (label, options)
    expected = metadata.prompt.transcript if metadata.prompt else metadata.transcript_pattern or ""
    options = _as_learned(turn, options, metadata, expected)
    cut = metadata.prompt is not None and metadata.prompt.cut
    alike = _alike(expected, turn.text, cut=cut) if expected else 0.0
    changed = bool(metadata.options) and turn.utterance.menu.complete and _changed(metadata, options)
    moved = _moved(_untaken(options, metadata, digits, label), digits, label, _CLEARER_WHERE_CHANGED if changed else _CLEARER)
    if moved is not None:
        return Verdict(match=Match.DRIFTED, similarity=alike, digits=moved or None, reason=f"{label}: the key is another one now")
    if _another_menu(metadata, options, digits, label):
        return Verdict(match=Match.DRIFTED, similarity=alike, digits=None, reason="another menu")
    if not expected:
        return Verdict(match=Match.UNKNOWN, similarity=0.0, digits=digits)
    if alike < OTHER:
        return Verdict(
            match=Match.DRIFTED, similarity=alike, digits=digits if _offers(options, digits, label) else None, reason="another prompt"
        )
    if changed:
        kept = digits if _offers(options, digits, label) else None
        return Verdict(match=Match.DRIFTED, similarity=alike, digits=kept, reason="options have changed")
    if alike >= SAME or _offers(options, digits, label):
        return Verdict(match=Match.MATCHED, similarity=alike, digits=digits)
    return Verdict(match=Match.DRIFTED, similarity=alike, digits=None, reason="the prompt has changed")


def _by_words(learned: str, heard: str, digits: str) -> tuple[str, tuple[Option, ...]] | None:
    """(label, options heard), where only the words of the prompt are known: both are read without punctuation, so that a recogniser's full
    stops bind no key to another label than they did. None where the learned words do not name the key.
    """
    label = next((option.label for option in parse_menu(learned).options if option.digits == digits), "")
    return (label, parse_menu(" ".join(normalise(heard))).options) if label else None


def _as_learned(turn: Turn, options: tuple[Option, ...], metadata: StepMetadata, expected: str) -> tuple[Option, ...]:
    """Where the learned prompt was heard to the word, each of its keys is for what it was, however its label is cut in what is more: if its
    keys are still said on the same side of what they are for, and nothing of that has another key now.
    """
    learned = {one.digits: one.label for one in metadata.options}
    to_the_word = len(learned) >= _A_MENU and f" {' '.join(normalise(expected))} " in f" {' '.join(normalise(turn.text))} "
    if not to_the_word or not learned.keys() <= {one.digits for one in options}:
        return options
    same_side = parse_menu(expected).direction == turn.utterance.menu.direction
    labels = {label: digits for digits, label in learned.items()}
    if not same_side or any(labels.get(one.label, one.digits) != one.digits for one in options):
        return options
    return tuple(Option(one.digits, learned.get(one.digits, one.label), one.confidence) for one in options)


def _alike(expected: str, text: str, *, cut: bool) -> float:
    """A greeting before the prompt does not make it another one; nor does what is behind the beginning of one of which no more is known."""
    whole = similarity(expected, text)
    enough = len(expected) >= (_TELLING_BEGINNING if cut else _TELLING)
    return max(whole, contained(expected, text)) if enough and len(text) >= len(expected) * 0.7 else whole


def same_label(one: str, other: str) -> bool:
    """The same words up to the recogniser's spelling, or all the words that matter of one in the other."""
    left, right = signature(one), signature(other)
    if not left or not right:
        return False
    if fuzz.token_sort_ratio(left, right) >= 100 * _SAME_LABEL:
        return True
    words, others = content_words(left), content_words(right)
    return bool(words and others) and (words <= others or others <= words)


def label_likeness(one: str, other: str) -> float:
    """In [0, 1]: by their letters, or by the words that matter (Dice)."""
    left, right = signature(one), signature(other)
    words, others = content_words(left), content_words(right)
    common = 2 * len(words & others) / (len(words) + len(others)) if words and others else 0.0
    return max(common, fuzz.token_sort_ratio(left, right) / 100.0)


def _offers(options: tuple[Option, ...], digits: str | None, label: str) -> bool:
    """The menu heard has this key, for this."""
    return any(one.digits == digits and (not label or same_label(one.label, label)) for one in options)


def _another_menu(metadata: StepMetadata, options: tuple[Option, ...], digits: str | None, label: str) -> bool:
    """Behind the same greeting: most of what is offered was never offered before, and the learned option is not surely there."""
    if len(options) < _A_MENU or not metadata.options or not label:
        return False
    if any(one.digits == digits and label_likeness(one.label, label) >= _SAME_LABEL for one in options):
        return False
    new = [one for one in options if not any(same_label(one.label, learned.label) for learned in metadata.options)]
    return 2 * len(new) > len(options)


def _untaken(options: tuple[Option, ...], metadata: StepMetadata, digits: str | None, label: str) -> tuple[Option, ...]:
    """Those that are not, to the letter, what another learned key stood for: each is still the same thing, whatever else it is like."""
    others = [one.label for one in metadata.options if one.digits != digits and one.label != label]

    def taken(option: Option) -> bool:
        own = label_likeness(option.label, label)
        return own < _TO_THE_LETTER and any(label_likeness(option.label, other) >= _TO_THE_LETTER for other in others)

    return tuple(option for option in options if option.digits == digits or not taken(option))


def _moved(options: tuple[Option, ...], digits: str | None, label: str, clear: float) -> str | None:
    """None: not moved as far as can be heard. Otherwise the new digits, or "" if the label is not offered any more."""
    if not digits or not label or not options:
        return None
    here = next((one for one in options if one.digits == digits), None)
    alike = [one for one in options if same_label(one.label, label)]
    nearest = max(alike, key=lambda one: label_likeness(one.label, label), default=None)
    if here in alike and nearest is not None:
        clearer = label_likeness(nearest.label, label) - label_likeness(here.label, label) if here else 0.0
        exactly, here_so = label_likeness(nearest.label, label), label_likeness(here.label, label) if here else 0.0
        to_the_letter = exactly >= _TO_THE_LETTER and here_so <= _ANOTHER
        return nearest.digits if clearer >= clear or to_the_letter else None
    if nearest is not None:
        return nearest.digits
    return "" if here is not None and here.label else None


def _changed(metadata: StepMetadata, options: tuple[Option, ...]) -> bool:
    learned = {one.digits: one.label for one in metadata.options}
    heard = {one.digits: one.label for one in options if one.confidence >= 0.8}
    if not heard:
        return False
    cut = metadata.prompt is not None and metadata.prompt.cut  # more keys may come
    added = [] if cut else [digits for digits in heard if digits not in learned]
    gone = [digits for digits in learned if digits not in heard]
    renamed = [digits for digits in heard if digits in learned and not same_label(heard[digits], learned[digits])]
    return bool(added or renamed or len(gone) > 1 or (gone and len(heard) + 1 == len(learned) and len(learned) > 1))
