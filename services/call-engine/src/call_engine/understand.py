"""``python -m call_engine understand``: JSON lines of transcripts in, JSON lines of what they mean out."""

from __future__ import annotations

import argparse
import io
import sys
from typing import IO, Any

import msgspec

from call_engine.adapters.similarity import SentenceSimilarity
from call_engine.core.understanding.choice import Similarity, choose
from call_engine.core.utterance import ANNOUNCEMENT, Utterance, understand


class Question(msgspec.Struct, frozen=True):
    """One line of input. ``intent``: also choose the option that serves it."""

    transcript: str
    intent: str | None = None
    language: str = ""


def run(_: argparse.Namespace) -> int:
    source = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="replace")  # a wrong byte costs a letter, not the run
    out = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", write_through=True)
    try:
        return answer_lines(source, out, SentenceSimilarity())
    finally:
        source.detach()
        out.detach()


def answer_lines(source: IO[str], out: IO[str], similarity: Similarity) -> int:
    """Answers line by line; a line that is no question is answered by its error, and the exit code is then 1."""
    failed = False
    for line in source:
        if not line.strip():
            continue
        try:
            reply = answer(msgspec.json.decode(line, type=Question), similarity)
        except msgspec.DecodeError as error:
            failed = True
            reply = {"error": str(error)}
        out.write(msgspec.json.encode(reply).decode() + "\n")
        out.flush()
    return int(failed)


def answer(question: Question, similarity: Similarity) -> dict[str, Any]:
    meant = understand(question.transcript, question.language, similarity)
    return {
        "kind": _kind(meant), "confidence": meant.confidence, "language": meant.menu.language,
        "options": [msgspec.to_builtins(option) for option in meant.menu.options], "complete": meant.menu.complete,
        "choice": _choice(question, meant, similarity),
    }  # fmt: skip


def _kind(meant: Utterance) -> str:
    """A welcome or an advertisement is none of the published kinds; a notice is the nearest."""
    return "recording_notice" if meant.kind == ANNOUNCEMENT else meant.kind


def _choice(question: Question, meant: Utterance, similarity: Similarity) -> dict[str, Any] | None:
    if question.intent is None:
        return None
    choice = choose(question.intent, meant.menu, similarity, language=question.language)
    if choice.digits is None:
        return None
    return {"digits": choice.digits, "confidence": choice.confidence, "reason": choice.reason, "label": choice.label}
