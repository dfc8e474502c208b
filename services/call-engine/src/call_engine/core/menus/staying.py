"""Staying on the line, which leads somewhere as a key does: "otherwise, please hold for the next available agent"."""

# ruff: noqa: E501

from __future__ import annotations

import re

from call_engine.core.menus.key import STAY, Key
from call_engine.core.vocabulary.languages import MENU_WORDS
from call_engine.core.vocabulary.words import Token, join

_STAYING = re.compile(
    r"(?<!\S)(?<!\bto )(?<!\bcan )(?<!\bcould )(?:(?:or|otherwise|alternatively|o bien|please|simply|just|then|and|o|ou|oder|si no|de lo contrario|sinon|ansonsten|andernfalls|bitte|veuillez|por favor) )*"
    r"(?:(?:stay|remain|stand) (?:on|by|tuned|with us)(?: the)?(?: line| phone)?|(?:continue to |continue |keep )hold(?:ing)?(?: on)?(?: the)?(?: line)?"
    r"|hold (?:on )?(?:the )?line|wait for the (?:tone|beep)|hang (?:tight|in there)|sit tight|(?<=please )(?:hold|wait)|(?<=or )(?:hold|wait)|(?<=otherwise )(?:hold|wait)|(?<=alternatively )(?:hold|wait)|(?<=just )(?:hold|wait)"
    r"|(?<=simply )(?:hold|wait)|(?:hold on|wait)(?= (?:and|for) (?:an?|the|our|one|someone|somebody|we|we'll|your) )|(?<=else )hold|(?<=other calls )hold|hold (?=for (?:an?|the|our|one) )|hold (?=and (?:an?|the|our|someone|we) )"
    r"|permanezca|mantengase|no cuelgue|(?:espere|aguarde)(?= en| un| y |$| o (?:pulse|marque|oprima|presione) )|(?<= favor )espere|restez|ne (?:quittez|raccrochez) pas|(?<=veuillez )patienter|patientez"
    r"|bleiben sie|warten sie(?! auf (?!(?:[a-z]+ ){1,4}?(?:mitarbeiter|mitarbeiterin|berater|kollegen|zentrale|ansage|ton|vermittlung)\b))|legen sie nicht auf)(?= |$)"
)
_STAYING_TAIL = re.compile(
    r"(?: on| bitte| einfach)?(?: (?:a|en|sur|in|am|auf) (?:la |der |ihrem? )?(?:linea|ligne|leitung|apparat|telefon|linie|espera))?(?: (?:dran|bitte|einfach|now|please(?! (?:press|dial))|por favor(?! (?:marque|oprima|presione|pulse))|un momento|einen moment))*"
    r"(?: (?:for|to (?:speak|talk) (?:to|with)) (?:an?|the|our|one of our)(?: [a-z']+){0,3}? (?:agents?|representatives?|operators?|associates?|advisers?|advisors?"
    r"|receptionist|specialist|attendant|assistance|clerk|banker|nurse|person|staff|member|bankers?))?"
    r"(?: (?:and|y|et|und|o|nous|wir) (?:your|an?|someone|somebody|we'll|we|the|our|le|la|con|enseguida|allons|sind|one)(?: [a-z']+){0,9})?"
)


_DONE_IN_EVERY_MENU = frozenset(("repeat", "hear", "return", "go", "listen", "replay", "have"))


def staying(tokens: list[Token]) -> list[Key]:
    """Every "otherwise, please stay on the line for an agent" as the key that is no key."""
    text = join(tokens)
    starts = _word_starts(tokens)
    keys: list[Key] = []
    for match in _STAYING.finditer(text):
        if match.start() not in starts:
            continue
        start = starts[match.start()]
        end = start + len(match.group().split())
        keys.append(Key(start, _staying_end(tokens, text, start, end), STAY, spoken=False, cost=0.0))
    told = {index for key in keys for index in range(key.start, key.end)}
    keys += [
        Key(at, _staying_end(tokens, text, at, at + 1), STAY, spoken=False)
        for at in range(len(tokens))
        if at not in told and _waits(tokens, at)
    ]
    return keys


def _waits(tokens: list[Token], at: int) -> bool:
    """ "…, hold." or "hold for …" as a clause of its own: "please" was not heard."""
    if tokens[at].text not in ("hold", "wait", "espere", "patientez") or not tokens[at].gap:
        return False
    return at + 1 == len(tokens) or tokens[at + 1].gap == "." or tokens[at + 1].text in ("for", "and", "por", "y")


def _staying_end(tokens: list[Token], text: str, start: int, end: int) -> int:
    """With what one stays for, in the same sentence."""
    rest = join(tokens[end:])
    tail = _STAYING_TAIL.match(" " + rest) if rest else None
    upto = end + (len(tail.group().split()) if tail else 0)
    return next((at for at in range(end, upto) if _begins_anew(tokens, at)), upto)


def _begins_anew(tokens: list[Token], at: int) -> bool:
    """A sentence, a key or another option: "… and we'll pick up to hear this again …"."""
    if tokens[at].gap == "." or tokens[at].text in MENU_WORDS["en"].verbs:
        return True
    following = tokens[at + 1].text if at + 1 < len(tokens) else ""
    return (tokens[at].text == "to" and following in _DONE_IN_EVERY_MENU) or (
        tokens[at].text == "para" and following[-2:] in ("ar", "er", "ir")
    )


def _word_starts(tokens: list[Token]) -> dict[int, int]:
    starts, at = {}, 0
    for index, token in enumerate(tokens):
        starts[at] = index
        at += len(token.text) + 1
    return starts
