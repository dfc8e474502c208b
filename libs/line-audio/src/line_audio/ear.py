"""The ear: frames in, sound events out. Three kernel passes a tick for all lines of a bank.

``EarBank`` is for many lines, ``Ear`` for one. Neither is safe to call from two threads at once; both release the GIL inside.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from line_audio import _kernels_ear as kernels
from line_audio import _kernels_segments as segments
from line_audio import _kernels_tones as tones
from line_audio import cadence, dtmf, frequencies, generate, hold, spectrum, tone_plan
from line_audio._kernels_dtmf import MAX_REQUESTS, RUN_DIGIT, RUN_SIZE
from line_audio._kernels_hold import M_MUSIC, M_SPEECH, MEMORY, ROW_STATE
from line_audio._kernels_single import S_SIZE
from line_audio._kernels_spectrum import FFT_SIZE
from line_audio.levels import RMS_AT_0_DBM0, SILENT_DBM0
from line_audio.segmenter import as_event, digit_events
from line_audio.segments import FRAME_SAMPLES, SoundEvent
from line_audio.tone_plan import TonePlan

DEFAULT_PLAN = "us"
EVENTS_A_FRAME = 16
SCRATCH = 256


class EarState(NamedTuple):
    """All memory of the lines of a bank; the first axis is the slot."""

    history: NDArray[np.float32]
    clock: NDArray[np.float64]  #: samples heard, end of history, mean square of the last frame, open DTMF requests
    hearing: NDArray[np.float32]  #: memory of the speech and music classifier
    dtmf: NDArray[np.float64]
    requests: NDArray[np.float64]
    cadence: NDArray[np.float64]
    single: NDArray[np.float64]
    segments: NDArray[np.float64]
    change: NDArray[np.float64]
    scratch: NDArray[np.float32]
    block: NDArray[np.float32]  #: the samples of the last spectrum


class EarTables(NamedTuple):
    """What the classifier reads."""

    spectrum: spectrum.SpectrumTables
    network: hold.Network


def tables() -> EarTables:
    return EarTables(spectrum.tables(), hold.network())


def _empty_state(capacity: int) -> EarState:
    def floats(*shape: int) -> NDArray[np.float32]:
        return np.zeros((capacity, *shape), np.float32)

    def doubles(*shape: int) -> NDArray[np.float64]:
        return np.zeros((capacity, *shape), np.float64)

    return EarState(
        history=floats(kernels.ROOM), clock=doubles(4), hearing=floats(MEMORY, 128), dtmf=doubles(RUN_SIZE),
        requests=doubles(MAX_REQUESTS, 4), cadence=doubles(tones.T_SIZE), single=doubles(S_SIZE),
        segments=doubles(segments.G_SIZE), change=doubles(6), scratch=floats(4, SCRATCH), block=floats(FFT_SIZE),
    )  # fmt: skip


class EarBank:
    """Ears for up to ``capacity`` lines, analysed together. ``plan`` is a tone plan or its name."""

    def __init__(self, capacity: int, plan: TonePlan | str = DEFAULT_PLAN) -> None:
        self._plan = tone_plan.load(plan) if isinstance(plan, str) else plan
        self._tables = tables()
        self._tones = cadence.tables(self._plan)
        self._bank = frequencies.bank(self._tones, dtmf.tables())
        self._state = _empty_state(capacity)
        self._free = list(range(capacity - 1, -1, -1))
        self._taken: set[int] = set()
        self.judgements = np.empty((0, 0, 2))  #: of the frames that were fed last: probabilities of speech and of music, [k, n, 2]

    def open(self) -> int:
        """A fresh slot. Raises RuntimeError when all are taken."""
        if not self._free:
            raise RuntimeError(f"all {len(self._taken)} ears are taken")
        slot = self._free.pop()
        self._taken.add(slot)
        self.reset(slot)
        return slot

    def close(self, slot: int) -> None:
        """Give a slot back. Raises KeyError when it is not open."""
        self._taken.remove(slot)
        self._free.append(slot)

    def reset(self, slot: int) -> None:
        """Forget everything heard on this slot; its sample count starts anew."""
        for array in self._state:
            array[slot] = 0
        self._state.clock[slot, 1] = kernels.HISTORY
        self._state.dtmf[slot, RUN_DIGIT] = -1
        self._state.cadence[slot, [tones.T_SET, tones.T_CANDIDATE, tones.T_OPEN, tones.T_WAVE_SET]] = -1
        self._state.segments[slot, [segments.G_LABEL, segments.G_TONE]] = -1

    def feed(self, slots: Sequence[int], frames: NDArray[np.int16]) -> list[list[SoundEvent]]:
        """int16[k, 160] or int16[k, n, 160]: the next frames of each slot → their sound events, in the order they became known."""
        if not len(slots):
            return []
        blocks = np.ascontiguousarray(frames, dtype=np.int16).reshape(len(slots), -1, FRAME_SAMPLES)
        if not blocks.flags.writeable:
            blocks = blocks.copy()  # numba compiles anew for what cannot be written
        indices = np.asarray(slots, np.int64)
        rows = np.empty((len(slots), EVENTS_A_FRAME * max(blocks.shape[1], 1), segments.EVENT))
        counts = np.zeros(len(slots), np.int64)
        done = np.zeros(len(slots), np.int64)
        events: list[list[SoundEvent]] = [[] for _ in slots]
        sounds = np.empty((*blocks.shape[:2], kernels.SOUND))
        measures = np.empty((*blocks.shape[:2], self._bank.width), np.float32)
        kernels.classify(blocks, indices, self._state, self._tables, sounds)
        self.judgements = sounds[:, :, [kernels.SOUND_SPEECH, kernels.SOUND_MUSIC]]
        frequencies.measure(blocks, indices, self._state.history, self._state.clock, self._bank, measures)
        while True:
            kernels.hear(blocks, indices, self._state, self._tones, dtmf.tables(), measures, sounds, done, rows, counts)
            for i in np.flatnonzero(counts):
                events[i] += [as_event(row, self._plan) for row in rows[i, : counts[i]].tolist()]
            asked = self._state.clock[indices, 3] > 0
            for i in np.flatnonzero(asked):
                events[i] += self._examine(int(indices[i]))
            if not asked.any() or (done == blocks.shape[1]).all():
                return events
            counts[:] = 0

    def _examine(self, slot: int) -> list[SoundEvent]:
        """Stage two of DTMF on this slot."""
        state = self._state
        end, now, asked = int(state.clock[slot, 1]), float(state.clock[slot, 0]), int(state.clock[slot, 3])
        state.clock[slot, 3] = 0
        found = dtmf.examine(state.history[slot], end, now, state.dtmf[slot], state.requests[slot, :asked])
        return [event for row in found for event in digit_events(row, int(now))]

    def remember(self, slot: int) -> EarState:
        """All that this slot has in mind: a copy."""
        return EarState(*(array[slot].copy() for array in self._state))

    def recall(self, slot: int, memory: EarState) -> None:
        """Go on from what was in mind then, here or in another slot."""
        for name in EarState._fields:
            getattr(self._state, name)[slot] = getattr(memory, name)

    def level_dbm0(self, slot: int) -> float:
        """Level of the last frame."""
        mean_square = float(self._state.clock[slot, 2])
        return max(SILENT_DBM0, 10 * math.log10(mean_square / RMS_AT_0_DBM0**2)) if mean_square > 0 else SILENT_DBM0

    def judged(self, slot: int) -> tuple[float, float]:
        """How probably speech, and music, is heard in the last frame; each on its own, whatever the segments say."""
        state = self._state.hearing[slot, ROW_STATE]
        return float(state[M_SPEECH]), float(state[M_MUSIC])

    def samples_heard(self, slot: int) -> int:
        return int(self._state.clock[slot, 0])


class EarMemory(NamedTuple):
    """What one ear has in mind: its state (without the axis of slots) and the samples that wait for a whole frame."""

    state: EarState
    pending: NDArray[np.int16]


class Ear:
    """The ear of one line. Takes any number of samples; how they are cut does not matter."""

    def __init__(self, plan: TonePlan | str = DEFAULT_PLAN) -> None:
        self._bank = EarBank(1, plan)
        self._slot = self._bank.open()
        self._pending = np.zeros(0, np.int16)
        self.judgements: NDArray[np.float64] = np.empty((0, 2))  #: of the frames that were fed last: of speech and of music, [n, 2]

    def feed(self, frames: NDArray[np.int16]) -> list[SoundEvent]:
        """int16[n] or int16[n, 160] → what became known. Samples that do not fill a frame wait for the next call."""
        samples = frames.reshape(-1)
        if self._pending.size:
            samples = np.concatenate([self._pending, samples])
        whole = samples.size - samples.size % FRAME_SAMPLES
        self._pending = samples[whole:].copy()
        events: list[SoundEvent] = []
        judgements = [np.empty((0, 2))]
        for start in range(0, whole, BLOCK_SAMPLES):
            block = samples[start : min(start + BLOCK_SAMPLES, whole)]
            events += self._bank.feed([self._slot], block.reshape(1, -1, FRAME_SAMPLES))[0]
            judgements.append(self._bank.judgements[0])
        self.judgements = np.concatenate(judgements)
        return events

    def reset(self) -> None:
        self._bank.reset(self._slot)
        self._pending = np.zeros(0, np.int16)

    def remember(self) -> EarMemory:
        """All that this ear has in mind: a copy."""
        return EarMemory(self._bank.remember(self._slot), self._pending)

    def recall(self, memory: EarMemory) -> None:
        """Go on from what was in mind then."""
        self._bank.recall(self._slot, memory.state)
        self._pending = memory.pending

    @property
    def level_dbm0(self) -> float:
        """Level of the last whole frame."""
        return self._bank.level_dbm0(self._slot)

    @property
    def samples_heard(self) -> int:
        """Samples of whole frames since the start."""
        return self._bank.samples_heard(self._slot)


BLOCK_SAMPLES = 100 * FRAME_SAMPLES  #: at most so many in one kernel pass: bounds the room for events


def warm_up() -> None:
    """Compile, or load from the cache, every kernel of the ear. Takes seconds the first time."""
    Ear().feed(np.zeros(4 * FRAME_SAMPLES, np.int16))
    dtmf.receive(generate.to_pcm(generate.dtmf("1", on_ms=300.0)))
