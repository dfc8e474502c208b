"""Understands a spoken menu: which key leads where."""

from __future__ import annotations

import itertools
import re

import msgspec

from call_engine.core.menus.asides import asides, is_said
from call_engine.core.menus.binding import Bound, Side, bind
from call_engine.core.menus.clauses import Clauses
from call_engine.core.menus.key import Key
from call_engine.core.menus.keys import find_keys
from call_engine.core.menus.labels import tidy
from call_engine.core.menus.misheard import without_false_stops, without_stutter
from call_engine.core.menus.noise import names_no_key
from call_engine.core.menus.refused import refused
from call_engine.core.vocabulary.languages import MENU_WORDS, language_of
from call_engine.core.vocabulary.words import Token, join, tokenise, word_set

_ENDS_DATA_ENTRY = re.compile(
    r"\b(followed by|when (you are )?(done|finished)|then press|to end(?! (?:the|this|your) call)|seguido|suivi|gefolgt"
    r"|puis (?:appuyez|tapez|faites)|ein und drucken)\b"
)
_EMERGENCY = "911"  #: leads nowhere in a menu, whatever is said around it
_HANGING = word_set("or and the your a please you o y el die le")
_BEFORE_YOU = word_set("with help near thank assist serve to for call about and answer")


class Option(msgspec.Struct, frozen=True):
    digits: str
    label: str
    confidence: float = 1.0


class Menu(msgspec.Struct, frozen=True):
    """``complete``: heard to its end. ``cut_off``: the text stops within an option. ``stay``: what staying is for, if that is said."""

    options: tuple[Option, ...] = ()
    complete: bool = True
    cut_off: bool = False
    language: str = "en"
    direction: str = ""
    stay: str | None = None
    repeats: bool = False  #: it was heard more than once in this text


def parse_menu(text: str, language: str = "") -> Menu:
    """``language`` ("en", "de-AT") is a hint, and an unknown one is none; each verb of pressing is understood in its own language."""
    tokens = without_false_stops(without_stutter(tokenise(text)))
    hint = language.partition("-")[0].lower()
    spoken = hint if hint in MENU_WORDS else language_of([token.text for token in tokens])
    noise = [one or other for one, other in zip(names_no_key(tokens), refused(tokens), strict=True)]
    keys = [
        key
        for key in find_keys(tokens, spoken)
        if not noise[key.start if key.is_stay else key.end - 1] and not _ends_data_entry(tokens, key) and key.digits != _EMERGENCY
    ]
    ended = text.rstrip()[-1:] in (".", "!", "?")
    aside = asides(tokens, keys, ended=ended)
    noise = [one or other for one, other in zip(noise, aside, strict=True)]
    bound = [one for one in bind(tokens, keys, noise, cut_off=not ended) if not one.key.is_unheard]
    pressed = _believed([one for one in bound if not one.key.is_stay])
    within = bool(tokens) and not aside[-1] and _stops_within(tokens, bound, pressed, punctuated=ended)
    if pressed and pressed[-1].side is Side.RIGHT and not tidy(pressed[-1].label):
        pressed = pressed[:-1]  # the text ends before it says what this key is for
    if len(pressed) > 1 and pressed[0].side is Side.LEFT and pressed[0].key.start == 0:
        pressed = pressed[1:]  # … or begins behind it
    options, repeats = _merge([_option(one) for one in pressed])
    return Menu(
        options=options,
        complete=repeats or (bool(tokens) and not within and (aside[-1] or _ends_as_it_was_written(text))),
        cut_off=within,
        language=spoken,
        direction=_direction(pressed),
        stay=_stay(bound),
        repeats=repeats,
    )


def _ends_data_entry(tokens: list[Token], key: Key) -> bool:
    """ "… followed by the pound key" names a key but no option."""
    before = join(tokens[max(0, key.start - 4) : key.start + 1])
    return key.digits in ("#", "*") and bool(_ENDS_DATA_ENTRY.search(before))


def _believed(bound: list[Bound]) -> list[Bound]:
    """A menu without any verb ("One. Billing. Two. Sales.") needs two numbers in sequence that say what they are for."""
    if any(one.key.spoken for one in bound):
        return bound
    named = [one for one in bound if tidy(one.label)]
    named = named[next((at for at, one in enumerate(named) if one.key.digits == "1"), 0) :]
    digits = [one.key.digits for one in named]
    steps = [int(after) - int(before) for before, after in itertools.pairwise(digits) if (before + after).isdigit() and after != "0"]
    marked = all(one.key.end - one.key.start > 1 for one in named)  # "number two", "option five"
    counts_up = all(step == 1 for step in steps) or ((len(named) >= 3 or marked) and all(step > 0 for step in steps))
    return named if len(named) >= 2 and (digits[0] == "1" or marked) and counts_up else []


def _option(one: Bound) -> Option:
    label = tidy(one.label)
    confidence = one.key.confidence * (1.0 if label else 0.4)
    return Option(one.key.digits, label, round(confidence, 3))


def _merge(options: list[Option]) -> tuple[tuple[Option, ...], bool]:
    """One option a (digits, label); of two labels for a key the more certain, then the first."""
    found: dict[str, Option] = {}
    repeats = False
    for option in options:
        known = found.get(option.digits)
        if known is None:
            found[option.digits] = option
            continue
        repeats = repeats or (bool(option.label) and known.label == option.label)
        if not known.label or (option.confidence > known.confidence and option.label):
            found[option.digits] = option
    return tuple(found.values()), repeats


def _direction(bound: list[Bound]) -> str:
    if not bound:
        return ""
    lefts = sum(one.side is Side.LEFT for one in bound)
    return Side.LEFT.value if lefts * 2 >= len(bound) else Side.RIGHT.value


def _stay(bound: list[Bound]) -> str | None:
    """What staying on the line is for; empty if the menu does not say."""
    labels = [tidy(one.label) for one in bound if one.key.is_stay]
    return max(labels, key=len) if labels else None


def _stops_within(tokens: list[Token], bound: list[Bound], pressed: list[Bound], *, punctuated: bool) -> bool:
    """Whether the text stops within an option: a verb, "for" or a label is left hanging."""
    ends_in_key = bool(bound) and bound[-1].key.end == len(tokens)
    if not ends_in_key and (
        _hangs(tokens, punctuated) or any(tokens[-1].text in words.verbs | words.starters for words in MENU_WORDS.values())
    ):
        return True
    last = bound[-1] if bound else None
    if last is None or not pressed or last is not pressed[-1]:
        return False
    rest = tokens[last.key.end :]
    if last.side is Side.RIGHT:
        return not tidy(last.label)
    return bool(rest) and Clauses(rest, [False] * len(rest)).opens(0) and not is_said([token.text for token in rest])


def _hangs(tokens: list[Token], punctuated: bool) -> bool:
    """ "… and we'll be right with you." is no sentence that was cut off at "you"."""
    if tokens[-1].text == "you" and punctuated and len(tokens) > 1 and tokens[-2].text in _BEFORE_YOU:
        return False
    return tokens[-1].text in _HANGING


def _ends_as_it_was_written(text: str) -> bool:
    """A text with full stops that does not end in one was not heard to its end."""
    ending = text.rstrip().rstrip("\"'")[-1:]
    return ending in (".", "?", "!", "") or not (". " in text or text.rstrip().endswith(("...", "-", "—", ",")))
