"""A word that belongs to the label, written as a second digit of the key: "press one four stopping service" is "one, for …".

The menu itself tells: another of its keys is followed by that word, none is meant to have two digits, and nothing opens this label.
"""

from __future__ import annotations

import msgspec

from call_engine.core.menus.departments import DEPARTMENTS
from call_engine.core.menus.key import Key
from call_engine.core.vocabulary.languages import MENU_WORDS
from call_engine.core.vocabulary.number_words import HOMOPHONES, KEYS
from call_engine.core.vocabulary.words import Token, word_set

_SAME_SOUND = {"four": "for", "4": "for", "two": "to", "2": "to"}
_NOT_TWICE = DEPARTMENTS.union(*KEYS.values())  #: the second may begin a name, or be a key
_NO_END = word_set("by not never ne should must")
_BEFORE_TOLD, _TOLD = word_set("after before"), word_set("pressing dialing dialling selecting")
_VERBS = frozenset(word for words in MENU_WORDS.values() for word in words.verbs | words.fillers)
_DONE_IN_EVERY_MENU = frozenset(("repeat", "hear", "speak", "talk", "return", "go", "listen"))


def without_heard_words(keys: list[Key], tokens: list[Token]) -> list[Key]:
    openers = {tokens[key.end].text for key in keys if key.spoken and len(key.digits) == 1 and key.end < len(tokens)}
    long = [key for key in keys if len(key.digits) > 1]
    if not all(_opener_in(key, tokens) in openers or _to_do(key, tokens) for key in long):
        return keys  # this menu has keys of two digits
    return [msgspec.structs.replace(key, digits=key.digits[:-1]) if key in long else key for key in keys]


def without_stutter(tokens: list[Token]) -> list[Token]:
    """ "thanks for for calling": a word that was said or written twice, unless it may be a key ("press four for …")."""
    return [
        token
        for at, token in enumerate(tokens)
        if at == 0 or token.gap or token.text != tokens[at - 1].text or not token.text.isalpha() or token.text in _NOT_TWICE
        or (token.text in HOMOPHONES and at > 1 and tokens[at - 2].text in _VERBS)
    ]  # fmt: skip


def without_false_stops(tokens: list[Token]) -> list[Token]:
    """ "You can leave a message by. Pressing 5", "do not. Press 1": no sentence ends in "by" or "not"."""
    return [
        msgspec.structs.replace(token, gap="") if at and token.gap == "." and _goes_on(tokens, at) else token
        for at, token in enumerate(tokens)
    ]


def _goes_on(tokens: list[Token], at: int) -> bool:
    before = tokens[at - 1].text
    return before in _NO_END or (before in _BEFORE_TOLD and tokens[at].text in _TOLD)


def with_openers(keys: list[Key], tokens: list[Token]) -> list[Key]:
    """ "press 3 four changes" where other keys are followed by "for": the word belongs to no label, and is no key of its own."""
    single = [key for key in keys if key.spoken and len(key.digits) == 1 and key.end < len(tokens)]
    openers = {tokens[key.end].text for key in single}
    return [
        msgspec.structs.replace(key, end=key.end + 1) if key in single and _opens_behind(key, tokens) in openers else key for key in keys
    ]


def _opens_behind(key: Key, tokens: list[Token]) -> str | None:
    """The word that the number right behind the key may have been."""
    following = tokens[key.end + 1] if key.end + 1 < len(tokens) else None
    if tokens[key.end].gap or following is None or following.gap or following.text in _SAME_SOUND.values():
        return None
    return _SAME_SOUND.get(tokens[key.end].text)


def without_stuttered_digits(keys: list[Key]) -> list[Key]:
    """ "press three three for …" where the other keys have one digit each: the number was said or written twice."""
    twice = [key for key in keys if len(key.digits) == 2 and key.digits[0] == key.digits[1] and key.end - key.start > 2]
    if not twice or len(keys) < 2 or any(len(key.digits) != 1 for key in keys if key not in twice):
        return keys
    return [msgspec.structs.replace(key, digits=key.digits[0]) if key in twice else key for key in keys]


def _to_do(key: Key, tokens: list[Token]) -> bool:
    """ "star two repeat …": what can be done in every menu is offered with "to"."""
    return _opener_in(key, tokens) == "to" and tokens[key.end].text in _DONE_IN_EVERY_MENU


def _opener_in(key: Key, tokens: list[Token]) -> str | None:
    """The word that the last digit of the key may have been, if the label would begin right after it."""
    if key.end >= len(tokens) or tokens[key.end].gap or tokens[key.end].text in _SAME_SOUND.values():
        return None
    last = tokens[key.end - 1].text
    return _SAME_SOUND.get(last if len(last) > 1 and not last.isdigit() else last[-1:])
