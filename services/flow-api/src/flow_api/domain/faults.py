"""Collects what is wrong with a JSON body, each fault with its path."""

from __future__ import annotations

import re
from typing import Any

from flow_api.domain.errors import Fault, Invalid

Json = Any


class Faults:
    """Collects faults; each check says what it wants and gets a usable value or a default back."""

    def __init__(self) -> None:
        self.found: list[Fault] = []

    def add(self, path: str, message: str) -> None:
        self.found.append(Fault(path, message))

    def known(self, body: dict[str, Json], allowed: frozenset[str], path: str) -> None:
        for name in body:
            if name not in allowed:
                self.add(f"{path}.{name}", "is not a field this API knows")

    def text(self, body: dict[str, Json], name: str, path: str, most: int, *, required: bool = False, least: int = 0) -> str | None:
        if name not in body or (body[name] is None and not required):
            if required:
                self.add(f"{path}.{name}", "is required")
            return None
        value = body[name]
        if not isinstance(value, str):
            self.add(f"{path}.{name}", "must be a string")
        elif len(value) < least or (least and not value.strip()):
            self.add(f"{path}.{name}", "must not be empty")
        elif len(value) > most:
            self.add(f"{path}.{name}", f"must have at most {most} characters")
        elif "\x00" in value or not _encodable(value):
            self.add(f"{path}.{name}", "must be text without NUL and lone surrogates")
        else:
            return value
        return None

    def shaped(self, body: dict[str, Json], name: str, path: str, shape: re.Pattern[str], what: str) -> str | None:
        value = body.get(name)
        if value is None:
            return None
        if not isinstance(value, str) or not shape.fullmatch(value):
            self.add(f"{path}.{name}", f"must be {what}")
            return None
        return value

    def raise_if_any(self) -> None:
        if self.found:
            raise Invalid(self.found)


def _encodable(value: str) -> bool:
    return not any(0xD800 <= ord(char) <= 0xDFFF for char in value)
