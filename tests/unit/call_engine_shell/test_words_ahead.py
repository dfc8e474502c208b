"""Words of a recording are asked for ahead of time: sooner, each once, and with the same answers."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest
from call_engine.ports import TranscriberBusy, Transcript
from call_engine.words_ahead import Foresight, WordsAhead
from numpy.typing import NDArray

SOUNDS = [np.full(100 + number, number, np.int16) for number in range(5)]
ASKED = {"purpose": "hold", "language": "en", "hot_words": ""}


class Slow:
    """Answers when it is allowed to; counts how many wait."""

    def __init__(self) -> None:
        self.asked: list[int] = []
        self.together = self.together_max = 0
        self.allowed = asyncio.Event()

    async def transcribe(self, samples: NDArray[np.int16], *, purpose: str, language: str, hot_words: str) -> Transcript:
        self.asked.append(len(samples))
        self.together += 1
        self.together_max = max(self.together_max, self.together)
        try:
            await self.allowed.wait()
        finally:
            self.together -= 1
        if len(samples) == 103:
            raise TranscriberBusy("no")
        return Transcript(text=f"{purpose} {len(samples)}", language=language, confidence=1.0)


async def foreseen() -> Foresight:
    foresight = Foresight()
    for sound in SOUNDS:
        assert (await foresight.transcribe(sound, **ASKED)).text == ""
    return foresight


def test_what_is_foreseen_is_begun_in_order_some_at_a_time_and_asked_once() -> None:
    async def heard() -> tuple[Slow, list[str]]:
        slow = Slow()
        ahead = WordsAhead(slow, await foreseen(), at_a_time=2)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert slow.asked == [100, 101], "begun before anybody asks"
        slow.allowed.set()
        texts = [(await ahead.transcribe(sound, **ASKED)).text for sound in SOUNDS[:3]]
        await ahead.close()
        return slow, texts

    slow, texts = asyncio.run(heard())
    assert texts == ["hold 100", "hold 101", "hold 102"]
    assert slow.together_max == 2
    assert len(slow.asked) == len(set(slow.asked))


def test_another_question_about_the_same_sound_is_another_one() -> None:
    async def heard() -> str:
        slow = Slow()
        slow.allowed.set()
        ahead = WordsAhead(slow, await foreseen(), at_a_time=1)
        text = (await ahead.transcribe(SOUNDS[0], purpose="candidate", language="en", hot_words="")).text
        await ahead.close()
        return text

    assert asyncio.run(heard()) == "candidate 100"


def test_a_refusal_reaches_who_asks() -> None:
    async def heard() -> None:
        slow = Slow()
        slow.allowed.set()
        ahead = WordsAhead(slow, await foreseen(), at_a_time=3)
        with pytest.raises(TranscriberBusy):
            await ahead.transcribe(SOUNDS[3], **ASKED)
        await ahead.close()

    asyncio.run(heard())


def test_what_nobody_asks_for_is_given_up() -> None:
    async def heard() -> int:
        slow = Slow()
        ahead = WordsAhead(slow, await foreseen(), at_a_time=2)
        await asyncio.sleep(0)
        await ahead.close()
        return slow.together

    assert asyncio.run(heard()) == 0


def test_with_no_worker_set_one_at_a_time_is_asked() -> None:
    """As by the pool itself, which always has one."""

    async def heard() -> str:
        slow = Slow()
        slow.allowed.set()
        ahead = WordsAhead(slow, await foreseen(), at_a_time=0)
        async with asyncio.timeout(5):
            answer = await ahead.transcribe(SOUNDS[0], **ASKED)
        await ahead.close()
        return answer.text

    assert asyncio.run(heard()) == "hold 100"
