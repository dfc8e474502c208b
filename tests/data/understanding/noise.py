"""What recognisers make of telephone speech: the same words, written the way a small model writes them.

Seen in transcripts of 8 kHz prompts: full stops that move from behind the digit to before the verb, no punctuation at all, digits as
words or numerals, homophones (to/two/too, for/four, won, ate), "pressed", a lost first word, a lost "please", a repeated word.
Nothing here changes what a careful listener would understand, except that a lost first word is lost.
"""

from __future__ import annotations

import random
import re

_WORDS = {
    "en": "zero one two three four five six seven eight nine",
    "es": "cero uno dos tres cuatro cinco seis siete ocho nueve",
    "fr": "zéro un deux trois quatre cinq six sept huit neuf",
    "de": "null eins zwei drei vier fünf sechs sieben acht neun",
}
_HOMOPHONES = {"1": ["won"], "2": ["to", "too"], "4": ["for"], "8": ["ate"]}
_OPENING_WORDS = "for to if thank thanks welcome good you you've hello please our para pour für um gracias bienvenido bonjour"
_OPENERS = frozenset(_OPENING_WORDS.split())
_VERB = {
    "en": r"press|dial|select",
    "es": r"marque el|marque|oprima|presione el número|presione|pulse",
    "fr": r"appuyez sur le|appuyez sur|faites le|tapez",
    "de": r"drücken Sie bitte die|drücken Sie die|drücken Sie|wählen Sie bitte die",
}


def noised(text: str, language: str, draw: random.Random) -> str:
    """A writing that differs from ``text`` if any confusion applies to it; as a rule two or three come together."""
    for _ in range(8):
        written = text
        for probability, confusion in _CONFUSIONS:
            if draw.random() < probability:
                written = confusion(written, language, draw)
        written = re.sub(r"\s+", " ", written).strip()
        if written != text:
            break
    return written


def _moved_stops(text: str, language: str, draw: random.Random) -> str:
    """ "For billing, press 1. For sales, press 2." → "For billing. Press 1 for sales. Press 2." """
    verb = _VERB[language]
    text = re.sub(rf"(?<! or),? ((?:please |just )?(?:{verb}))", lambda m: f". {m[1][:1].upper()}{m[1][1:]}", text)
    return re.sub(r"(\d)\. ([A-ZÉÑ])", lambda m: f"{m[1]} {m[2].lower()}", text)


def _no_stops(text: str, language: str, draw: random.Random) -> str:
    return re.sub(r"(?<!\d)[.,;:!?¿¡]|[.,;:!?](?!\d)", "", text).lower()


def _lower(text: str, language: str, draw: random.Random) -> str:
    return text.lower()


def _digits_as_words(text: str, language: str, draw: random.Random) -> str:
    words = _WORDS[language].split()
    return re.sub(r"(?<![\d$-])\b(\d)\b(?![\d%-])", lambda m: words[int(m[1])], text)


def _words_as_digits(text: str, language: str, draw: random.Random) -> str:
    if language == "fr":
        return text
    values = {word: str(value) for value, word in enumerate(_WORDS[language].split())}
    verbs = rf"(?i:\b(?:{_VERB[language]}|or say)) "
    return re.sub(rf"({verbs})([a-zäöüéí]+)\b", lambda m: m[1] + values.get(m[2].lower(), m[2]), text)


def _homophone(text: str, language: str, draw: random.Random) -> str:
    """One of the digits after "press" is written as the word it sounds like."""
    found = [match for match in re.finditer(r"(?i)\bpress (\d)\b(?!\d)", text) if match[1] in _HOMOPHONES]
    if language != "en" or not found:
        return text
    match = draw.choice(found)
    return text[: match.start(1)] + draw.choice(_HOMOPHONES[match[1]]) + text[match.end(1) :]


def _pressed(text: str, language: str, draw: random.Random) -> str:
    found = list(re.finditer(r"(?i)\bpress\b", text))
    if language != "en" or not found:
        return text
    at = draw.choice(found).end()
    return text[:at] + "ed" + text[at:]


def _please_lost(text: str, language: str, draw: random.Random) -> str:
    return re.sub(r"(?i)\b(please|por favor|bitte) ", "", text)


def _first_word_lost(text: str, language: str, draw: random.Random) -> str:
    """The recogniser woke up late: one word, of a text long enough to lose it, and never one that a label, a key or a kind hangs on."""
    first, _, rest = text.partition(" ")
    return rest if first.lower().strip(",.") in _OPENERS and rest.count(" ") > 5 else text


def _stutter(text: str, language: str, draw: random.Random) -> str:
    words = text.split()
    places = [index for index, word in enumerate(words[:-1]) if word.isalpha() and len(word) < 5]
    if not places:
        return text
    at = draw.choice(places)
    return " ".join([*words[: at + 1], words[at].lower(), *words[at + 1 :]])


_CONFUSIONS = (
    (0.30, _moved_stops), (0.15, _homophone), (0.20, _words_as_digits), (0.25, _digits_as_words), (0.15, _pressed), (0.30, _please_lost),
    (0.15, _first_word_lost), (0.05, _stutter), (0.30, _no_stops), (0.15, _lower),
)  # fmt: skip
