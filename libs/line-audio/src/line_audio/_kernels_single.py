"""Kernels of single tones: fax, SIT and beeps. A *track* is a run of frames with one pure, steady frequency."""

from __future__ import annotations

import math

from line_audio._kernels_jit import inlined_kernel
from line_audio._kernels_jit import lean_inner_kernel as kernel
from line_audio._kernels_tones import find_edge

MIN_PURITY = 0.90
MIN_BEEP_FRAMES = 4  #: pure ones: a vowel is pure for a moment only
HZ_A_BIN = 31.25

(
    S_ON,
    S_START,
    S_HZ,
    S_FRAMES,
    S_MISSES,
    S_LEVEL,
    S_LOW,  #: lowest and highest level and frequency in the track: a beep is flat
    S_HIGH,
    S_HZ_LOW,
    S_HZ_HIGH,
    S_OPEN,  #: kind reported while it still sounds, 0 none
    S_SIT_STAGE,  #: SIT tones heard so far
    S_SIT_START,
    S_SIT_END,
    S_SIT_FIRST_HZ,
    S_SIT_SECOND_HZ,
    S_DIPS,
    S_CLEAN,  #: nothing musical was heard just before the track
    S_CANDIDATE_HZ,
    S_SIZE,
) = range(20)

NOTHING, CNG, CED, ANSAM, SIT_REORDER, SIT_VACANT, SIT_NO_CIRCUIT, SIT_INTERCEPT, BEEP = range(9)


@kernel
def dominant(power, scale):  # type: ignore[no-untyped-def]
    """The strongest partial: (hz, part of the energy above 150 Hz in its main lobe, level as mean square relative to 0 dBm0)."""
    total = 0.0
    peak, at = 0.0, 8
    for k in range(5, 127):
        total += power[k]
        if power[k] > peak and k >= 8:
            peak, at = power[k], k
    if total <= 0.0 or at > 124:
        return 0.0, 0.0, 0.0
    lobe = 0.0
    for k in range(at - 2, at + 3):
        lobe += power[k]
    right = power[at + 1] > power[at - 1]
    neighbour = power[at + 1] if right else power[at - 1]
    ratio = math.sqrt(neighbour / peak)
    shift = (2 * ratio - 1) / (ratio + 1)  # Hann window: exact for a lone sine
    return (at + (shift if right else -shift)) * HZ_A_BIN, lobe / total, total * scale


@kernel
def sit_cause(first_hz, second_hz):  # type: ignore[no-untyped-def]
    """Bellcore frequency code: low/high, high/low, high/high, low/low."""
    first_high = first_hz > 949.5
    second_high = second_hz > 1399.5
    if not first_high and second_high:
        return SIT_REORDER
    if first_high and not second_high:
        return SIT_VACANT
    return SIT_NO_CIRCUIT if first_high else SIT_INTERCEPT


@kernel
def track_ended(state, duration, quiet_after):  # type: ignore[no-untyped-def]
    """What a finished track was: a kind, or NOTHING. Also advances the SIT sequence."""
    hz = state[S_HZ]
    start, end = state[S_START], state[S_START] + duration
    stage = int(state[S_SIT_STAGE])
    if stage > 0 and start - state[S_SIT_END] > 640.0:
        stage = 0
    if stage == 1 and abs(hz - 1400) < 55 and 1700 < duration < 3700:
        state[S_SIT_STAGE], state[S_SIT_END], state[S_SIT_SECOND_HZ] = 2, end, hz
        return NOTHING
    if stage == 2 and abs(hz - 1790) < 60 and 1700 < duration < 3900:
        state[S_SIT_STAGE] = 0
        return sit_cause(state[S_SIT_FIRST_HZ], state[S_SIT_SECOND_HZ])
    state[S_SIT_STAGE] = 0
    if abs(hz - 945) < 50 and 1700 < duration < 3700:
        state[S_SIT_STAGE], state[S_SIT_START], state[S_SIT_END], state[S_SIT_FIRST_HZ] = 1, start, end, hz
        return NOTHING
    flat = state[S_HIGH] < 1.6 * state[S_LOW] and state[S_HZ_HIGH] - state[S_HZ_LOW] < 6.0 + 0.004 * hz
    if abs(hz - 1100) <= 38 and 3300 <= duration <= 4700 and flat:
        return CNG
    lasting = state[S_FRAMES] >= MIN_BEEP_FRAMES and 320.0 * state[S_FRAMES] >= duration
    if quiet_after and state[S_CLEAN] > 0 and flat and lasting and 440 <= hz <= 2300 and 960 <= duration <= 16000:
        return BEEP
    return NOTHING


@inlined_kernel
def single_tone_step(history, end, now, state, hz, purity, level, frame_energy, clean, change):  # type: ignore[no-untyped-def]
    """One frame. ``change`` (float64[5]): kind closed, start, end, kind opened, its start; 0 is none. Returns 1 while a track goes on."""
    change[0] = change[3] = 0.0
    pure = purity >= MIN_PURITY and 400.0 <= hz <= 3000.0 and level > 1e-5
    if state[S_ON] == 0:
        if pure and abs(hz - state[S_CANDIDATE_HZ]) < 0.015 * hz:
            state[S_ON] = 1
            state[S_START] = find_edge(history, end, now, 800, frame_energy, True)
            state[S_HZ], state[S_FRAMES], state[S_MISSES], state[S_DIPS] = hz, 1, 0, 0
            state[S_LEVEL] = frame_energy
            state[S_LOW], state[S_HIGH] = 1e30, 0.0
            state[S_HZ_LOW], state[S_HZ_HIGH] = 1e30, 0.0
            state[S_OPEN] = NOTHING
            state[S_CLEAN] = clean
        state[S_CANDIDATE_HZ] = hz if pure else 0.0
        if state[S_SIT_STAGE] > 0 and state[S_ON] == 0 and now - state[S_SIT_END] > 1600.0:
            state[S_SIT_STAGE] = 0
        return 1 if pure else 0
    if pure and abs(hz - state[S_HZ]) < 0.02 * state[S_HZ]:
        frames = state[S_FRAMES] + 1
        state[S_FRAMES] = frames
        if state[S_MISSES] > 0:
            state[S_DIPS] += 1
        state[S_MISSES] = 0
        state[S_HZ] += (hz - state[S_HZ]) / min(frames, 20.0)
        if frames >= 3:
            state[S_LOW], state[S_HIGH] = min(state[S_LOW], level), max(state[S_HIGH], level)
            state[S_HZ_LOW], state[S_HZ_HIGH] = min(state[S_HZ_LOW], hz), max(state[S_HZ_HIGH], hz)
            state[S_LEVEL] = max(state[S_LEVEL], frame_energy)
        if state[S_OPEN] == NOTHING and abs(state[S_HZ] - 2100) <= 15 and now - state[S_START] >= 9600:
            state[S_OPEN] = ANSAM if state[S_DIPS] >= 2 or state[S_HIGH] > 1.35 * state[S_LOW] else CED
            change[3], change[4] = state[S_OPEN], state[S_START]
        return 1
    state[S_MISSES] += 1
    patience = 3 if abs(state[S_HZ] - 2100) <= 25 else 2
    if state[S_MISSES] < patience:
        return 1
    edge = find_edge(history, end, now, 800, state[S_LEVEL], False)
    quiet_after = edge < now - 120
    if not quiet_after:
        edge = now - 320
    duration = max(edge - state[S_START], 0.0)
    state[S_ON] = 0
    state[S_CANDIDATE_HZ] = hz if pure else 0.0
    if state[S_OPEN] != NOTHING:
        change[0], change[1], change[2] = state[S_OPEN], state[S_START], edge
        state[S_OPEN] = NOTHING
        return 0
    start = state[S_START]
    kind = track_ended(state, duration, quiet_after)
    if kind != NOTHING:
        if SIT_REORDER <= kind <= SIT_INTERCEPT:
            start = state[S_SIT_START]
        change[3], change[4] = kind, start
        change[0], change[1], change[2] = kind, start, edge
    return 1 if state[S_SIT_STAGE] > 0 or pure else 0
