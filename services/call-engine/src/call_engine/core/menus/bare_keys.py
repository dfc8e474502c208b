"""Numbers that may be keys although no verb of pressing stands before them: "… press one; sales, two", "billing is 3", "2 for repairs".

Each comes with what believing it costs; numbers that measure, rank, date or address something are none.
"""

from __future__ import annotations

import itertools

import msgspec

from call_engine.core.menus.key import Key
from call_engine.core.menus.key_end import key_end
from call_engine.core.vocabulary.languages import MENU_WORDS
from call_engine.core.vocabulary.number_words import KEYS, QUANTITIES, VAGUE
from call_engine.core.vocabulary.words import Token, word_set

_OPENERS = word_set("for to if para si pour fur fuer um wenn falls bei")
_MARKERS = {
    "en": word_set("it's its that's thats there's is option extension number and or on the"),
    "es": word_set("el la numero opcion tecla con y o"),
    "fr": word_set("le la touche numero et ou sur choix c'est"),
    "de": word_set("dann die der mit unter uber taste nummer und oder ziffer ist es"),
}
_CLEAR_MARKERS = word_set("it's its that's thats there's option extension el le die der opcion tecla touche c'est ist")
_RANKED = word_set("in of among choice priority goal concern rated caller")
_MEASURES = word_set(
    "at until till by from before after around about than over under least most every of since up only loved another each which same las"
)  #: "closes at 5", "a loved one"
_BEFORE_TO, _BEFORE_FOR = (
    "time way ways how need want like wish going trying able ready used",
    "looking asking searching applying waiting paying",
)
_HEARD_AS_NUMBERS = frozenset(
    (before, number)
    for words, numbers in ((_BEFORE_TO, ("2", "two")), (_BEFORE_FOR, ("4", "four")))
    for before in words.split()
    for number in numbers
)  #: "more time 2 pay", "looking 4 a room"
_OR_SO = word_set("more less fewer both several another")  #: "one or more of them"
_OF_ITS_KIND = word_set("existing new old different current this that previous next")  #: "change an existing one"
_DONE_WITH = word_set("made have had need want got opened booked placed filed sent received ordered bought lost")  #: "already made one"
_ONES = word_set("un una une")
_UNCOUNTED = 1.0  #: "un" is hardly ever a key, unless "deux" and "trois" are
_RELATIVE = word_set("you you've you're you'd that which who we we've we're of from with in on i at by near")
_UNTIL = word_set("until till through bis hasta")
_RANGES = {"from": ("to", "until", "till", "through"), "between": ("and",), "de": ("a",), "von": ("bis",), "entre": ("y", "et")}
_NUMBERS = frozenset(str(number) for number in range(25)).union(*KEYS.values())
_STREETS = word_set("street avenue road boulevard drive lane parkway highway court square plaza")
_BARE = 0.7
_EXTENSION = 4  #: digits of one
_RUN, _COUNTED = 3, 0.5


def bare_keys(tokens: list[Token], language: str, taken: set[int], spoken: list[Key]) -> list[Key]:
    """Numbers without a verb; before the first verb only where all are bare, or where they count."""
    from_start = not spoken
    first = 0 if from_start or not taken else min(taken)
    numbers: list[Key] = []
    lengths = _lengths(tokens, spoken)
    for key in (_bare_key(tokens, at, language, taken, lengths, spoken=bool(spoken)) for at in range(len(tokens)) if at not in taken):
        if key is not None and numbers and _stuttered(tokens, numbers[-1], key):
            numbers[-1] = msgspec.structs.replace(numbers[-1], end=key.end)
        elif key is not None:
            numbers.append(key)
    counted = _counted(sorted([*spoken, *numbers], key=lambda key: key.start))
    return [
        msgspec.structs.replace(key, cost=key.cost - _COUNTED) if key in counted else key
        for key in numbers
        if key in counted
        or key.end - 1 > first
        or (from_start and key.end == 1)
        or _opens_by_number(tokens, key.end - 1)
        or key.cost < _BARE - 0.4
    ]


def _stuttered(tokens: list[Token], before: Key, key: Key) -> bool:
    """ "orders one one returns two": a number said twice is one key."""
    if before.end != key.start or before.digits != key.digits or tokens[key.start].gap:
        return False
    return tokens[before.end - 1].text == tokens[key.start].text


def _counted(keys: list[Key]) -> list[Key]:
    """Of keys and bare numbers those that count one, two, three: hardly ever anything but keys."""
    runs: list[list[Key]] = []
    for key in keys:
        if not key.digits.isdigit():
            continue
        if runs and _goes_on(runs[-1], int(key.digits)):
            runs[-1].append(key)
        elif key.digits == "1":
            runs.append([key])
    return [key for run in runs if len(run) >= _RUN or (len(run) > 1 and all(_is_marked(key) for key in run)) for key in run]


def _is_marked(key: Key) -> bool:
    """ "number one"."""
    return not key.spoken and key.end - key.start > 1


def _goes_on(run: list[Key], number: int) -> bool:
    """A run that has begun may skip numbers; one that has counted to three may end in the operator's zero."""
    if len(run[-1].digits) > 1 or run[-1].digits == "0":
        return False
    step = number - int(run[-1].digits)
    return step == 1 or (len(run) > 1 and 0 < step <= _RUN) or (len(run) >= _RUN and number == 0)


def _is_closed(following: Token | None, language: str) -> bool:
    """Whether a number can end here: before a mark, or where the next name opens."""
    return following is None or bool(following.gap) or following.text in MENU_WORDS[language].starters


def _bare_key(tokens: list[Token], at: int, language: str, taken: set[int], lengths: frozenset[int], *, spoken: bool) -> Key | None:
    word = tokens[at].text
    digits = KEYS.get(language, KEYS["en"]).get(word) or (word if word.isdigit() or word in ("*", "#") else None)
    if digits is None or (len(digits) not in lengths and not _is_extension(tokens, at, digits)):
        return None
    if _is_in_range(tokens, at):
        return None
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    if following is not None and not following.gap and (following.text in QUANTITIES or following.text[0].isdigit()):
        return None
    if word == "one" and _is_pronoun(tokens, at):
        return None
    if following is not None and following.text == "or" and at + 2 < len(tokens) and tokens[at + 2].text in _OR_SO:
        return None
    if at and tokens[at - 1].text[0].isdigit() and not tokens[at].gap and at - 1 not in taken:
        return None
    if (at and not tokens[at].gap and tokens[at - 1].text in _MEASURES) or _is_address(tokens, at):
        return None
    if at and tokens[at - 1].text == "number" and following is not None and not following.gap and following.text in _RANKED:
        return None  # "voted number 1 in the valley"
    if following is not None and not following.gap and not tokens[at].gap and at and (tokens[at - 1].text, word) in _HEARD_AS_NUMBERS:
        return None
    start = _marked_from(tokens, at, language, taken)
    clear = any(token.text in _CLEAR_MARKERS for token in tokens[start:at]) or (tokens[start].text == "number" and tokens[start].gap == ",")
    if word in VAGUE and not clear and (spoken or word not in _ONES or not _is_closed(following, language)):
        return None
    end = key_end(tokens, at + 1, language)
    cost = _bare_cost(tokens, start, end, clear) + _UNCOUNTED * (word in VAGUE and not clear)
    return Key(start, end, digits, spoken=False, confidence=0.85, cost=cost)


def _is_extension(tokens: list[Token], at: int, digits: str) -> bool:
    """ "sales is extension 101", "sales on extension 101, parts on extension 102", not "contact security on extension 2222"."""
    if at == 0 or tokens[at - 1].text != "extension" or len(digits) > _EXTENSION:
        return False
    told = at > 1 and tokens[at - 2].text in ("on", "at")
    return not told or sum(one.text == "extension" and other.text.isdigit() for one, other in itertools.pairwise(tokens)) > 1


def _is_pronoun(tokens: list[Token], at: int) -> bool:
    """ "change an existing one", "change one you've already booked"."""
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    if at and not tokens[at].gap and tokens[at - 1].text in _OF_ITS_KIND | _DONE_WITH:
        return True
    return following is not None and not following.gap and following.text in _RELATIVE


def _is_in_range(tokens: list[Token], at: int) -> bool:
    """ "de 9 a 6", "from 1 to 4", "between 2 and 5"."""
    return _joins_range(tokens, at, at - 2) or _joins_range(tokens, at + 2, at)


def _joins_range(tokens: list[Token], last: int, first: int) -> bool:
    if first < 1 or last >= len(tokens) or any(token.gap for token in tokens[first : last + 1]):
        return False
    if tokens[first].text not in _NUMBERS or tokens[last].text not in _NUMBERS:
        return False
    return tokens[first + 1].text in _RANGES.get(tokens[first - 1].text, _UNTIL)


def _lengths(tokens: list[Token], spoken: list[Key]) -> frozenset[int]:
    """How many digits a key without a verb may have: as many as those with one, or as all of a list of extensions ("Sales, 201.")."""
    numbers = [(at, token.text) for at, token in enumerate(tokens) if at and token.text.isdigit() and len(token.text) == _EXTENSION - 1]
    listed = [
        text for at, text in numbers if not tokens[at - 1].text.isdigit() and not (at + 1 < len(tokens) and tokens[at + 1].text.isdigit())
    ]
    lists = {_EXTENSION - 1} if len(listed) >= _RUN and listed == sorted(listed) else set()
    return frozenset({1, *lists, *(len(key.digits) for key in spoken)})


def _is_address(tokens: list[Token], at: int) -> bool:
    """ "4 West Second Street"."""
    for token in tokens[at + 1 : at + 5]:
        if token.gap:
            return False
        if token.text in _STREETS:
            return True
    return False


def _marked_from(tokens: list[Token], at: int, language: str, taken: set[int]) -> int:
    """Where the words that lead to a bare key begin: "that's 3", "option two", "die drei"."""
    markers = _MARKERS.get(language, _MARKERS["en"])
    start = at
    while start > 0 and start - 1 not in taken and not tokens[start].gap and tokens[start - 1].text in markers and at - start < 3:
        start -= 1
    return start


def _bare_cost(tokens: list[Token], start: int, end: int, clear: bool) -> float:
    following = tokens[end] if end < len(tokens) else None
    closed = following is None or bool(following.gap)
    opens = following is not None and following.text in _OPENERS
    begins = bool(tokens[start].gap)
    alone = 0.3 if begins and closed else 0.0  # ", 3." between two marks
    named = any(token.text == "extension" for token in tokens[start:end])
    return _BARE - 0.4 * clear - 0.3 * named - 0.2 * closed - 0.2 * opens - 0.1 * begins - alone


def _opens_by_number(tokens: list[Token], at: int) -> bool:
    """ "2 for repairs" at the start of a sentence."""
    return bool(tokens[at].gap) and at + 1 < len(tokens) and tokens[at + 1].text in _OPENERS
