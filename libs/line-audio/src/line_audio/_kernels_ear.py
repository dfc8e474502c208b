"""The kernels that hear many lines: what each frame sounds like, then the tones, digits and segments that this makes.

``state`` and ``tables`` are named tuples of arrays (see ``ear.py``); the first axis of each array in ``state`` is the line's slot.
"""

from __future__ import annotations

import numpy as np

from line_audio._kernels_dtmf import RUN_DIGIT, dtmf_step
from line_audio._kernels_goertzel import energy
from line_audio._kernels_hold import LANE, LANES, M_MUSIC, M_SPEECH, ROW_STATE, S_ROWS, describe, judge_lines
from line_audio._kernels_jit import inner_kernel, kernel
from line_audio._kernels_segments import (
    FIRST_TONE,
    G_LABEL,
    G_MUSIC,
    G_MUSIC_ON,
    MUSIC,
    SPEECH_OVER_MUSIC,
    close_tone,
    open_tone,
    segment_step,
)
from line_audio._kernels_single import BEEP, SIT_REORDER, dominant, single_tone_step
from line_audio._kernels_spectrum import FFT_SIZE, power_spectrum
from line_audio._kernels_tones import C_LABEL, T_OPEN, T_SET, cadence_step, follow_waves, sounding_set

FRAME = 160
HISTORY = 4096
LABEL_DTMF, LABEL_SIT, LABEL_FAX, LABEL_BEEP = 20, 21, 22, 23
TOGETHER = 16  #: lines followed side by side: their memory stays in the cache
SOUND_SPEECH, SOUND_MUSIC, SOUND_HZ, SOUND_PURITY, SOUND_LEVEL, SOUND = range(6)  #: columns of what a frame sounds like


@kernel
def classify(frames, slots, state, tables, sounds):  # type: ignore[no-untyped-def]
    """Frames int16[k, n, 160] of the lines in ``slots`` → probabilities of speech and of music and the strongest partial, [k, n, SOUND]."""
    power = np.empty(FFT_SIZE // 2 + 1, np.float32)
    correlation = np.empty(FFT_SIZE // 2 + 1, np.float32)
    work = np.empty((4, FFT_SIZE // 2), np.float32)
    mirrored = np.empty(FFT_SIZE, np.float32)
    scratch = np.zeros((S_ROWS, LANES * LANE), np.float32)
    ready = np.empty(TOGETHER, np.int64)
    for first in range(0, slots.shape[0], TOGETHER):
        last = min(first + TOGETHER, slots.shape[0])
        for j in range(frames.shape[1]):
            count = 0
            for i in range(first, last):
                block, memory, sound = state.block[slots[i]], state.hearing[slots[i]], sounds[i, j]
                block[: FFT_SIZE - FRAME] = block[FRAME:]
                block[FFT_SIZE - FRAME :] = frames[i, j]
                power_spectrum(block, tables.spectrum.window, tables.spectrum.twiddles, work, power)
                sound[SOUND_HZ], sound[SOUND_PURITY], sound[SOUND_LEVEL] = dominant(power, tables.spectrum.scale)
                if describe(power, tables.spectrum, memory, mirrored, work, correlation):
                    ready[count] = slots[i]
                    count += 1
            judge_lines(state.hearing, ready, count, tables.network, scratch)
            for i in range(first, last):
                memory = state.hearing[slots[i]]
                sounds[i, j, SOUND_SPEECH], sounds[i, j, SOUND_MUSIC] = memory[ROW_STATE, M_SPEECH], memory[ROW_STATE, M_MUSIC]


@inner_kernel
def hear_frame(frame, slot, state, tables, sound, events, n):  # type: ignore[no-untyped-def]
    """One 20 ms frame, int16[160], of one line and what it sounds like. Returns the number of event rows filled so far."""
    history = state.history[slot]
    clock = state.clock[slot]
    end = int(clock[1])
    if end + FRAME > history.shape[0]:
        for i in range(HISTORY):
            history[i] = history[end - HISTORY + i]
        end = HISTORY
    for i in range(FRAME):
        history[end + i] = frame[i]
    end += FRAME
    clock[0] += FRAME
    clock[1] = end
    now = clock[0]
    scratch = state.scratch[slot]
    frame_energy = energy(history[end - FRAME : end]) / FRAME
    clock[2] = frame_energy
    segments = state.segments[slot]

    cadence = state.cadence[slot]
    explained = scratch[0]
    selected = sounding_set(
        history[end - 320 : end], tables.tone_window, tables.tone_basis, tables.to_amplitudes, tables.set_widths,
        tables.min_tone_energy, scratch[1:4], explained,
    )  # fmt: skip
    change = state.change[slot]
    musical = segments[G_MUSIC_ON] > 0 or segments[G_LABEL] == MUSIC or segments[G_LABEL] == SPEECH_OVER_MUSIC
    tonal = cadence_step(history, end, now, cadence, tables.tones, tables.turns, selected, explained, frame_energy, musical, change)
    follow_waves(cadence, scratch[1], tables.to_amplitudes, tables.turns)
    if change[0] >= 0:
        n = close_tone(segments, change[2], now, events, n)
    if change[3] >= 0:
        index = int(change[3])
        n = open_tone(segments, tables.tones[index, C_LABEL], change[4], FIRST_TONE + index, now, events, n)

    clean = 0.0 if musical or segments[G_MUSIC] > 0.5 else 1.0
    blocked = cadence[T_OPEN] >= 0
    in_plan = cadence[T_SET] >= 0
    single = single_tone_step(
        history, end, now, state.single[slot], sound[SOUND_HZ], sound[SOUND_PURITY], sound[SOUND_LEVEL], frame_energy, clean, change
    )  # fmt: skip
    n = report_single(segments, change, now, blocked, in_plan, events, n)

    asked = dtmf_step(
        history,
        end,
        now,
        state.dtmf[slot],
        tables.dtmf.basis,
        tables.dtmf.block_window,
        tables.dtmf.frequencies,
        tables.dtmf.parameters,
        scratch[1:4],
        state.requests[slot],
    )
    clock[3] = asked
    keyed = state.dtmf[slot, RUN_DIGIT] >= 0
    signal = tonal > 0 or keyed or (single > 0 and not musical)
    return segment_step(segments, sound[SOUND_SPEECH], sound[SOUND_MUSIC], frame_energy, now, signal, events, n)


@inner_kernel
def report_single(segments, change, now, blocked, in_plan, events, n):  # type: ignore[no-untyped-def]
    """SIT, fax and beeps become segments, unless a tone of the plan is open or, for a beep, under way."""
    if int(change[3]) == BEEP and in_plan:
        return n
    if change[3] > 0 and not blocked:
        kind = int(change[3])
        label = LABEL_BEEP if kind == BEEP else LABEL_SIT if kind >= SIT_REORDER else LABEL_FAX
        n = open_tone(segments, float(label), change[4], float(kind), now, events, n)
    if change[0] > 0 and segments[G_LABEL] >= LABEL_SIT:
        n = close_tone(segments, change[2], now, events, n)
    return n


@kernel
def hear(frames, slots, state, tables, sounds, done, events, counts):  # type: ignore[no-untyped-def]
    """Frames int16[k, n, 160] of the lines in ``slots``, from frame ``done[k]`` on; events float64[k, m, EVENT], counts int64[k].

    ``sounds`` is what ``classify`` made of the same frames.

    A line stops early, with ``done[k]`` < n or a request left in ``clock[3]``, when stage two of DTMF has to look at something.
    """
    for i in range(slots.shape[0]):
        n = counts[i]
        j = done[i]
        while j < frames.shape[1]:
            n = hear_frame(frames[i, j], slots[i], state, tables, sounds[i, j], events[i], n)
            j += 1
            if state.clock[slots[i], 3] > 0:
                break
        done[i] = j
        counts[i] = n
