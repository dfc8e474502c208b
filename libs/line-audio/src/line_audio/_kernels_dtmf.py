"""Kernels of the DTMF receiver: fast candidates, then an exact test of frequency, duration, twist and purity.

Layout of a line's state (float64): see ``RUN_*``. Times are samples since the line's first.
"""

from __future__ import annotations

import math

import numpy as np

from line_audio._kernels_goertzel import amplitude_at, project8, windowed_energy
from line_audio._kernels_jit import kernel
from line_audio._kernels_spectrum import power_spectrum

BLOCK = 160
HOP = 80
PAD = 240  #: samples looked at before and after a run of candidates
LONG_RUN = 1600  #: a longer run is tested while it still sounds
LONGEST = 3000  #: samples of one exact test
LONG_ENOUGH_TO_RETRY = 600
NEAR = 0.15  #: radians a sample, 190 Hz
SHORT_PART = 190  #: an unbroken digit that is long enough has more samples between its edges
SHORT_PART_SNR = 1.6
SHAKEN = 0.05  #: -26 dB beside a tone; the codecs of G.711 leave less

RUN_DIGIT, RUN_START, RUN_LAST, RUN_MISSES, RUN_PEAK, RUN_VERDICT, RUN_LEVEL, RUN_BEGAN, RUN_SIZE = range(9)
UNTESTED, ASKED, REJECTED, SOUNDING = range(4)  #: verdicts on the run
ASK_SHORT, ASK_LONG, ASK_END = 1, 2, 3
MAX_REQUESTS = 4

#: parameters, float64
(
    P_FRACTION,
    P_MIN_LEVEL,
    P_MAX_OFFSET,
    P_MIN_SAMPLES,
    P_MERGE_SAMPLES,
    P_TWIST_HIGH,
    P_TWIST_LOW,
    P_MIN_SNR,
    P_RESIDUAL_PEAK,
    P_MIN_AMPLITUDE,
    P_STEADY,
    P_FAR_PEAK,
    P_CODEC_SNR,
    P_CODEC_PEAK,
    P_CODEC_STEADY,
    P_OFFSET_SNR,
    P_CODEC_MIN_AMPLITUDE,
    P_SIZE,
) = range(18)


@kernel
def candidate(block, window, basis, fraction, min_energy, out):  # type: ignore[no-untyped-def]
    """Digit 0-15 (row·4 + column) that most of a 20 ms block's energy belongs to, or -1; and that energy.

    ``basis`` is float32[3, 160, 8]: rows (cos, sin), columns (cos, sin), and eight vectors of the band below 500 Hz, whose energy is left
    out of the total so that a dial tone does not hide a digit.
    """
    total = windowed_energy(block, window)
    if total < min_energy:
        return -1, 0.0
    project8(block, basis, 0, out)
    project8(block, basis, 1, out)
    row = column = 0
    row_energy = column_energy = -1.0
    for k in range(4):
        e = out[2 * k] * out[2 * k] + out[2 * k + 1] * out[2 * k + 1]
        if e > row_energy:
            row_energy, row = e, k
        e = out[8 + 2 * k] * out[8 + 2 * k] + out[9 + 2 * k] * out[9 + 2 * k]
        if e > column_energy:
            column_energy, column = e, k
    tones = row_energy + column_energy
    if tones < min_energy or row_energy > 30.0 * column_energy or column_energy > 20.0 * row_energy:
        return -1, 0.0
    if tones < fraction * total:
        project8(block, basis, 2, out)
        for k in range(16, 24):
            total -= out[k] * out[k]
        if tones < fraction * total:
            return -1, 0.0
    return 4 * row + column, tones


@kernel
def solve(matrix, vector, size):  # type: ignore[no-untyped-def]
    """Gaussian elimination in place for a small positive definite system; the answer is left in ``vector``."""
    for i in range(size):
        pivot = matrix[i, i] + 1e-9
        for j in range(i + 1, size):
            factor = matrix[j, i] / pivot
            for k in range(i, size):
                matrix[j, k] -= factor * matrix[i, k]
            vector[j] -= factor * vector[i]
    for i in range(size - 1, -1, -1):
        total = vector[i]
        for k in range(i + 1, size):
            total -= matrix[i, k] * vector[k]
        vector[i] = total / (matrix[i, i] + 1e-9)


@kernel
def subtract_sines(samples, start, length, radians, count, residual, amplitudes):  # type: ignore[no-untyped-def]
    """Least-squares fit of ``count`` sines; what is left goes to ``residual``, peak amplitudes to ``amplitudes``. Returns its energy."""
    size = 2 * count
    matrix = np.zeros((size, size))
    vector = np.zeros(size)
    waves = np.empty((size, length))
    for c in range(count):
        cosine, sine = 1.0, 0.0
        turn_c, turn_s = math.cos(radians[c]), math.sin(radians[c])
        for n in range(length):
            waves[2 * c, n] = cosine
            waves[2 * c + 1, n] = sine
            cosine, sine = cosine * turn_c - sine * turn_s, sine * turn_c + cosine * turn_s
    for i in range(size):
        for j in range(i, size):
            total = 0.0
            for n in range(length):
                total += waves[i, n] * waves[j, n]
            matrix[i, j] = total
            matrix[j, i] = total
        total = 0.0
        for n in range(length):
            total += waves[i, n] * samples[start + n]
        vector[i] = total
    solve(matrix, vector, size)
    for c in range(count):
        amplitudes[c] = math.sqrt(vector[2 * c] ** 2 + vector[2 * c + 1] ** 2)
    left = 0.0
    for n in range(length):
        value = float(samples[start + n])
        for i in range(size):
            value -= vector[i] * waves[i, n]
        residual[n] = value
        left += value * value
    return left


@kernel
def refine_frequency(samples, start, length, nominal):  # type: ignore[no-untyped-def]
    """Frequency (radians a sample) of the spectral peak within ±6 % of ``nominal``; 0 when the peak is at the border."""
    step = math.pi / length
    reach = int(0.06 * nominal / step) + 1
    best, best_k = -1.0, 0
    for k in range(-reach, reach + 1):
        value = amplitude_at(samples, start, length, nominal + k * step)
        if value > best:
            best, best_k = value, k
    if abs(best_k) == reach:
        return 0.0
    here = nominal + best_k * step
    left = math.log(amplitude_at(samples, start, length, here - step) + 1e-9)
    right = math.log(amplitude_at(samples, start, length, here + step) + 1e-9)
    middle = math.log(best + 1e-9)
    curve = left - 2 * middle + right
    shift = 0.5 * (left - right) / curve if curve < -1e-12 else 0.0
    return here + min(max(shift, -1.0), 1.0) * step


@kernel
def envelope(samples, start, length, radians, out):  # type: ignore[no-untyped-def]
    """Amplitude of one tone every 8 samples (Hann, 96 samples, centred at start + 48 + 8·i); returns how many."""
    count = (length - 96) // 8 + 1
    cosines = np.empty(96)
    sines = np.empty(96)
    for n in range(96):
        weight = (0.5 - 0.5 * math.cos(2 * math.pi * (n + 0.5) / 96)) / 24.0
        cosines[n] = weight * math.cos(radians * n)
        sines[n] = weight * math.sin(radians * n)
    for i in range(count):
        re = im = 0.0
        at = start + 8 * i
        for n in range(96):
            re += samples[at + n] * cosines[n]
            im += samples[at + n] * sines[n]
        out[i] = math.sqrt(re * re + im * im)
    return count


@kernel
def plateau(values, count):  # type: ignore[no-untyped-def]
    """Mean of what is above half of the peak, twice over: the level of a tone that is on for part of the stretch."""
    peak = 0.0
    for i in range(count):
        peak = max(peak, values[i])
    level = peak
    for _ in range(2):
        total, n = 0.0, 0
        for i in range(count):
            if values[i] > 0.5 * level:
                total += values[i]
                n += 1
        if n > 0:
            level = total / n
    return level


@kernel
def crossing(low, high, threshold):  # type: ignore[no-untyped-def]
    """Where between two neighbouring values the threshold lies, in [0, 1]."""
    return min(max((threshold - low) / (high - low), 0.0), 1.0) if high != low else 0.5


@kernel
def is_digit(samples, start, length, row, column, parameters, twiddles, window, details):  # type: ignore[no-untyped-def]
    """The exact test on a stretch where both tones are on. ``details``: level of the stronger tone's peak amplitude."""
    used = min(length, 640)
    begin = start + (length - used) // 2
    radians = np.zeros(4)
    radians[0] = refine_frequency(samples, begin, used, row)
    radians[1] = refine_frequency(samples, begin, used, column)
    offset = max(abs(radians[0] / row - 1), abs(radians[1] / column - 1))
    if offset > parameters[P_MAX_OFFSET]:
        return False
    residual = np.zeros(max(used, 256), np.float32)
    amplitudes = np.zeros(4)
    left = subtract_sines(samples, begin, used, radians, 2, residual, amplitudes)
    low, high = amplitudes[0], amplitudes[1]
    weaker, stronger = min(low, high), max(low, high)
    details[0] = stronger
    if weaker < parameters[P_CODEC_MIN_AMPLITUDE]:
        return False
    if high > parameters[P_TWIST_HIGH] * low or low > parameters[P_TWIST_LOW] * high:
        return False
    tones = 0.5 * used * (low * low + high * high)
    left = subtract_dial_tone(samples, begin, used, radians, tones, left, residual, amplitudes)
    far, near = residual_peaks(residual, used, radians, twiddles, window)
    plain = radians[2] == 0.0 and used >= SHORT_PART
    if plain and far <= parameters[P_FAR_PEAK] * stronger and left * parameters[P_CODEC_SNR] <= tones:
        most_near, most_change = parameters[P_CODEC_PEAK], parameters[P_CODEC_STEADY]
        shaken = near > SHAKEN * weaker
    elif left * least_snr(offset, used, parameters) <= tones:
        most_near, most_change = parameters[P_RESIDUAL_PEAK], parameters[P_STEADY]
        shaken = False
    else:
        return False
    if weaker < parameters[P_MIN_AMPLITUDE] and not shaken:
        return False
    if far > parameters[P_RESIDUAL_PEAK] * stronger or near > most_near * weaker:
        return False
    return is_steady(samples, start, length, radians, most_change)


@kernel
def least_snr(offset, used, parameters):  # type: ignore[no-untyped-def]
    """Two notes of a chord are seldom exactly where a digit's tones are: the further off, the cleaner it has to be.

    The longest part of an interrupted digit may be short; there the least-squares fit explains much of anything.
    """
    if used < SHORT_PART:
        return parameters[P_OFFSET_SNR] * SHORT_PART_SNR
    far_off = min(max((offset - 0.005) / 0.010, 0.0), 1.0)
    return parameters[P_MIN_SNR] * (parameters[P_OFFSET_SNR] / parameters[P_MIN_SNR]) ** far_off


@kernel
def subtract_dial_tone(samples, begin, used, radians, tones, left, residual, amplitudes):  # type: ignore[no-untyped-def]
    """Take up to two tones of a dial tone below the digit out of the residual as well, where they are most of it. Returns its energy."""
    count = 2
    while left * 12.0 > tones and count < 4:
        best, best_hz = 0.0, 0.0
        for hz in (350.0, 400.0, 425.0, 440.0, 450.0, 480.0):
            value = amplitude_at(residual, 0, used, hz * 2 * math.pi / 8000)
            if value > best:
                best, best_hz = value, hz
        if best * best * 0.5 * used < 0.3 * left:
            break
        radians[count] = best_hz * 2 * math.pi / 8000
        count += 1
        left = subtract_sines(samples, begin, used, radians, count, residual, amplitudes)
    return left


@kernel
def residual_peaks(residual, used, radians, twiddles, window):  # type: ignore[no-untyped-def]
    """Amplitudes of the strongest other partial far from both tones, and near one of them.

    Speech and music have partials all over the band. Line noise has none. A codec of speech modulates the tones: what it adds is near them.
    """
    power = np.empty(129, np.float32)
    work = np.empty((4, 128), np.float32)
    block = np.zeros(256, np.float32)
    take = min(used, 256)
    offset = (used - take) // 2
    weight = 0.0
    for n in range(take):
        block[n] = residual[offset + n]
        weight += window[n]
    power_spectrum(block, window, twiddles, work, power)
    far = near = 0.0
    for k in range(7, 125):
        if min(abs(k * math.pi / 128 - radians[0]), abs(k * math.pi / 128 - radians[1])) < NEAR:
            near = max(near, power[k])
        else:
            far = max(far, power[k])
    return math.sqrt(far) / (0.5 * weight), math.sqrt(near) / (0.5 * weight)


@kernel
def is_steady(samples, start, length, radians, most_change):  # type: ignore[no-untyped-def]
    """Each tone has about the same level in the first, middle and last third."""
    third = length // 3
    if third < 60:
        return True
    for tone in range(2):
        low, high = 1e30, 0.0
        for part in range(3):
            value = amplitude_at(samples, start + part * third, third, radians[tone])
            low = min(low, value)
            high = max(high, value)
        if high > most_change * low:
            return False
    return True


@kernel
def find_digits(samples, length, row, column, parameters, twiddles, window, found):  # type: ignore[no-untyped-def]
    """Stretches in ``samples[:length]`` where this row and column sound together and pass the exact test.

    ``found`` is float64[n, 3]: start, end (samples, fractions kept), peak amplitude. Gaps up to the interruption limit are bridged.
    Returns how many.
    """
    limit = found.shape[0]
    low = np.empty(length // 8 + 1)
    high = np.empty(length // 8 + 1)
    count = envelope(samples, 0, length, row, low)
    envelope(samples, 0, length, column, high)
    low_level = 0.5 * plateau(low, count)
    high_level = 0.5 * plateau(high, count)
    details = np.zeros(1)
    n = 0
    start = end = -1.0
    gap_inside = False
    for i in range(1, count + 1):
        before = low[i - 1] > low_level and high[i - 1] > high_level
        here = i < count and low[i] > low_level and high[i] > high_level
        if here and not before:
            edge = 48 + 8 * (i - 1 + max(crossing(low[i - 1], low[i], low_level), crossing(high[i - 1], high[i], high_level)))
            if start < 0:
                start = edge
                gap_inside = False
            else:
                gap_inside = True
        if before and start < 0:
            start = 48.0 + 8 * (i - 1)
            gap_inside = False
        if before and not here:
            end = 48.0 + 8 * (i - 1)
            if i < count:
                fraction = 1.0
                if low[i] <= low_level:
                    fraction = min(fraction, crossing(low[i - 1], low[i], low_level))
                if high[i] <= high_level:
                    fraction = min(fraction, crossing(high[i - 1], high[i], high_level))
                end += 8 * fraction
        quiet = 48.0 + 8 * i - end
        if start >= 0 and end >= start and not here and (quiet > parameters[P_MERGE_SAMPLES] or i == count):
            duration = end - start
            if duration >= parameters[P_MIN_SAMPLES] and n < limit:
                begin = int(start) + 16
                inner = int(duration) - 32
                good = not gap_inside and is_digit(samples, begin, inner, row, column, parameters, twiddles, window, details)
                if not good and gap_inside:
                    good = has_sound_part(
                        samples, low, high, low_level, high_level, start, end, row, column, parameters, twiddles, window, details
                    )
                elif not good and inner >= LONG_ENOUGH_TO_RETRY:  # a concealed packet spoils one part only
                    part = int(0.45 * inner)
                    good = is_digit(samples, begin, part, row, column, parameters, twiddles, window, details) or is_digit(
                        samples, begin + inner - part, part, row, column, parameters, twiddles, window, details
                    )
                if good:
                    found[n, 0], found[n, 1], found[n, 2] = start, end, details[0]
                    n += 1
            start = end = -1.0
    return n


@kernel
def has_sound_part(samples, low, high, low_level, high_level, start, end, row, column, parameters, twiddles, window, details):  # type: ignore[no-untyped-def]
    """An interrupted digit: its longest unbroken part passes the exact test."""
    best_start, best_length = 0, 0
    run = 0
    for i in range(int((start - 48) / 8) + 1, int((end - 48) / 8) + 1):
        if low[i] > low_level and high[i] > high_level:
            run += 1
            if run > best_length:
                best_length, best_start = run, i - run + 1
        else:
            run = 0
    begin = 48 + 8 * best_start + 8
    inner = 8 * (best_length - 1) - 16
    return inner >= 72 and is_digit(samples, begin, inner, row, column, parameters, twiddles, window, details)


@kernel
def dtmf_step(history, end, now, state, basis, block_window, parameters, work, requests):  # type: ignore[no-untyped-def]
    """One 20 ms frame of stage one: ``history[:end]`` is what was heard, ``now`` the sample count at its end.

    What stage two must look at goes to ``requests``, float64[n, 4]: kind (``ASK_*``), digit, begin and end time. Returns how many.
    """
    n = 0
    for hop in range(2):
        last = end - HOP * (1 - hop)
        at = now - HOP * (1 - hop)
        digit, level = candidate(history[last - BLOCK : last], block_window, basis, parameters[P_FRACTION], parameters[P_MIN_LEVEL], work)
        if digit >= 0 and digit == int(state[RUN_DIGIT]) and level < 0.06 * state[RUN_PEAK]:
            digit = -1
        if state[RUN_DIGIT] >= 0:
            if digit == int(state[RUN_DIGIT]):
                state[RUN_LAST] = at
                state[RUN_MISSES] = 0
                state[RUN_PEAK] = max(state[RUN_PEAK], level)
                if at - state[RUN_START] >= LONG_RUN and state[RUN_VERDICT] == UNTESTED:
                    state[RUN_VERDICT] = ASKED
                    n = ask(requests, n, ASK_LONG, digit, max(state[RUN_START] - PAD, at - LONGEST), at)
            else:
                state[RUN_MISSES] += 1
                if state[RUN_MISSES] >= 3 or (digit >= 0 and state[RUN_MISSES] >= 2):
                    if state[RUN_VERDICT] == SOUNDING:
                        n = ask(requests, n, ASK_END, state[RUN_DIGIT], state[RUN_LAST] - 640, now)
                    elif state[RUN_VERDICT] == UNTESTED:
                        n = ask(requests, n, ASK_SHORT, state[RUN_DIGIT], max(state[RUN_START] - PAD, now - LONGEST), now)
                    state[RUN_DIGIT] = -1
        if state[RUN_DIGIT] < 0 and digit >= 0:
            state[RUN_DIGIT] = digit
            state[RUN_START] = at - BLOCK
            state[RUN_LAST] = at
            state[RUN_MISSES] = 0
            state[RUN_PEAK] = level
            state[RUN_VERDICT] = UNTESTED
    return n


@kernel
def ask(requests, n, kind, digit, begin, end):  # type: ignore[no-untyped-def]
    requests[n, 0], requests[n, 1], requests[n, 2], requests[n, 3] = kind, digit, begin, end
    return n + 1


@kernel
def examine(history, end, now, state, request, parameters, frequencies, twiddles, window, events):  # type: ignore[no-untyped-def]
    """Stage two for one request. ``events`` is float64[n, 5]: kind (1 opened, 2 closed, 3 both), digit, start, end, peak amplitude.

    It is a kernel of its own, called from Python: it runs rarely, and stage one stays small.
    """
    digit = int(request[1])
    row, column = frequencies[digit // 4], frequencies[4 + digit % 4]
    last = end - int(now - request[3])
    length = int(request[3] - request[2])
    heard = history[last - length : last]
    base = request[2]
    if int(request[0]) == ASK_END:
        events[0, 0], events[0, 1], events[0, 2], events[0, 4] = 2, digit, state[RUN_BEGAN], state[RUN_LEVEL]
        events[0, 3] = base + falling_edge(heard, length, row)
        return 1
    found = np.empty((4, 3))
    count = find_digits(heard, length, row, column, parameters, twiddles, window, found)
    if int(request[0]) == ASK_LONG:
        state[RUN_VERDICT] = REJECTED if count == 0 else UNTESTED
    for i in range(count):
        sounding = int(request[0]) == ASK_LONG and i == count - 1 and found[i, 1] > length - 60
        events[i, 0] = 1 if sounding else 3
        events[i, 1], events[i, 2], events[i, 3], events[i, 4] = digit, base + found[i, 0], base + found[i, 1], found[i, 2]
        if sounding:
            state[RUN_VERDICT], state[RUN_BEGAN], state[RUN_LEVEL] = SOUNDING, base + found[i, 0], found[i, 2]
        else:
            state[RUN_START] = base + found[i, 1]
    return count


@kernel
def falling_edge(samples, length, radians):  # type: ignore[no-untyped-def]
    """Where the tone last fell through half of its amplitude."""
    values = np.empty(length // 8 + 1)
    count = envelope(samples, 0, length, radians, values)
    threshold = 0.5 * plateau(values, count)
    for i in range(count - 1, 0, -1):
        if values[i - 1] > threshold >= values[i]:
            return 48.0 + 8 * (i - 1 + crossing(values[i - 1], values[i], threshold))
    return 640.0
