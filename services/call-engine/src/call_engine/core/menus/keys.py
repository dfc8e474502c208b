"""Finds what may be a key in a text: after a verb of pressing, bare where a menu goes on ("… press one; sales, two"), or staying on.

A key after a verb is one; of the bare ones the whole menu decides (``binding``), so each comes with what believing it costs.
"""

from __future__ import annotations

import msgspec

from call_engine.core.menus.bare_keys import bare_keys
from call_engine.core.menus.key import Key
from call_engine.core.menus.misheard import with_openers, without_heard_words
from call_engine.core.menus.spoken_keys import hanging_verb, spoken_keys
from call_engine.core.menus.staying import staying
from call_engine.core.vocabulary.words import Token, texts

_OR = (("or",), ("o",), ("ou",), ("oder",))
_FOR_THAT = (
    ("for", "that"),
    ("for", "this"),
    ("to", "do", "so"),
    ("to", "do", "that"),
    ("to", "do", "this"),
    ("para", "eso"),
    ("para", "ello"),
    ("para", "hacerlo"),
)


def find_keys(tokens: list[Token], language: str) -> list[Key]:
    keys = spoken_keys(tokens, language)
    if language == "en":
        keys = with_openers(without_heard_words(keys, tokens), tokens)
    taken = {index for key in keys for index in range(key.start, key.end)}
    bare = bare_keys(tokens, language, taken, keys)
    taken |= {index for key in bare for index in range(key.start, key.end)}
    keys = [_pointing_back(key, tokens) for key in _with_extension(keys, bare, tokens)]
    bare = [key for key in bare if not any(one.start < key.start < one.end for one in keys)]
    keys += hanging_verb(tokens, language, taken)
    waiting = [key for key in staying(tokens) if taken.isdisjoint(range(key.start, key.end))]
    return _with_staying(sorted([*keys, *bare, *waiting], key=lambda key: key.start), tokens)


def _pointing_back(key: Key, tokens: list[Token]) -> Key:
    """ "We can text you a link. Press 1 (for that).", "a call back? (To do so,) press 1": what it is for has been named."""
    for words in _FOR_THAT:
        end, start = key.end + len(words), key.start - len(words)
        if texts(tokens, key.end, end) == words and (end == len(tokens) or tokens[end].gap):
            return msgspec.structs.replace(key, end=end, told=True)
        if start > 0 and texts(tokens, start, key.start) == words and tokens[start].gap == ".":
            return msgspec.structs.replace(key, start=start, told=True)
    return key


def _with_staying(keys: list[Key], tokens: list[Token]) -> list[Key]:
    """ "To speak to an agent, stay on the line or press 0": both lead to one place, and it is named before."""
    found: list[Key] = []
    for key in keys:
        last = found[-1] if found else None
        if last and last.is_stay and key.spoken and not tokens[last.start].gap.strip(",") and texts(tokens, last.end, key.start) in _OR:
            found[-1] = msgspec.structs.replace(key, start=last.start)
        else:
            found.append(key)
    return found


def _with_extension(keys: list[Key], bare: list[Key], tokens: list[Token]) -> list[Key]:
    """ "Press 1 or dial extension 21" leads to one place."""
    dialled = {key.start - 2: key.end for key in bare if tokens[key.start].text == "extension" and key.start > 1}
    return [
        msgspec.structs.replace(key, end=dialled[key.end])
        if key.end in dialled and tokens[key.end].text == "or" and not tokens[key.end].gap
        else key
        for key in keys
    ]
