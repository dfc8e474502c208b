from __future__ import annotations

import itertools

import pytest
from call_engine.redaction import MASK, redact, redact_fields
from hypothesis import given, settings
from hypothesis import strategies as st


def with_check_digit(digits: str) -> str:
    total = sum((d * 2 - 9 if d > 4 else d * 2) if i % 2 == 0 else d for i, d in enumerate(int(c) for c in reversed(digits)))
    return digits + str(-total % 10)


CARDS = st.text("0123456789", min_size=12, max_size=18).filter(lambda d: d.strip("0")).map(with_check_digit)
GAPS = st.sampled_from(["", " ", "-", ", ", ". "])


@settings(max_examples=60)
@given(CARDS, GAPS, st.text("abc ,.", max_size=10), st.text("abc ,.", max_size=10))
def test_no_card_number_survives(card: str, gap: str, before: str, after: str) -> None:
    masked = redact(f"{before} {gap.join(card)} {after}")
    assert sum(c.isdigit() for c in masked) < 13
    assert MASK in masked


WORDS = {
    "en": ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
    "es": ["cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve"],
    "fr": ["zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"],
    "de": ["null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun"],
}


def spoken(digits: str, language: str, as_words: list[bool]) -> str:
    """As a recogniser may write it: each digit as a word or as a figure."""
    return " ".join(WORDS[language][int(d)] if word else d for d, word in zip(digits, itertools.cycle(as_words), strict=False))


@settings(max_examples=60)
@given(CARDS, st.sampled_from(sorted(WORDS)), st.lists(st.booleans(), min_size=1, max_size=7), st.sampled_from([" ", ", ", " and then "]))
def test_no_spoken_card_number_survives(card: str, language: str, as_words: list[bool], before: str) -> None:
    said = spoken(card, language, as_words)
    masked = redact(f"my card is{before}{said} thank you")
    assert said not in masked
    assert MASK in masked
    assert masked.startswith("my card is")
    assert masked.endswith("thank you")


@settings(max_examples=60)
@given(
    st.text("0123456789", min_size=4, max_size=10), st.sampled_from(sorted(WORDS)), st.lists(st.booleans(), min_size=1, max_size=7)
)  # fmt: skip
def test_no_spoken_secret_survives(secret: str, language: str, as_words: list[bool]) -> None:
    said = spoken(secret, language, as_words)
    assert said not in redact(f"You entered {said}. Is that correct?", [secret])


@settings(max_examples=60)
@given(st.text("0123456789", min_size=4, max_size=10), GAPS)
def test_no_secret_survives(secret: str, gap: str) -> None:
    said = f"you entered {gap.join(secret)} is that correct"
    assert gap.join(secret) not in redact(said, [secret])


@pytest.mark.parametrize(
    "text",
    [
        "one of our representatives will be with you in two to three minutes",
        "press one for billing, two for sales, three for support",
        "call one eight hundred five five five one two three four",
        "press 1 for billing, press 2 for sales",
        "call 1 800 555 1234 back",
        "your wait is 25 minutes",
        "reference 1234 5678 9012 34",
        "",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "my number is 123-45-6789",
        "social security number 1 2 3 4 5 6 7 8 9",
        "social security: 123 45 6789",
        "social security number one two three four five six seven eight nine",
    ],
)
def test_social_security_numbers_are_masked(text: str) -> None:
    masked = redact(text)
    assert not any(c.isdigit() for c in masked)
    assert "five six seven" not in masked


def test_only_words_are_looked_at_however_deep() -> None:
    card = "4111 1111 1111 1111"
    body = {"discovery": {"transcript": f"card {card}", "options": [{"label": card, "digits": "4"}]}, "fingerprint": "4111111111111111"}
    masked = redact_fields(body)
    assert card not in str(masked)
    assert masked["fingerprint"] == body["fingerprint"]
