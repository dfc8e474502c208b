"""``.env.example`` documents every setting of call-engine and flow-api, and names none that does not exist."""

from __future__ import annotations

import ast
import re

import msgspec
from flow_api.settings import Settings

from tests.architecture.sources import PACKAGES, ROOT, tree


def engine_names() -> set[str]:
    """The names that call_engine.environment reads, by the reader's prefix."""
    names = set()
    for function in ast.walk(tree(PACKAGES["call_engine"] / "environment.py")):
        if not isinstance(function, ast.FunctionDef):
            continue
        prefix = "CALL_ENGINE_SIP_" if function.name == "_sip" else "CALL_ENGINE_"
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get" and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str) and len(node.args) == 3:
                    names.add(prefix + first.value)
    return names


def api_names() -> set[str]:
    shared = {"eventstore_uri": "EVENTSTORE_URI", "call_engine_target": "CALL_ENGINE_TARGET"}
    own = {field.name for field in msgspec.structs.fields(Settings)} - {"traces_endpoint"}  # OpenTelemetry's own variable
    return {shared.get(name, f"FLOW_API_{name.upper()}") for name in own}


def test_every_setting_is_documented_and_every_documented_one_exists() -> None:
    documented = set(re.findall(r"^#?([A-Z][A-Z0-9_]+)=", (ROOT / ".env.example").read_text(), flags=re.M))
    known = engine_names() | api_names()
    assert documented - known == set()
    assert known - documented == set()
