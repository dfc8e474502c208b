"""JSON for people: what fits into a line is in one."""

from __future__ import annotations

import json
from typing import Any

LINE = 200  #: characters: a step of a flow


def indented(value: Any) -> str:
    return "\n".join(_lines(value, "", ""))


def _lines(value: Any, before: str, after: str) -> list[str]:
    """``before`` is what stands before it in its line, with the indentation; ``after`` its comma."""
    whole = before + json.dumps(value, ensure_ascii=False) + after
    inner = [(f"{json.dumps(name)}: ", one) for name, one in value.items()] if isinstance(value, dict) else []
    inner = [("", one) for one in value] if isinstance(value, list) else inner
    if len(whole) <= LINE or not inner:
        return [whole]
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    indentation = " " * (len(before) - len(before.lstrip()))
    lines = [before + opening]
    for place, (name, one) in enumerate(inner, 1):
        lines += _lines(one, f"{indentation}  {name}", "," * (place < len(inner)))
    return [*lines, indentation + closing + after]
