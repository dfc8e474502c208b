"""Keys after a verb of pressing: "press one", "oprima el dos", "die 3 drücken Sie", "press or say four"."""

from __future__ import annotations

import itertools

import msgspec

from call_engine.core.menus.key import UNHEARD, Key
from call_engine.core.menus.key_digits import read_digits
from call_engine.core.menus.key_end import key_end
from call_engine.core.menus.misheard import without_stuttered_digits
from call_engine.core.vocabulary.languages import MENU_WORDS
from call_engine.core.vocabulary.number_words import HOMOPHONES, QUANTITIES, key_of
from call_engine.core.vocabulary.words import Token, texts, word_set

_VERBS = frozenset(itertools.chain.from_iterable(words.verbs for words in MENU_WORDS.values()))
_BETWEEN = {language: words.fillers | words.verbs for language, words in MENU_WORDS.items()}  #: a verb and its key
_POLITE = word_set("please just simply then veuillez bitte einfach dann alors now")
_GERMAN_VERBS, _GERMAN_AT = MENU_WORDS["de"].verbs, word_set("am")  #: "die 1 am Montag"
_MAY = word_set("can may")
_IF_SO = (
    ("if", "so"), ("if", "yes"), ("if", "you", "do"), ("if", "you", "are"), ("if", "you", "have"),
    ("if", "you", "did"), ("if", "you", "were"), ("if", "it", "is"), ("if", "it", "does"),
    ("si", "es", "asi"), ("si", "lo", "es"), ("si", "lo", "tiene"), ("si", "la", "tiene"), ("si", "oui"), ("wenn", "ja"), ("falls", "ja"),
)  # fmt: skip
_BEFORE_VERB = (
    ("you", "can"), ("you", "may"), ("por", "favor"), ("say", "or"), ("diga", "o"), ("dites", "ou"), ("sagen", "sie", "oder"), *_IF_SO,
    ("la",), ("c'est",),
    ("merci", "de"), ("merci", "d"), ("merci",), ("vous", "pouvez"),
    ("il", "vous", "suffit", "de"), ("il", "vous", "suffit"), ("il", "suffit", "de"),
)  # fmt: skip
_BIDDEN = (("should",), ("must",), ("can",), ("may",), ("need", "to"))  #: "all others should (press 2)"
_TOLD = {
    **dict.fromkeys(("pressing", "dialing", "dialling", "selecting"), ("by", "after", "before")),
    **dict.fromkeys(("appuyant", "tapant", "composant"), ("en",)),
    **dict.fromkeys(("marcando", "oprimiendo", "presionando", "pulsando"), ()),
}  # fmt: skip
_NUMBER_SIGN = (("signo", "de", "numero"), ("tecla", "de", "numero"))
_OR = (("or",), ("o",), ("ou",), ("oder",))
_CHOOSING = word_set("enter choose select type option touch composez choisissez digite teclee digita teclea")  #: what needs not be a key
_SPEAKING = word_set("say use")  #: "say to …" is no "say two"
_HARDLY = word_set("say use tap")  #: verbs of keys in some menus, and of much else: "use three different cards", "say one word"
_CLOSED_BY = MENU_WORDS["en"].starters | word_set("and or")
_ABLE = word_set("can can't cannot to don't not couldn't")
_OR_SO = word_set("more less fewer")
_NO_QUANTITY = word_set("option now")
_NOUNS, _OTHER = word_set("opcion option options"), word_set("otra alguna cualquier otras which what another other any autre")
_LONGEST_DOUBTFUL = 2  #: digits of a key behind "the press"
_COUNTED_KEYS = word_set("digit digits digitos cifras chiffres stellige stelligen percent dollars euros am pm o'clock")


def spoken_keys(tokens: list[Token], language: str) -> list[Key]:
    return without_stuttered_digits(_said_twice(_without_quantities(_after_verbs(tokens, language), tokens), tokens))


def hanging_verb(tokens: list[Token], language: str, taken: set[int]) -> list[Key]:
    """ "… to move your service, press" was cut off before the key."""
    at = len(tokens) - 1
    while at > 0 and tokens[at].text in MENU_WORDS[language].fillers and not tokens[at].gap:
        at -= 1
    if at < 0 or at in taken or not taken or tokens[at].text not in MENU_WORDS[language].verbs:
        return []
    return [_with_politeness(tokens, Key(at, len(tokens), UNHEARD), max(taken) + 1)]


def _with_politeness(tokens: list[Token], key: Key, earliest: int) -> Key:
    """ "please", "just" and "you can" belong to the verb, not to a label, as does "by" of "by pressing"."""
    start, led = key.start, _TOLD.get(tokens[key.start].text)
    if (
        led is not None
        and tokens[start].gap != "."
        and (not led or (start > earliest and not tokens[start].gap and tokens[start - 1].text in led))
    ):
        return msgspec.structs.replace(key, start=start - bool(led), told=True)
    while start > earliest and not tokens[start].gap.strip(",") and tokens[start - 1].text in _POLITE:
        start -= 1
    if start > earliest and not tokens[start].gap and tokens[start - 1].text == "so" and tokens[key.start].text in _GERMAN_VERBS:
        start -= 1  # "(sollten Sie …,) so drücken Sie die 1"
    if start > earliest and tokens[start].gap == "." and tokens[start - 1].gap and tokens[start - 1].text in _POLITE:
        start -= 1  # "Are you moving? Then. Press 2."
    for words in _BEFORE_VERB:
        before = start - len(words)
        if before < earliest or tokens[start - 1].text != words[-1] or texts(tokens, before, start) != words:
            continue
        if words in _IF_SO and before == earliest:
            continue  # "if you are, press 1": there was no question
        if tokens[start].gap != "." or words in _IF_SO:
            start = before
    for words in () if tokens[start].gap else _BIDDEN:
        if start - len(words) > earliest and texts(tokens, start - len(words), start) == words:
            start -= len(words)
    if start == 1 and not earliest and tokens[0].text in _MAY and not tokens[1].gap:
        start = 0  # "(you) can press 1"
    return msgspec.structs.replace(key, start=start)


def _without_quantities(keys: list[Key], tokens: list[Token]) -> list[Key]:
    """ "You can use three different cards" names no key, unless a menu goes on like this."""
    hardly = [key for key in keys if _VERBS.isdisjoint(token.text for token in tokens[key.start : key.end] if token.text not in _HARDLY)]
    if len(hardly) != 1 or hardly[0].end >= len(tokens):
        return keys
    following = tokens[hardly[0].end]
    return keys if following.gap or following.text in _CLOSED_BY else [key for key in keys if key is not hardly[0]]


def _said_twice(keys: list[Key], tokens: list[Token]) -> list[Key]:
    """ "Say one or press one" names one key."""
    joined: list[Key] = []
    for key in keys:
        last = joined[-1] if joined else None
        if last and last.digits == key.digits and texts(tokens, last.end, key.start) in _OR:
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
        spoken_in = None if _is_verb_of_label(tokens, at) else _verb_language(tokens[at].text, language)
        if spoken_in:
            heard.append(spoken_in)
        key = _key_after(tokens, at, spoken_in, keys, heard) or _key_before(tokens, at, spoken_in, keys) if spoken_in else None
        if key:
            keys.append(_with_politeness(tokens, key, keys[-1].end if keys else 0))
            at = max(at + 1, key.end)
        else:
            at += 1
    return keys


def _is_verb_of_label(tokens: list[Token], at: int) -> bool:
    """ "Tickets you can't use, press 5": what may be a verb of keys is none right before one."""
    if at + 1 >= len(tokens) or tokens[at + 1].text not in _VERBS:
        return False
    if tokens[at].text in _CHOOSING and at and tokens[at - 1].text == "to":
        return True  # "which option to choose, press 5"
    if tokens[at].text not in _HARDLY:
        return False
    return bool(tokens[at + 1].gap) or (at > 0 and tokens[at - 1].text in _ABLE)


def _key_after(tokens: list[Token], verb_at: int, language: str, before: list[Key], heard: list[str]) -> Key | None:
    fillers = _BETWEEN[language]
    at = verb_at + 1
    if _is_of_newspapers(tokens, verb_at):
        return None
    if verb_at and tokens[verb_at].text in _NOUNS and not tokens[verb_at].gap and tokens[verb_at - 1].text in _OTHER:
        return None  # "para otra opción, marque 9"
    if texts(tokens, at, at + 2) == ("des", "maintenant") and not any(token.gap for token in tokens[at : at + 3]):
        at += 2
    while at < len(tokens) and tokens[at].text in fillers and key_of(tokens[at].text, language) is None and at - verb_at < 6:
        at += 1
    if at + 1 < len(tokens) and at == verb_at + 1 and tokens[at].text == "extension" and not tokens[at + 1].gap:
        at += verb_at == 0 or tokens[verb_at - 1].text != "or"  # "dial extension 21", not "press 1 or dial extension 21"
    if _is_number_sign(tokens, at):
        return Key(verb_at, key_end(tokens, at, language), "#")
    if at + 1 < len(tokens) and tokens[at].text == "#" and tokens[at + 1].text.isdigit() and not tokens[at + 1].gap:
        at += 1  # "press #1"
    digits, end = read_digits(tokens, at, language)
    if not digits:  # "for English, press dos"
        digits, end = next((read for other in heard if other != language and (read := read_digits(tokens, at, other))[0]), ("", at))
    presses = tokens[verb_at].text not in _CHOOSING | _HARDLY
    if digits:
        if end < len(tokens) and not tokens[end].gap and _goes_on_as_number(digits, tokens[end].text):
            return None  # the number of a telephone
        counted = (_COUNTED_KEYS if presses else QUANTITIES - _NO_QUANTITY) - (_GERMAN_AT if language == "de" else frozenset())
        if end < len(tokens) and not tokens[end].gap and tokens[end].text in counted:
            return None
        if _is_one_of_some(tokens, end):
            return None
        return Key(verb_at, key_end(tokens, end, language), digits)
    if at < len(tokens) and language == "en" and tokens[verb_at].text not in _SPEAKING:
        return _homophone(tokens, verb_at, at, before)
    return None


def _is_of_newspapers(tokens: list[Token], at: int) -> bool:
    """ "The press": but before a key that nothing counts with this is the verb, where the menu has it once more, and "the" is left of
    what was broken off."""
    if at == 0 or texts(tokens, at - 1, at + 1) != ("the", "press") or tokens[at].gap:
        return False
    return not _presses_and_ends(tokens, at) or not any(_presses(tokens, other) for other in range(len(tokens)) if other != at)


def _presses_and_ends(tokens: list[Token], at: int) -> bool:
    """ "Press 1." and "press 1 for …", not "the press 5 stars" or "the press 2019"."""
    if not _presses(tokens, at):
        return False
    digits, end = read_digits(tokens, at + 1, "en")
    ends = end >= len(tokens) or bool(tokens[end].gap) or tokens[end].text in MENU_WORDS["en"].starters
    return 0 < len(digits) <= _LONGEST_DOUBTFUL and ends


def _presses(tokens: list[Token], at: int) -> bool:
    """ "Press 1", and not "the press two days before"."""
    if tokens[at].text != "press" or at + 1 >= len(tokens) or tokens[at + 1].gap or key_of(tokens[at + 1].text, "en") is None:
        return False
    return at + 2 >= len(tokens) or bool(tokens[at + 2].gap) or tokens[at + 2].text not in QUANTITIES


def _goes_on_as_number(digits: str, following: str) -> bool:
    """ "dial 800 555 …", "composez le 32 37"."""
    return following[0].isdigit() and len(digits) + min(len(following), 2) > 3


def _is_one_of_some(tokens: list[Token], end: int) -> bool:
    """ "Dialing one of our numbers", "if you use 2 or more"."""
    if end >= len(tokens) or tokens[end].gap:
        return False
    if tokens[end].text in ("through", "thru") and end + 1 < len(tokens) and key_of(tokens[end + 1].text, "en"):
        return True  # "press 1 through 5"
    return tokens[end].text == "of" or (tokens[end].text == "or" and end + 1 < len(tokens) and tokens[end + 1].text in _OR_SO)


def _is_number_sign(tokens: list[Token], at: int) -> bool:
    """ "the number sign", "el signo de número": fillers that name a key when they are all there is."""
    if texts(tokens, at - 1, at + 1) == ("number", "sign"):
        return True
    return texts(tokens, at - 3, at) in _NUMBER_SIGN and (
        at == len(tokens) or bool(tokens[at].gap) or tokens[at].text in MENU_WORDS["es"].starters
    )


def _key_before(tokens: list[Token], verb_at: int, language: str, before: list[Key]) -> Key | None:
    """ "Die 1 drücken Sie für …": the key stands before its verb."""
    if language != "de" or verb_at < 2 or (before and before[-1].end >= verb_at):
        return None
    digits = key_of(tokens[verb_at - 1].text, language)
    if digits is None or tokens[verb_at - 2].text not in ("die", "mit", "bitte") or tokens[verb_at].gap:
        return None
    end = verb_at + 1
    while end < len(tokens) and tokens[end].text in ("sie", "bitte", "jetzt", "dann") and not tokens[end].gap:
        end += 1
    return Key(verb_at - 2, end, digits)


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
    end = at + 1
    if word not in ("to", "for") and end < len(tokens) and tokens[end].text == word and not tokens[end].gap:
        end += 1  # "press won won"
    return Key(verb_at, key_end(tokens, end, "en"), digit, confidence=0.8 if closed else 0.6)
