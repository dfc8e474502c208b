"""The operating points of the human decision: tables for docs/hearing.md, and docs/pictures/human_roc.png (without words).

``python -m tests.benchmarks.roc_of_calls --calls 26 --seeds 7-12 --later 3`` hears the composed calls of ``hear_calls``, of all these seeds
together, and sweeps the threshold. matplotlib draws; it is installed into a cache folder of its own on the first run and is no dependency
of anything else.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from call_engine.core.holding.human import THRESHOLDS_ON_HOLD

from tests.benchmarks import watched_calls
from tests.benchmarks.composed_scores import Scores, Watched, any_speech, turn_rule, weighed
from tests.benchmarks.hear_calls import COMPANIES, SEED, told
from tests.benchmarks.hearing_peers import corpus

DOCS = Path(__file__).parents[2] / "docs"
PAGE, PICTURE = DOCS / "hearing.md", DOCS / "pictures" / "human_roc.png"
BEGIN = {False: "<!-- measured: operating points -->", True: "<!-- measured: operating points with words -->"}
END = "<!-- measured end -->"
SWEEP = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.65, 0.7, 0.8, 0.9, 0.95, 0.98)


def row(name: str, one: Scores) -> str:
    return (
        f"| {name} | {_percent(one.found)} % | {_percent(one.right)} % | {_percent(one.right_swapped)} % | {one.latency_median_s:.1f} s"
        f" | {one.latency_p95_s:.1f} s | {one.false} | {_rate(one.false_an_hour)} | {_rate(one.false_an_hour_at_most)} |"
    )


def _percent(share: float) -> str:
    """Not 100 for nearly all."""
    return f"{100 * share:.1f}" if 0.995 <= share < 1 else f"{100 * share:.0f}"


def _rate(an_hour: float) -> str:
    return f"{an_hour:.2f}" if an_hour < 1 else f"{an_hour:.1f}"


def table(calls: Sequence[Watched]) -> str:
    lines = []
    for later, title in ((0, "First call to a number"), (1, "Later calls, its recordings known")):
        some = [call for call in calls if min(call.later, 1) == later]
        hours = sum(call.picked_up for call in some) / 8000 / 3600
        swapped = sum(call.swapped for call in some)
        lines += [f"**{title}**: {len(some)} calls ({swapped} with the voices swapped), {hours:.1f} h of hold.", ""]
        lines += ["| threshold | found | first alarm right | … swapped | latency, median | … 95 % | false | … an hour | … at most (95 %) |"]
        lines += ["|---|---|---|---|---|---|---|---|---|"]
        named = {value: str(setting) for setting, value in THRESHOLDS_ON_HOLD.items()}
        for threshold in sorted({*SWEEP, *named}):
            name = f"{threshold:g}" + (f" ({named[threshold]})" if threshold in named else "")
            lines.append(row(name, told(list(some), weighed, threshold)))
        lines += [row("turn rule", told(list(some), turn_rule, 0.5)), row("any speech", told(list(some), any_speech, 0.5)), ""]
    return "\n".join(lines)


def explained(companies: int, seeds: Sequence[int], later: int, words: bool) -> str:
    how = f"--calls {companies} --seeds {_short(seeds)} --later {later}"
    if words:
        return f"Such calls with the recogniser on (`{how}`; the small English model, and mostly other languages).\n"
    real = watched_calls.sources(companies, seeds)
    hours = f"{real.music:.1f} h of distinct music, {real.announcers:.1f} h of announcers and {real.humans:.1f} h of other humans"
    return (
        f"Measured with `--without-words {how}`: what the sound alone tells, as in a language the recogniser\n"
        f"does not know. The calls are composed of {hours}; each\n"
        "has a line, a wait and a human of its own. A pick-up counts as found when it is noticed within 9 s of the first human sound.\n"
        "*Turn rule*: what answering-machine detectors go by (1.5 s of speech, then 0.8 s of silence, no music).\n"
    )


def _short(seeds: Sequence[int]) -> str:
    """Seeds as ``--seeds`` takes them."""
    in_a_row = len(seeds) > 2 and list(seeds) == list(range(seeds[0], seeds[-1] + 1))
    return f"{seeds[0]}-{seeds[-1]}" if in_a_row else ",".join(map(str, seeds))


def _seeds(told: str) -> list[int]:
    """``7``, ``7,9`` or ``7-20``."""
    spans = [one.partition("-") for one in told.split(",")]
    return [seed for first, _, last in spans for seed in range(int(first), int(last or first) + 1)]


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
        some = [call for call in calls if min(call.later, 1) == later]
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
    parser.add_argument("--calls", type=int, default=COMPANIES, help="companies of each seed")
    parser.add_argument("--seeds", type=_seeds, default=[SEED], help="whose calls are pooled, such as 7,9 or 7-20")
    parser.add_argument("--later", type=int, default=1, help="calls to each company behind the first, which know what those before taught")
    parser.add_argument("--without-words", action="store_true", help="what the sound alone tells; much faster")
    parser.add_argument("--watched", type=Path, help="a folder for what was heard, and of what was heard before by this code")
    chosen = parser.parse_args()
    words = not chosen.without_words
    calls = watched_calls.watch(chosen.calls, words=words, seeds=chosen.seeds, later=chosen.later, kept=chosen.watched)
    write(calls, explained(chosen.calls, chosen.seeds, chosen.later, words), words)
    return 0


def write(calls: Sequence[Watched], how: str, words: bool) -> None:
    before, begin, rest = PAGE.read_text("utf-8").partition(BEGIN[words])
    PAGE.write_text(f"{before}{begin}\n{how}\n{table(calls)}\n{END}{rest.partition(END)[2]}", "utf-8")
    if not words:
        draw(calls, PICTURE)


if __name__ == "__main__":
    sys.exit(main())
