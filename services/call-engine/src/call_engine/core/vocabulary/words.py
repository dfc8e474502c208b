"""Text as tokens: lower-case words without accents, each knowing the punctuation that stood before it."""

from __future__ import annotations

import re
import unicodedata

import msgspec

_TOKEN = re.compile(r"[a-z]+(?:['’][a-z]+)*|\d+(?:st|nd|rd|th|ks?|g|s|er(?! taste)|eme)\b|\d+|[*#]|[.,;:?!…\-–—]+")
_SENTENCE_END = frozenset(".?!…;")
_NO_SENTENCE_END = re.compile(
    r"\b(dr|mr|mrs|ms|st|sr|sra|jr|ave|mme|vs|approx)\.|(?<=\d)[.:](?=\d)"
    r"|(?<=\d)\.(?= (?:bis|und|januar|februar|marz|april|mai|juni|juli|august|september|oktober|november|dezember|klasse|stock|semester)\b)"
)  #: "Dr. Hale", "9:30", "6.25", "am 4. Mai"


#: "… after 10 p.m. For billing …"
_ENDS_AT_HOUR = re.compile(r"\b([ap])\.m\.(?= (?!(?:[ECMP][SD]?T|GMT|Eastern|Central|Mountain|Pacific|[A-Z][a-z]+day)\b)[A-Z])")


class Token(msgspec.Struct, frozen=True):
    """``gap`` is what stood before the word: nothing, a comma, or the end of a sentence (".")."""

    text: str
    gap: str = ""


def fold(text: str) -> str:
    """Lower case without accents."""
    lowered = text.lower().replace("ß", "ss").replace("’", "'").replace("a.m.", "am").replace("p.m.", "pm")
    if lowered.isascii():
        return lowered
    return "".join(ch for ch in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(ch))


def tokenise(text: str) -> list[Token]:
    tokens: list[Token] = []
    gap = "."
    for match in _TOKEN.finditer(_NO_SENTENCE_END.sub(lambda found: f"{found[1] or ''} ", fold(_ENDS_AT_HOUR.sub(r"\1.m. .", text)))):
        word = match.group()
        if word[0].isalnum() or word in "*#":
            tokens.append(Token(word, gap))
            gap = ""
        elif any(ch in _SENTENCE_END for ch in word):
            gap = "."
        elif gap != "." and word[0] != "-":
            gap = ","
    return tokens


def word_set(text: str) -> frozenset[str]:
    """The words of a text, for word lists that are written as text."""
    return frozenset(text.split())


def join(tokens: list[Token]) -> str:
    return " ".join(token.text for token in tokens)


def texts(tokens: list[Token], start: int, end: int) -> tuple[str, ...]:
    return tuple(token.text for token in tokens[start:end])
