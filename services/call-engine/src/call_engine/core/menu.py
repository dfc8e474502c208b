"""Understands a spoken menu: which key leads where."""

from __future__ import annotations

import re

import msgspec

from call_engine.core.languages import MENU_WORDS, language_of
from call_engine.core.menu_binding import Bound, Side, Spans, bind, spans_of
from call_engine.core.menu_keys import Key, find_keys
from call_engine.core.menu_labels import starts_label, tidy
from call_engine.core.words import Token, join, tokenise

_STAY = re.compile(
    r"(otherwise|or)?[ ,]*(please )?(stay|remain|hold|wait|stand by)( on)?( the)?( line)?"
    r"(?= |$)|permanezca|no cuelgue|mant[eé]ngase|restez en ligne|patientez|bleiben sie|espere en la linea"
)
_NOT_A_MENU_KEY = re.compile(r"\b(followed by|when (you are )?(done|finished)|then press|to end|seguido|suivi)\b")


class Option(msgspec.Struct, frozen=True):
    digits: str
    label: str
    confidence: float = 1.0


class Menu(msgspec.Struct, frozen=True):
    """``complete``: heard to its end. ``stay``: what staying on the line leads to, if the menu says so."""

    options: tuple[Option, ...] = ()
    complete: bool = True
    language: str = "en"
    direction: str = ""
    stay: str | None = None
    repeats: bool = False  #: it was heard more than once in this text


def parse_menu(text: str, language: str = "") -> Menu:
    """``language`` is a hint; each verb of pressing is understood in its own language anyway."""
    tokens = tokenise(text)
    spoken = language or language_of([token.text for token in tokens])
    keys = [key for key in find_keys(tokens, spoken) if not _ends_data_entry(tokens, key)]
    spans = spans_of(tokens, keys)
    bound = bind(tokens, keys, spans)
    complete = _is_complete(text, tokens, bound, spans)
    if bound and bound[-1].side is Side.RIGHT and not tidy(bound[-1].label):
        bound = bound[:-1]  # the text ends before it says what this key is for
    options, repeats = _merge([_option(one) for one in bound])
    return Menu(
        options=options,
        complete=repeats or complete,
        language=spoken,
        direction=_direction(bound),
        stay=_stay(tokens, keys),
        repeats=repeats,
    )


def _ends_data_entry(tokens: list[Token], key: Key) -> bool:
    """ "… followed by the pound key" names a key but no option."""
    before = join(tokens[max(0, key.start - 4) : key.start + 1])
    return key.digits in "#*" and bool(_NOT_A_MENU_KEY.search(before))


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


def _stay(tokens: list[Token], keys: list[Key]) -> str | None:
    text = join(tokens)
    if re.search(r"\b(stay|remain|hold|wait) on (the )?line\b|\b(otherwise|or),? (please )?(hold|wait|stay)\b|permanezca en (la )?linea|"
                 r"restez en ligne|bleiben sie (bitte )?(in|am)", text):  # fmt: skip
        found = re.search(r"(?:^|press \S+ )((?:for|to) (?:(?!press ).){3,60}?) (?:please )?(?:stay|remain|hold|wait)", text)
        return tidy(tokenise(found.group(1))) if found else ""
    return None


def _is_complete(text: str, tokens: list[Token], bound: list[Bound], spans: Spans) -> bool:
    """Whether the text ends where a menu may end: no verb, "for" or label is left hanging."""
    if not tokens:
        return False
    last = tokens[-1].text
    if any(last in words.verbs | words.starters for words in MENU_WORDS.values()) and not (bound and bound[-1].key.end == len(tokens)):
        return False
    if last in ("or", "and", "the", "your", "a", "please", "you", "o", "y", "el"):
        return False
    if bound and bound[-1].side is Side.RIGHT and not tidy(bound[-1].label):
        return False
    if bound and bound[-1].side is Side.LEFT and starts_label(spans.words[-1]) and not _STAY.search(join(spans.words[-1])):
        return False
    ending = text.rstrip().rstrip("\"'")[-1:]
    return not (ending not in ".?!" and ending != "" and ("." in text[:-1] or text.rstrip().endswith(("...", "-", "—", ","))))
