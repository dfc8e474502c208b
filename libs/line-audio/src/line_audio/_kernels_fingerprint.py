"""Kernels of recording recognition: one 16-bit word a frame, an inverted index of words, bit-error checks of alignments.

A word's bits say whether the level difference of neighbouring bands rises or falls over 80 ms (after Haitsma & Kalker, ISMIR 2002). The
word 0 stands for "nothing to compare here".
"""

from __future__ import annotations

import math

import numpy as np

from line_audio._kernels_jit import kernel
from line_audio._kernels_spectrum import power_spectrum

WORD_BITS = 16
EDGES = WORD_BITS + 2
SMOOTHING = 5  #: frames of triangular weights
LAG = 4  #: frames between the two sides of a difference
RING = 256  #: live words remembered
#: A frame says nothing if it is so far below the loudest of late …
QUIET_DB = -38.0
#: … or near the noise of the line: its level in the pauses, which may rise by so much a frame. What is louder than the second is no pause.
ABOVE_FLOOR_DB, NEVER_QUIET_DB = 6.0, -24.0
FLOOR_RISE_DB = 0.04
LOOKED_AT = 10  #: frames after which it is looked again whether recordings go on
SLIP_FRAMES = 6  #: 120 ms
SLIP_SPAN = 25  #: frames that must agree after a slip
EXPECTED_SPANS = (50, 75, 110)  #: frames …
EXPECTED_ERRORS = (0.34, 0.36, 0.385)  #: … and the part of wrong bits in them with which a recording goes on where it should be by now
LOST_SPAN = 50  #: frames over which it is lost
LOST_ABOVE = 0.12  #: a recording is lost with so many more wrong bits than before …
LOST_LEAST, LOST_MOST = 0.40, 0.45  #: … within these limits

BEFORE_LEAST = 15  #: frames of a recording, heard before those that were compared, that say whether it began as it should

#: per-line floats: reference level, level of the line's noise; ring of smoothed bands follows in its own array
F_REFERENCE, F_FRAMES, F_FLOOR, F_SIZE = range(4)
#: columns of the table of tracked recordings
#: R_ADDED: what was heard before does not count; R_WRONG: part of wrong bits lately; R_LOST: when it was lost
R_OFFSET, R_SEEN, R_ACTIVE, R_ADDED, R_WRONG, R_LOST, R_SIZE = range(7)


@kernel
def word_of(power, edges, scale, floats, bands, smooth, differences):  # type: ignore[no-untyped-def]
    """The next word from a power spectrum. ``bands`` float32[SMOOTHING, 17] and ``smooth`` float32[LAG, 16] are rings."""
    frame = int(floats[F_FRAMES])
    floats[F_FRAMES] = frame + 1
    here = frame % SMOOTHING
    total = 0.0
    for b in range(WORD_BITS + 1):
        band = 0.0
        for k in range(edges[b], edges[b + 1]):
            band += power[k]
        bands[here, b] = band
        total += band
    level = 10.0 * math.log10(total * scale + 1e-9)
    reference = max(max(floats[F_REFERENCE] - 0.02, level), -52.0)
    floats[F_REFERENCE] = reference
    floats[F_FLOOR] = max(min(floats[F_FLOOR] + FLOOR_RISE_DB, level), reference + QUIET_DB - ABOVE_FLOOR_DB)
    quiet = min(floats[F_FLOOR] + ABOVE_FLOOR_DB, reference + NEVER_QUIET_DB)
    floor = total * 1e-5 + 1e-8 / scale
    old = frame % LAG
    word = 0
    before = 0.0
    for b in range(WORD_BITS + 1):
        value = 0.0
        for s in range(SMOOTHING):
            age = (here - s) % SMOOTHING
            weight = 1.0 + min(age, SMOOTHING - 1 - age)
            value += weight * bands[s, b]
        logarithm = math.log10(value + floor)
        if b > 0:
            slope = before - logarithm
            change = slope - smooth[old, b - 1]
            smooth[old, b - 1] = slope
            differences[b - 1] = abs(change)
            if change > 0:
                word |= 1 << (b - 1)
        before = logarithm
    if level < quiet or frame < LAG:
        return 0
    return max(word, 1)


@kernel
def words_of(samples, tables, edges, out):  # type: ignore[no-untyped-def]
    """Words of a whole recording, uint16[n], one for each 20 ms frame."""
    work = np.zeros((4, 128), np.float32)
    power = np.zeros(129, np.float32)
    block = np.zeros(256, np.float32)
    floats = np.full(F_SIZE, -52.0)
    floats[F_FRAMES] = 0
    bands = np.zeros((SMOOTHING, WORD_BITS + 1), np.float32)
    smooth = np.zeros((LAG, WORD_BITS), np.float32)
    differences = np.zeros(WORD_BITS, np.float32)
    for n in range(out.shape[0]):
        for i in range(256):
            at = (n + 1) * 160 - 256 + i
            block[i] = samples[at] if at >= 0 else np.float32(0.0)
        power_spectrum(block, tables.window, tables.twiddles, work, power)
        out[n] = word_of(power, edges, tables.scale, floats, bands, smooth, differences)


@kernel
def compare(ring, newest, words, position, span, popcount):  # type: ignore[no-untyped-def]
    """Bit errors and compared words over the last ``span`` frames of an alignment: (errors, words)."""
    errors = 0
    compared = 0
    for back in range(span):
        live = ring[(newest - back) % RING]
        known = words[position - back]
        if live != 0 and known != 0:
            errors += popcount[live ^ known]
            compared += 1
    return errors, compared


@kernel
def wrong_before(ring, newest, words, position, span, most, popcount):  # type: ignore[no-untyped-def]
    """Part of wrong bits in what was heard of an alignment before its last ``span`` frames, up to ``most``; 0 if that is little."""
    errors, compared = 0, 0
    for back in range(span, min(min(position + 1, most), RING)):
        live = ring[(newest - back) % RING]
        known = words[position - back]
        if live != 0 and known != 0:
            errors += popcount[live ^ known]
            compared += 1
    return errors / (WORD_BITS * compared) if compared >= BEFORE_LEAST else 0.0


@kernel
def best_beside(live, known, least):  # type: ignore[no-untyped-def]
    """Least part of wrong bits of ``live`` beside any stretch of ``known`` that has ``least`` words to compare; 2 if none has."""
    best = 2.0
    for first in range(known.shape[0] - live.shape[0] + 1):
        wrong, compared = 0, 0
        for i in range(live.shape[0]):
            here, there = np.int32(live[i]), np.int32(known[first + i])
            both = (here != 0) & (there != 0)
            bits = here ^ there if both else np.int32(0)
            twos = bits - ((bits >> 1) & 0x5555)  # counted by sums of ever more bits, which needs no table
            fours = (twos & 0x3333) + ((twos >> 2) & 0x3333)
            eights = (fours + (fours >> 4)) & 0x0F0F
            wrong += (eights + (eights >> 8)) & 0x1F  # type: ignore[assignment]
            compared += both
        if compared >= least and wrong < best * WORD_BITS * compared:
            best = wrong / (WORD_BITS * compared)
    return best


@kernel
def sounding(ring, newest, span):  # type: ignore[no-untyped-def]
    """In how many of the last ``span`` frames something is heard."""
    heard = 0
    for back in range(span):
        heard += ring[(newest - back) % RING] != 0
    return heard


@kernel
def limit_of(compared, limits):  # type: ignore[no-untyped-def]
    """Highest part of wrong bits that still counts, rising from limits[0] at limits[2] words to limits[1] at limits[3]."""
    part = min(max((compared - limits[2]) / (limits[3] - limits[2]), 0.0), 1.0)
    return limits[0] + part * (limits[1] - limits[0])


@kernel
def still_playing(ring, newest, frame, row, words, first, count, popcount):  # type: ignore[no-untyped-def]
    """Does the tracked alignment of one recording go on? Looked at over the last second.

    Faint music agrees less than loud music does: what counts is that it agrees as it did before.
    """
    position = frame - int(row[R_OFFSET])
    if position >= count + 25:
        return False
    position = min(position, count - 1)
    shift = frame - int(row[R_OFFSET]) - position
    errors, compared = compare(ring, newest - shift, words[first : first + count], position, min(LOST_SPAN, position + 1), popcount)
    if compared < 10:  # silence goes on with anything, but not sound with silence or an unknown gap
        return sounding(ring, newest, LOST_SPAN) < LOST_SPAN // 2
    part = errors / (WORD_BITS * compared)
    if part >= min(max(row[R_WRONG] + LOST_ABOVE, LOST_LEAST), LOST_MOST):
        return False
    row[R_WRONG] += 0.1 * (part - row[R_WRONG])
    return True


@kernel
def realigned(ring, newest, frame, row, words, first, count, popcount):  # type: ignore[no-untyped-def]
    """Whether the recording goes on a little earlier or later: a jitter buffer has dropped or repeated some frames."""
    best, best_shift = 0.30, 0
    for shift in range(-SLIP_FRAMES, SLIP_FRAMES + 1):
        position = frame - int(row[R_OFFSET]) - shift
        if position < SLIP_SPAN or position >= count:
            continue
        errors, compared = compare(ring, newest, words[first : first + count], position, SLIP_SPAN, popcount)
        if compared * 2 >= SLIP_SPAN and errors < best * WORD_BITS * compared:
            best, best_shift = errors / (WORD_BITS * compared), shift
    row[R_OFFSET] += best_shift
    return best < 0.30


@kernel
def resumed(ring, newest, frame, row, words, first, count, popcount):  # type: ignore[no-untyped-def]
    """Part of wrong bits if the recording, once heard and then lost, goes on where it should be by now; 1 if it does not.

    Where to look is known, so that much less has to agree than for a recording that may begin anywhere; the longer it is looked at,
    the less.
    """
    place = frame - int(row[R_OFFSET])
    if place < EXPECTED_SPANS[0] or place + 1 >= count:
        return 1.0
    known = words[first : first + count]
    if compare(ring, newest, known, place, SLIP_SPAN, popcount)[1] * 2 < SLIP_SPAN:
        return 1.0
    for i in range(3):
        best, best_shift = EXPECTED_ERRORS[i], 2
        if frame - row[R_LOST] < EXPECTED_SPANS[i] - LOST_SPAN // 2:
            break  # what agreed before it was lost says nothing
        for shift in range(-1, 2):
            errors, compared = compare(ring, newest, known, place - shift, min(EXPECTED_SPANS[i], place - shift + 1), popcount)
            if compared * 2 >= EXPECTED_SPANS[i] and errors < best * WORD_BITS * compared:
                best, best_shift = errors / (WORD_BITS * compared), shift
        if best_shift < 2:
            row[R_OFFSET] += best_shift
            row[R_ACTIVE], row[R_WRONG] = 1, best
            return best
    return 1.0


@kernel
def probe(word, weakest, number):  # type: ignore[no-untyped-def]
    """The ``number``-th word near ``word``: each subset of the three least certain bits flipped."""
    for i in range(3):
        if number >> i & 1:
            word ^= 1 << weakest[i]
    return word


@kernel
def three_weakest(differences, weakest):  # type: ignore[no-untyped-def]
    for i in range(3):
        weakest[i] = -1
    for i in range(3):
        best = 1e30
        for b in range(WORD_BITS):
            if differences[b] < best and b != weakest[0] and b != weakest[1]:
                best = differences[b]
                weakest[i] = b


@kernel
def search(frame, ring, differences, words, owners, firsts, counts, heads, postings, tracked, popcount, limits, found):  # type: ignore[no-untyped-def]
    """Look the newest word up and check each alignment it proposes. ``found`` float64[m, 4]: recording, position, errors a bit, the
    same before the frames that were compared.

    ``heads`` int64[65537] and ``postings`` are the inverted index: positions in ``words`` by word. Returns how many were found.
    """
    newest = frame % RING
    word = int(ring[newest])
    n = 0
    if word == 0 or words.shape[0] == 0:
        return 0
    weakest = np.empty(3, np.int64)
    three_weakest(differences, weakest)
    for number in range(8):
        key = probe(word, weakest, number)
        begin, end = heads[key], heads[key + 1]
        for posting in range(begin, min(end, begin + 64)):
            at = postings[posting]
            owner = owners[at]
            first = firsts[owner]
            position = at - first
            if position < limits[4]:
                continue
            row = tracked[owner]
            if row[R_ACTIVE] > 0 or row[R_SEEN] == frame:
                continue
            span = min(min(int(limits[5]), position + 1), frame + 1 - int(row[R_ADDED]))
            errors, compared = compare(ring, newest, words[first : first + counts[owner]], position, span, popcount)
            if compared < limits[2] or errors > limit_of(compared, limits) * WORD_BITS * compared:
                continue
            row[R_OFFSET], row[R_SEEN], row[R_ACTIVE] = frame - position, frame, 1
            row[R_WRONG] = errors / (WORD_BITS * compared)
            if n < found.shape[0]:
                found[n, 0], found[n, 1], found[n, 2] = owner, position, errors / (WORD_BITS * compared)
                most = frame + 1 - int(row[R_ADDED])
                found[n, 3] = wrong_before(ring, newest, words[first : first + counts[owner]], position, span, most, popcount)
                n += 1
    return n


@kernel
def listen(  # type: ignore[no-untyped-def]
    frames,
    floats,
    bands,
    smooth,
    differences,
    history,
    ring,
    tables,
    edges,
    words,
    owners,
    firsts,
    counts,
    heads,
    postings,
    tracked,
    popcount,
    limits,
    found,
    owners_found,
):
    """Frames int16[n, 160] of one line; matches go to ``found`` float64[m, 5]: frame, recording, position, errors, errors
    before. Returns how many."""
    work = np.zeros((4, 128), np.float32)
    power = np.zeros(129, np.float32)
    total = 0
    for j in range(frames.shape[0]):
        for i in range(96):
            history[i] = history[160 + i]
        for i in range(160):
            history[96 + i] = frames[j, i]
        power_spectrum(history, tables.window, tables.twiddles, work, power)
        frame = int(floats[F_FRAMES])
        ring[frame % RING] = word_of(power, edges, tables.scale, floats, bands, smooth, differences)
        if frame % LOOKED_AT == 0:
            for owner in range(firsts.shape[0]):
                row, first, count = tracked[owner], firsts[owner], counts[owner]
                if row[R_ACTIVE] <= 0 and row[R_SEEN] >= 0:
                    part = resumed(ring, frame, frame, row, words, first, count, popcount)
                    if part < 1.0 and total < found.shape[0]:
                        found[total, 0], found[total, 1], found[total, 2], found[total, 3] = frame, owner, frame - int(row[R_OFFSET]), part
                        found[total, 4] = 0.0
                        total += 1
                    continue
                if row[R_ACTIVE] <= 0 or still_playing(ring, frame, frame, row, words, first, count, popcount):
                    continue
                if not realigned(ring, frame, frame, row, words, first, count, popcount):
                    row[R_ACTIVE], row[R_LOST] = 0, frame
        n = search(frame, ring, differences, words, owners, firsts, counts, heads, postings, tracked, popcount, limits, owners_found)
        for i in range(n):
            if total < found.shape[0]:
                found[total, 0] = frame
                for c in range(4):
                    found[total, 1 + c] = owners_found[i, c]
                total += 1
    return total
