"""Talk-off: digits and tones invented in hours of real voice and music, beside spandsp on the same samples.

``python -m tests.benchmarks.tones_talk_off`` fetches about 3 GB of Debian packages on its first run. Each recording is heard once as it is
and once in µ-law, at its own level; false ones an hour are the mean of both, with the 95 % upper bound of a Poisson count. ``--list``
prints where each false one was.
"""

from __future__ import annotations

import argparse
import collections
import json
import sys
from collections.abc import Iterator

from line_audio import ear, generate
from line_audio.segments import Label, SegmentOpened
from scipy import stats

from tests.benchmarks import hearing_peers as peers
from tests.benchmarks import tones_audio
from tests.benchmarks.hearing_peers import Figure
from tests.benchmarks.tones_audio import Pcm, Reel

SOUNDS = (Label.SILENCE, Label.SPEECH, Label.MUSIC, Label.SPEECH_OVER_MUSIC)
PLANS = ("us", "any")


def false_ones(samples: Pcm, plan: str) -> list[SegmentOpened]:
    """Digits and tones that the ear hears."""
    return [event for event in ear.Ear(plan).feed(samples) if isinstance(event, SegmentOpened) and event.label not in SOUNDS]


def _count(reel: Reel, spandsp: peers.Spandsp, counts: collections.Counter[str], show: bool) -> None:
    for coding, samples in (("plain", reel.samples), ("mu-law", generate.through_mu_law(reel.samples))):
        counts["spandsp digit"] += len(spandsp.receive(samples))
        for plan in PLANS:
            for event in false_ones(samples, plan):
                digit = event.label is Label.DTMF
                if digit and plan != PLANS[0]:
                    continue
                counts["digit" if digit else f"{plan} {event.label}"] += 1
                if show:
                    name, at = reel.where(event.start_sample)
                    print(reel.package, name, f"{at / 8000:.2f} s", coding, plan, event.label, event.detail, file=sys.stderr, flush=True)


def _figure(name: str, count: int, hours: float, unit: str, peer_count: int | None = None) -> Figure:
    an_hour = count / hours
    bound = float(stats.chi2.ppf(0.95, 2 * count + 2)) / 2 / hours
    peer = {} if peer_count is None else {"peer": "spandsp", "peer_value": round(peer_count / hours, 3)}
    return {"name": f"hearing.{name}", "value": round(an_hour, 3), "at_most": round(bound, 3), "unit": unit, **peer}


def run(show: bool = False) -> Iterator[Figure]:
    spandsp = peers.Spandsp()
    ear.warm_up()
    for kind in ("voice", "music"):
        counts: collections.Counter[str] = collections.Counter()
        hours = 0.0
        for reel in tones_audio.reels(kind):
            _count(reel, spandsp, counts, show)
            hours += reel.hours
        unit = f"an hour, in {hours:.1f} h heard twice"
        yield _figure(f"false_digits_{kind}", counts["digit"], 2 * hours, unit, counts["spandsp digit"])
        for plan in PLANS:
            labels = {name.split()[1]: n for name, n in sorted(counts.items()) if name.startswith(f"{plan} ")}
            yield {**_figure(f"false_tones_{kind}_plan_{plan}", sum(labels.values()), 2 * hours, unit), "which": labels}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--list", action="store_true", help="print each false one")
    for figure in run(parser.parse_args().list):
        print(json.dumps(figure), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
