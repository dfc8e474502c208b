"""Kernels of call-progress tones: which set of frequencies sounds now, and which cadence its on and off times make.

Times are samples since the line's first, float64. State layout of one line: ``T_*``; the ring of past phases follows at ``T_PHASES``.
"""

from __future__ import annotations

import math

import numpy as np

from line_audio._kernels_frequencies import F_TONE_ENERGY, F_TONES, GROUP
from line_audio._kernels_goertzel import energy
from line_audio._kernels_jit import inlined_kernel
from line_audio._kernels_jit import lean_inner_kernel as kernel

BLOCK = 320
EDGE = 40  #: resolution of on and off edges, samples
QUIET_BLOCKS = 3  #: two tones beat: a shorter quiet stretch is no edge
MAX_PHASES = 12
MAX_CADENCE = 8

(
    T_SET,  #: index of the set whose phases are being collected, -1 none
    T_ON,  #: 1 while it sounds
    T_SINCE,  #: start of the phase that goes on now
    T_FIRST,  #: start of the first phase in the ring
    T_LEVEL,  #: mean square of the tone while on
    T_CANDIDATE,  #: set seen in the last frame, not yet trusted
    T_MISSES,
    T_COUNT,  #: phases in the ring
    T_OPEN,  #: index of the open tone, -1 none
    T_OPEN_START,
    T_LAST_ON_END,
    T_DISTURBED,  #: frames of other sound in the off phase
    T_SEEN,  #: frames of the set seen in this on phase
    T_WAVE_SET,  #: set whose waves were measured in the last frame, -1 none
    T_TURNED,  #: frames in the sums of turns
    T_WAVES,  #: complex amplitudes of its two frequencies
) = range(16)
T_TURNS = T_WAVES + 4  #: sums of unit vectors: how far each wave turned from frame to frame beyond what its frequency makes it turn
T_PHASES = T_TURNS + 4
T_SIZE = T_PHASES + MAX_PHASES

#: columns of a tone's row: label code, set, cadence length, dual, other on max, then cadence in samples
C_LABEL, C_SET, C_LENGTH, C_DUAL, C_OTHER_ON, C_CADENCE = range(6)
C_SIZE = C_CADENCE + MAX_CADENCE

MIN_TONE = 0.80  #: explained part of the block's energy that begins a tone (SNR 6 dB)
KEEP_TONE = 0.62
STEADY_LOW, STEADY_HIGH = 0.3, 2.2  #: a signal tone does not decay or swell as a note does
MIN_COHERENCE = 0.90  #: of the turns from frame to frame: a voice glides, a signal tone does not
MAX_TURN_OFF = 0.0175  #: relative frequency error; exchanges keep 1 %, the nearest notes of 400, 425 and 480 Hz are 2 to 3 % away
MAX_IMBALANCE = 3.2  #: amplitude ratio of a pair, 10 dB


@inlined_kernel
def first_vector(k):  # type: ignore[no-untyped-def]
    """Where in a frame's measures the two even projections of set ``k`` are; the odd ones are eight further."""
    return F_TONES + GROUP * (k // 4) + 2 * (k % 4)


@inlined_kernel
def wave_part(seen, j, to_amplitudes, k, parity, c):  # type: ignore[no-untyped-def]
    """Amplitude of the cosine (``parity`` 0) or sine of frequency ``c`` of set ``k``."""
    at = first_vector(k) + 8 * parity
    return to_amplitudes[k, parity, c, 0] * seen[j, at] + to_amplitudes[k, parity, c, 1] * seen[j, at + 1]


@inlined_kernel
def sounding_set(seen, j, to_amplitudes, set_widths, min_energy, explained):  # type: ignore[no-untyped-def]
    """Index of the set of frequencies that explains the last 40 ms, or -1. ``seen[j]``: the measures of the frame that ends them.

    ``explained[k]`` is the part explained by each set.
    """
    count = set_widths.shape[0]
    total = seen[j, F_TONE_ENERGY]
    if total < min_energy:
        for k in range(count):
            explained[k] = 0.0
        return -1
    share = np.float32(1.0) / total
    best_single = -1
    for k in range(count):
        at = first_vector(k)
        a, b, c, d = seen[j, at], seen[j, at + 1], seen[j, at + 8], seen[j, at + 9]
        explained[k] = (a * a + b * b + c * c + d * d) * share
        if set_widths[k] == 1 and explained[k] >= MIN_TONE and (best_single < 0 or explained[k] > explained[best_single]):
            best_single = k
    best = best_single
    single = explained[best_single] if best_single >= 0 else 0.0
    for k in range(count):
        if (
            set_widths[k] == 2
            and explained[k] >= MIN_TONE
            and explained[k] > single + 0.04
            and (best < 0 or set_widths[best] == 1 or explained[k] > explained[best])
        ):
            first, second = 0.0, 0.0
            for parity in range(2):
                first += wave_part(seen, j, to_amplitudes, k, parity, 0) ** 2
                second += wave_part(seen, j, to_amplitudes, k, parity, 1) ** 2
            first, second = math.sqrt(first), math.sqrt(second)
            if max(first, second) <= MAX_IMBALANCE * min(first, second):
                best = k
    return best


@kernel
def follow_waves(state, seen, j, to_amplitudes, turns):  # type: ignore[no-untyped-def]
    """How the phases of the sounding set's waves move on from frame to frame. ``turns``: what its frequencies make of 20 ms, radians."""
    current = int(state[T_SET] if state[T_ON] > 0 else state[T_CANDIDATE])
    known = current >= 0 and current == int(state[T_WAVE_SET])
    state[T_WAVE_SET] = current if state[T_MISSES] == 0 else -1.0
    if current < 0:
        return
    for c in range(2):
        re = wave_part(seen, j, to_amplitudes, current, 0, c)
        im = -wave_part(seen, j, to_amplitudes, current, 1, c)
        was_re, was_im = state[T_WAVES + 2 * c], state[T_WAVES + 2 * c + 1]
        state[T_WAVES + 2 * c], state[T_WAVES + 2 * c + 1] = re, im
        size = math.sqrt((re * re + im * im) * (was_re * was_re + was_im * was_im))
        if known and size > 0.0 and state[T_MISSES] == 0:
            turn_c, turn_s = math.cos(turns[current, c]), math.sin(turns[current, c])
            on_re, on_im = (re * was_re + im * was_im) / size, (im * was_re - re * was_im) / size
            state[T_TURNS + 2 * c] += on_re * turn_c + on_im * turn_s
            state[T_TURNS + 2 * c + 1] += on_im * turn_c - on_re * turn_s
    if known and state[T_MISSES] == 0:
        state[T_TURNED] += 1


@kernel
def is_coherent(state, turns, dual):  # type: ignore[no-untyped-def]
    """The frequencies were steady, and those of the set."""
    n = state[T_TURNED]
    for c in range(2 if dual else 1):
        re, im = state[T_TURNS + 2 * c], state[T_TURNS + 2 * c + 1]
        if math.sqrt(re * re + im * im) < MIN_COHERENCE * n or n < 1:
            return False
        # a frequency that is 1 % off turns 1 % further
        if abs(math.atan2(im, re)) > MAX_TURN_OFF * turns[int(state[T_SET]), c]:
            return False
    return True


@kernel
def find_edge(history, end, now, reach, level, rising):  # type: ignore[no-untyped-def]
    """The sample where the level last rose (or fell) through a quarter of ``level``, at most ``reach`` samples back."""
    quiet = 0
    edge = now
    for b in range(reach // EDGE):
        stop = end - b * EDGE
        loud = energy(history[stop - EDGE : stop]) > 0.25 * level * EDGE
        if not rising and loud:
            return now - b * EDGE
        if rising:
            quiet = 0 if loud else quiet + 1
            if loud:
                edge = now - (b + 1) * EDGE
            elif quiet >= QUIET_BLOCKS and edge < now:
                return edge
    return edge if rising else now - reach


@kernel
def push_phase(state, duration):  # type: ignore[no-untyped-def]
    count = int(state[T_COUNT])
    if count == MAX_PHASES:
        state[T_FIRST] += state[T_PHASES] + state[T_PHASES + 1]
        for i in range(MAX_PHASES - 2):
            state[T_PHASES + i] = state[T_PHASES + i + 2]
        count -= 2
    state[T_PHASES + count] = duration
    state[T_COUNT] = count + 1


@kernel
def within(duration, wanted):  # type: ignore[no-untyped-def]
    """A phase may be off by 15 % and 25 ms."""
    return abs(duration - wanted) <= 0.15 * wanted + 200.0


@kernel
def matched_phases(state, tone, lasted):  # type: ignore[no-untyped-def]
    """How many finished phases, from the latest back, fit the cadence in its best rotation; -1 if the one that goes on is too long."""
    length = int(tone[C_LENGTH])
    on = state[T_ON] > 0
    count = int(state[T_COUNT])
    best = -1
    for i in range(length):
        if (i % 2 == 0) != on or lasted > 1.15 * tone[C_CADENCE + i] + 400.0:
            continue
        n = 0
        while n < count and within(state[T_PHASES + count - 1 - n], tone[C_CADENCE + (i - 1 - n) % length]):
            n += 1
        best = max(best, n)
    return best


@kernel
def is_recognised(state, tone, turns, lasted, musical):  # type: ignore[no-untyped-def]
    """Has enough of this tone been heard to name it? Within music it takes three seconds, or three phases."""
    if not is_coherent(state, turns, tone[C_DUAL] > 0):
        return False
    length = int(tone[C_LENGTH])
    dual = tone[C_DUAL] > 0
    on = state[T_ON] > 0
    if length == 0:
        enough = 24000.0 if musical else 8000.0 if dual else 12000.0
        return on and lasted >= max(enough, 1.3 * tone[C_OTHER_ON])
    if musical:
        return matched_phases(state, tone, lasted) >= 3
    if on and dual and lasted >= 4800.0 and lasted > 1.3 * tone[C_OTHER_ON] and lasted <= 1.15 * tone[C_CADENCE]:
        return True
    matched = matched_phases(state, tone, lasted)
    if matched < 1:
        return False
    if length == 2:
        if dual:
            return (not on and lasted >= 640.0) or (on and matched >= 2)
        if on:
            return matched >= 2
        # one short burst may be a voice: its pause has to be all there
        patience = 8000.0 if tone[C_CADENCE] >= 4800.0 else tone[C_CADENCE + 1]
        return tone[C_CADENCE + 1] > 7000.0 and lasted >= min(patience, 0.92 * tone[C_CADENCE + 1])
    return matched >= (2 if dual else length - 1)


@kernel
def follow_phases(history, end, now, state, selected, explained, frame_energy):  # type: ignore[no-untyped-def]
    """Update on and off phases from the set that sounds in this frame. Returns 1 when another set begins (phases start anew)."""
    current = int(state[T_SET])
    if state[T_ON] > 0:
        flat = STEADY_LOW * state[T_LEVEL] < frame_energy < STEADY_HIGH * state[T_LEVEL] or state[T_SEEN] < 4
        if explained[current] >= KEEP_TONE and flat:
            state[T_MISSES] = 0
            state[T_SEEN] += 1
            if state[T_SEEN] <= 4:
                state[T_LEVEL] = max(state[T_LEVEL], frame_energy)
            return 0
        state[T_MISSES] += 1
        if state[T_MISSES] < 2:
            return 0
        edge = find_edge(history, end, now, 800, state[T_LEVEL], False)
        if edge > now - 80:  # the tone turned into another sound, not into silence
            edge = now - 400
        state[T_LAST_ON_END] = edge
        push_phase(state, max(edge - state[T_SINCE], 0.0))
        state[T_ON] = 0
        state[T_SINCE] = edge
        state[T_DISTURBED] = 0
        state[T_CANDIDATE] = -1
        if selected < 0:
            return 0
    if selected < 0 or selected != int(state[T_CANDIDATE]):
        state[T_CANDIDATE] = selected
        if selected < 0 and current >= 0 and frame_energy > 0.1 * state[T_LEVEL]:
            state[T_DISTURBED] += 1
        return 0
    edge = find_edge(history, end, now, 800, frame_energy, True)
    fresh = selected != current or state[T_DISTURBED] >= 8
    state[T_DISTURBED] = 0
    if fresh:
        state[T_COUNT] = 0
        state[T_TURNED] = 0
        for i in range(4):
            state[T_TURNS + i] = 0
        state[T_FIRST] = edge
        state[T_SET] = selected
    else:
        push_phase(state, max(edge - state[T_SINCE], 0.0))
    state[T_ON] = 1
    state[T_SINCE] = edge
    state[T_LEVEL] = frame_energy
    state[T_MISSES] = 0
    state[T_SEEN] = 0
    state[T_CANDIDATE] = -1
    return 1 if fresh else 0


@kernel
def longest_pause(state, tones):  # type: ignore[no-untyped-def]
    """The longest off time any tone of the current set can have, with its tolerance."""
    longest = 0.0
    for s in range(tones.shape[0]):
        if tones[s, C_SET] == state[T_SET]:
            for i in range(1, int(tones[s, C_LENGTH]), 2):
                longest = max(longest, tones[s, C_CADENCE + i])
    return 1.15 * longest + 800.0


@kernel
def goes_on(state, tones, open_tone, lasted):  # type: ignore[no-untyped-def]
    """Does the open tone still fit, or another one with the same name and frequencies?"""
    if tones[open_tone, C_LENGTH] == 0:
        return state[T_ON] > 0
    if state[T_DISTURBED] >= 8:
        return False
    for s in range(tones.shape[0]):
        if tones[s, C_SET] == state[T_SET] and tones[s, C_LABEL] == tones[open_tone, C_LABEL]:
            matched = matched_phases(state, tones[s], lasted)
            if matched > 0 or (matched == 0 and (state[T_COUNT] == 0 or lasted >= 400.0)):
                return True
    return False


@kernel
def tone_end(state, tone, lasted, fresh, now):  # type: ignore[no-untyped-def]
    """Where the open tone ended: with its last on time, or now when it turned into a steady one."""
    if state[T_ON] > 0 and fresh == 0 and matched_phases(state, tone, lasted) < 0:
        return now
    return max(state[T_LAST_ON_END], state[T_OPEN_START])


@kernel
def is_ambiguous(state, tones, chosen, matched, lasted):  # type: ignore[no-untyped-def]
    """Another tone of the same frequencies fits as much of what was heard and means something else."""
    if tones[chosen, C_LENGTH] == 0:
        return False
    for s in range(tones.shape[0]):
        other = tones[s]
        alike = other[C_SET] == tones[chosen, C_SET] and other[C_LABEL] != tones[chosen, C_LABEL]
        if alike and matched < max(3, max(other[C_LENGTH], tones[chosen, C_LENGTH])):
            fits = matched_phases(state, other, lasted)
            if fits >= matched and fits > 0:
                return True
    return False


@kernel
def name_tone(state, tones, turns, lasted, musical, change):  # type: ignore[no-untyped-def]
    """Open the tone that fits most of the past phases, if one is recognised."""
    best, best_matched = -1, -1
    for s in range(tones.shape[0]):
        if tones[s, C_SET] == state[T_SET] and is_recognised(state, tones[s], turns, lasted, musical):
            matched = matched_phases(state, tones[s], lasted) if tones[s, C_LENGTH] > 0 else 0
            if matched > best_matched:
                best, best_matched = s, matched
    if best < 0 or is_ambiguous(state, tones, best, best_matched, lasted):
        return
    start = state[T_SINCE]
    for i in range(best_matched):
        start -= state[T_PHASES + int(state[T_COUNT]) - 1 - i]
    state[T_OPEN] = best
    state[T_OPEN_START] = start
    change[3], change[4] = best, start


@inlined_kernel
def is_idle(state, selected):  # type: ignore[no-untyped-def]
    """Nothing sounds and nothing is remembered: ``cadence_step`` and ``follow_waves`` would change nothing."""
    return selected < 0 and state[T_SET] < 0 and state[T_CANDIDATE] < 0


@kernel
def cadence_step(history, end, now, state, tones, turns, selected, explained, frame_energy, musical, change):  # type: ignore[no-untyped-def]
    """One frame of the cadence detector. ``change`` (float64[6]): closed tone, its start, its end, opened tone, its start, 0; -1 is none.

    Returns 1 while a tone sounds that may belong to a cadence (also before it is named).
    """
    change[0] = change[3] = -1.0
    fresh = follow_phases(history, end, now, state, selected, explained, frame_energy)
    lasted = now - state[T_SINCE]
    open_tone = int(state[T_OPEN])
    if open_tone >= 0 and (fresh == 1 or not goes_on(state, tones, open_tone, lasted)):
        change[0], change[1] = open_tone, state[T_OPEN_START]
        change[2] = tone_end(state, tones[open_tone], lasted, fresh, now)
        state[T_OPEN] = -1
        state[T_COUNT] = 0
        if state[T_ON] == 0:
            state[T_SET] = -1
        return 1 if state[T_ON] > 0 else 0
    if open_tone < 0 and state[T_SET] >= 0:
        name_tone(state, tones, turns, lasted, musical, change)
        if state[T_OPEN] < 0 and state[T_ON] == 0 and (lasted > longest_pause(state, tones) or state[T_DISTURBED] >= 8):
            state[T_SET] = -1
            state[T_COUNT] = 0
    return 1 if state[T_ON] > 0 or state[T_CANDIDATE] >= 0 else 0
