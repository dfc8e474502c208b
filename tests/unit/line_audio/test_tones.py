"""Call-progress and signal tones, from the generator through noise and µ-law to the ear."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from line_audio import generate, tone_plan
from line_audio.ear import Ear
from line_audio.segments import Label, Segment, SegmentClosed, SegmentOpened
from line_audio.tone_plan import Tone

pytestmark = pytest.mark.unit
PLAN_TONES = [(name, tone) for name in tone_plan.names() for tone in tone_plan.load(name).tones]


def on_a_line(sound: generate.Samples, noise_dbm0: float = -60.0, tail_s: float = 6.0) -> list[SegmentOpened | SegmentClosed]:
    return _hear("us", sound, noise_dbm0, tail_s)


def _hear(plan: str, sound: generate.Samples, noise_dbm0: float, tail_s: float) -> list[SegmentOpened | SegmentClosed]:
    line = np.concatenate([generate.silence(1.013), sound, generate.silence(tail_s)])
    line = line + generate.white_noise(line.size / 8000, noise_dbm0, seed=1)
    return Ear(plan).feed(generate.through_mu_law(generate.to_pcm(line)))


def closed(events: list[SegmentOpened | SegmentClosed], *labels: Label) -> list[Segment]:
    return [e.segment for e in events if isinstance(e, SegmentClosed) and e.segment.label in labels]


@pytest.mark.parametrize(("plan", "tone"), PLAN_TONES, ids=[f"{p}-{t.label}-{t.cadence_s}" for p, t in PLAN_TONES])
def test_every_tone_is_named_within_a_cycle_at_15_db(plan: str, tone: Tone) -> None:
    cycle_s = sum(tone.cadence_s) or 3.0
    alike = [sum(other.cadence_s) for other in tone_plan.load(plan).tones if other.frequencies_hz == tone.frequencies_hz]
    slowest_s = max([cycle_s, *(sum_s for sum_s in alike if sum_s < 2)]) if cycle_s < 2 else cycle_s  # two tones that begin alike
    lasts_s = max(2, np.ceil(slowest_s / cycle_s)) * cycle_s + (tone.cadence_s[0] if tone.cadence_s else 0.0)
    level = -27.0
    noise = level + 10 * np.log10(len(tone.frequencies_hz)) - 15
    events = _hear(plan, generate.tone(tone, lasts_s, level), noise, tail_s=0.5)
    opened = [e for e in events if isinstance(e, SegmentOpened) and e.label == tone.label]
    assert len(opened) == 1
    assert abs(opened[0].start_sample - 8104) <= 480
    assert (opened[0].at_sample - 8104) / 8000 <= slowest_s * 1.05 + 0.15


@pytest.mark.parametrize("offset", [-0.01, 0.01])
def test_a_frequency_may_be_1_percent_off(offset: float) -> None:
    busy = tone_plan.load("de").tone(Label.BUSY)
    shifted = msgspec.structs.replace(busy, frequencies_hz=(425.0 * (1 + offset),))
    assert len(closed(_hear("de", generate.tone(shifted, 4.4, -27), -45, 2.0), Label.BUSY)) == 1


@pytest.mark.parametrize("hz", [415.3, 440.0])
def test_the_notes_beside_a_tone_are_none(hz: float) -> None:
    busy = tone_plan.load("de").tone(Label.BUSY)
    note = msgspec.structs.replace(busy, frequencies_hz=(hz,))
    assert closed(_hear("de", generate.tone(note, 6.0), -60, 2.0), Label.BUSY, Label.DIAL) == []


def test_a_glide_is_no_tone() -> None:
    steps = np.where(np.arange(48000) // 4000 % 2 == 0, 1.0, 0.0)
    glide = np.sin(2 * np.pi * np.cumsum(425 + 12 * np.sin(np.arange(48000) / 400)) / 8000)
    assert closed(_hear("de", 3000 * steps * glide, -60, 2.0), Label.BUSY) == []


def test_one_segment_covers_all_cycles() -> None:
    ringback = tone_plan.load("us").tone(Label.RINGBACK)
    (segment,) = closed(on_a_line(generate.tone(ringback, 14.0)), Label.RINGBACK)
    assert segment.start_sample / 8000 == pytest.approx(1.013, abs=0.03)
    assert segment.end_sample / 8000 == pytest.approx(1.013 + 14.0, abs=0.03)


@pytest.mark.parametrize("cause", generate.SIT_TONES)
def test_special_information_tones_with_their_cause(cause: str) -> None:
    (segment,) = closed(on_a_line(generate.special_information(cause), noise_dbm0=-42), Label.SIT)
    assert segment.detail == cause
    assert segment.start_sample / 8000 == pytest.approx(1.013, abs=0.03)


@pytest.mark.parametrize(("kind", "seconds", "count"), [("cng", 4.2, 2), ("ced", 3.0, 1), ("ansam", 3.5, 1)])
def test_fax(kind: str, seconds: float, count: int) -> None:
    segments = closed(on_a_line(generate.fax(kind, seconds)), Label.FAX)
    assert [segment.detail for segment in segments] == [kind] * count


@pytest.mark.parametrize("hz", [620, 1000, 1400, 2000])
def test_a_beep_is_one_tone(hz: int) -> None:
    (segment,) = closed(on_a_line(generate.sines([hz], 0.4)), Label.BEEP)
    assert segment.end_sample - segment.start_sample == pytest.approx(3200, abs=160)


def test_a_vowel_that_is_pure_for_a_moment_is_no_beep() -> None:
    n = np.arange(1040)
    vowel = 3000 * (np.sin(2 * np.pi * 706 * n / 8000) + np.where(n < 480, 0.6, 0.0) * np.sin(2 * np.pi * 1412 * n / 8000))
    assert closed(on_a_line(vowel), Label.BEEP) == []


def test_two_tones_are_no_beep() -> None:
    assert closed(on_a_line(generate.sines([1000, 1300], 0.4)), Label.BEEP) == []
    assert closed(on_a_line(generate.sines([440, 480], 0.4)), Label.BEEP, Label.RINGBACK) == []


def test_digits_are_segments_of_their_own() -> None:
    segments = closed(on_a_line(generate.dtmf("19#", on_ms=80)), Label.DTMF)
    assert [s.detail for s in segments] == ["1", "9", "#"]
    assert abs(segments[0].start_sample - 8104) <= 8


def test_plans_are_data() -> None:
    assert {"us", "uk", "eu", "de", "fr"} <= set(tone_plan.names())
    assert len(tone_plan.load("any").tones) > 25
    with pytest.raises(KeyError, match="no tone plan"):
        tone_plan.load("atlantis")
