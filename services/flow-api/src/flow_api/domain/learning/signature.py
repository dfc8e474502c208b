"""Whether a stop just heard is one that is stored: by what is said, never by where it stands."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Mapping

from call_contract.discoveries import HeardOption
from call_contract.flows import CallFlowStepType
from call_contract.menus import stand_for_others
from call_contract.prompts import SAME_PROMPT, normalise, numbers, phrase_heard, prompt_similarity, telling_words

from flow_api.domain.learning.stops import Stop

#: Scores where there are no words to compare: a hold is a hold, a response is a response.
_WORDLESS = 0.6
_LABELS_ALIKE = 0.5
_KEYS_AGREE = 0.6  #: mean likeness of the labels of the keys that two hearings of one menu have
_SERVICE_KEYS = frozenset("0*#")
_CLEARLY_NEARER = 0.25  #: the label of another key, where that of the learned key would pass as well


def likeness(stored: Stop, heard: Stop) -> float:
    """How surely both are the same place, in [0, 1]; 0 means they are not."""
    if stored.kind is not heard.kind or stored.ends or heard.ends:
        return 0.0
    if stored.kind is CallFlowStepType.LISTEN:
        return _prompt_likeness(stored, heard)
    if stored.kind is CallFlowStepType.DTMF:
        return _WORDLESS if stored.digits == heard.digits else 0.0
    return _WORDLESS


def _prompt_likeness(stored: Stop, heard: Stop) -> float:
    if stored.fingerprint and stored.fingerprint == heard.fingerprint:
        return 1.0
    if heard.transcript and stored.transcript:
        alike = prompt_similarity(stored.transcript, heard.transcript, partial=stored.cut or heard.cut)
        if alike >= SAME_PROMPT and (_both_have_options(stored, heard) or _labels_in_common(stored.transcript, heard.transcript)):
            return alike
        return _WORDLESS if _same_options(stored, heard) else 0.0
    if heard.transcript and stored.pattern:
        return 0.9 if phrase_heard(stored.pattern, heard.transcript) else 0.0
    if not heard.transcript and heard.step_hint in stored.step_ids:
        return 1.0
    if stored.options and heard.options:
        return _WORDLESS if _same_options(stored, heard) else 0.0
    return _WORDLESS if stored.digits == heard.digits else 0.0


def _both_have_options(stored: Stop, heard: Stop) -> bool:
    return bool(stored.options and heard.options)


def _labels_in_common(stored: str, heard: str) -> bool:
    """Where a prompt's options are not known: most of the telling words of the shorter one."""
    left, right = telling_words(stored), telling_words(heard)
    return not left or not right or 2 * len(left & right) > min(len(left), len(right))


def _same_options(stored: Stop, heard: Stop) -> bool:
    """Other words, but the same menu: at least two options in common, half of all there are, and no digit with another meaning."""
    left, right = _telling_labels(stored.options), _telling_labels(heard.options)
    common = left.keys() & right.keys()
    enough = len(common) >= max(2, len(left.keys() | right.keys()) / 2)
    return enough and all(labels_alike(left[digits], right[digits]) for digits in common)


@functools.lru_cache(maxsize=1024)
def _telling_labels(options: tuple[HeardOption, ...]) -> Mapping[str, str]:
    """Digits and labels, without the words that most labels of the menu have: "if you are calling about …" tells none from another."""
    words = {option.digits: normalise(option.label) for option in options}
    in_labels = Counter(word for label in words.values() for word in set(label))
    frame = {word for word, count in in_labels.items() if count > 1 and 2 * count > len(words)}
    return {digits: " ".join([word for word in label if word not in frame] or label) for digits, label in words.items()}


def same_menu(stored: Stop, heard: Stop) -> bool:
    """The same prompt, and the digits in it still mean what they meant. Unknown words are never the same menu."""
    if stored.kind is not heard.kind or not (stored.transcript and heard.transcript):
        return False
    return likeness(stored, heard) > 0 and not digits_moved(stored, heard) and _keys_agree(stored, heard)


def _keys_agree(stored: Stop, heard: Stop) -> bool:
    """Whether the keys that both have stand for the same things, on the whole: menus of one company are worded alike."""
    left, right = _telling_labels(stored.options), _telling_labels(heard.options)
    common = left.keys() & right.keys()
    return not common or sum(_likeness_of_labels(left[digits], right[digits]) for digits in common) >= _KEYS_AGREE * len(common)


def keys_stand_for_others(stored: Stop, heard: Stop) -> bool:
    """Whether the keys that both menus have stand for others.

    Keys that stand for the same in every menu of a company (the operator, once more) tell only where there are no others.
    """
    left, right = _telling_labels(stored.options), _telling_labels(heard.options)
    common = [digits for digits in left.keys() & right.keys() if left[digits] and right[digits]]
    common = [digits for digits in common if digits not in _SERVICE_KEYS] or common
    pairs = [(left[digits], right[digits]) for digits in common]
    return stand_for_others(pairs, same=labels_alike, nothing_alike=lambda one, other: _likeness_of_labels(one, other) == 0.0)


def digits_moved(stored: Stop, heard: Stop) -> bool:
    """Of two stops with one prompt: whether the menu gives the stored response another meaning now."""
    if stored.options and heard.options:
        return _option_moved(stored, heard)
    left, right = numbers(normalise(stored.transcript)), numbers(normalise(heard.transcript))
    if stored.cut or heard.cut:
        shorter = min(len(left), len(right))
        return left[:shorter] != right[:shorter]
    return left != right


def stands_for_another(stored: Stop, heard: Stop) -> bool:
    """Of two hearings of one prompt: whether the stored response is offered for something else now. A misheard key is not enough."""
    if stored.options and heard.options:
        return _option_moved(stored, heard)
    left, right = numbers(normalise(stored.transcript)), numbers(normalise(heard.transcript))
    return len(left) == len(right) and sum(a != b for a, b in zip(left, right, strict=True)) >= 2


def _option_moved(stored: Stop, heard: Stop) -> bool:
    label = stored.label or _label_of(stored.options, stored.digits)
    there = _label_of(heard.options, stored.digits)
    if label and there:
        nearest = max((_likeness_of_labels(label, option.label) for option in heard.options), default=0.0)
        return not labels_alike(label, there) or nearest > _likeness_of_labels(label, there) + _CLEARLY_NEARER
    if label:
        return any(labels_alike(label, option.label) for option in heard.options)
    return False


def _likeness_of_labels(a: str, b: str) -> float:
    """Dice coefficient of their words."""
    left, right = set(normalise(a)), set(normalise(b))
    return 2 * len(left & right) / (len(left) + len(right)) if left and right else 0.0


def _label_of(options: tuple[HeardOption, ...], digits: str | None) -> str:
    return next((option.label for option in options if option.digits == digits), "")


def labels_alike(a: str, b: str) -> bool:
    """Two hearings of one option's label."""
    left, right = set(normalise(a)), set(normalise(b))
    if not left or not right or left == right:
        return left == right
    return len(left & right) / min(len(left), len(right)) > _LABELS_ALIKE or prompt_similarity(a, b) >= SAME_PROMPT
