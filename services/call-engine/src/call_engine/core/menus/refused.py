"""Keys that are named and yet not to be pressed here: "do not press 1", "dialling 9 is not needed", "hang up and dial 0 from your room"."""

from __future__ import annotations

import itertools
import re

from call_engine.core.menus.staying import staying
from call_engine.core.vocabulary.languages import MENU_WORDS
from call_engine.core.vocabulary.number_words import key_of
from call_engine.core.vocabulary.words import Token, join, texts, word_set

_HARDLY = word_set("say use tap touch enter select selecting choose type option hit sagen dites")  #: verbs that refuse much else
_VERBS = frozenset(itertools.chain.from_iterable(words.verbs for words in MENU_WORDS.values())) - _HARDLY
_ENGLISH_VERBS = MENU_WORDS["en"].verbs
_STARTERS = word_set("for to para pour fur fuer um bei zum zur otherwise instead")
_CONDITIONS = word_set("if si wenn falls until unless hasta")
_WHOSE = word_set("you he she they it we usted sie vous on")
_NEEDLESS_UPTO = 12
_BEFORE, _AHEAD = 7, 4  #: words that may lead to a verb; behind it, as far as its key
_NAMED = word_set("any anything nothing key keys button buttons tecla teclas nada ninguna rien touche touches won")
#: What stands right before a verb of pressing that is refused.
_REFUSED = re.compile(
    r"(?:^| )(?:(?:do|need|must|should|may|can|will) not(?: (?:need|have) to)?"
    r"|(?:don't|needn't|mustn't|shouldn't|can't|won't)(?: (?:need|have) to)?"
    r"|cannot|never|without|no need to|not (?:necessary|required|needed) to|rather than|instead of"
    r"|no(?: (?:es necesario|hace falta|es preciso|tiene|necesita))?(?: que)?|sin"
    r"|n'est pas (?:necessaire|utile|besoin)(?: de| d')?|ne|sans|pas besoin(?: de| d')?|keine(?: tasten?)?)$"
)  # fmt: skip
_SPANISH_OR_FRENCH = re.compile(r" ?(?:no|ne|sin|sans)(?: que)?")
_GERUNDS = word_set("pressing dialing dialling")
_NOT_NEEDED = re.compile(r"\b(?:is|are)(?: no longer|n't| not)(?: \w+)? ?(?:needed|necessary|required)\b")
_HANG_UP = (("hang", "up"), ("cuelgue",), ("raccrochez",), ("legen", "sie", "auf"))
_BEFORE_KEY = word_set("the number extension el la numero le la sie die")
_THEN = word_set("now first and then please y et und")


def refused(tokens: list[Token]) -> list[bool]:
    """For each token, whether it belongs to words that refuse a key or name one of another call."""
    masked = [False] * len(tokens)
    stays = [key.start for key in staying(tokens)]
    for at, token in enumerate(tokens):
        if token.text in _VERBS and (span := _refusal(tokens, at) or _elsewhere(tokens, at)):
            end = min([span[1], *(stay for stay in stays if stay > at)])  # "do not press any key and (stay on the line)"
            masked[span[0] : end] = [True] * (end - span[0])
    return masked


def _refusal(tokens: list[Token], at: int) -> tuple[int, int] | None:
    """What refuses the key behind this verb."""
    end = _sentence_end(tokens, at)
    if tokens[at].text in _GERUNDS and (at == 0 or tokens[at - 1].text != "by"):
        needless = _NOT_NEEDED.search(join(tokens[at : min(end, at + _NEEDLESS_UPTO)]))
        return (at, at + len(needless.string[: needless.end()].split())) if needless else None
    found = _REFUSED.search(join(tokens[_breath(tokens, at) : at]))
    if found is None or (tokens[at].text in _ENGLISH_VERBS and _SPANISH_OR_FRENCH.fullmatch(found.group())):
        return None
    start = at - len(found.group().split())
    if start and tokens[start].text == "no" and (tokens[start - 1].text == "si" or _answers(tokens, start, at)):
        return None  # "si no, marque 2"
    if start > 1 and tokens[start - 1].text in _WHOSE and tokens[start - 2].text in _CONDITIONS:
        return None  # "if you do not, press 2", "if you cannot press any keys, …"
    keyed = tokens[start].text == "keine" or any(
        token.text in _NAMED or key_of(token.text, "en") or key_of(token.text, "es") for token in tokens[at + 1 : at + 1 + _AHEAD]
    )
    return (_with_its_opener(tokens, start), _refused_upto(tokens, at, end)) if keyed else None


def _answers(tokens: list[Token], no_at: int, verb_at: int) -> bool:
    """ "(sí, pulse 1) no, pulse 2", "para no, marque 2": it answers a question, though the recogniser heard no comma."""
    if verb_at != no_at + 1 or verb_at + 1 == len(tokens) or key_of(tokens[verb_at + 1].text, "es") is None:
        return False
    return tokens[no_at - 1].text == "para" or key_of(tokens[no_at - 1].text, "es") is not None


def _with_its_opener(tokens: list[Token], start: int) -> int:
    """ "For the front desk, do not press any key": what is not pressed for is refused too."""
    first = start
    while first > 0 and tokens[first].gap != "." and tokens[first - 1].text not in _VERBS:
        first -= 1
        if not tokens[start].gap and (tokens[first].text in _STARTERS or start - first == _AHEAD):
            break
    return first if first < start and tokens[first].text in _STARTERS | _CONDITIONS else start


def _refused_upto(tokens: list[Token], at: int, end: int) -> int:
    """To the end of the sentence or, where no mark tells it, to what opens the next name: its own condition still belongs to it."""
    opened = at + 1
    for index in range(at + 1, end):
        begins = index > opened + 2
        if tokens[index].text in _CONDITIONS and not begins:
            opened = index
        elif begins and tokens[index].text in _STARTERS | _CONDITIONS:
            return index
        elif index > at + 2 and tokens[index].text in _VERBS:
            return at + 2
    return end


def _elsewhere(tokens: list[Token], at: int) -> tuple[int, int] | None:
    """ "Hang up and dial 0 from your room": a key of another call."""
    first, then = _breath(tokens, at), at
    while then > first and tokens[then - 1].text in _THEN:
        then -= 1
    upto = at + 1
    while upto < len(tokens) and not tokens[upto].gap and tokens[upto].text in _BEFORE_KEY:
        upto += 1
    if then == at or upto == len(tokens) or key_of(tokens[upto].text, "en") is None:
        return None
    while upto + 1 < len(tokens) and tokens[upto + 1].gap != "." and key_of(tokens[upto + 1].text, "en") is not None:
        upto += 1  # "9-1-1"
    starts = (then - len(words) for words in _HANG_UP if texts(tokens, max(0, then - len(words)), then) == words)
    return next(((start, upto + 1) for start in starts if start >= first), None)


def _breath(tokens: list[Token], at: int) -> int:
    first = at
    while first > 0 and at - first < _BEFORE and not tokens[first].gap:
        first -= 1
    return first


def _sentence_end(tokens: list[Token], at: int) -> int:
    return next((index for index in range(at + 1, len(tokens)) if tokens[index].gap == "."), len(tokens))
