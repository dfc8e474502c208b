"""Kernels of the DTMF receiver's second stage: exact edges, frequencies, twist and purity of a proposed digit."""

from __future__ import annotations

import math

import numpy as np

from line_audio._kernels_dtmf import (
    ASK_END,
    ASK_LONG,
    P_CODEC_MIN_AMPLITUDE,
    P_CODEC_PEAK,
    P_CODEC_SNR,
    P_CODEC_STEADY,
    P_FAR_PEAK,
    P_MAX_OFFSET,
    P_MERGE_SAMPLES,
    P_MIN_AMPLITUDE,
    P_MIN_SAMPLES,
    P_MIN_SNR,
    P_OFFSET_SNR,
    P_RESIDUAL_PEAK,
    P_STEADY,
    P_TWIST_HIGH,
    P_TWIST_LOW,
    REJECTED,
    RUN_BEGAN,
    RUN_ENDED,
    RUN_LEVEL,
    RUN_PRESSED,
    RUN_START,
    RUN_VERDICT,
    SOUNDING,
    UNTESTED,
)
from line_audio._kernels_goertzel import amplitude_at
from line_audio._kernels_jit import kernel
from line_audio._kernels_sines import crossing, envelope, plateau, refine_frequency, subtract_sines
from line_audio._kernels_spectrum import power_spectrum

LONG_ENOUGH_TO_RETRY = 600
NEAR = 0.15  #: radians a sample, 190 Hz
SHORT_PART = 190  #: an unbroken digit that is long enough has more samples between its edges
SHORT_PART_SNR = 1.6
SHAKEN = 0.05  #: -26 dB beside a tone; the codecs of G.711 leave less


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
        state[RUN_PRESSED], state[RUN_ENDED] = digit, events[0, 3]
        return 1
    found = np.empty((4, 3))
    count = find_digits(heard, length, row, column, parameters, twiddles, window, found)
    if int(request[0]) == ASK_LONG:
        state[RUN_VERDICT] = REJECTED if count == 0 else UNTESTED
    n = 0
    for i in range(count):
        start, stop = base + found[i, 0], base + found[i, 1]
        sounding = int(request[0]) == ASK_LONG and i == count - 1 and found[i, 1] > length - 60
        if is_rest_of_a_press(state, digit, start, parameters):
            if sounding:
                state[RUN_VERDICT] = REJECTED
            state[RUN_START] = state[RUN_ENDED] = stop
            continue
        events[n, 0] = 1 if sounding else 3
        events[n, 1], events[n, 2], events[n, 3], events[n, 4] = digit, start, stop, found[i, 2]
        n += 1
        if sounding:
            state[RUN_VERDICT], state[RUN_BEGAN], state[RUN_LEVEL] = SOUNDING, start, found[i, 2]
        else:
            state[RUN_START] = stop
            state[RUN_PRESSED], state[RUN_ENDED] = digit, stop
    return n


@kernel
def is_rest_of_a_press(state, digit, start, parameters):  # type: ignore[no-untyped-def]
    """The same digit was reported and ended no longer ago than an interruption lasts: a concealed packet sounds behind it."""
    return state[RUN_ENDED] > 0 and digit == int(state[RUN_PRESSED]) and start - state[RUN_ENDED] <= parameters[P_MERGE_SAMPLES]


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
