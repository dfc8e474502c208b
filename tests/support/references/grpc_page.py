"""The gRPC API as Markdown, from the proto file with its comments."""

from __future__ import annotations

import re

from tests.architecture.sources import ROOT

PROTO = ROOT / "proto/call_contract/v1/call_engine.proto"
_METHOD = re.compile(r"^\s*rpc (\w+)\((\w+)\) returns \((stream )?(\w+)\);")
_FIELD = re.compile(r"^\s*((?:optional |repeated )?(?:map<[^>]+>|\w+)) (\w+) = (\d+);")
_SCALARS = {"string", "bytes", "bool", "double", "float", "int32", "int64"}


def page() -> str:
    methods: list[str] = []
    messages: list[str] = []
    comment: list[str] = []
    for line in PROTO.read_text(encoding="utf-8").splitlines():
        if line.strip().startswith("//"):
            comment.append(line.strip()[2:].strip())
            continue
        if method := _METHOD.match(line):
            methods.append(_method(method, comment))
        elif "message " in line:
            messages.append(_message(line, comment))
        elif field := _FIELD.match(line):
            messages[-1] += _field(field, comment)
        comment = []
    return "\n\n".join([_opening(), "## Methods", *methods, "## Messages", *messages]) + "\n"


def _opening() -> str:
    return (
        "# gRPC reference\n\n"
        "`call_contract.v1.CallEngine`, from `proto/call_contract/v1/call_engine.proto`. call-engine also serves\n"
        "`grpc.health.v1.Health` and reflection. Where tokens are in use, send `authorization: Bearer TOKEN` as metadata. Times named\n"
        "`…_ms` are call time: milliseconds of audio since the call was dialled."
    )


def _method(found: re.Match[str], comment: list[str]) -> str:
    name, takes, stream, gives = found.groups()
    answer = f"{'a stream of ' if stream else ''}{_type(gives)}"
    said = [f"- `{status}`: {meaning}" if status else meaning for status, meaning in map(_status, _sentences(comment))]
    return "\n".join([f"### {name}", "", f"{_type(takes)} → {answer}", "", *said]).rstrip()


def _sentences(comment: list[str]) -> list[str]:
    """The comment, cut before every status code."""
    return [one.strip() for one in re.split(r"(?=\b[A-Z]{6,}(?:_[A-Z]+)*: )", " ".join(comment)) if one.strip()]


def _status(sentence: str) -> tuple[str, str]:
    status, colon, meaning = sentence.partition(": ")
    return (status, meaning) if colon and re.fullmatch(r"[A-Z_]+", status) else ("", sentence)


def _message(line: str, comment: list[str]) -> str:
    name = line.split()[1]
    text = f"### {name}\n\n" + (" ".join(comment) + "\n\n" if comment else "") + "| field | type | no. | |\n|---|---|---|---|"
    inline = re.search(r"\{ (.+;) \}", line)
    return text + (_field(found, []) if inline and (found := _FIELD.match(inline[1])) else "")


def _field(found: re.Match[str], comment: list[str]) -> str:
    kind, name, number = found.groups()
    *label, bare = kind.split(" ") if not kind.startswith("map") else [kind]
    return f"\n| `{name}` | {' '.join([*label, _type(bare)])} | {number} | {' '.join(comment)} |"


def _type(name: str) -> str:
    return f"`{name}`" if name in _SCALARS or name.startswith("map") else f"[{name}](#{name.lower()})"
