"""The REST API as Markdown, from the OpenAPI document that the service itself serves."""

from __future__ import annotations

import json
from typing import Any

from flow_api.http.contract.document import document
from flow_api.http.contract.json_text import indented

Schema = dict[str, Any]


def page() -> str:
    whole = document()
    parts = [f"# REST reference\n\n{_opening()}"]
    operations = [(path, method, one) for path, methods in whole["paths"].items() for method, one in methods.items()]
    parts.append(_contents(operations))
    shown: list[Any] = []
    parts.extend(_operation(path, method, one, shown) for path, method, one in operations)
    parts.append("## Shapes")
    parts.extend(_shape(name, schema) for name, schema in whole["components"]["schemas"].items())
    return "\n\n".join(parts) + "\n"


def _opening() -> str:
    return (
        "The running service serves the same as `/openapi.json` (OpenAPI 3.1) and as a page at `/docs`. Bodies are JSON. A failure is a\n"
        "problem document (RFC 9457, `application/problem+json`) that names every fault with its JSON path. Where tokens are in use, send\n"
        "`Authorization: Bearer TOKEN`; each operation says which scope it needs."
    )


def _contents(operations: list[tuple[str, str, Schema]]) -> str:
    rows = [f"| [`{method.upper()} {path}`](#{one['operationId'].lower()}) | {one['summary']} |" for path, method, one in operations]
    return "\n".join(["| operation | does |", "|---|---|", *rows])


def _operation(path: str, method: str, one: Schema, shown: list[Any]) -> str:
    """``shown``: what was answered for example so far: nothing is there twice."""
    lines = [f"### {one['operationId']}", "", f"`{method.upper()} {path}` — {one['summary']}."]
    if "description" in one:
        lines += ["", one["description"]]
    if one["parameters"]:
        lines += ["", "| parameter | in | value |", "|---|---|---|"]
        lines += [f"| `{p['name']}`{' (required)' if p['required'] else ''} | {p['in']} | {said(p['schema'])} |" for p in one["parameters"]]
    if "requestBody" in one:
        schema = one["requestBody"]["content"]["application/json"]["schema"]
        lines += ["", f"Takes {said(schema)}{'' if one['requestBody']['required'] else ' (may be left out)'}."]
        for name, example in one["requestBody"]["content"]["application/json"].get("examples", {}).items():
            lines += ["", f"For example, {name}:", "", *_json(example["value"])]
    lines += ["", "| answer | |", "|---|---|"]
    lines += [f"| {status} | {_answer(answer)} |" for status, answer in sorted(one["responses"].items())]
    headers = [answer.get("headers", {}) for status, answer in sorted(one["responses"].items()) if status.startswith("2")]
    if any(headers):
        lines += ["", "| header of an answer | says |", "|---|---|"]
        lines += [f"| `{name}` | {_line(header['description'])} |" for name, header in headers[0].items()]
    for status, answer in sorted(one["responses"].items()):
        for content in answer.get("content", {}).values():
            answered = content.get("example")
            if answered is not None and answered not in shown:
                shown += [answered, *(answered if isinstance(answered, list) else ())]
                lines += ["", f"Answers {status}, for example:", "", *_json(answered)]
    return "\n".join(lines)


def _json(value: Any) -> list[str]:
    return ["```json", indented(value), "```"]


def _answer(answer: Schema) -> str:
    for media_type, content in answer.get("content", {}).items():
        if media_type == "application/problem+json":
            return f"{answer['description']}"
        return f"{answer['description']}: {said(content['schema'])}, `{media_type}`"
    return str(answer["description"])


def _shape(name: str, schema: Schema) -> str:
    lines = [f"### {name}"]
    if schema.get("description"):
        lines += ["", _line(schema["description"])]
    if "enum" in schema:
        return "\n".join([*lines, "", said(schema)])
    required = set(schema.get("required", ()))
    lines += ["", "| field | value | |", "|---|---|---|"]
    for field, value in schema.get("properties", {}).items():
        note = "required" if field in required else f"default `{json.dumps(value['default'])}`" if value.get("default") else ""
        lines.append(f"| `{field}` | {said(value)} | {note} |")
    return "\n".join(lines)


def said(schema: Schema) -> str:
    """A schema in a few words, with every limit it sets."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in schema:
        return " or ".join(said(one) for one in schema["anyOf"])
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    if schema.get("type") == "array":
        return f"array of {said(schema['items'])}{_limits(schema)}"
    if isinstance(schema.get("additionalProperties"), dict):
        return f"object of {said(schema['additionalProperties'])}{_limits(schema)}"
    kind = schema.get("type")
    return f"{kind}{_limits(schema)}" if kind else _line(schema.get("description", "anything"))


_LIMITS = {
    "format": "{}", "minimum": "≥ {}", "exclusiveMinimum": "> {}", "maximum": "≤ {}", "maxLength": "at most {} characters",
    "maxItems": "at most {}", "maxProperties": "at most {}", "pattern": "`{}`",
}  # fmt: skip
#: Patterns that say less than words do.
_PLAIN = {r"^[^\u0000]*$": "", r"^[^\u0000]*[^\s\u0000][^\u0000]*$": "not blank"}


def _limits(schema: Schema) -> str:
    limits = [words.format(_line(str(schema[key]))) for key, words in _LIMITS.items() if key in schema and schema[key] not in _PLAIN]
    limits += [_PLAIN[schema["pattern"]]] if _PLAIN.get(schema.get("pattern")) else []
    return f" ({', '.join(limits)})" if limits else ""


def _line(text: str) -> str:
    return " ".join(text.replace("``", "`").replace("|", "\\|").split())
