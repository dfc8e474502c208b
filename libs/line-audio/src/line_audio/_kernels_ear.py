"""The kernels that hear many lines: what each frame sounds like, then the tones, digits and segments that this and its measures make.

``state`` and ``tables`` are named tuples of arrays (see ``ear.py``); the first axis of each array in ``state`` is the line's slot.
"""

from __future__ import annotations

import numpy as np

from line_audio._kernels_dtmf import RUN_DIGIT, dtmf_step
from line_audio._kernels_frequencies import F_POWER
from line_audio._kernels_hold import LANE, LANES, M_MUSIC, M_SPEECH, ROW_STATE, S_ROWS, describe, judge_lines
from line_audio._kernels_jit import inlined_kernel, kernel, lean_inner_kernel, lean_kernel
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
from line_audio._kernels_tones import C_LABEL, T_OPEN, T_SET, cadence_step, follow_waves, is_idle, sounding_set

FRAME = 160
HISTORY = 4096
ROOM = 2 * HISTORY + FRAME  #: of a line's history: what is moved to its front is never moved onto itself
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


@inlined_kernel
def append_frame(history, end, frame):  # type: ignore[no-untyped-def]
    """Write a frame behind ``history[:end]``, after moving the latest samples to the front when there is no room. Returns the new end."""
    if end + FRAME > history.shape[0]:
        latest = history[end - HISTORY : end]
        for i in range(HISTORY):
            history[i] = latest[i]
        end = HISTORY
    room = history[end : end + FRAME]
    for i in range(FRAME):
        room[i] = frame[i]
    return end + FRAME


@inlined_kernel
def hear_tones(history, end, now, seen, j, cadence, segments, explained, change, plan, musical, events, n):  # type: ignore[no-untyped-def]
    """Call-progress tones of one frame: whether one sounds or may, and the number of event rows filled so far."""
    selected = sounding_set(seen, j, plan.to_amplitudes, plan.set_widths, plan.min_energy, explained)
    if is_idle(cadence, selected):
        return False, n
    power = float(seen[j, F_POWER])
    tonal = cadence_step(history, end, now, cadence, plan.tones, plan.turns, selected, explained, power, musical, change)
    follow_waves(cadence, seen, j, plan.to_amplitudes, plan.turns)
    if change[0] >= 0:
        n = close_tone(segments, change[2], now, events, n)
    if change[3] >= 0:
        index = int(change[3])
        n = open_tone(segments, plan.tones[index, C_LABEL], change[4], FIRST_TONE + index, now, events, n)
    return tonal > 0, n


@inlined_kernel
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


@lean_inner_kernel
def hear_line(  # type: ignore[no-untyped-def]
    frames, seen, sounds, done, history, clock, cadence, single, dtmf, requests, segments, change, scratch, plan, digits, events, n
):  # fmt: skip
    """Frames int16[n, 160] of one line from frame ``done`` on. Returns frames done and the number of event rows filled so far.

    The line's own arrays come one by one: as views of the bank's they would be looked up anew in each frame.
    """
    explained, work = scratch[0], scratch[1:4]
    for j in range(done, frames.shape[0]):
        end = append_frame(history, int(clock[1]), frames[j])
        clock[0] += FRAME
        clock[1] = end
        now = clock[0]
        power = float(seen[j, F_POWER])
        musical = segments[G_MUSIC_ON] > 0 or segments[G_LABEL] == MUSIC or segments[G_LABEL] == SPEECH_OVER_MUSIC
        tonal, n = hear_tones(history, end, now, seen, j, cadence, segments, explained, change, plan, musical, events, n)
        clean = 0.0 if musical or segments[G_MUSIC] > 0.5 else 1.0
        track = single_tone_step(
            history, end, now, single, sounds[j, SOUND_HZ], sounds[j, SOUND_PURITY], sounds[j, SOUND_LEVEL], power, clean, change
        )  # fmt: skip
        n = report_single(segments, change, now, cadence[T_OPEN] >= 0, cadence[T_SET] >= 0, events, n)
        asked = dtmf_step(
            history, end, now, dtmf, seen, j, digits.weights, digits.basis, digits.frequencies, digits.parameters, work, requests
        )  # fmt: skip
        signal = tonal or dtmf[RUN_DIGIT] >= 0 or (track > 0 and not musical)
        n = segment_step(segments, sounds[j, SOUND_SPEECH], sounds[j, SOUND_MUSIC], power, now, signal, events, n)
        if asked > 0:
            clock[3] = asked
            return j + 1, n
    return frames.shape[0], n


@lean_kernel
def hear(frames, slots, state, plan, digits, measures, sounds, done, events, counts):  # type: ignore[no-untyped-def]
    """Frames int16[k, n, 160] of the lines in ``slots``, from frame ``done[k]`` on; events float64[k, m, EVENT], counts int64[k].

    ``measures`` and ``sounds`` are what ``measure`` and ``classify`` made of the same frames; ``plan`` and ``digits`` are tables of tones
    and of DTMF. A line stops early, with ``done[k]`` < n or a request left in ``clock[3]``, when stage two of DTMF has to look at it.
    """
    for i in range(slots.shape[0]):
        slot = slots[i]
        if done[i] < frames.shape[1]:
            done[i], counts[i] = hear_line(
                frames[i], measures[i], sounds[i], done[i], state.history[slot], state.clock[slot], state.cadence[slot], state.single[slot],
                state.dtmf[slot], state.requests[slot], state.segments[slot], state.change[slot], state.scratch[slot], plan, digits,
                events[i], counts[i],
            )  # fmt: skip
            state.clock[slot, 2] = measures[i, done[i] - 1, F_POWER]
