"""Recognise known recordings on a line: compact fingerprints and a streaming index.

A fingerprint is one 16-bit word for each 20 ms (6 kB a minute). The index looks each live word and its nearest neighbours up
and checks the proposed alignments by their share of wrong bits, so its cost does not grow with the length of the call.
"""

from __future__ import annotations

import functools
from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from line_audio import _kernels_fingerprint as kernels
from line_audio import familiar, in_place, spectrum
from line_audio.segments import FRAME_MS, FRAME_SAMPLES

VERSION = b"\x01"
MIN_WORDS = 36  #: 0.72 s of sound at least before a match
SPAN_WORDS = 75
ERRORS_SHORT, ERRORS_LONG = 0.27, 0.32  #: accepted part of wrong bits, at MIN_WORDS and at SPAN_WORDS
MIN_POSITION = 30
PLACES = 4  #: of a recording, where it was heard last and may go on
LEAD_SAMPLES = (kernels.SMOOTHING + kernels.LAG) * FRAME_SAMPLES  #: what a word depends on besides its own frame


class Match(msgspec.Struct, frozen=True, kw_only=True):
    """A known recording plays. It began (or would have begun) at ``start_sample``; ``position_ms`` of it has been heard.

    ``score`` is 1 for identical fingerprints and 0 for unrelated ones. It is that of the last 1.5 s; ``score_before`` that of what was
    heard of the recording before, up to its start or 5 s back: two recordings may have a sentence in common. 1 where that is little.
    """

    recording_id: str
    start_sample: int
    position_ms: int
    score: float
    score_before: float = 1.0


class BadFingerprint(ValueError):
    """Bytes that ``fingerprint`` did not make."""


def fingerprint(samples: NDArray[np.int16]) -> bytes:
    """Fingerprint of a recording: 1 + 2 bytes for each whole 20 ms."""
    out = np.zeros(samples.size // FRAME_SAMPLES, np.uint16)
    kernels.words_of(np.ascontiguousarray(samples.reshape(-1), dtype=np.float32), spectrum.tables(), _edges(), out)
    return VERSION + out.astype("<u2").tobytes()


def words(data: bytes) -> NDArray[np.uint16]:
    """The words of a fingerprint. Raises BadFingerprint."""
    if data[:1] != VERSION or len(data) % 2 != 1:
        raise BadFingerprint(f"not a fingerprint of version {VERSION[0]}")
    return np.frombuffer(data[1:], "<u2").astype(np.uint16)


def duration_ms(data: bytes) -> int:
    """Length of the recording a fingerprint was made of."""
    return int(words(data).size) * FRAME_MS


def continued(data: bytes, samples: NDArray[np.int16], *, lead: int, gap: int = 0) -> bytes:
    """The fingerprint of a recording that goes on with ``samples``, of which the first ``lead`` only lead up to what is added.

    ``gap``: so many samples in between are unknown. All counts should be whole frames, and the lead at least ``LEAD_SAMPLES``.
    Raises BadFingerprint.
    """
    words(data)
    return data + bytes(2 * (gap // FRAME_SAMPLES)) + fingerprint(samples)[1 + 2 * (lead // FRAME_SAMPLES) :]


@functools.cache
def _edges() -> NDArray[np.int64]:
    return spectrum.band_edges()[: kernels.WORD_BITS + 2]


@functools.cache
def _popcount() -> NDArray[np.uint8]:
    return np.array([bin(i).count("1") for i in range(1 << 16)], np.uint8)


class HeardMemory(NamedTuple):
    """The live audio of one line as an index has it in mind, for ``RecordingIndex.recall``."""

    floats: NDArray[np.float64]
    bands: NDArray[np.float32]
    smooth: NDArray[np.float32]
    differences: NDArray[np.float32]
    history: NDArray[np.float32]
    ring: NDArray[np.uint16]
    tracked: NDArray[np.float64]
    pending: NDArray[np.int16]
    places: dict[int, tuple[int, ...]]


class _Known(NamedTuple):
    """Recordings, and where each word occurs in them. Never changed: one more recording makes another one."""

    ids: tuple[str, ...]
    parts: tuple[NDArray[np.uint16], ...]
    words: NDArray[np.uint16]
    owners: NDArray[np.int64]
    firsts: NDArray[np.int64]
    counts: NDArray[np.int64]
    heads: NDArray[np.int64]
    postings: NDArray[np.int64]


def _known_of(ids: tuple[str, ...], parts: tuple[NDArray[np.uint16], ...]) -> _Known:
    counts = np.array([part.size for part in parts], np.int64)
    firsts = np.cumsum(counts) - counts if counts.size else np.zeros(0, np.int64)
    all_words = np.concatenate(parts) if parts else np.zeros(0, np.uint16)
    order = np.argsort(all_words, kind="stable").astype(np.int64)
    heads = np.searchsorted(all_words[order], np.arange((1 << 16) + 1)).astype(np.int64)
    return _Known(ids, parts, all_words, np.repeat(np.arange(counts.size), counts), firsts, counts, heads, order)


class OneMore(NamedTuple):
    """A recording that an index will know, worked out for what it knew before."""

    recording_id: str
    data: bytes
    before: _Known
    after: _Known


class RecordingIndex:
    """Known recordings and the live audio of one line. A match is reported once for each time a recording begins to play."""

    def __init__(self) -> None:
        self._known = _known_of((), ())
        self._tracked = _tracked_of(0)
        self._floats = np.zeros(kernels.F_SIZE)
        self._playing: frozenset[str] | None = None  #: None: to be looked up
        self.reset()

    def __len__(self) -> int:
        return len(self._known.ids)

    def __contains__(self, recording_id: object) -> bool:
        return recording_id in self._known.ids

    @property
    def playing(self) -> frozenset[str]:
        """The recordings that what is heard agrees with just now."""
        if self._playing is None:
            self._playing = frozenset(self._known.ids[row] for row in np.flatnonzero(self._tracked[:, kernels.R_ACTIVE] > 0))
        return self._playing

    def add(self, recording_id: str, data: bytes) -> None:
        """Know one more recording; the same id again replaces it. Raises BadFingerprint."""
        self.take(self.one_more(recording_id, data))

    def one_more(self, recording_id: str, data: bytes) -> OneMore:
        """What ``take`` needs to know one more recording. Changes nothing, so that another thread may work it out while the line is heard.
        Raises BadFingerprint.
        """
        before, fresh = self._known, words(data)
        ids, parts = list(before.ids), list(before.parts)
        if recording_id in ids:
            parts[ids.index(recording_id)] = fresh
        else:
            ids.append(recording_id)
            parts.append(fresh)
        return OneMore(recording_id, data, before, _known_of(tuple(ids), tuple(parts)))

    def take(self, more: OneMore) -> None:
        """Know it from now on, whatever else has become known since it was worked out."""
        if more.before is not self._known:
            more = self.one_more(more.recording_id, more.data)
        tracked, self._known = self._tracked, more.after
        self._tracked = _tracked_of(len(more.after.ids))
        self._tracked[: tracked.shape[0]] = tracked
        self._tracked[more.after.ids.index(more.recording_id), kernels.R_ADDED] = self._floats[kernels.F_FRAMES]

    def fingerprint_of(self, recording_id: str) -> bytes:
        """Of a recording that is known."""
        known = self._known
        return VERSION + known.parts[known.ids.index(recording_id)].astype("<u2").tobytes()

    def wrong_part(self, said: NDArray[np.int16], lead: int) -> float | None:
        """Part of wrong bits where what was said agrees best with a recording, see ``familiar``. Its first ``lead`` only lead up."""
        return familiar.wrong_part(words(fingerprint(said))[lead // FRAME_SAMPLES :], self._known.parts)

    def wrong_in_place(self, heard_samples: int) -> float | None:
        """Part of wrong bits of the last so many samples, at most 2 s, beside where recordings that have played should be by now, see
        ``in_place``; that of the one that agrees best."""
        frame = int(self._floats[kernels.F_FRAMES]) - 1
        size = min(heard_samples // FRAME_SAMPLES, in_place.MOST_WORDS, frame + 1)
        heard = self._ring[np.arange(frame - size + 1, frame + 1) % kernels.RING]
        parts = [
            in_place.wrong_part(heard, self._known.parts[owner], frame - begun)
            for owner, places in self._places.items() for begun in {*places, int(self._tracked[owner, kernels.R_OFFSET])}
        ]  # fmt: skip
        return min((part for part in parts if part is not None), default=None)

    def reset(self) -> None:
        """Forget the live audio; the recordings stay known."""
        self._places: dict[int, deque[int]] = {}  #: by recording: the frames at which it would have begun, the last of them at the end
        self._floats = np.full(kernels.F_SIZE, -52.0)
        self._floats[kernels.F_FRAMES] = 0
        self._bands = np.zeros((kernels.SMOOTHING, kernels.WORD_BITS + 1), np.float32)
        self._smooth = np.zeros((kernels.LAG, kernels.WORD_BITS), np.float32)
        self._differences = np.zeros(kernels.WORD_BITS, np.float32)
        self._history = np.zeros(256, np.float32)
        self._ring = np.zeros(kernels.RING, np.uint16)
        self._playing = None
        self._tracked[:] = 0
        self._tracked[:, kernels.R_SEEN] = -1
        self._pending = np.zeros(0, np.int16)
        self._found = np.zeros((64, 5))
        self._here = np.zeros((16, 4))

    def remember(self) -> HeardMemory:
        """What the live audio has left behind: a copy. The recordings are not part of it."""
        return HeardMemory(
            self._floats.copy(), self._bands.copy(), self._smooth.copy(), self._differences.copy(), self._history.copy(), self._ring.copy(),
            self._tracked.copy(), self._pending, {owner: tuple(places) for owner, places in self._places.items()},
        )  # fmt: skip

    def recall(self, memory: HeardMemory) -> None:
        """Go on from what was heard then; the same recordings must be known as then."""
        self._pending, self._playing = memory.pending, None
        self._places = {owner: deque(places, PLACES) for owner, places in memory.places.items()}
        self._tracked[:] = memory.tracked
        self._floats[:], self._bands[:], self._smooth[:] = memory.floats, memory.bands, memory.smooth
        self._differences[:], self._history[:], self._ring[:] = memory.differences, memory.history, memory.ring

    def feed(self, frame: NDArray[np.int16]) -> list[Match]:
        """The next samples of the line, any number → recordings recognised in them."""
        samples = np.concatenate([self._pending, frame.reshape(-1)]) if self._pending.size else frame.reshape(-1)
        whole = samples.size - samples.size % FRAME_SAMPLES
        self._pending = samples[whole:].copy()
        if not whole:
            return []
        known = self._known
        blocks = np.ascontiguousarray(samples[:whole]).reshape(-1, FRAME_SAMPLES)
        if not blocks.flags.writeable:
            blocks = blocks.copy()  # numba compiles anew for what cannot be written
        count = kernels.listen(
            blocks, self._floats, self._bands, self._smooth, self._differences, self._history, self._ring, spectrum.tables(), _edges(),
            known.words, known.owners, known.firsts, known.counts, known.heads, known.postings, self._tracked, _popcount(), _limits(),
            self._found, self._here,
        )  # fmt: skip
        last = int(self._floats[kernels.F_FRAMES]) - 1
        if count or last // kernels.LOOKED_AT != (last - len(blocks)) // kernels.LOOKED_AT:
            self._playing = None
        for found_at, owner, position, *_ in self._found[:count]:
            self._places.setdefault(int(owner), deque(maxlen=PLACES)).append(int(found_at - position))
        return [self._match(row) for row in self._found[:count]]

    def _match(self, row: Sequence[float] | NDArray[np.float64]) -> Match:
        frame, owner, position, errors, errors_before = (float(value) for value in row)
        return Match(
            recording_id=self._known.ids[int(owner)],
            start_sample=int(frame - position) * FRAME_SAMPLES,
            position_ms=int(position + 1) * FRAME_MS,
            score=round(1 - 2 * errors, 3),
            score_before=round(1 - 2 * errors_before, 3),
        )


def _tracked_of(count: int) -> NDArray[np.float64]:
    """What is followed of so many recordings: nothing yet."""
    tracked = np.zeros((count, kernels.R_SIZE))
    tracked[:, kernels.R_SEEN] = -1
    return tracked


@functools.cache
def _limits() -> NDArray[np.float64]:
    return np.array([ERRORS_SHORT, ERRORS_LONG, MIN_WORDS, SPAN_WORDS, MIN_POSITION, SPAN_WORDS])


def warm_up() -> None:
    """Compile, or load from the cache, the fingerprint kernels."""
    RecordingIndex().feed(np.zeros(2 * FRAME_SAMPLES, np.int16))
    fingerprint(np.zeros(2 * FRAME_SAMPLES, np.int16))
    some = np.ones(familiar.LEAST_WORDS, np.uint16)
    familiar.wrong_part(some, [some])
