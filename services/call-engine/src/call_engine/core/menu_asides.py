"""Sentences of a menu that open like a label and yet are whole without a key: "If you'd like to write to us, our address is …"."""

from __future__ import annotations

from call_engine.core.menu_key import Key
from call_engine.core.words import Token, word_set

_OPENERS = word_set("if for to when should in si para pour wenn falls fur")
_DO = word_set("visit go check see call text email contact fax write send download use ring try ask dial enter")
_WHERE = word_set("our us www online to at the it back again after before")
_SAY = word_set("we you we'll we're you'll it's there")
_TELL = word_set("our this the it that your")
_VERBS = word_set("is are can will has have may must do was were")


def asides(tokens: list[Token], keys: list[Key], *, ended: bool) -> list[bool]:
    """For each token, whether it belongs to such a sentence. ``ended``: the last sentence has its mark."""
    taken = {index for key in keys for index in range(key.start, key.end)}
    starts = [at for at, token in enumerate(tokens) if token.gap == "." or at == 0]
    masked = [False] * len(tokens)
    for start, end in zip(starts, [*starts[1:], len(tokens)], strict=True):
        whole = end < len(tokens) or ended
        if whole and taken.isdisjoint(range(start, end)) and _is_whole(tokens[start:end]):
            masked[start:end] = [True] * (end - start)
    return masked


def _is_whole(sentence: list[Token]) -> bool:
    if sentence[0].text not in _OPENERS:
        return False
    return any(token.gap == "," and _main_clause([one.text for one in sentence[at:]]) for at, token in enumerate(sentence) if at > 1)


def _main_clause(words: list[str]) -> bool:
    asked = words[0] == "please"
    words = words[asked:]
    if len(words) < 2 + (not asked):
        return False
    if words[0] in _DO:
        return asked or words[1] in _WHERE or words[1].isdigit()
    return asked or words[0] in _SAY or (words[0] in _TELL and not _VERBS.isdisjoint(words))
