"""The real sentence model behind a folder of answers: a simulation asks for the same few thousand pairs again and again."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
from call_engine.adapters.learned import paths
from call_engine.adapters.similarity import SentenceSimilarity


class KeptSimilarity:
    """Implements the ``Similarity`` port. One file a text, shared by processes; a lost write only means asking again."""

    def __init__(self, folder: Path, model: SentenceSimilarity | None = None) -> None:
        weights = b"".join(path.read_bytes() for path in paths())
        self._folder = folder / hashlib.sha256(weights).hexdigest()[:12]  # answers of other weights are of no use
        self._model = model or SentenceSimilarity()
        self._answers: dict[str, dict[str, float]] = {}

    def scores(self, text: str, candidates: Sequence[str]) -> list[float]:
        known = self._known(text)
        missing = sorted({one for one in candidates if one not in known})
        if missing:
            known.update(zip(missing, self._model.scores(text, missing), strict=True))
            self._keep(text, known)
        return [known[one] for one in candidates]

    def kinds(self, text: str, cues: Sequence[float]) -> dict[str, float]:
        known = self._known(text)
        asked = f"kinds {list(cues)} "
        found = {name.removeprefix(asked): odds for name, odds in known.items() if name.startswith(asked)}
        if not found:
            found = self._model.kinds(text, cues)
            known.update({asked + kind: odds for kind, odds in found.items()})
            self._keep(text, known)
        return found

    def topics(self, text: str, candidates: Sequence[str]) -> list[float]:
        return self._compared("topics", text, candidates, self._model.topics)

    def serving(self, text: str, candidates: Sequence[str]) -> list[float]:
        return self._compared("serving", text, candidates, self._model.serving)

    def remembered(self, text: str, candidates: Sequence[str]) -> list[float]:
        return self._compared("remembered", text, candidates, self._model.remembered)

    def singled_out(self, text: str, candidates: Sequence[str]) -> list[float]:
        return self._compared("singled_out", text, candidates, self._model.singled_out)

    def _compared(
        self, name: str, text: str, candidates: Sequence[str], compare: Callable[[str, Sequence[str]], list[float]]
    ) -> list[float]:
        known = self._known(text)
        missing = sorted({one for one in candidates if f"{name} {one}" not in known})
        if missing:
            known.update({f"{name} {one}": value for one, value in zip(missing, compare(text, missing), strict=True)})
            self._keep(text, known)
        return [known[f"{name} {one}"] for one in candidates]

    def _known(self, text: str) -> dict[str, float]:
        if text not in self._answers:
            try:
                with open(self._path(text), "rb", buffering=0) as kept:
                    self._answers[text] = msgspec.json.decode(kept.read(), type=dict[str, float])
            except FileNotFoundError:
                self._answers[text] = {}
        return self._answers[text]

    def _keep(self, text: str, answers: dict[str, float]) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self._folder, suffix=".part", delete=False) as part:
            part.write(msgspec.json.encode(answers))
        Path(part.name).replace(self._path(text))

    def _path(self, text: str) -> Path:
        return self._folder / f"{hashlib.sha256(text.encode()).hexdigest()[:24]}.json"
