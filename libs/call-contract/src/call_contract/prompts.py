"""When two prompts are the same, and when a phrase was heard: the one meaning shared by learner and executor.

Recognisers write the same recording differently each time (punctuation, numerals or number words, a word lost), so words are
compared fuzzily. Numbers are not: "press 2 for disputes" and "press 3 for disputes" are two different menus.
"""

from __future__ import annotations

import functools
import operator
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

#: Prompts at least this alike are the same prompt. 10 % of the words misheard still leaves about 0.85.
SAME_PROMPT = 0.72

#: Share of a phrase's words that must be found, in order, for the phrase to be heard.
PHRASE_HEARD = 0.78

#: Words alike to at least this ratio count as the same word ("disputes", "dispute").
SAME_WORD = 0.8

_ROUNDING = 1e-9
_WORD = re.compile(r"[^\W_]+|[#*]")

_NUMERALS = {
    word: str(value)
    for words in (
        "zero one two three four five six seven eight nine ten",
        "cero uno dos tres cuatro cinco seis siete ocho nueve diez",
        "zéro _ deux trois quatre cinq six sept huit neuf dix",
        "null eins zwei drei vier fünf sechs sieben acht neun zehn",
    )
    for value, word in enumerate(words.split())
    if word != "_"
}
_KEYS = {"star": "*", "asterisk": "*", "asterisco": "*", "étoile": "*", "stern": "*", "pound": "#", "hash": "#", "dièse": "#", "raute": "#"}

#: Words that every menu has and that therefore tell no menu from another.
_WORDS_OF_EVERY_MENU = """
a an and at for from in is it of on or please press pressed the this to too with you your say dial select choose enter option options now
de el en la las los o para por su un una y oprima marque presione pulse número
au ou du le les pour sur votre appuyez tapez faites touche
bitte das der die drücken für oder sie um und wählen zu
"""
_MENU_WORDS = frozenset(_WORDS_OF_EVERY_MENU.split())


def normalise(text: str) -> list[str]:
    """The words of a transcript: lower case, no punctuation, numbers and keys as they are on the phone's keys."""
    return list(_normalised(text))


@functools.lru_cache(maxsize=4096)
def _normalised(text: str) -> tuple[str, ...]:
    words = _WORD.findall(unicodedata.normalize("NFKC", text).casefold().replace("'", "").replace("’", ""))
    return tuple(_NUMERALS.get(word) or _KEYS.get(word) or word for word in words)


def numbers(words: Sequence[str]) -> list[str]:
    """The numerals and keys among normalised words, in order."""
    return [word for word in words if word.isdigit() or word in "#*"]


def telling_words(text: str) -> set[str]:
    """The words that are neither in every menu nor names of keys."""
    return {word for word in normalise(text) if word not in _MENU_WORDS and not word.isdigit() and word not in "#*"}


@functools.lru_cache(maxsize=1024)
def prompt_similarity(a: str, b: str, *, partial: bool = False) -> float:
    """How alike two prompts are, in [0, 1]: half by the words that matter, half by the order of all words.

    With ``partial`` the shorter one may be a beginning of the other one (a prompt cut off by a press).
    """
    left, right = normalise(a), normalise(b)
    if left == right:
        return 1.0 if left else 0.0
    if partial and min(len(left), len(right)) >= 5:
        shorter = min(len(left), len(right))
        left, right = left[:shorter], right[:shorter]
    if not left or not right:
        return 0.0
    order = 2 * _in_order(left, right) / (len(left) + len(right))
    return 0.5 * _telling_overlap(left, right) + 0.5 * order


def same_prompt(a: str, b: str, *, partial: bool = False) -> bool:
    return prompt_similarity(a, b, partial=partial) >= SAME_PROMPT


def phrase_score(phrase: str, transcript: str) -> float:
    """The share of the phrase's words found in order within a window of the transcript; 0 if one of its numbers is not there."""
    wanted, heard = normalise(phrase), normalise(transcript)
    if not wanted or not heard:
        return 0.0
    width = len(wanted) + 1 + len(wanted) // 4
    needed = Counter(numbers(wanted))
    places = _places(wanted, heard)
    anywhere = functools.reduce(operator.or_, places)
    last = max(0, len(heard) - len(wanted))
    best = 0.0
    for start in range(last + 1):
        if start < last and not anywhere >> start & 1:
            continue  # what begins later has in it all that this has
        window = heard[start : start + width]
        if needed and needed - Counter(numbers(window)):
            continue
        best = max(best, _longest([its_places >> start for its_places in places], len(window)) / len(wanted))
        if best == 1.0:
            break
    return best


def phrase_heard(phrase: str, transcript: str) -> bool:
    """What ``heard:<phrase>`` means in a step's conditions."""
    return phrase_score(phrase, transcript) >= PHRASE_HEARD


@functools.lru_cache(maxsize=65_536)
def _same_word(a: str, b: str) -> bool:
    if a == b:
        return True
    if not (_has_spellings(a) and _has_spellings(b) and _may_be_one(a, b)):
        return False
    return SequenceMatcher(None, a, b, autojunk=False).ratio() >= SAME_WORD


def _has_spellings(word: str) -> bool:
    """Whether a word that is spelled a little otherwise may be the same: not of short ones and of numbers."""
    return len(word) >= 4 and not word.isdigit()


def _may_be_one(a: str, b: str) -> bool:
    """False only where too few letters could match: those of the one that the other has at all, and no more than the shorter has."""
    enough = SAME_WORD * (len(a) + len(b)) / 2 - _ROUNDING
    if min(len(a), len(b)) < enough:
        return False
    letters = set(b)
    return sum(letter in letters for letter in a) >= enough


def _in_order(left: Sequence[str], right: Sequence[str]) -> int:
    """Length of the longest common subsequence of words, alike words being equal."""
    return _longest(_places(left, right), len(right))


def _longest(places: Iterable[int], size: int) -> int:
    """… of which it is known where, among ``size`` words, words like each stand: bits, of which those beyond ``size`` do not count.

    The rows of the table are bits of one number (Crochemore, Iliopoulos, Pinzon and Reid, 2001): a zero where the length grows.
    """
    row = every = (1 << size) - 1
    for its_places in places:
        matched = row & its_places
        row = ((row + matched) | (row - matched)) & every
    return size - row.bit_count()


def _places(left: Sequence[str], right: Sequence[str]) -> list[int]:
    """For each word of ``left`` the places in ``right`` of all words like it, as bits."""
    places: dict[str, int] = {}
    for place, word in enumerate(right):
        places[word] = places.get(word, 0) | 1 << place
    respelled = [(word, its_places) for word, its_places in places.items() if _has_spellings(word)]
    return [_places_of(word, places, respelled) for word in left]


def _places_of(word: str, places: dict[str, int], respelled: list[tuple[str, int]]) -> int:
    """The places of all words like this one, as bits. ``respelled``: of those that may be spelled otherwise."""
    found = places.get(word, 0)
    if _has_spellings(word):
        for other, its_places in respelled:
            if _same_word(word, other):
                found |= its_places
    return found


def _telling_overlap(left: Sequence[str], right: Sequence[str]) -> float:
    """Dice coefficient of the words that are not in every menu; numbers count as words."""
    a = Counter(word for word in left if word not in _MENU_WORDS)
    b = Counter(word for word in right if word not in _MENU_WORDS)
    if not a or not b:
        return 1.0 if not a and not b else 0.0
    common = (a & b).total()
    rest_a, rest_b = list((a - b).elements()), list((b - a).elements())
    for word in rest_a:
        near = next((other for other in rest_b if _same_word(word, other)), None)
        if near is not None:
            rest_b.remove(near)
            common += 1
    return 2 * common / (a.total() + b.total())
