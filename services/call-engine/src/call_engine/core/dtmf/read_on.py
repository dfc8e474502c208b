"""What a company that reacts late still reads of a prompt behind the key that was pressed into it, told from the prompt that follows."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import NamedTuple

from call_contract.prompts import normalise
from rapidfuzz import fuzz

from call_engine.core.call_time import samples
from call_engine.core.happenings import Word
from call_engine.core.menu import parse_menu
from call_engine.core.menus.binding import Side
from call_engine.core.vocabulary.words import word_set

_EARLIER_OR_LATER = samples(1500)  #: than at an even pace through its text a word may be said
_TELLING = 2  #: words in a row that only that prompt has there …
_TELLING_ANYWHERE = 4  #: … and where it is not known where in it they were said
_TELLING_FOR_A_KEY = 3  #: … and where what follows names its key again
_TELLING_UNSTOPPED = 5  #: … and in a text without stops
_LONG, _MISHEARD = 4, 80  #: letters of a word that may be misheard by some, and its likeness then, in hundredths
_SOUND_ALIKE = frozenset((frozenset(("for", "4")), frozenset(("to", "2"))))
_STOPS = (".", "?", "!")
_A_SORRY = 10  #: words in which a company says that it got no answer
_SORRY_ENDS = word_set("response selection entry input choice answer again")
_SORRY = _SORRY_ENDS | word_set("sorry we i did not didnt havent have get got receive received hear a an any your the please try")
#: What an option begins with where its key is named first, and where it is named last.
_BEGIN_WITH_KEY, _BEGIN_WITH_LABEL = word_set("press dial say push"), word_set("for to if")


class PlayedPrompt(NamedTuple):
    """A prompt that was playing when a key was pressed, as long as the company lets it. ``again``: it was read once more, which may leave
    out what stood before it, so that the times are not sure; ``from_a_beginning``: of a sentence, if at all.
    """

    text: str
    start: int
    end: int
    again: bool = False
    from_a_beginning: bool = False


class _Tokens(NamedTuple):
    """The words of a prompt, as they are on the keys; ``begins``: those that may begin a sentence."""

    words: tuple[str, ...]
    begins: frozenset[int]


def read_on(words: Sequence[Word], playing: PlayedPrompt, *, behind_pause: bool = False, before: Sequence[Word] = ()) -> int:
    """How many of the first words are those that the prompt has where they were said. ``behind_pause``: they began so late behind the key
    that they may well be its effect: only a sentence that is broken off tells, or a key that is named for two things. ``before``: words
    right before them that were begun before the key could be heard.
    """
    said = [(token, number) for number, word in enumerate(words, start=1) for token in normalise(word.text)]
    if not said:
        return 0
    prompt = _tokens(playing.text)
    length = sum(len(token) + 1 for token in prompt.words)
    tokens, anew = [token for token, _ in said], [_begins_anew(words, number) for _, number in said]
    unstopped = not behind_pause and not any(_begins_anew(words, number) for number in range(len(words)))
    longest, at, sentence = 0, playing.start, 0
    said_before = [token for word in before for token in normalise(word.text)]
    for place, token in enumerate(prompt.words):
        there = abs(at - words[0].start_sample) <= _EARLIER_OR_LATER
        at += (len(token) + 1) * (playing.end - playing.start) // length
        if playing.from_a_beginning and place - len(said_before) not in prompt.begins:
            continue
        common = _in_common(tokens, prompt.words[place:])
        if common and anew[common - 1] and not behind_pause:
            surely = there and _tells_there(place, common, prompt)
            if surely or (playing.again and _tells_anywhere(place, common, prompt)):
                longest = max(longest, common)
        if there or playing.again:
            longest = max(longest, _with_key_named_again(tokens, anew, place, prompt))
            rest = _rest_of_sentence(tokens, anew, said_before, place, prompt)
            if rest > sentence and _is_whole_without(words, said[rest - 1][1], menu=not there):
                sentence = rest
        if there:
            longest = max(longest, _broken_off(tokens, anew, place, prompt))
        if unstopped and (there or playing.again):
            longest = max(longest, _without_stops(tokens, place, prompt, there=there))
            key = _key_without_stops(tokens, place, prompt)
            if key > longest and _is_whole_without(words, said[key - 1][1]):
                longest = key
    if not longest and playing.again and not behind_pause:
        longest = _sorry_and_beginning(tokens, prompt) or _sorry_broken_off(tokens, anew)
    count = said[longest - 1][1] if longest else 0
    rest = said[sentence - 1][1] if sentence else 0
    return max(count if unstopped or _begins_anew(words, count) else 0, rest, begun_before_menu(words, playing))


def left_unsaid(text: str, prompt: str, lasts: int) -> int:
    """How long, at an even pace, what the prompt has behind the last words of the text takes to say; 0 where it does not have them."""
    last, said = [token for word in text.split()[-_TELLING:] for token in normalise(word)], _tokens(prompt).words
    ends = (end for end in range(len(said), len(last) - 1, -1) if len(last) >= _TELLING and said[end - len(last) : end] == tuple(last))
    end = next(ends, len(said))
    letters = [len(token) + 1 for token in said]
    return lasts * sum(letters[end:]) // max(1, sum(letters))


def begun_before_menu(words: Sequence[Word], playing: PlayedPrompt) -> int:
    """How many of the first words begin a sentence of the prompt where they were said, and are followed by a menu that is whole without
    them: "Press 9", "For repairs, press 1.", or "To speak", "Press 1 for repairs." With them, its keys would be for what others are for,
    and mostly something would be left over at its end.
    """
    said = [(token, number) for number, word in enumerate(words, start=1) for token in normalise(word.text)]
    tokens, prompt = [token for token, _ in said], _tokens(playing.text)
    length = sum(len(token) + 1 for token in prompt.words)
    at, longest = playing.start, 0
    for place, token in enumerate(prompt.words):
        if place in prompt.begins and abs(at - words[0].start_sample) <= _EARLIER_OR_LATER:
            longest = max(longest, _begun(words, said, tokens, place, prompt))
        at += (len(token) + 1) * (playing.end - playing.start) // length
    return longest if longest and _is_whole_without(words, longest) else 0


def _begun(words: Sequence[Word], said: Sequence[tuple[str, int]], tokens: Sequence[str], place: int, prompt: _Tokens) -> int:
    """How many of the words are so begun, and followed by what begins otherwise than with the other half of their option."""
    end = _in_common(tokens, prompt.words[place:])
    while end and not _begins_anew(words, said[end - 1][1]):
        end -= 1
    if end < _TELLING or place + end in prompt.begins or end == len(tokens):
        return 0
    expected = _BEGIN_WITH_LABEL if _names_key(tokens[:end]) else _BEGIN_WITH_KEY
    return said[end - 1][1] if tokens[end] in expected else 0


def _is_whole_without(words: Sequence[Word], count: int, *, menu: bool = True) -> bool:
    """Whether no key is lost with the first words. ``menu``: and a menu follows them."""
    whole, rest = (parse_menu(" ".join(word.text for word in some)) for some in (words, words[count:]))
    same_keys = {one.digits for one in whole.options} == {one.digits for one in rest.options}
    for_nothing = not all(one.label for one in whole.options)
    fits = bool(rest.options) and rest.complete and all(one.label for one in rest.options)
    return (fits or not menu) and (same_keys or for_nothing or not whole.complete)


def _with_key_named_again(tokens: Sequence[str], anew: Sequence[bool], place: int, prompt: _Tokens) -> int:
    """How many of the tokens the prompt has there, among them a key which is named again behind them: no menu binds one to two things.
    The first, whose beginning was cut off, may have been misheard. ``anew``: whether what is behind each token
    begins a sentence.
    """
    for first in (0, 1):
        end = first + _in_common(tokens[first:], prompt.words[place + first :])
        while end > first and not anew[end - 1]:
            end -= 1  # as the next prompt happens to begin
        keys = {token for token in tokens[first:end] if _names_key([token])}
        enough = _TELLING_ANYWHERE if place + first in prompt.begins else _TELLING_FOR_A_KEY
        if end - first >= enough and not keys.isdisjoint(tokens[end:]):
            return end
    return 0


def _broken_off(tokens: Sequence[str], anew: Sequence[bool], place: int, prompt: _Tokens) -> int:
    """How many of the tokens are a sentence that the prompt begins there and goes on with, where what follows begins another: "Press 1 for
    Connecting you", "To speak with an operator, If you".
    """
    common = _in_common(tokens, prompt.words[place:])
    rest = tokens[common:]
    if place not in prompt.begins or place + common in prompt.begins | {len(prompt.words)} or not common or not anew[common - 1]:
        return 0
    if _names_key(tokens[:common]):
        nothing_of_a_menu = not rest or (len(rest) >= _TELLING_FOR_A_KEY and not _names_key(rest))
        return common if common >= _TELLING_FOR_A_KEY and nothing_of_a_menu else 0
    return common if common >= _TELLING_ANYWHERE and rest and rest[0] not in _BEGIN_WITH_KEY else 0


def _rest_of_sentence(tokens: Sequence[str], anew: Sequence[bool], before: Sequence[str], place: int, prompt: _Tokens) -> int:
    """How many of the tokens go on with the sentence of the prompt in whose middle the key was pressed: it has the word before them there,
    too. What follows may begin an option, and they are all of the sentence, though the recogniser heard no stop, or were broken off.
    """
    if not before or place == 0 or place in prompt.begins or prompt.words[place - 1] != before[-1]:
        return 0
    ends = prompt.begins | {len(prompt.words)}
    for end in range(_in_common(tokens, prompt.words[place:]), 0, -1):
        whole = end >= _TELLING and place + end in ends
        if (whole or anew[end - 1]) and end < len(tokens) and tokens[end] in _BEGIN_WITH_KEY | _BEGIN_WITH_LABEL:
            return end
    return 0


def _without_stops(tokens: Sequence[str], place: int, prompt: _Tokens, *, there: bool) -> int:
    """How many of the tokens, of which nothing tells where a sentence begins, the prompt has there from the middle of a sentence to where
    an option may begin. They name a key, unless they are surely said ``there``.
    """
    end = _in_common(tokens, prompt.words[place:])
    while 0 < end < len(tokens) and tokens[end] not in _BEGIN_WITH_KEY | _BEGIN_WITH_LABEL:
        end -= 1
    tells = end >= _TELLING_UNSTOPPED and place not in prompt.begins and (there or _names_key(tokens[:end]))
    return end if tells else 0


def _key_without_stops(tokens: Sequence[str], place: int, prompt: _Tokens) -> int:
    """How many of such tokens name a key as the prompt does there, up to where an option may begin, which is then named for another."""
    end = _in_common(tokens, prompt.words[place:])
    while 0 < end < len(tokens) and tokens[end] not in _BEGIN_WITH_KEY | _BEGIN_WITH_LABEL:
        end -= 1
    keys = {token for token in tokens[:end] if _names_key([token])}
    return end if end >= _TELLING and not keys.isdisjoint(tokens[end:]) else 0


def _tells_there(place: int, common: int, prompt: _Tokens) -> bool:
    """The next prompt may begin with the words with which an option of this one does, and bind another key by them."""
    if common < _TELLING:
        return False
    names_key = _names_key(prompt.words[place : place + common])
    return place not in prompt.begins or not names_key or any(index in prompt.begins for index in range(place + 1, place + common))


def _names_key(words: Sequence[str]) -> bool:
    return any(word.isdigit() or word in "*#" for word in words)


def _begins_anew(words: Sequence[Word], count: int) -> bool:
    """Whether what follows so many of the words begins a sentence: "press 1 for" stands in most menus, and the next may say it in one
    of its own.
    """
    return count == len(words) or words[count].text[:1].isupper() or (count > 0 and words[count - 1].text[-1:] in _STOPS)


def _tells_anywhere(place: int, common: int, prompt: _Tokens) -> bool:
    """… hardly with its last sentence."""
    return common >= _TELLING_ANYWHERE and (place not in prompt.begins or place + common == len(prompt.words))


def _sorry_and_beginning(said: Sequence[str], prompt: _Tokens) -> int:
    """How many are the end of a sorry, and what was then read of the first sentence that was broken off: "response. For starting or"."""
    sorry = next((number for number, token in enumerate(said) if token not in _SORRY), len(said))
    if not sorry or sorry > _A_SORRY or said[sorry - 1] not in _SORRY_ENDS:
        return 0
    common, end = max((common := _in_common(said[sorry:], prompt.words[place:]), place + common) for place in prompt.begins)
    return sorry + (common if common >= _TELLING and end not in prompt.begins else 0)


def _sorry_broken_off(said: Sequence[str], anew: Sequence[bool]) -> int:
    """How many are the beginning of a sorry, where an option follows: "did not", "For repairs, press 1"."""
    sorry = next((number for number, token in enumerate(said) if token not in _SORRY), len(said))
    if not _TELLING <= sorry < len(said) or sorry > _A_SORRY or not anew[sorry - 1]:
        return 0
    return sorry if said[sorry] in _BEGIN_WITH_KEY | _BEGIN_WITH_LABEL else 0


@functools.lru_cache(maxsize=64)
def _tokens(text: str) -> _Tokens:
    """Where the text has no stops, the words with which options of its menu begin tell."""
    words: list[str] = []
    begins = {0}
    for word in text.split():
        words += normalise(word)
        if word[-1] in _STOPS:
            begins.add(len(words))
    if begins == {0}:
        key_first = parse_menu(text).direction == Side.RIGHT.value
        begins |= {place for place, word in enumerate(words) if word in (_BEGIN_WITH_KEY if key_first else _BEGIN_WITH_LABEL)}
    return _Tokens(tuple(words), frozenset(begins))


def _in_common(one: Sequence[str], other: Sequence[str]) -> int:
    """How many tokens they begin with alike."""
    unlike = (number for number, (left, right) in enumerate(zip(one, other, strict=False)) if not _alike(left, right))
    return next(unlike, min(len(one), len(other)))


def _alike(one: str, other: str) -> bool:
    """ "Pressed" is how "press" is often misheard, and "four" how "for" is."""
    return (
        one == other
        or frozenset((one, other)) in _SOUND_ALIKE
        or (min(len(one), len(other)) >= _LONG and fuzz.ratio(one, other) >= _MISHEARD)
    )
