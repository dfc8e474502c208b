"""Numbers that must not be written down: payment cards, US social security numbers, and the secrets typed on this call.

Applied to every text before it is journalled. A card is 13 to 19 digits that pass the Luhn check (ISO/IEC 7812-1), grouped or
spoken with pauses (spaces, hyphens, full stops, commas); a social security number is 3-2-4 digits with separators, or nine digits
after the words. A digit is a figure, or a word where a recogniser has written one, in English, Spanish, French and German.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from typing import Any

MASK = "•"
MASKED_DIGITS = MASK * 4  #: stands for typed data of any length

_WORDS = (
    "zero|oh|cero|zéro|null", "one|uno|una|un|une|eins", "two|dos|deux|zwei|zwo", "three|tres|trois|drei", "four|cuatro|quatre|vier",
    "five|cinco|cinq|fünf|fuenf", "six|seis|sechs", "seven|siete|sept|sieben", "eight|ocho|huit|acht", "nine|nueve|neuf|neun",
)  # fmt: skip
_DIGIT_OF = {word: digit for digit, words in enumerate(_WORDS) for word in words.split("|")}
_GAP = r"[\s.,\-]{0,3}"
_DIGIT = rf"(?:\d|\b(?:{'|'.join(_WORDS)})\b)"
_ONE_DIGIT = re.compile(_DIGIT, re.IGNORECASE)
_DIGIT_RUN = re.compile(rf"{_DIGIT}(?:{_GAP}{_DIGIT}){{12,}}", re.IGNORECASE)
_SSN = re.compile(r"\b(?!000|666|9\d\d)\d{3}[-. ](?!00)\d{2}[-. ](?!0000)\d{4}\b")
_SSN_NAMED = re.compile(rf"(social security(?:\s+number)?[^\d]{{0,20}}?){_DIGIT}(?:{_GAP}{_DIGIT}){{8}}\b", re.IGNORECASE)

#: Fields of call events that hold words; everything else in them is made by the engine.
TEXT_FIELDS = frozenset(
    {"text", "transcript", "description", "label", "chosen_label", "choice_reason", "heard", "expected", "reason", "what"}
)


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """The text with card numbers, social security numbers and the given digit strings masked."""
    for secret in secrets:
        digits = [rf"(?:{c}|\b(?:{_WORDS[int(c)]})\b)" if c in "0123456789" else re.escape(c) for c in secret if c.isalnum()]
        if len(digits) >= 3:
            text = re.sub(rf"(?<!\d){_GAP.join(digits)}(?!\d)", MASKED_DIGITS, text, flags=re.IGNORECASE)
    text = _DIGIT_RUN.sub(_mask_cards, text)
    text = _SSN.sub(MASKED_DIGITS, text)
    return _SSN_NAMED.sub(rf"\1{MASKED_DIGITS}", text)


def redact_fields(body: Any, secrets: Iterable[str] = (), *, is_text: bool = False) -> Any:
    """The JSON value with every text field redacted, however deep it is."""
    secrets = tuple(secrets)
    match body:
        case dict():
            return {k: redact_fields(v, secrets, is_text=k in TEXT_FIELDS) for k, v in body.items()}
        case list():
            return [redact_fields(item, secrets, is_text=is_text) for item in body]
        case str() if is_text:
            return redact(body, secrets)
        case _:
            return body


def _mask_cards(run: re.Match[str]) -> str:
    """Masks every window of 19 down to 13 digits that passes the Luhn check; other digits stay."""
    found = list(_ONE_DIGIT.finditer(run.group()))
    digits = [_value(one.group()) for one in found]
    hidden: set[int] = set()
    start = 0
    while start + 13 <= len(digits):
        length = next((n for n in range(min(19, len(digits) - start), 12, -1) if _luhn(digits[start : start + n])), 0)
        hidden.update(range(start, start + length))
        start += length or 1
    numbers = itertools.count()
    return _ONE_DIGIT.sub(lambda one: MASK if next(numbers) in hidden else one.group(), run.group())


def _value(digit: str) -> int:
    return int(digit) if digit.isdigit() else _DIGIT_OF[digit.casefold()]


def _luhn(digits: list[int]) -> bool:
    if not any(digits):
        return False
    doubled = (d if i % 2 == 0 else (d * 2 - 9 if d > 4 else d * 2) for i, d in enumerate(reversed(digits)))
    return sum(doubled) % 10 == 0
