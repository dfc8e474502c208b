"""The Recordings port over ``line_audio``'s fingerprints: one index a line."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from line_audio.fingerprint import HeardMemory, OneMore, RecordingIndex, continued, duration_ms, fingerprint
from numpy.typing import NDArray

from call_engine.core.happenings import RecordingLost, RecordingRecognised

#: While nothing is known nothing can be recognised: frames are then analysed this many at once, which is cheaper by far.
LAZY_FRAMES = 25


class RecordingsMemory(NamedTuple):
    """What has been heard of a line, for ``KnownRecordings.recall``."""

    live: HeardMemory
    playing: frozenset[str]
    waiting: tuple[NDArray[np.int16], ...]


class KnownRecordings:
    def __init__(self) -> None:
        self._index = RecordingIndex()
        self._playing: frozenset[str] = frozenset()
        self._lengths_ms: dict[str, int] = {}
        self._waiting: list[NDArray[np.int16]] = []

    def know(self, recording_id: str, fingerprint: bytes) -> None:
        self.take(self._index.one_more(recording_id, fingerprint))

    def keep(self, recording_id: str, samples: NDArray[np.int16], lead: int = 0, gap: int = 0) -> bytes:
        """Fingerprints the stretch and knows it from now on; with a ``lead`` as what follows on what is known under this id."""
        return self.take(self.fingerprinted(recording_id, samples, lead, gap))

    def fingerprinted(self, recording_id: str, samples: NDArray[np.int16], lead: int = 0, gap: int = 0) -> OneMore:
        before = self._index.fingerprint_of(recording_id) if lead and recording_id in self._index else b""
        landmarks: bytes = continued(before, samples, lead=lead, gap=gap) if before else fingerprint(samples)
        return self._index.one_more(recording_id, landmarks)

    def take(self, more: OneMore) -> bytes:
        self._catch_up()
        self._index.take(more)
        self._lengths_ms[more.recording_id] = duration_ms(more.data)
        return more.data

    def wrong_part(self, said: NDArray[np.int16], lead: int) -> float | None:
        return self._index.wrong_part(said, lead)

    def wrong_in_place(self, heard_samples: int) -> float | None:
        return self._index.wrong_in_place(heard_samples)

    def remember(self) -> RecordingsMemory:
        """What has been heard so far: a copy."""
        return RecordingsMemory(self._index.remember(), self._playing, tuple(self._waiting))

    def recall(self, memory: RecordingsMemory) -> None:
        """Go on from what was heard then; the same recordings must be known as then."""
        self._index.recall(memory.live)
        self._playing, self._waiting = memory.playing, list(memory.waiting)

    def feed(self, frame: NDArray[np.int16]) -> list[RecordingRecognised | RecordingLost]:
        if not len(self._index):
            self._waiting.append(frame)
            if len(self._waiting) >= LAZY_FRAMES:
                self._catch_up()
            return []
        matches, before = self._index.feed(frame), self._playing
        self._playing = self._index.playing
        found: list[RecordingRecognised | RecordingLost] = [
            RecordingRecognised(
                recording_id=m.recording_id, start_sample=m.start_sample, position_ms=m.position_ms, score=m.score,
                length_ms=self._lengths_ms[m.recording_id], score_before=m.score_before,
            )
            for m in matches if m.recording_id in self._playing
        ]  # fmt: skip
        return [*(RecordingLost(recording_id=one) for one in sorted(before - self._playing)), *found]

    def _catch_up(self) -> None:
        if self._waiting:
            self._index.feed(np.concatenate(self._waiting))
            self._waiting.clear()
