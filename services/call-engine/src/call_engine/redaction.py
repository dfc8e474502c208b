"""Numbers that must not be written down: payment cards, US social security numbers, and the secrets typed on this call.

Applied to every text before it is journalled. A card is 13 to 19 digits that pass the Luhn check (ISO/IEC 7812-1), grouped or
spoken with pauses (spaces, hyphens, full stops, commas); a social security number is 3-2-4 digits with separators, or nine digits
after the words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

MASK = "•"
MASKED_DIGITS = MASK * 4  #: stands for typed data of any length

_GAP = r"[\s.,\-]{0,3}"
_DIGIT_RUN = re.compile(rf"\d(?:{_GAP}\d){{12,}}")
_SSN = re.compile(r"\b(?!000|666|9\d\d)\d{3}[-. ](?!00)\d{2}[-. ](?!0000)\d{4}\b")
_SSN_NAMED = re.compile(r"(?i)(social security(?:\s+number)?[^\d]{0,20})\d(?:[\s.,\-]{0,3}\d){8}\b")

#: Fields of call events that hold words; everything else in them is made by the engine.
TEXT_FIELDS = frozenset(
    {"text", "transcript", "description", "label", "chosen_label", "choice_reason", "heard", "expected", "reason", "what"}
)


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """The text with card numbers, social security numbers and the given digit strings masked."""
    for secret in secrets:
        digits = [re.escape(c) for c in secret if c.isalnum()]
        if len(digits) >= 3:
            text = re.sub(rf"(?<!\d){_GAP.join(digits)}(?!\d)", MASKED_DIGITS, text)
    if not any(c.isdigit() for c in text):
        return text
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
    text = run.group()
    places = [i for i, c in enumerate(text) if c.isdigit()]
    digits = [int(text[i]) for i in places]
    masked = list(text)
    start = 0
    while start + 13 <= len(digits):
        length = next((n for n in range(min(19, len(digits) - start), 12, -1) if _luhn(digits[start : start + n])), 0)
        for i in range(start, start + length):
            masked[places[i]] = MASK
        start += length or 1
    return "".join(masked)


def _luhn(digits: list[int]) -> bool:
    if not any(digits):
        return False
    doubled = (d if i % 2 == 0 else (d * 2 - 9 if d > 4 else d * 2) for i, d in enumerate(reversed(digits)))
    return sum(doubled) % 10 == 0
