"""Kernels that turn what each frame is into segments with start and end.

State of one line, float64: ``G_*``. Events are rows of float64[n, EVENT]: kind (0 opened, 1 closed), label code, start, end, known at,
detail code, mean square, mean probabilities of speech and of music.
"""

from __future__ import annotations

from line_audio._kernels_jit import inlined_kernel
from line_audio._kernels_jit import lean_inner_kernel as kernel

EVENT = 9
NONE, SILENCE, SPEECH, MUSIC, SPEECH_OVER_MUSIC = -1, 0, 1, 2, 3
FIRST_TONE = 10  #: label codes from here on are tones; the ear knows which

FRAME = 160.0
SPEECH_ON, SPEECH_OFF = 0.28, 0.16
SPEECH_ON_OVER_MUSIC, SPEECH_OFF_OVER_MUSIC = 0.85, 0.30  #: a false human on hold costs more than a late one
MUSIC_ON, MUSIC_OFF = 0.60, 0.40
SPEECH_OPEN_FRAMES = 7  #: 140 ms of evidence
SPEECH_OPEN_FRAMES_OVER_MUSIC = 6
SPEECH_CLOSE_FRAMES = 27  #: 540 ms without
MUSIC_OPEN_FRAMES = 30
MUSIC_CLOSE_FRAMES = 45
MUSIC_HOLD_UNDER_SPEECH_FRAMES = 75  #: a ducked bed is lost for moments
SILENCE_OPEN_FRAMES = 25
SPEECH_LAG, SPEECH_LAG_OVER_MUSIC = 320.0, 640.0  #: the smoothed probability comes this much late
SPEECH_REACH = 4800.0  #: how far back the start may be moved to where the sound began
HINT = 0.15  #: a voice of which there is evidence enough began where it was first hinted at …
HINT_GAP_FRAMES = 8  #: … with gaps shorter than this …
HINT_REACH = 12000.0  #: … at most so long before
MUSIC_LAG = 1280.0
ONSET_SHARE = 0.0025
ONSET_CALM_FRAMES = 3
INAUDIBLE = 60.0  #: mean square; -66 dBm0
BED_MEAN_SQUARE = 4.1e4  #: -38 dBm0: no line noise is as loud
BED_SPEECH = 0.30
BED_FRAMES = 110  #: loud sound that is neither speech nor a signal is a bed after 2.2 s, however plain its tones are
MAX_SUPPRESSION_FRAMES = 150  #: a steady tone that is no known signal is judged as sound after 3 s
SUSPICION_FRAMES = 6  #: vowels hold two partials for moments as digits do: what may be a signal hides a voice only after 120 ms

(
    G_LABEL,
    G_START,
    G_DETAIL,
    G_ENERGY,  #: sum of frame mean squares since the start
    G_FRAMES,
    G_SPEECH,  #: smoothed probabilities
    G_MUSIC,
    G_SPEECH_ON,
    G_SPEECH_RUN,  #: frames of evidence while off; frames without while on
    G_SPEECH_SINCE,
    G_SPEECH_LAST,
    G_MUSIC_ON,
    G_MUSIC_RUN,
    G_MUSIC_SINCE,
    G_MUSIC_LAST,
    G_QUIET,
    G_SUPPRESSED,
    G_TONE,  #: label code of the open tone, -1 none
    G_TONE_ENDED,
    G_ONSET,  #: when sound last began after quiet
    G_LEVEL,  #: slow reference level of the line, mean square
    G_CALM,  #: quiet frames in a row
    G_BED,  #: loud frames that are neither speech nor a named tone
    G_SPEECH_SUM,  #: of the probabilities since the start
    G_MUSIC_SUM,
    G_HINT_SINCE,  #: when a voice was first hinted at, while none is on
    G_HINT_GAP,  #: frames since the last hint
    G_SIZE,
) = range(28)


@kernel
def emit(events, n, kind, label, start, end, at, detail, level, speech, music):  # type: ignore[no-untyped-def]
    if n < events.shape[0]:
        events[n, 0], events[n, 1], events[n, 2], events[n, 3] = kind, label, start, end
        events[n, 4], events[n, 5], events[n, 6] = at, detail, level
        events[n, 7], events[n, 8] = speech, music
        return n + 1
    return n


@kernel
def switch_label(state, label, start, detail, now, events, n):  # type: ignore[no-untyped-def]
    """Close the open segment where the new one begins, and open that. ``label`` NONE only closes."""
    current = state[G_LABEL]
    start = min(max(start, state[G_START]), now)
    if current != NONE:
        share = 1.0 / max(state[G_FRAMES], 1.0)
        level, speech, music = state[G_ENERGY] * share, state[G_SPEECH_SUM] * share, state[G_MUSIC_SUM] * share
        n = emit(events, n, 1.0, current, state[G_START], start, now, state[G_DETAIL], level, speech, music)
    state[G_LABEL], state[G_START], state[G_DETAIL] = label, start, detail
    state[G_ENERGY] = state[G_FRAMES] = state[G_SPEECH_SUM] = state[G_MUSIC_SUM] = 0.0
    if label != NONE:
        n = emit(events, n, 0.0, label, start, start, now, detail, 0.0, state[G_SPEECH], state[G_MUSIC])
    return n


@inlined_kernel
def follow_onset(state, mean_square, now):  # type: ignore[no-untyped-def]
    """Remember where the present sound began: the first frame within 26 dB of the line's level after three that were not."""
    state[G_LEVEL] = max(state[G_LEVEL] * 0.995, mean_square)
    if mean_square <= ONSET_SHARE * state[G_LEVEL]:  # equal: a line that begins in digital silence
        state[G_CALM] += 1
    else:
        if state[G_CALM] >= ONSET_CALM_FRAMES:
            state[G_ONSET] = now - FRAME
        state[G_CALM] = 0


@inlined_kernel
def follow_hint(state, probability, began, frozen):  # type: ignore[no-untyped-def]
    """Remember where a voice was first hinted at: over music the network grows sure of it slowly."""
    if probability > HINT and not frozen:
        if state[G_HINT_GAP] >= HINT_GAP_FRAMES:
            state[G_HINT_SINCE] = began
        state[G_HINT_GAP] = 0.0
    else:
        state[G_HINT_GAP] += 1


@inlined_kernel
def follow_speech(state, probability, now, frozen):  # type: ignore[no-untyped-def]
    if state[G_SPEECH_ON] == 0:
        music = state[G_MUSIC_ON] > 0
        lag = SPEECH_LAG_OVER_MUSIC if music else SPEECH_LAG
        follow_hint(state, probability, now - FRAME - lag, frozen)
        if probability > (SPEECH_ON_OVER_MUSIC if music else SPEECH_ON) and not frozen:
            if state[G_SPEECH_RUN] == 0:
                state[G_SPEECH_SINCE] = now - FRAME - lag
                if 0 <= state[G_SPEECH_SINCE] - state[G_ONSET] < SPEECH_REACH:
                    state[G_SPEECH_SINCE] = state[G_ONSET]
            state[G_SPEECH_RUN] += 1
            if state[G_SPEECH_RUN] >= (SPEECH_OPEN_FRAMES_OVER_MUSIC if music else SPEECH_OPEN_FRAMES):
                state[G_SPEECH_ON] = 1
                state[G_SPEECH_RUN] = 0
                state[G_SPEECH_LAST] = now
                if now - state[G_HINT_SINCE] < HINT_REACH:
                    state[G_SPEECH_SINCE] = min(state[G_SPEECH_SINCE], state[G_HINT_SINCE])
                state[G_HINT_GAP] = HINT_GAP_FRAMES
        else:
            state[G_SPEECH_RUN] = max(state[G_SPEECH_RUN] - 2, 0.0)
    elif probability > (SPEECH_OFF_OVER_MUSIC if state[G_MUSIC_ON] > 0 else SPEECH_OFF) and not frozen:
        state[G_SPEECH_LAST] = now
        state[G_SPEECH_RUN] = 0
    else:
        state[G_SPEECH_RUN] += 1
        if state[G_SPEECH_RUN] >= SPEECH_CLOSE_FRAMES:
            state[G_SPEECH_ON] = 0
            state[G_SPEECH_RUN] = 0


@inlined_kernel
def follow_music(state, probability, now, frozen):  # type: ignore[no-untyped-def]
    if state[G_MUSIC_ON] == 0:
        if probability > MUSIC_ON and not frozen:
            if state[G_MUSIC_RUN] == 0:
                state[G_MUSIC_SINCE] = now - FRAME - MUSIC_LAG
            state[G_MUSIC_RUN] += 1
            if state[G_MUSIC_RUN] >= MUSIC_OPEN_FRAMES:
                state[G_MUSIC_ON] = 1
                state[G_MUSIC_RUN] = 0
                state[G_MUSIC_LAST] = now
        else:
            state[G_MUSIC_RUN] = max(state[G_MUSIC_RUN] - 2, 0.0)
    elif frozen:
        return
    elif probability > MUSIC_OFF:
        state[G_MUSIC_LAST] = now
        state[G_MUSIC_RUN] = 0
    else:
        state[G_MUSIC_RUN] += 1
        limit = MUSIC_HOLD_UNDER_SPEECH_FRAMES if state[G_SPEECH_ON] > 0 else MUSIC_CLOSE_FRAMES
        if state[G_MUSIC_RUN] >= limit:
            state[G_MUSIC_ON] = 0
            state[G_MUSIC_RUN] = 0


@inlined_kernel
def is_bed(state, mean_square):  # type: ignore[no-untyped-def]
    """Whether loud sound that is neither speech nor a named tone has gone on for a while: music, however plain it is."""
    if state[G_TONE] < 0 and mean_square > BED_MEAN_SQUARE and state[G_SPEECH] < BED_SPEECH:
        state[G_BED] = min(state[G_BED] + 1, BED_FRAMES + 25)
    else:
        state[G_BED] = max(state[G_BED] - 1, 0.0)
    return state[G_BED] >= BED_FRAMES


@inlined_kernel
def wanted_label(state):  # type: ignore[no-untyped-def]
    if state[G_SPEECH_ON] > 0:
        return SPEECH_OVER_MUSIC if state[G_MUSIC_ON] > 0 else SPEECH
    if state[G_MUSIC_ON] > 0:
        return MUSIC
    return SILENCE


@kernel
def boundary(state, wanted, now):  # type: ignore[no-untyped-def]
    """Where the wanted label began."""
    current = state[G_LABEL]
    if wanted == SPEECH:
        return state[G_MUSIC_LAST] if current == SPEECH_OVER_MUSIC else state[G_SPEECH_SINCE]
    if wanted == SPEECH_OVER_MUSIC:
        return state[G_MUSIC_SINCE] if current == SPEECH else state[G_SPEECH_SINCE]
    if wanted == MUSIC:
        return state[G_SPEECH_LAST] if current in (SPEECH, SPEECH_OVER_MUSIC) else state[G_MUSIC_SINCE]
    if current in (SPEECH, SPEECH_OVER_MUSIC):
        return state[G_SPEECH_LAST]
    if current == MUSIC:
        return state[G_MUSIC_LAST]
    return state[G_TONE_ENDED]


@inlined_kernel
def segment_step(state, speech, music, mean_square, now, tonal, events, n):  # type: ignore[no-untyped-def]
    """One frame: probabilities of speech and music, and whether a signal tone (named or not yet) sounds."""
    follow_onset(state, mean_square, now)
    state[G_SUPPRESSED] = state[G_SUPPRESSED] + 1 if tonal else 0.0
    frozen = (tonal and state[G_SUPPRESSED] < MAX_SUPPRESSION_FRAMES) or (state[G_TONE] >= 0 and tonal)
    suspected = frozen and state[G_TONE] < 0 and state[G_SUPPRESSED] <= SUSPICION_FRAMES
    voiceless = frozen and not suspected
    unheard = voiceless or mean_square < INAUDIBLE
    state[G_SPEECH] += 0.35 * ((0.0 if unheard else speech) - state[G_SPEECH])
    bed = is_bed(state, mean_square)
    if bed:
        music = max(music, 0.8)
    if not frozen or bed:
        state[G_MUSIC] += 0.20 * (music - state[G_MUSIC])
    if not suspected or state[G_SPEECH_ON] > 0:  # a suspicion neither begins a voice nor interrupts one
        follow_speech(state, state[G_SPEECH], now, voiceless)
    follow_music(state, state[G_MUSIC], now, (frozen and not bed) or state[G_TONE] >= 0)
    state[G_ENERGY] += mean_square
    state[G_SPEECH_SUM] += speech
    state[G_MUSIC_SUM] += music
    state[G_FRAMES] += 1
    if state[G_TONE] >= 0:
        return n
    wanted = wanted_label(state)
    if wanted == state[G_LABEL]:
        state[G_QUIET] = 0
        return n
    if wanted == SILENCE and state[G_LABEL] == NONE:
        state[G_QUIET] += 1
        if state[G_QUIET] < SILENCE_OPEN_FRAMES or tonal:
            return n
    return switch_label(state, wanted, boundary(state, wanted, now), 0.0, now, events, n)


@kernel
def open_tone(state, label, start, detail, now, events, n):  # type: ignore[no-untyped-def]
    if state[G_LABEL] == NONE and start > state[G_START] + FRAME:
        n = switch_label(state, SILENCE, state[G_START], 0.0, now, events, n)
    state[G_TONE] = label
    state[G_MUSIC_ON] = state[G_MUSIC_RUN] = 0.0
    return switch_label(state, label, start, detail, now, events, n)


@kernel
def close_tone(state, end, now, events, n):  # type: ignore[no-untyped-def]
    """The tone has ended; what sounds since is decided by the evidence collected meanwhile."""
    state[G_TONE] = -1
    state[G_TONE_ENDED] = end
    wanted = wanted_label(state)
    start = end
    if wanted in (SPEECH, SPEECH_OVER_MUSIC) and state[G_SPEECH_SINCE] > end + 2 * FRAME:
        n = switch_label(state, SILENCE, end, 0.0, now, events, n)
        start = state[G_SPEECH_SINCE]
    return switch_label(state, wanted, start, 0.0, now, events, n)
