"""Finds the keys a text tells one to press: after a verb of pressing, or bare where a menu goes on ("… press one; sales, two")."""

from __future__ import annotations

import msgspec

from call_engine.core.languages import MENU_WORDS
from call_engine.core.number_words import HOMOPHONES, KEYS, QUANTITIES, key_of
from call_engine.core.words import Token

_AND = frozenset(("or", "and", "o", "y", "ou", "et", "oder", "und"))
_LABEL_OPENERS = MENU_WORDS["en"].starters | {"para", "pour", "fur"}


class Key(msgspec.Struct, frozen=True):
    """Tokens ``start:end`` name these digits. ``spoken`` keys come after a verb, the others are bare."""

    start: int
    end: int
    digits: str
    spoken: bool = True
    confidence: float = 1.0


def find_keys(tokens: list[Token], language: str) -> list[Key]:
    keys = _after_verbs(tokens, language)
    if keys:
        return _with_bare(tokens, keys, language)
    return _enumerated(tokens, language)


def _verb_language(word: str, language: str) -> str | None:
    order = [language, *(known for known in MENU_WORDS if known != language)]
    return next((known for known in order if word in MENU_WORDS[known].verbs), None)


def _after_verbs(tokens: list[Token], language: str) -> list[Key]:
    keys: list[Key] = []
    at = 0
    while at < len(tokens):
        spoken_in = _verb_language(tokens[at].text, language)
        key = _key_after(tokens, at, spoken_in, keys) if spoken_in else None
        if key:
            keys.append(key)
            at = key.end
        else:
            at += 1
    return keys


def _key_after(tokens: list[Token], verb_at: int, language: str, before: list[Key]) -> Key | None:
    fillers = MENU_WORDS[language].fillers | MENU_WORDS[language].verbs
    at = verb_at + 1
    while at < len(tokens) and tokens[at].text in fillers and key_of(tokens[at].text, language) is None and at - verb_at < 6:
        at += 1
    digits, end = _read_digits(tokens, at, language)
    if digits:
        if end < len(tokens) and tokens[end].text in QUANTITIES and not tokens[end].gap and tokens[end].text != "option":
            return None
        return Key(verb_at, _skip_tail(tokens, end, language), digits)
    if at < len(tokens) and language == "en":
        return _homophone(tokens, verb_at, at, before)
    return None


def _read_digits(tokens: list[Token], at: int, language: str) -> tuple[str, int]:
    digits, end = "", at
    while end < len(tokens) and len(digits) < 3 and (end == at or not tokens[end].gap):
        key = key_of(tokens[end].text, language)
        if key is None or (digits and not _joins(tokens, end, key)):
            break
        digits += key
        end += 1
    return digits, end


def _joins(tokens: list[Token], at: int, key: str) -> bool:
    """Whether a second key right after the first belongs to it: "one zero", "star nine", but not "press 1 2 for sales"."""
    previous = tokens[at - 1].text
    if previous in ("star", "asterisk", "*", "pound", "hash", "#"):
        return key.isdigit()
    same_spelling = previous.isdigit() == tokens[at].text.isdigit()
    return same_spelling and key not in "*#" and len(key) == 1 and len(previous) != 2


def _skip_tail(tokens: list[Token], end: int, language: str) -> int:
    tails = MENU_WORDS[language].tails
    while end < len(tokens) and tokens[end].text in tails and not tokens[end].gap:
        end += 1
    return end


def _homophone(tokens: list[Token], verb_at: int, at: int, before: list[Key]) -> Key | None:
    word = tokens[at].text
    digit = HOMOPHONES.get(word)
    if digit is None:
        return None
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    closed = following is None or bool(following.gap) or following.text in ("for", "to", "if", "or", "and")
    in_sequence = bool(before) and before[-1].digits.isdigit() and int(digit) == int(before[-1].digits) + 1
    if word in ("to", "for") and not closed and not in_sequence:
        return None
    return Key(verb_at, at + 1, digit, confidence=0.8 if closed else 0.6)


def _with_bare(tokens: list[Token], keys: list[Key], language: str) -> list[Key]:
    taken = {index for key in keys for index in range(key.start, key.end)}
    found = list(keys)
    for at in range(keys[0].end, len(tokens)):
        if at in taken:
            continue
        digits = key_of(tokens[at].text, language)
        if digits and _is_bare_key(tokens, at, digits, found, taken):
            found.append(Key(at, at + 1, digits, spoken=False, confidence=0.85))
            taken.add(at)
    return sorted(found, key=lambda key: key.start)


def _is_bare_key(tokens: list[Token], at: int, digits: str, found: list[Key], taken: set[int]) -> bool:
    if tokens[at].text in ("o", "oh", "un", "una", "ein", "une") or len(digits) > 1:
        return False
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    if following is not None and not following.gap and (following.text in QUANTITIES or following.text[0].isdigit()):
        return False
    starts = bool(tokens[at].gap) or tokens[at - 1].text in _AND or at - 1 in taken
    opens_label = following is not None and not following.gap and following.text in _LABEL_OPENERS
    ends = following is None or bool(following.gap)
    unpunctuated = not any(token.gap for token in tokens[1:])
    earlier = [int(key.digits) for key in found if key.start < at and key.digits.isdigit()]
    rises = digits in "0*#9" or not earlier or int(digits) > earlier[-1]
    next_in_line = digits in "0*#" or not earlier or int(digits) == max(earlier) + 1
    if tokens[at].gap == "," and ends:  # "Billing, 3. Sales, 4."
        return rises
    if tokens[at].gap == "," and next_in_line and earlier and not opens_label:  # "… claims, 2 change a booking, 3 …"
        return True
    if unpunctuated and at - 1 not in taken:
        return rises and (tokens[at].text.isdigit() or next_in_line or len(earlier) < len(found) or int(digits) > earlier[-1])
    return next_in_line and ((starts and opens_label) or (ends and not starts))


def _enumerated(tokens: list[Token], language: str) -> list[Key]:
    """A menu without any verb: "One. Billing. Two. Sales." needs two numbers in sequence, each opening a clause."""
    found: list[Key] = []
    for at, token in enumerate(tokens):
        digits = KEYS.get(language, KEYS["en"]).get(token.text) or (token.text if token.text.isdigit() else None)
        if digits is None or len(digits) > 1 or not token.gap or at + 1 >= len(tokens):
            continue
        following = tokens[at + 1]
        if not (following.gap or following.text in ("for", "para", "pour", "fur")) or following.text in QUANTITIES:
            continue
        if not found and digits != "1":
            continue
        if not found or not digits.isdigit() or int(digits) == int(found[-1].digits) + 1:
            found.append(Key(at, at + 1, digits, spoken=False, confidence=0.7))
    return found if len(found) >= 2 else []
