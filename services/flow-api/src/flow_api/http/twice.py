"""Keys that are in a JSON object twice: a decoder keeps the last and says nothing, and a step or a number is lost unseen."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Iterator
from typing import Any


def keys_there_twice(raw: bytes, most: int = 50) -> list[str]:
    """The JSON path of each, or of the first of them. ``raw`` has been decoded before, so it is JSON and not too deep."""
    found: list[tuple[dict[str, Any], list[str]]] = []

    def made(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        one = dict(pairs)
        if len(one) != len(pairs):
            often = Counter(name for name, _ in pairs)
            found.append((one, [name for name in one if often[name] > 1]))
        return one

    whole = json.loads(raw, object_pairs_hook=made, parse_int=len)  # how long a number is does not matter here
    if not found:
        return []
    names_of = {id(one): names for one, names in found}
    paths = ("$" + "".join(place) + f".{name}" for place, one in _objects(whole, ()) for name in names_of.get(id(one), ()))
    return list(itertools.islice(paths, most))


def _objects(value: Any, place: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """``place``: the parts of its path, which may be long: only where it is told are they joined."""
    if isinstance(value, dict):
        yield place, value
        for name, inner in value.items():
            if isinstance(inner, dict | list):
                yield from _objects(inner, (*place, f".{name}"))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            if isinstance(inner, dict | list):
                yield from _objects(inner, (*place, f"[{number}]"))
