"""Writes the labelled sets of what phones say: ``menus.jsonl`` and ``utterances.jsonl``, from two disjoint phrase banks and a seed.

``python -m tests.data.understanding.make`` writes them anew; a test checks that they are what it writes. ``dev.txt`` may be tuned on,
``test.txt`` is kept apart. Sections of a bank, in brackets:

- of a language: ``forms`` and ``continuations`` (for a noun | for a verb), ``operator``, ``stay``, ``repeat``, ``preambles``,
  ``asking`` (for a noun | for a verb) and ``elsewhere`` (intents that no sector serves);
- ``sector LANGUAGE NAME``: options as ``n|`` noun or ``v|`` verb, label | intents in the caller's own words by ``;``;
- ``by hand``: whole menus as language | sector | transcript | options (or ``-``) | intent | choice | complete;
- ``kind NAME``: one utterance a line.

A menu has transcript, noised (as recognisers write it), intent, options [{digits, label}], choice (digits, "" to stay on the line, null
if nothing fits), wording (of the intent: direct is the option's own words, own_words, elsewhere, by_hand), complete, language, sector,
split. An utterance has transcript, noised, kind, language, split.

``fresh_menus.jsonl`` and ``fresh_utterances.jsonl``, of ``fresh.txt``, are another kept-apart set: see ``fresh.py``.
A third, ``fresh2.txt``, is read as it stands.
``spoken.txt`` holds whole menus to develop the parser on: see ``spoken.py``.
"""

from __future__ import annotations

import json
import random
import re
import zlib
from collections import defaultdict
from pathlib import Path
from typing import Any

from tests.data.understanding import fresh
from tests.data.understanding.noise import noised

HERE = Path(__file__).parent
SEED = 20260301
MENUS = {
    "dev": {"en": 96, "es": 16, "fr": 6, "de": 6},
    "test": {"en": 184, "es": 32, "fr": 16, "de": 16},
}
MENU_UTTERANCES = {"dev": 20, "test": 23}
NAMES = ["Karen", "Luis", "Priya", "Tom", "Denise", "Marcus", "Ana", "Joe", "Sandra", "Kevin"]
SITES = ["our website", "example dot com", "www.example.com", "our mobile app"]

Bank = dict[str, list[str]]
Record = dict[str, Any]


def read_bank(split: str) -> Bank:
    sections: Bank = defaultdict(list)
    name = ""
    for line in (HERE / f"{split}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            name = line.strip("[]")
            sections[name] = []
        elif line.strip() and not line.startswith("# "):
            sections[name].append(line.strip())
    return sections


class Writer:
    """Draws menus of one split from its bank."""

    def __init__(self, split: str) -> None:
        self.split = split
        self.bank = read_bank(split)
        self.random = random.Random(SEED + zlib.crc32(split.encode()))
        self.companies = [name.strip() for name in self.bank["companies"][0].split(";")]

    def filled(self, text: str) -> str:
        draw = self.random
        number = "".join(str(draw.randint(0, 9)) for _ in range(7))
        return (
            text.replace("{company}", draw.choice(self.companies)).replace("{name}", draw.choice(NAMES))
            .replace("{site}", draw.choice(SITES)).replace("{num}", f"{number[:3]}-{number[3:]}").replace("{n}", str(draw.randint(2, 12)))
        )  # fmt: skip

    def sectors(self, language: str) -> list[str]:
        return [name for name in self.bank if name.startswith(f"sector {language} ")]

    def topics(self, sector: str) -> list[tuple[str, str, list[str]]]:
        """(n or v, label, intents)."""
        rows = [line.split("|") for line in self.bank[sector]]
        return [(kind.strip(), label.strip(), [one.strip() for one in intents.split(";")]) for kind, label, intents in rows]

    def menu(self, language: str, index: int) -> Record:
        sectors = self.sectors(language)
        sector = sectors[index % len(sectors)]
        topics = self.topics(sector)
        chosen = self.random.sample(topics, self.random.randint(2, min(6, len(topics))))
        sentences, options = self._spoken(language, chosen)
        preamble = self.filled(self.random.choice(self.bank[f"preambles {language}"]))
        extra, other = self._extras(language, sentences, options)
        complete = self.random.random() > 0.25 or len(chosen) < 3 or bool(extra)
        intent, choice, wording = self._wish(language, chosen if complete else chosen[:-1], options, other)
        if not complete:
            sentences, options = self._cut(sentences, options)
        transcript = " ".join(([] if preamble == "-" else [preamble]) + sentences + extra)
        return self._record(transcript, intent, options, choice, wording, complete, language, sector.split()[-1])

    def _spoken(self, language: str, chosen: list[tuple[str, str, list[str]]]) -> tuple[list[str], list[Record]]:
        form = self.random.choice(self.bank[f"forms {language}"])
        carried = self.random.random() < 0.3 and form.index("{d}") > form.index("{n}")  # "… press one; … two" follows only this order
        onward = self.random.choice(self.bank[f"continuations {language}"])
        digits = self._digits(len(chosen))
        sentences: list[str] = []
        options: list[Record] = []
        for place, ((kind, label, _), digit) in enumerate(zip(chosen, digits, strict=True)):
            template = (onward if carried and place else form).split("|")[0 if kind == "n" else 1].strip()
            sentence = template.replace("{n}", label).replace("{v}", label).replace("{d}", digit)
            sentences.append(sentence[:1].upper() + sentence[1:])
            options.append({"digits": digit, "label": label})
        return sentences, options

    def _digits(self, count: int) -> list[str]:
        if self.random.random() < 0.85:
            return [str(number) for number in range(1, count + 1)]
        return [str(number) for number in sorted(self.random.sample(range(1, 9), count))]

    def _extras(self, language: str, sentences: list[str], options: list[Record]) -> tuple[list[str], str | None]:
        """What comes after the topics; the answer for what fits no topic: digits, "" to stay, None for nothing."""
        extra: list[str] = []
        other: str | None = None
        draw = self.random.random()
        if draw < 0.4:
            sentence, label = self.random.choice(self.bank[f"operator {language}"]).split("|")
            extra.append(sentence.replace("{d}", "0").strip())
            options.append({"digits": "0", "label": label.strip()})
            other = "0"
        elif draw < 0.6:
            extra.append(self.random.choice(self.bank[f"stay {language}"]))
            other = ""
        if self.random.random() < 0.25:
            sentence, label = self.random.choice(self.bank[f"repeat {language}"]).split("|")
            digit = self.random.choice(["9", "*"] if language != "fr" else ["9"])
            spoken = {"en": "star", "es": "asterisco", "de": "Sterntaste"}[language] if digit == "*" else digit
            extra.append(sentence.replace("{d}", spoken).strip())
            options.append({"digits": digit, "label": label.strip()})
        return extra, other

    def _wish(
        self, language: str, chosen: list[tuple[str, str, list[str]]], options: list[Record], other: str | None
    ) -> tuple[str, str | None, str]:
        """(intent, the right choice for it, how it is worded); some intents are nothing that any sector offers."""
        if self.random.random() < 0.18:
            return self.random.choice(self.bank[f"elsewhere {language}"]), other, "elsewhere"
        place = self.random.randrange(len(chosen))
        kind, label, intents = chosen[place]
        if self.random.random() < 0.4:
            return self.random.choice(intents), options[place]["digits"], "own_words"
        asking = self.random.choice(self.bank[f"asking {language}"]).split("|")[0 if kind == "n" else 1].strip()
        return re.sub(r"\byour\b", "my", asking.replace("{n}", label).replace("{v}", label)), options[place]["digits"], "direct"

    def _cut(self, sentences: list[str], options: list[Record]) -> tuple[list[str], list[Record]]:
        """The recording stops within the last option."""
        words = sentences[-1].split()
        kept = words[: 1 if len(words) < 4 or any(options[-1]["digits"] in word for word in words[:2]) else 2]
        return [*sentences[:-1], " ".join(kept)], options[:-1]

    def _record(
        self,
        transcript: str,
        intent: str,
        options: list[Record],
        choice: str | None,
        wording: str,
        complete: bool,
        language: str,
        sector: str,
    ) -> Record:
        return {
            "transcript": transcript, "noised": noised(transcript, language, self.random), "intent": intent, "options": options,
            "choice": choice, "wording": wording, "complete": complete, "language": language, "sector": sector, "split": self.split,
        }  # fmt: skip

    def by_hand(self, line: str) -> Record:
        language, sector, transcript, options, intent, choice, complete = (part.strip() for part in line.split(" | "))
        named = options.split(";") if options != "-" else []
        listed = [dict(zip(("digits", "label"), one.strip().split("=", 1), strict=True)) for one in named]
        wanted = {"stay": "", "none": None}.get(choice, choice)
        return self._record(transcript, intent, listed, wanted, "by_hand", complete == "yes", language, sector)

    def menus(self) -> list[Record]:
        drawn = [self.menu(language, index) for language, count in MENUS[self.split].items() for index in range(count)]
        return [*drawn, *map(self.by_hand, self.bank["by hand"])]

    def utterances(self) -> list[Record]:
        records = [
            self._utterance(self.filled(line), kind.removeprefix("kind "))
            for kind, lines in self.bank.items() if kind.startswith("kind ") for line in lines
        ]  # fmt: skip
        languages = ["en"] * 15 + ["es"] * 4 + ["fr"] * 2 + ["de"] * 2
        for index in range(MENU_UTTERANCES[self.split]):
            records.append(self._utterance(self.menu(languages[index], index)["transcript"], "menu", languages[index]))
        return records

    def _utterance(self, transcript: str, kind: str, language: str = "") -> Record:
        spoken = language or language_of(transcript)
        return {
            "transcript": transcript, "noised": noised(transcript, spoken, self.random), "kind": kind, "language": spoken,
            "split": self.split,
        }  # fmt: skip


_MARKS = {
    "es": "usted su sus por para llamada está favor el la oprima marque habla espere le gracias correcto déjeme momento dígame deje del "
          "después opción desea encuesta claro sí nuestras oficinas entendí cuénteme qué puedo ayudarle lo",
    "fr": "vous votre nous nos appel pour veuillez est je le merci bonjour ce souhaitez d'accord était quelle à quand",
    "de": "sie ihr ihre bitte der die das ist ich wir unser einen gespräch eingabe am ein zur dieser wird kann",
}  # fmt: skip


def language_of(line: str) -> str:
    """Of a line of the bank; English unless it has words of another language and none of English."""
    text = line.lower()
    if re.search(r"\b(the|you|your|this|please|is|are|we|to|hello|hi|that|okay|of|here|and|not|with|i'm)\b", text):
        return "en"
    words = re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)?", text)
    counts = {language: sum(word in marks.split() for word in words) for language, marks in _MARKS.items()}
    best = max(counts, key=lambda language: counts[language])
    return best if counts[best] else "en"


def written() -> dict[str, str]:
    """File name → its text."""
    writers = [Writer("dev"), Writer("test")]
    menus = [record for writer in writers for record in writer.menus()]
    utterances = [record for writer in writers for record in writer.utterances()]
    return {
        "menus.jsonl": _lines(menus), "utterances.jsonl": _lines(utterances),
        "fresh_menus.jsonl": _lines(fresh.menus()), "fresh_utterances.jsonl": _lines(fresh.utterances()),
    }  # fmt: skip


def _lines(records: list[Record]) -> str:
    return "".join(json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n" for record in records)


if __name__ == "__main__":
    for name, text in written().items():
        (HERE / name).write_text(text, encoding="utf-8")
        print(f"{name}: {text.count(chr(10))} records, {len(text.encode())} bytes")
