"""What a way of weighing would have done on watched calls: pick-ups found, first alarms right, latency, false alarms an hour."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

import msgspec
from call_engine.core.holding import hold_cues, hold_ratios
from call_engine.core.holding.human import beside_words, clear_without_sound, posterior
from call_engine.core.holding.standing import AGREED_MS, Standing
from scipy.stats import chi2

from tests.benchmarks.composed_calls import Call, Company, Spoken
from tests.benchmarks.composed_hearing import Glance

RATE_HZ = 8000
SLACK = 2400  #: samples by which a turn may begin before or end behind what was spoken
ONE_ALARM = 2 * RATE_HZ  #: where nobody speaks, alarms this close to each other are one, as are those of one turn


class Watched(msgspec.Struct, frozen=True):
    """A call and everything that was weighed on it. Times are samples."""

    company: int
    later: int
    swapped: bool
    playing: str
    picked_up: int
    spoken: list[tuple[int, int, int]]
    glances: list[Glance]


class Outcome(msgspec.Struct, frozen=True):
    """``false``: what was taken for a human before one was there, counted once each. ``latency_s`` is None if nobody was noticed."""

    swapped: bool
    hold_s: float
    false: int
    latency_s: float | None

    @property
    def right(self) -> bool:
        return not self.false and self.latency_s is not None


def watched(firm: Company, call: Call, later: int, glances: list[Glance]) -> Watched:
    spoken = [(one.start, one.end, one.recording) for one in call.spoken]
    return Watched(firm.number, later, firm.swapped, str(firm.playing), call.picked_up, spoken, glances)


def said(spoken: Iterable[tuple[int, int, int]], start: int, at: int) -> Spoken | None:
    """What is heard at ``at`` in a turn that began at ``start``: the last stretch of speech that has begun."""
    inside = [one for one in spoken if one[0] - SLACK <= at and one[1] + SLACK >= start]
    return Spoken(*inside[-1]) if inside else None


def weighed(glance: Glance) -> float:
    """The posterior that a live call would have had."""
    named = hold_cues.cues(glance.sound, glance.hold).items()
    ratios = {cue: hold_ratios.RATIOS.get(cue, {}).get(value, 0.0) for cue, value in named}
    ratios["pace"] = beside_words(ratios["pace"], glance.told)
    return posterior({"prior": hold_ratios.PRIOR, **glance.other, **ratios})


def turn_rule(glance: Glance) -> float:
    """What answering-machine detectors go by: something short, then silence (Asterisk's AMD: 1.5 s, then 0.8 s), and no music."""
    short = glance.sound.length_ms <= 1500 and glance.sound.silence_ms >= 800
    return float(short and not glance.sound.music and "known_recording" not in glance.other)


def any_speech(glance: Glance) -> float:
    """A voice detector and nothing else."""
    return 1.0


PEERS = (turn_rule, any_speech)


def weighed_once(call: Watched) -> Callable[[Glance], float]:
    """``weighed`` with the ratios of now, for many thresholds."""
    known = {id(glance): weighed(glance) for glance in call.glances}
    return lambda glance: known[id(glance)]


def outcome(call: Watched, weigh: Callable[[Glance], float], threshold: float) -> Outcome:
    """Goes on listening after a false alarm, as the person would who hangs up again."""
    false: set[tuple[str, int]] = set()
    latency_s = None
    last = (0, 0)  #: the turn and the time of the last alarm where nobody spoke
    standing = Standing()
    for one in call.glances:
        enough = hold_cues.telling(one.sound) and weigh(one) >= threshold
        agreed_ms = AGREED_MS if weigh in PEERS else hold_cues.agreed_ms(one.sound, one.hold)  # a peer does not ask how it sounds
        if not standing.stands(one.turn, one.at, enough=enough, clear=clear_without_sound(one.told), agreed_ms=agreed_ms):
            continue
        spoken = said(call.spoken, one.start, one.at)
        if spoken is not None and spoken.recording < 0:
            latency_s = (one.at - call.picked_up) / RATE_HZ
            break
        if spoken is not None:
            false.add(("said", spoken.start))
            continue
        if one.turn != last[0] and one.at - last[1] >= ONE_ALARM:
            false.add(("nobody", one.turn))
        last = (one.turn, one.at)
    return Outcome(call.swapped, call.picked_up / RATE_HZ, len(false), latency_s)


def upper_bound(events: int, confidence: float = 0.95) -> float:
    """The rate that so few events (or fewer) would be seen at with probability 1 − confidence: one-sided, Poisson (Garwood 1936)."""
    return float(chi2.ppf(confidence, 2 * (events + 1)) / 2)


class Scores(msgspec.Struct, frozen=True):
    calls: int
    hours: float
    found: float
    right: float
    right_swapped: float
    latency_median_s: float
    latency_p95_s: float
    false: int
    false_an_hour: float
    false_an_hour_at_most: float  #: 95 % confidence


def scores(outcomes: Sequence[Outcome]) -> Scores:
    hours = sum(one.hold_s for one in outcomes) / 3600
    late = sorted(one.latency_s for one in outcomes if one.latency_s is not None)
    swapped = [one for one in outcomes if one.swapped]
    false = sum(one.false for one in outcomes)
    return Scores(
        calls=len(outcomes), hours=hours, found=len(late) / len(outcomes), right=sum(one.right for one in outcomes) / len(outcomes),
        right_swapped=sum(one.right for one in swapped) / max(1, len(swapped)), latency_median_s=_quantile(late, 0.5),
        latency_p95_s=_quantile(late, 0.95), false=false, false_an_hour=false / hours, false_an_hour_at_most=upper_bound(false) / hours,
    )  # fmt: skip


def _quantile(values: Sequence[float], share: float) -> float:
    return values[min(len(values) - 1, int(share * len(values)))] if values else math.nan
