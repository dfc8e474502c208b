"""Finds what may be a key in a text: after a verb of pressing, bare where a menu goes on ("… press one; sales, two"), or staying on.

A key after a verb is one; of the bare ones the whole menu decides (``menu_binding``), so each comes with what believing it costs.
"""

from __future__ import annotations

import itertools

import msgspec

from call_engine.core.languages import MENU_WORDS
from call_engine.core.menu_key import UNHEARD, Key
from call_engine.core.menu_misheard import with_openers, without_heard_words, without_stuttered_digits
from call_engine.core.menu_staying import staying
from call_engine.core.number_words import HOMOPHONES, KEYS, QUANTITIES, key_of
from call_engine.core.words import Token, word_set

_VERBS = frozenset(itertools.chain.from_iterable(words.verbs for words in MENU_WORDS.values()))
_OPENERS = word_set("for to if para si pour fur fuer um wenn falls bei")
_MARKERS = {
    "en": word_set("it's its that's thats is option extension number and or on the"),
    "es": word_set("el la numero opcion y o"),
    "fr": word_set("le la touche numero et ou sur choix"),
    "de": word_set("die der mit taste nummer und oder ziffer"),
}
_CLEAR_MARKERS = word_set("it's its that's thats option extension el le die der opcion touche")
_VAGUE = word_set("o oh un una une ein i")  #: words first, numbers only after a marker
_POLITE = word_set("please just simply then veuillez bitte einfach dann now")
_IF_SO = (
    ("if", "so"), ("if", "you", "do"), ("if", "you", "are"), ("si", "es", "asi"),
)  # fmt: skip
_BEFORE_VERB = (
    ("you", "can"), ("you", "may"), ("por", "favor"), ("say", "or"), ("diga", "o"), ("dites", "ou"), ("sagen", "sie", "oder"), *_IF_SO,
)  # fmt: skip
_AT_ONCE = (
    ("right", "away"), ("right", "now"), ("at", "once"), ("immediately",), ("de", "inmediato"), ("inmediatamente",), ("ahora", "mismo"),
    ("tout", "de", "suite"),
    ("at", "any", "point"), ("en", "cualquier", "momento"), ("a", "tout", "moment"), ("jederzeit",),
    ("immediatement",), ("des", "maintenant"), ("sofort",),
)  # fmt: skip
_OR = (("or",), ("o",), ("ou",), ("oder",))
_KEYPADS = word_set("keypad phone telephone dialpad pad")
_RANKED = word_set("in of among choice priority goal concern rated caller")
#: "closes at 5", "a loved one"
_MEASURES = word_set(
    "at until till by from before after around about than over under least most every of since up only loved another each which same"
)  #: "closes at 5"
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
_STREETS = word_set("street avenue road boulevard drive lane parkway highway court square plaza")
_BARE = 0.7
_CHOOSING = word_set("enter choose select type option touch composez choisissez digite teclee")  #: what needs not be a key
_NO_QUANTITY = word_set("option now")
_COUNTED_KEYS = word_set("digit digits digitos cifras chiffres stellige stelligen percent dollars euros am pm o'clock")
_EXTENSION = 4  #: digits of one
_RUN, _COUNTED = 3, 0.5


def find_keys(tokens: list[Token], language: str) -> list[Key]:
    keys = without_stuttered_digits(_said_twice(_after_verbs(tokens, language), tokens))
    if language == "en":
        keys = with_openers(without_heard_words(keys, tokens), tokens)
    taken = {index for key in keys for index in range(key.start, key.end)}
    bare = _bare_keys(tokens, language, taken, keys)
    taken |= {index for key in bare for index in range(key.start, key.end)}
    keys = _with_extension(keys, bare, tokens)
    bare = [key for key in bare if not any(one.start < key.start < one.end for one in keys)]
    keys += _hanging_verb(tokens, language, taken)
    waiting = [key for key in staying(tokens) if taken.isdisjoint(range(key.start, key.end))]
    return sorted([*keys, *bare, *waiting], key=lambda key: key.start)


def _hanging_verb(tokens: list[Token], language: str, taken: set[int]) -> list[Key]:
    """ "… to move your service, press" was cut off before the key."""
    at = len(tokens) - 1
    while at > 0 and tokens[at].text in MENU_WORDS[language].fillers and not tokens[at].gap:
        at -= 1
    if at < 0 or at in taken or not taken or tokens[at].text not in MENU_WORDS[language].verbs:
        return []
    return [_with_politeness(tokens, Key(at, len(tokens), UNHEARD), max(taken) + 1)]


def _with_politeness(tokens: list[Token], key: Key, earliest: int) -> Key:
    """ "please", "just" and "you can" belong to the verb, not to a label."""
    start = key.start
    while start > earliest and not tokens[start].gap.strip(",") and tokens[start - 1].text in _POLITE:
        start -= 1
    for words in _BEFORE_VERB:
        before = start - len(words)
        if words in _IF_SO and before <= earliest:
            continue  # "if you are, press 1": there was no question
        if before >= earliest and (tokens[start].gap != "." or words in _IF_SO) and _texts(tokens, before, start) == words:
            start -= len(words)
    return msgspec.structs.replace(key, start=start)


def _texts(tokens: list[Token], start: int, end: int) -> tuple[str, ...]:
    return tuple(token.text for token in tokens[start:end])


def _with_extension(keys: list[Key], bare: list[Key], tokens: list[Token]) -> list[Key]:
    """ "Press 1 or dial extension 21" leads to one place."""
    dialled = {key.start - 2: key.end for key in bare if tokens[key.start].text == "extension" and key.start > 1}
    return [
        msgspec.structs.replace(key, end=dialled[key.end])
        if key.end in dialled and tokens[key.end].text == "or" and not tokens[key.end].gap
        else key
        for key in keys
    ]


def _said_twice(keys: list[Key], tokens: list[Token]) -> list[Key]:
    """ "Say one or press one" names one key."""
    joined: list[Key] = []
    for key in keys:
        last = joined[-1] if joined else None
        if last and last.digits == key.digits and _texts(tokens, last.end, key.start) in _OR:
            joined[-1] = msgspec.structs.replace(last, end=key.end)
        else:
            joined.append(key)
    return joined


def _verb_language(word: str, language: str) -> str | None:
    if word not in _VERBS:
        return None
    order = [language, *(known for known in MENU_WORDS if known != language)]
    return next((known for known in order if word in MENU_WORDS[known].verbs), None)


def _after_verbs(tokens: list[Token], language: str) -> list[Key]:
    keys: list[Key] = []
    heard = [language]
    at = 0
    while at < len(tokens):
        spoken_in = _verb_language(tokens[at].text, language)
        if spoken_in:
            heard.append(spoken_in)
        key = _key_after(tokens, at, spoken_in, keys, heard) or _key_before(tokens, at, spoken_in, keys) if spoken_in else None
        if key:
            keys.append(_with_politeness(tokens, key, keys[-1].end if keys else 0))
            at = max(at + 1, key.end)
        else:
            at += 1
    return keys


def _key_after(tokens: list[Token], verb_at: int, language: str, before: list[Key], heard: list[str]) -> Key | None:
    fillers = MENU_WORDS[language].fillers | MENU_WORDS[language].verbs
    at = verb_at + 1
    if verb_at and tokens[verb_at - 1].text == "the" and not tokens[verb_at].gap and tokens[verb_at].text == "press":
        return None  # that of newspapers
    while at < len(tokens) and tokens[at].text in fillers and key_of(tokens[at].text, language) is None and at - verb_at < 6:
        at += 1
    if at + 1 < len(tokens) and tokens[at].text == "#" and tokens[at + 1].text.isdigit() and not tokens[at + 1].gap:
        at += 1  # "press #1"
    digits, end = _read_digits(tokens, at, language)
    if not digits:  # "for English, press dos"
        digits, end = next((read for other in heard if other != language and (read := _read_digits(tokens, at, other))[0]), ("", at))
    presses = tokens[verb_at].text not in _CHOOSING
    if digits:
        if end < len(tokens) and tokens[end].text[0].isdigit() and not tokens[end].gap and len(digits) > 2:
            return None  # the number of a telephone
        if end < len(tokens) and not tokens[end].gap and tokens[end].text in (_COUNTED_KEYS if presses else QUANTITIES - _NO_QUANTITY):
            return None
        return Key(verb_at, _skip_tail(tokens, end, language), digits)
    if at < len(tokens) and language == "en":
        return _homophone(tokens, verb_at, at, before)
    return None


def _key_before(tokens: list[Token], verb_at: int, language: str, before: list[Key]) -> Key | None:
    """ "Die 1 drücken Sie für …": the key stands before its verb."""
    if language != "de" or verb_at < 2 or (before and before[-1].end >= verb_at):
        return None
    digits = key_of(tokens[verb_at - 1].text, language)
    if digits is None or tokens[verb_at - 2].text not in ("die", "mit") or tokens[verb_at].gap:
        return None
    end = verb_at + 1
    while end < len(tokens) and tokens[end].text in ("sie", "bitte", "jetzt", "dann") and not tokens[end].gap:
        end += 1
    return Key(verb_at - 2, end, digits)


def _read_digits(tokens: list[Token], at: int, language: str) -> tuple[str, int]:
    digits, end = "", at
    while end < len(tokens) and len(digits) < 3 and (end == at or not tokens[end].gap):
        key = key_of(tokens[end].text, language)
        if end > at and tokens[end].text.isdigit() and len(tokens[end].text) > 2:
            return "", at  # the number of a telephone: "dial 1 800 555 0199"
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
    if tokens[at].text in _VAGUE and tokens[at].text not in ("o", "oh"):
        return False  # "trois une panne"
    same_spelling = previous.isdigit() == tokens[at].text.isdigit()
    return same_spelling and key not in "*#" and len(key) == 1 and not (previous.isdigit() and len(previous) == 2)


def _skip_tail(tokens: list[Token], end: int, language: str) -> int:
    tails = MENU_WORDS[language].tails
    if [token.text for token in tokens[end : end + 2]] == ["on", "your"]:
        end = next((upto for upto in (end + 4, end + 3) if upto <= len(tokens) and tokens[upto - 1].text in _KEYPADS), end)
    while at_once := next((words for words in _AT_ONCE if _texts(tokens, end, end + len(words)) == words), None):
        if tokens[end].gap:
            break
        end += len(at_once)
    while end < len(tokens) and tokens[end].text in tails and not tokens[end].gap and _verb_goes_on(tokens, end, language):
        end += 1
    return end


def _verb_goes_on(tokens: list[Token], at: int, language: str) -> bool:
    """ "please" right after a key may open the next one: "… press 1 please press 2 …"."""
    if tokens[at].text not in ("please", "bitte") or at + 1 >= len(tokens) or tokens[at + 1].gap:
        return True
    following = tokens[at + 1].text
    return following in MENU_WORDS[language].starters | MENU_WORDS[language].fillers


def _homophone(tokens: list[Token], verb_at: int, at: int, before: list[Key]) -> Key | None:
    word = tokens[at].text
    digit = HOMOPHONES.get(word)
    if digit is None:
        return None
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    closed = following is None or bool(following.gap) or following.text in ("for", "to", "if", "or", "and", "now")
    in_sequence = bool(before) and before[-1].digits.isdigit() and int(digit) == int(before[-1].digits) + 1
    if word in ("to", "for") and not closed and not in_sequence:
        return None
    return Key(verb_at, at + 1, digit, confidence=0.8 if closed else 0.6)


def _bare_keys(tokens: list[Token], language: str, taken: set[int], spoken: list[Key]) -> list[Key]:
    """Numbers without a verb; before the first verb only where all are bare, or where they count."""
    from_start = not spoken
    first = 0 if from_start or not taken else min(taken)
    numbers: list[Key] = []
    for key in (_bare_key(tokens, at, language, taken) for at in range(len(tokens)) if at not in taken):
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


def _bare_key(tokens: list[Token], at: int, language: str, taken: set[int]) -> Key | None:
    word = tokens[at].text
    digits = KEYS.get(language, KEYS["en"]).get(word) or (word if word.isdigit() or word in ("*", "#") else None)
    if digits is None or len(digits) > (_EXTENSION if at and tokens[at - 1].text == "extension" else 1):
        return None
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    if following is not None and not following.gap and (following.text in QUANTITIES or following.text[0].isdigit()):
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
    if word in _VAGUE and not clear:
        return None
    end = _skip_tail(tokens, at + 1, language)
    return Key(start, end, digits, spoken=False, confidence=0.85, cost=_bare_cost(tokens, start, end, clear))


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
