"""The commands that the documents show: taken out of their fenced blocks, cut into words as a shell would."""

from __future__ import annotations

import re
import shlex

import msgspec

from tests.architecture.sources import ROOT

PAGES = ("README.md", "CONTRIBUTING.md", "SECURITY.md", *(f"docs/{path.name}" for path in sorted((ROOT / "docs").glob("*.md"))))
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)
#: Blocks in these languages show something else than commands.
_NOT_COMMANDS = {"json", "mermaid", "python", "toml", "proto", "text"}


class Command(msgspec.Struct, frozen=True):
    page: str
    text: str

    @property
    def words(self) -> list[str]:
        """Without redirections, comments and what comes behind a pipe."""
        lexer = shlex.shlex(self.text, posix=True, punctuation_chars="|<>;&")
        lexer.whitespace_split = True
        words: list[str] = []
        for word in lexer:
            if set(word) <= set("|<>;&"):
                break
            words.append(word)
        return words

    @property
    def target(self) -> str:
        """The file that standard output goes to, or nothing."""
        found = re.search(r" > (\S+)$", self.text)
        return found[1] if found else ""

    @property
    def program(self) -> str:
        return self.words[0].removeprefix(".venv/bin/")


def commands() -> list[Command]:
    """All of them, in the order of the pages. Blocks without a language count where they begin like a command."""
    found = []
    for page in PAGES:
        for language, block in _FENCE.findall((ROOT / page).read_text(encoding="utf-8")):
            if language in _NOT_COMMANDS:
                continue
            lines = [line.removeprefix("$ ") for line in block.replace("\\\n", " ").splitlines()]
            if language or re.match(r"(make|python|curl|cp|callflow|mkdir|docker|\.venv/bin/)\b", lines[0]):
                found += [Command(page, line.strip()) for line in lines if line.strip() and not line.startswith(("#", " "))]
    return found
