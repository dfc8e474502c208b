"""Kernel: windowed power spectrum."""

from __future__ import annotations

import numpy as np

from line_audio._kernels_jit import kernel

FFT_SIZE = 256
HALF = 128
BANDS = 18


@kernel
def power_spectrum(samples, window, twiddles, work, power):  # type: ignore[no-untyped-def]
    """|FFT|² of 256 windowed real samples → power[129]. ``work`` is float32[4, 128], ``twiddles`` float32[2, 352].

    Complex Stockham, radix 4 · 4 · 4 · 2, of length 128 on even and odd samples, then the usual split (Press et al., Numerical Recipes
    12.3). Every inner loop runs over neighbours, so that it becomes vector instructions.
    """
    xr, xi, yr, yi = work[0], work[1], work[2], work[3]
    tc, ts = twiddles[0], twiddles[1]
    for n in range(HALF):
        xr[n] = samples[2 * n] * window[2 * n]
        xi[n] = samples[2 * n + 1] * window[2 * n + 1]
    for p in range(32):
        ar, br, cr, dr = xr[p], xr[p + 32], xr[p + 64], xr[p + 96]
        ai, bi, ci, di = xi[p], xi[p + 32], xi[p + 64], xi[p + 96]
        er, ei, fr, fi = ar + cr, ai + ci, ar - cr, ai - ci
        gr, gi, hr, hi = br + dr, bi + di, bi - di, dr - br
        yr[4 * p] = er + gr
        yi[4 * p] = ei + gi
        ur, ui = fr + hr, fi + hi
        yr[4 * p + 1] = ur * tc[256 + p] - ui * ts[256 + p]
        yi[4 * p + 1] = ur * ts[256 + p] + ui * tc[256 + p]
        ur, ui = er - gr, ei - gi
        yr[4 * p + 2] = ur * tc[288 + p] - ui * ts[288 + p]
        yi[4 * p + 2] = ur * ts[288 + p] + ui * tc[288 + p]
        ur, ui = fr - hr, fi - hi
        yr[4 * p + 3] = ur * tc[320 + p] - ui * ts[320 + p]
        yi[4 * p + 3] = ur * ts[320 + p] + ui * tc[320 + p]
    for p in range(8):
        w1r, w1i, w2r, w2i, w3r, w3i = tc[8 * p], ts[8 * p], tc[16 * p], ts[16 * p], tc[24 * p], ts[24 * p]
        for q in range(4):
            i = q + 4 * p
            o = q + 16 * p
            ar, br, cr, dr = yr[i], yr[i + 32], yr[i + 64], yr[i + 96]
            ai, bi, ci, di = yi[i], yi[i + 32], yi[i + 64], yi[i + 96]
            er, ei, fr, fi = ar + cr, ai + ci, ar - cr, ai - ci
            gr, gi, hr, hi = br + dr, bi + di, bi - di, dr - br
            xr[o] = er + gr
            xi[o] = ei + gi
            ur, ui = fr + hr, fi + hi
            xr[o + 4] = ur * w1r - ui * w1i
            xi[o + 4] = ur * w1i + ui * w1r
            ur, ui = er - gr, ei - gi
            xr[o + 8] = ur * w2r - ui * w2i
            xi[o + 8] = ur * w2i + ui * w2r
            ur, ui = fr - hr, fi - hi
            xr[o + 12] = ur * w3r - ui * w3i
            xi[o + 12] = ur * w3i + ui * w3r
    for p in range(2):
        w1r, w1i, w2r, w2i, w3r, w3i = tc[32 * p], ts[32 * p], tc[64 * p], ts[64 * p], tc[96 * p], ts[96 * p]
        for q in range(16):
            i = q + 16 * p
            o = q + 64 * p
            ar, br, cr, dr = xr[i], xr[i + 32], xr[i + 64], xr[i + 96]
            ai, bi, ci, di = xi[i], xi[i + 32], xi[i + 64], xi[i + 96]
            er, ei, fr, fi = ar + cr, ai + ci, ar - cr, ai - ci
            gr, gi, hr, hi = br + dr, bi + di, bi - di, dr - br
            yr[o] = er + gr
            yi[o] = ei + gi
            ur, ui = fr + hr, fi + hi
            yr[o + 16] = ur * w1r - ui * w1i
            yi[o + 16] = ur * w1i + ui * w1r
            ur, ui = er - gr, ei - gi
            yr[o + 32] = ur * w2r - ui * w2i
            yi[o + 32] = ur * w2i + ui * w2r
            ur, ui = fr - hr, fi - hi
            yr[o + 48] = ur * w3r - ui * w3i
            yi[o + 48] = ur * w3i + ui * w3r
    for q in range(64):
        xr[q] = yr[q] + yr[q + 64]
        xi[q] = yi[q] + yi[q + 64]
        xr[q + 64] = yr[q] - yr[q + 64]
        xi[q + 64] = yi[q] - yi[q + 64]
    power[0] = (xr[0] + xi[0]) ** 2
    power[HALF] = (xr[0] - xi[0]) ** 2
    for k in range(1, HALF):
        j = HALF - k
        even_r = np.float32(0.5) * (xr[k] + xr[j])
        even_i = np.float32(0.5) * (xi[k] - xi[j])
        odd_r = np.float32(0.5) * (xi[k] + xi[j])
        odd_i = np.float32(0.5) * (xr[j] - xr[k])
        re = even_r + tc[k] * odd_r - ts[k] * odd_i
        im = even_i + tc[k] * odd_i + ts[k] * odd_r
        power[k] = re * re + im * im
