"""How a menu is put into words: one form for a whole menu, as real systems do, and the last option often in its own way."""

from __future__ import annotations

from random import Random

#: {label} and {key}; label-first and key-first forms. A whole menu keeps to one.
FORMS = (
    "For {label}, press {key}.",
    "For {label}, please press {key}.",
    "Press {key} for {label}.",
    "If you are calling about {label}, press {key}.",
    "If this is about {label}, press {key} now.",
    "For help with {label}, press {key}.",
)
KEY_WORDS = {
    "1": "one", "2": "two", "3": "three", "4": "four", "5": "five", "6": "six", "7": "seven", "8": "eight", "9": "nine", "0": "zero",
    "*": "star", "#": "pound",
}  # fmt: skip


def spoken(key: str, *, as_words: bool) -> str:
    """A key as a prompt writes it: star and pound always in words."""
    if as_words or not key.isdigit():
        return " ".join(KEY_WORDS[one] for one in key)
    return key


def read_out(options: dict[str, str], random: Random) -> tuple[str, ...]:
    """The sentences of a menu with these keys and labels, in order."""
    form = random.choice(FORMS)
    as_words = random.random() < 0.4
    return tuple(_sentence(form, key, label, as_words) for key, label in options.items())


def _sentence(form: str, key: str, label: str, as_words: bool) -> str:
    verb = label.split()[0]
    if verb in ("hear", "repeat"):
        form = "Press {key} to {label}." if form.startswith("Press") else "To {label}, press {key}."
    elif label.startswith(("an operator", "the front desk", "a representative")):
        form = "Press {key} to speak with {label}." if form.startswith("Press") else "To speak with {label}, press {key}."
    sentence = form.format(label=label, key=spoken(key, as_words=as_words))
    return sentence[0].upper() + sentence[1:]
