"""The kernel that hears: one pass over the frames of many lines.

``state`` and ``tables`` are named tuples of arrays (see ``ear.py``); the first axis of each array in ``state`` is the line's slot.
"""

from __future__ import annotations

from line_audio._kernels_dtmf import RUN_DIGIT, dtmf_step
from line_audio._kernels_goertzel import energy
from line_audio._kernels_hold import M_MUSIC, M_SPEECH, ROW_STATE, ROW_VECTOR, describe, judge
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
from line_audio._kernels_spectrum import power_spectrum
from line_audio._kernels_tones import C_LABEL, T_OPEN, T_SET, cadence_step, follow_waves, sounding_set

FRAME = 160
HISTORY = 4096
LABEL_DTMF, LABEL_SIT, LABEL_FAX, LABEL_BEEP = 20, 21, 22, 23


@inner_kernel
def hear_frame(frame, slot, state, tables, events, n):  # type: ignore[no-untyped-def]
    """One 20 ms frame, int16[160], of one line. Returns the number of event rows filled so far."""
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
    power = scratch[0]
    work = state.work[slot]
    frame_energy = energy(history[end - FRAME : end]) / FRAME
    clock[2] = frame_energy
    segments = state.segments[slot]

    power_spectrum(history[end - 256 : end], tables.spectrum.window, tables.spectrum.twiddles, work, power)
    memory = state.hearing[slot]
    if describe(power, tables.spectrum, memory, state.mirrored[slot], work, scratch[3]):
        judge(memory[ROW_VECTOR], tables.network, memory, scratch[5:8])

    cadence = state.cadence[slot]
    explained = scratch[8]
    selected = sounding_set(
        history[end - 320 : end], tables.tone_window, tables.tone_basis, tables.to_amplitudes, tables.set_widths,
        tables.min_tone_energy, scratch[9:12], explained,
    )  # fmt: skip
    change = state.change[slot]
    musical = segments[G_MUSIC_ON] > 0 or segments[G_LABEL] == MUSIC or segments[G_LABEL] == SPEECH_OVER_MUSIC
    tonal = cadence_step(history, end, now, cadence, tables.tones, tables.turns, selected, explained, frame_energy, musical, change)
    follow_waves(cadence, scratch[9], tables.to_amplitudes, tables.turns)
    if change[0] >= 0:
        n = close_tone(segments, change[2], now, events, n)
    if change[3] >= 0:
        index = int(change[3])
        n = open_tone(segments, tables.tones[index, C_LABEL], change[4], FIRST_TONE + index, now, events, n)

    hz, purity, level = dominant(power, tables.spectrum.scale)
    clean = 0.0 if musical or segments[G_MUSIC] > 0.5 else 1.0
    blocked = cadence[T_OPEN] >= 0
    in_plan = cadence[T_SET] >= 0
    single = single_tone_step(history, end, now, state.single[slot], hz, purity, level, frame_energy, clean, change)
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
        scratch[9:12],
        state.requests[slot],
    )
    clock[3] = asked
    keyed = state.dtmf[slot, RUN_DIGIT] >= 0
    signal = tonal > 0 or keyed or (single > 0 and not musical)
    return segment_step(segments, memory[ROW_STATE, M_SPEECH], memory[ROW_STATE, M_MUSIC], frame_energy, now, signal, events, n)


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
def hear(frames, slots, state, tables, done, events, counts):  # type: ignore[no-untyped-def]
    """Frames int16[k, n, 160] of the lines in ``slots``, from frame ``done[k]`` on; events float64[k, m, EVENT], counts int64[k].

    A line stops early, with ``done[k]`` < n or a request left in ``clock[3]``, when stage two of DTMF has to look at something.
    """
    for i in range(slots.shape[0]):
        n = counts[i]
        j = done[i]
        while j < frames.shape[1]:
            n = hear_frame(frames[i, j], slots[i], state, tables, events[i], n)
            j += 1
            if state.clock[slots[i], 3] > 0:
                break
        done[i] = j
        counts[i] = n
