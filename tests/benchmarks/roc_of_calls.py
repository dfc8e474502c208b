"""The operating points of the human decision: tables for docs/hearing.md, and docs/pictures/human_roc.png (without words).

``python -m tests.benchmarks.roc_of_calls --calls 40`` hears the composed calls of ``hear_calls`` (cheap the second time) and sweeps the
threshold. matplotlib draws; it is installed into a cache folder of its own on the first run and is no dependency of anything else.
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from call_engine.core.holding.human import THRESHOLDS_ON_HOLD

from tests.benchmarks.composed_scores import Scores, Watched, any_speech, turn_rule, weighed
from tests.benchmarks.hear_calls import COMPANIES, told, watch_companies
from tests.benchmarks.hearing_peers import corpus

DOCS = Path(__file__).parents[2] / "docs"
PAGE, PICTURE = DOCS / "hearing.md", DOCS / "pictures" / "human_roc.png"
BEGIN = {False: "<!-- measured: operating points -->", True: "<!-- measured: operating points with words -->"}
END = "<!-- measured end -->"
SWEEP = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98)


def row(name: str, one: Scores) -> str:
    return (
        f"| {name} | {100 * one.found:.0f} % | {100 * one.right:.0f} % | {100 * one.right_swapped:.0f} % | {one.latency_median_s:.1f} s"
        f" | {one.latency_p95_s:.1f} s | {one.false_an_hour:.1f} | {one.false_an_hour_at_most:.1f} |"
    )


def table(calls: Sequence[Watched]) -> str:
    lines = []
    for later, title in ((0, "First call to a number"), (1, "Later calls, its recordings known")):
        some = [call for call in calls if call.later == later]
        hours = sum(call.picked_up for call in some) / 8000 / 3600
        swapped = sum(call.swapped for call in some)
        lines += [f"**{title}**: {len(some)} calls ({swapped} with the voices swapped), {hours:.1f} h of hold.", ""]
        lines += ["| threshold | found | first alarm right | … swapped | latency, median | … 95 % | false an hour | … at most (95 %) |"]
        lines += ["|---|---|---|---|---|---|---|---|"]
        named = {value: str(setting) for setting, value in THRESHOLDS_ON_HOLD.items()}
        for threshold in sorted({*SWEEP, *named}):
            name = f"{threshold:g}" + (f" ({named[threshold]})" if threshold in named else "")
            lines.append(row(name, told(list(some), weighed, threshold)))
        lines += [row("turn rule", told(list(some), turn_rule, 0.5)), row("any speech", told(list(some), any_speech, 0.5)), ""]
    return "\n".join(lines)


def explained(calls: int, words: bool) -> str:
    alone = ": what the sound alone tells, as in a language the recogniser does not know"
    how = f"`--calls {calls}`" if words else f"`--without-words --calls {calls}`{alone}"
    if words:
        return f"The same calls with the recogniser on ({how}; the small English model, and mostly other languages).\n"
    return (
        f"Measured with {how}. A pick-up counts as found when it is noticed within 9 s of the first human sound. *Turn rule*: what\n"
        "answering-machine detectors go by (1.5 s of speech, then 0.8 s of silence, no music).\n"
    )


def pyplot() -> Any:
    folder = corpus.cache_folder() / "plotting"
    if not folder.is_dir():
        subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--target", str(folder), "matplotlib"], check=True)
    sys.path.append(str(folder))
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot

    return matplotlib.pyplot


def draw(calls: Sequence[Watched], picture: Path) -> None:
    plot = pyplot()
    figure, axes = plot.subplots(figsize=(7, 4.5), dpi=110)
    steps = [i / 100 for i in range(4, 100, 2)]
    for later, name in ((0, "first call"), (1, "later calls")):
        some = [call for call in calls if call.later == later]
        points = [told(some, weighed, step) for step in steps]
        axes.plot([one.false_an_hour for one in points], [100 * one.found for one in points], marker=".", label=f"{name}: found")
        right = [100 * one.right for one in points]
        axes.plot([one.false_an_hour for one in points], right, linestyle="--", label=f"{name}: first alarm right")
    rule = told([call for call in calls if call.later == 0], turn_rule, 0.5)
    axes.plot([rule.false_an_hour], [100 * rule.found], "ks", label="turn rule: found")
    axes.plot([rule.false_an_hour], [100 * rule.right], "k^", label="turn rule: first alarm right")
    axes.set_xscale("symlog", linthresh=1)
    axes.set_xlabel("false alarms an hour of hold")
    axes.set_ylabel("% of calls")
    axes.grid(alpha=0.3)
    axes.legend(fontsize=8)
    figure.tight_layout()
    picture.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(picture, metadata={"Software": None})


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.roc_of_calls", description=__doc__)
    parser.add_argument("--calls", type=int, default=COMPANIES, help="companies; each is called twice")
    parser.add_argument("--without-words", action="store_true", help="what the sound alone tells; much faster")
    chosen = parser.parse_args()
    words = not chosen.without_words
    write(asyncio.run(watch_companies(chosen.calls, words=words)), chosen.calls, words)
    return 0


def write(calls: Sequence[Watched], companies: int, words: bool) -> None:
    before, begin, rest = PAGE.read_text("utf-8").partition(BEGIN[words])
    PAGE.write_text(f"{before}{begin}\n{explained(companies, words)}\n{table(calls)}\n{END}{rest.partition(END)[2]}", "utf-8")
    if not words:
        draw(calls, PICTURE)


if __name__ == "__main__":
    sys.exit(main())
