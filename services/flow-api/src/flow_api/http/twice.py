"""Keys that are in a JSON object twice: a decoder keeps the last and says nothing, and a step or a number is lost unseen."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any


def keys_there_twice(raw: bytes) -> list[str]:
    """The JSON path of each. ``raw`` has been decoded before, so it is JSON and not too deep."""
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
    return [path + f".{name}" for path, one in _objects(whole, "$") for name in names_of.get(id(one), ())]


def _objects(value: Any, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(value, dict):
        yield path, value
        for name, inner in value.items():
            yield from _objects(inner, f"{path}.{name}")
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _objects(inner, f"{path}[{place}]")
