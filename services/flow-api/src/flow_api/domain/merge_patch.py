"""What changed in a JSON object, as a merge patch (RFC 7396): what stays the same is not repeated, null takes a member away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def patch_between(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """``patched(before, patch_between(before, after)) == after``, unless a member of ``after`` that is new or changed is null."""
    patch: dict[str, Any] = {name: None for name in before if name not in after}
    for name, value in after.items():
        old = before.get(name)
        if isinstance(old, Mapping) and isinstance(value, Mapping):
            inner = patch_between(old, value)
            if inner:
                patch[name] = inner
        elif name not in before or old != value:
            patch[name] = value
    return patch


def patched(before: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    """``before`` with the changes of ``patch``."""
    result = dict(before)
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        elif isinstance(value, Mapping):
            old = result.get(name)
            result[name] = patched(old if isinstance(old, Mapping) else {}, value)
        else:
            result[name] = value
    return result
