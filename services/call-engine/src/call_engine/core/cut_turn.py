"""A turn that began in the middle of speech, because a key was pressed then, or right behind the key, too soon to be its effect: what
was still said of the old prompt is not part of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import msgspec
from call_contract.prompts import normalise

from call_engine.core.call_time import samples
from call_engine.core.facts import Turn
from call_engine.core.happenings import Word
from call_engine.core.utterance import understand
from call_engine.core.words import join, tokenise, word_set

_TAKES = samples(200)  #: a company's system to hear a key and stop talking
_EARLIER_OR_LATER = samples(1500)  #: than at an even pace through its text a word may be said
_A_SORRY = 10  #: words in which a company says that it got no answer
_WHAT_WAS_MISSED = word_set("a an any your the response selection entry input choice answer digits key keys anything")
_TELLING = 2  #: words in a row that only that prompt has there …
_TELLING_ANYWHERE = 4  #: … and where it is not known where in it they were said


class PlayedPrompt(NamedTuple):
    """A prompt that was playing when a key was pressed, as long as the company lets it. ``again``: it was read once more, which may leave
    out what stood before it, so that the times are not sure.
    """

    text: str
    start: int
    end: int
    again: bool = False


def since_press(turn: Turn, pressed_at: int | None, playing: PlayedPrompt | None = None) -> Turn:
    """The turn without the words that were begun before the key could be heard, and without those that go on with the prompt that was
    playing then. All of it, if there would be nothing left.
    """
    if pressed_at is None or not (turn.cut or turn.start < pressed_at + _TAKES) or turn.recording_id or not turn.words:
        return turn
    words = tuple(word for word in turn.words if word.start_sample >= pressed_at + _TAKES)
    if playing is not None:
        words = words[_read_on(words, playing) :]
    if not words or len(words) == len(turn.words):
        return turn
    return _with_words(turn, words)


def _with_words(turn: Turn, words: tuple[Word, ...]) -> Turn:
    """The turn as if it had begun with these."""
    text = " ".join(word.text for word in words)
    start = max(turn.start, words[0].start_sample)
    return msgspec.structs.replace(turn, start=start, cut=True, text=text, words=words, utterance=understand(text, turn.language))


def behind_sorry(turn: Turn, missed: re.Pattern[str]) -> Turn:
    """The turn without "we did not get your response", which it begins with; all of it, if it does not, or says nothing else."""
    said = ""
    for number, word in enumerate(turn.words[:_A_SORRY]):
        said = f"{said} {join(tokenise(word.text))}".strip()
        found = missed.search(said)
        if found is not None:
            rest = turn.words[number + 1 :]
            while rest and join(tokenise(rest[0].text)) in _WHAT_WAS_MISSED:
                rest = rest[1:]
            return _with_words(turn, rest) if rest else turn
    return turn


def is_read_on(turn: Turn, pressed_at: int, playing: PlayedPrompt) -> bool:
    """Whether all that was said is what was still read of the prompt that was playing: the key was taken, and nothing came of it yet."""
    words = [word for word in turn.words if word.start_sample >= pressed_at + _TAKES]
    own = turn.cut or turn.start < pressed_at + _TAKES
    return own and not turn.recording_id and 0 < len(words) == _read_on(words, playing)


def _read_on(words: Sequence[Word], playing: PlayedPrompt) -> int:
    """How many of the first words are those that the prompt has where they were said."""
    said = [(token, number) for number, word in enumerate(words, start=1) for token in normalise(word.text)]
    prompt, begins = _tokens(playing.text)
    length = max(1, sum(len(token) + 1 for token in prompt))
    longest, at = 0, playing.start
    for place, token in enumerate(prompt):
        common = _in_common([token for token, _ in said], prompt[place:])
        there = bool(words) and abs(at - words[0].start_sample) <= _EARLIER_OR_LATER
        if common >= _TELLING and (there or (playing.again and _tells_anywhere(place, common, len(prompt), begins))):
            longest = max(longest, common)
        at += (len(token) + 1) * (playing.end - playing.start) // length
    return said[longest - 1][1] if longest else 0


def _tokens(text: str) -> tuple[list[str], set[int]]:
    """The words of a prompt, and which of them begin a sentence, as far as it is punctuated."""
    tokens: list[str] = []
    begins = {0}
    for word in text.split():
        tokens += normalise(word)
        if word[-1] in ".?!":
            begins.add(len(tokens))
    return tokens, begins


def _tells_anywhere(place: int, common: int, length: int, begins: set[int]) -> bool:
    """Another prompt may begin with the words with which a sentence of this one does; hardly with its last sentence."""
    return common >= _TELLING_ANYWHERE and (place not in begins or place + common == length)


def _in_common(one: Sequence[str], other: Sequence[str]) -> int:
    """How many tokens they begin with alike."""
    return next((number for number, (left, right) in enumerate(zip(one, other, strict=False)) if left != right), min(len(one), len(other)))
