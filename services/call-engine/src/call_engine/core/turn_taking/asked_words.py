"""What the recogniser was asked about one turn, and the words that came back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from call_engine.core.facts import Uncertainty
from call_engine.core.happenings import Transcribed, Word


class Stretch(NamedTuple):
    """Samples of call time; ``cut``: in the middle of speech."""

    start: int
    end: int
    cut: bool


class AskedWords:
    """True once anything was asked. A peek is a look into speech that will be heard again; it counts only while nothing better has come."""

    def __init__(self, turn: int) -> None:
        """``turn``: its number, which is in the names of its requests."""
        self.peeked = ""  #: the latest look that was answered
        self.language = ""
        self._turn = turn
        self._asked: dict[str, Stretch] = {}
        self._heard: dict[str, Transcribed] = {}
        self._requests = self._peeks = 0

    def __bool__(self) -> bool:
        return bool(self._asked)

    @property
    def waiting(self) -> bool:
        return any(request not in self._heard for request in self._asked)

    @property
    def waiting_for_cut(self) -> bool:
        """Whether the words of a stretch that was cut in the middle of speech are outstanding."""
        return any(stretch.cut and request not in self._heard for request, stretch in self._asked.items())

    @property
    def until(self) -> int:
        """The end of what was asked about; 0 before anything was."""
        return max((stretch.end for stretch in self._asked.values()), default=0)

    def ask(self, start: int, end: int, *, cut: bool) -> str:
        """The name of a new request."""
        self._requests += 1
        request = f"t{self._turn}.{self._requests}"
        self._asked[request] = Stretch(start, end, cut)
        return request

    def peek(self) -> str:
        """The name of a new look."""
        self._peeks += 1
        return f"p{self._turn}.{self._peeks}"

    def are(self, request_id: str) -> bool:
        """Whether this request is one of them, or a look."""
        return request_id in self._asked or request_id.startswith(f"p{self._turn}.")

    def take(self, answer: Transcribed, unsent: int | None) -> int | None:
        """``unsent``: where speech begins that was not sent yet. Gives where it begins now: the last word of a stretch that was cut in the
        middle of speech may be cut in half, and opens the next one.
        """
        stretch = self._asked.get(answer.request_id)
        if stretch is None:
            self.peeked = max(self.peeked, answer.request_id, key=_order)
            self._heard[answer.request_id] = answer
            return unsent
        if stretch.cut and len(answer.words) > 1 and unsent == stretch.end:
            unsent = max(stretch.start, answer.words[-1].start_sample)
            answer = _without_last(answer)
        self.language = answer.language
        self._heard[answer.request_id] = answer
        return unsent

    def failed(self, request_id: str) -> None:
        if request_id in self._asked:
            start, end, _ = self._asked[request_id]
            self._heard[request_id] = Transcribed(request_id=request_id, start_sample=start, end_sample=end, text="", confidence=0.0)

    # --- what is not of the turn ---

    def forget(self) -> None:
        self.peeked = ""
        self._asked.clear()
        self._heard.clear()

    def forget_up_to(self, until: int) -> None:
        """What was asked about stretches that end no later."""
        for request in [request for request, stretch in self._asked.items() if stretch.end <= until]:
            del self._asked[request]
            self._heard.pop(request, None)

    def drop(self, requests: Iterable[str]) -> None:
        """They are no part of what the turn says."""
        for request in requests:
            self._asked.pop(request, None)

    def across(self, at: int, margin: int) -> list[str]:
        """Requests that hold words before it and more than a margin behind it."""
        return [request for request, stretch in self._asked.items() if stretch.start < at and stretch.end > at + margin]

    def said_before(self, at: int, margin: int) -> str | None:
        """None while words of a stretch that began before are awaited."""
        before = [request for request, stretch in self._asked.items() if stretch.start < at]
        if any(request not in self._heard for request in before):
            return None
        across = self.across(at, margin)
        return " ".join(
            _until(self._heard[request], at) if request in across else self._heard[request].text.strip() for request in before
        )  # fmt: skip

    # --- the words ---

    @property
    def none_understood(self) -> bool:
        """The recogniser has listened and understood nothing."""
        return bool(self._heard) and not any(one.text.strip() for one in self._heard.values())

    def text(self) -> tuple[str, tuple[Word, ...]]:
        """All the words so far."""
        if not self._heard:
            return "", ()
        answers = self._answers()
        return " ".join(one.text.strip() for one in answers if one.text.strip()), tuple(word for one in answers for word in one.words)

    def uncertainty(self) -> Uncertainty | None:
        """The recogniser's, about all of ``text``; every second weighs alike. None where it told none."""
        if not self._heard:
            return None
        told = [
            (one.end_sample - one.start_sample, one.log_prob, one.no_speech)
            for one in self._answers() if one.log_prob is not None and one.no_speech is not None
        ]  # fmt: skip
        size = sum(length for length, *_ in told)
        if not size:
            return None
        return Uncertainty(sum(length * log_prob for length, log_prob, _ in told) / size, sum(length * no for length, _, no in told) / size)

    def _answers(self) -> list[Transcribed]:
        answers = [self._heard[request] for request in self._asked if request in self._heard]
        return [self._heard[self.peeked]] if not answers and self.peeked else answers


def _until(answer: Transcribed, at: int) -> str:
    """Its words that were said before; all of them where it is not known when each was."""
    return " ".join(word.text for word in answer.words if word.start_sample < at) if answer.words else answer.text.strip()


def _order(request_id: str) -> int:
    """Looks are numbered; their answers may overtake each other."""
    return int(request_id.rpartition(".")[2] or 0)


def _without_last(answer: Transcribed) -> Transcribed:
    """The last word may be cut in half; it opens the next piece instead."""
    text = answer.text.rstrip()
    shortened = text[: text.rfind(" ")] if " " in text else ""
    return Transcribed(
        request_id=answer.request_id, start_sample=answer.start_sample, end_sample=answer.words[-1].start_sample, text=shortened,
        words=answer.words[:-1], language=answer.language, confidence=answer.confidence, log_prob=answer.log_prob,
        no_speech=answer.no_speech,
    )  # fmt: skip
