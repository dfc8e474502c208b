"""What a transcript is compared by is embedded before the brain hears of it, and not on the engine's loop."""

from __future__ import annotations

import threading
from collections.abc import Iterable

import numpy as np
from call_engine.adapters.prepared_words import PreparedWords

from tests.support.engine_under_test import FixedTranscriber

MENU = "For billing, press 1. For a representative, press 0."


class Noting:
    def __init__(self) -> None:
        self.texts: list[str] = []
        self.thread: threading.Thread | None = None

    def prepare(self, texts: Iterable[str]) -> None:
        self.texts, self.thread = list(texts), threading.current_thread()


async def test_the_whole_and_its_labels_are_prepared_in_another_thread() -> None:
    noting = Noting()
    words = PreparedWords(FixedTranscriber(MENU), noting)
    heard = await words.transcribe(np.zeros(160, dtype=np.int16), purpose="menu", language="en", hot_words="")
    assert heard.text == MENU
    assert noting.texts == [MENU, "billing", "a representative"]
    assert noting.thread is not threading.current_thread()
