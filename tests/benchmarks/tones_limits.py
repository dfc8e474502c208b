"""Every limit a DTMF receiver must keep, accept and refuse, beside spandsp and multimon-ng on the same samples.

``python -m tests.benchmarks.tones_limits``; ``--rows`` prints each row. A row is 512 digits: all sixteen, eight times, at four phases.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
from line_audio import dtmf, generate

from tests.benchmarks import hearing_peers as peers
from tests.benchmarks.hearing_peers import Figure
from tests.benchmarks.tones_channels import CODECS, Pcm, echoed, interrupted

SENT = generate.DTMF_DIGITS * 8
SEEDS = range(4)


class Row(NamedTuple):
    """One way to send digits. ``how`` goes to ``generate.dtmf``; levels in dBm0, loss is the part of 20 ms packets."""

    how: dict[str, float] = {}
    codec: str = "mu-law"
    snr_db: float | None = None
    dial_dbm0: float | None = None
    echo_db: float | None = None
    gap_at: float | None = None
    loss: float = 0.0


FAST = {"on_ms": 50, "off_ms": 50}
SHORTEST = {"on_ms": 40, "off_ms": 40}

ACCEPT: dict[str, Row] = {
    "plain": Row(),
    "40 ms on and off": Row(SHORTEST),
    "93 ms a digit": Row({"on_ms": 45, "off_ms": 48}),
    "+1.5 % both": Row({**SHORTEST, "row_error": 0.015, "column_error": 0.015}),
    "-1.5 % both": Row({**SHORTEST, "row_error": -0.015, "column_error": -0.015}),
    "+1.5 %, -1.5 %": Row({**SHORTEST, "row_error": 0.015, "column_error": -0.015}),
    "-1.5 %, +1.5 %": Row({**SHORTEST, "row_error": -0.015, "column_error": 0.015}),
    "twist +4 dB": Row({**FAST, "twist_db": 4}),
    "twist -8 dB": Row({**FAST, "twist_db": -8}),
    "twist -8 dB, 40 ms, +1.5 %": Row({**SHORTEST, "twist_db": -8, "row_error": 0.015, "column_error": 0.015}),
    "-25 dBm0": Row({**FAST, "level_dbm0": -25}),
    "-25 dBm0, 40 ms": Row({**SHORTEST, "level_dbm0": -25}),
    "0 dBm0, clipped": Row({**FAST, "level_dbm0": 0}),
    "SNR 15 dB": Row(FAST, snr_db=15),
    "SNR 15 dB, 40 ms": Row(SHORTEST, snr_db=15),
    "SNR 15 dB, +1.5 % both": Row({**FAST, "row_error": 0.015, "column_error": 0.015}, snr_db=15),
    "SNR 15 dB, twist -8 dB": Row({**FAST, "twist_db": -8}, snr_db=15),
    "dial tone -13 dBm0": Row(FAST, dial_dbm0=-13),
    "dial tone -20 dBm0, 40 ms": Row(SHORTEST, dial_dbm0=-20),
    "interrupted 10 ms, early": Row({"on_ms": 60, "off_ms": 50}, gap_at=0.3),
    "interrupted 10 ms, middle": Row({"on_ms": 60, "off_ms": 50}, gap_at=0.5),
    "interrupted 10 ms, late": Row({"on_ms": 60, "off_ms": 50}, gap_at=0.7),
    "echo -14 dB, 20 and 45 ms": Row(FAST, echo_db=14),
    "echo -20 dB, 40 ms": Row(SHORTEST, echo_db=20),
    "A-law": Row(FAST, "A-law"),
    "A-law, 40 ms": Row(SHORTEST, "A-law"),
    "A-law, twist -8 dB": Row({**FAST, "twist_db": -8}, "A-law"),
    "A-law, -25 dBm0": Row({**FAST, "level_dbm0": -25}, "A-law"),
    "GSM": Row({}, "GSM"),
    "GSM, 50 ms": Row(FAST, "GSM"),
    "GSM, 40 ms": Row(SHORTEST, "GSM"),
    "GSM, -25 dBm0": Row({**FAST, "level_dbm0": -25}, "GSM"),
    "GSM, twist +4 dB": Row({**FAST, "twist_db": 4}, "GSM"),
    "GSM, +1.5 % both": Row({"row_error": 0.015, "column_error": 0.015}, "GSM"),
    "GSM, -1.5 % both": Row({"row_error": -0.015, "column_error": -0.015}, "GSM"),
    "loss 1 %": Row({}, loss=0.01),
    "loss 3 %": Row({"on_ms": 160, "off_ms": 120}, loss=0.03),
}
REFUSE: dict[str, Row] = {
    "23 ms": Row({"on_ms": 23}),
    "23 ms, A-law": Row({"on_ms": 23}, "A-law"),
    "23 ms, GSM": Row({"on_ms": 23}, "GSM"),
    "23 ms, SNR 15 dB": Row({"on_ms": 23}, snr_db=15),
    "row +3.5 %": Row({"row_error": 0.035}),
    "row -3.5 %": Row({"row_error": -0.035}),
    "column +3.5 %": Row({"column_error": 0.035}),
    "column -3.5 %": Row({"column_error": -0.035}),
    "both +3.5 %": Row({"row_error": 0.035, "column_error": 0.035}),
    "both -3.5 %": Row({"row_error": -0.035, "column_error": -0.035}),
    "row +3.5 %, 50 ms": Row({**FAST, "row_error": 0.035}),
    "column -3.5 %, 50 ms": Row({**FAST, "column_error": -0.035}),
    "row +3.5 %, SNR 15 dB": Row({"row_error": 0.035}, snr_db=15),
    "column -3.5 %, A-law": Row({"column_error": -0.035}, "A-law"),
    "row -3.5 %, GSM": Row({"row_error": -0.035}, "GSM"),
    "column +3.5 %, GSM": Row({"column_error": 0.035}, "GSM"),
    "-55 dBm0": Row({"level_dbm0": -55}),
}
NOISY = {"SNR 6 dB": Row(FAST, snr_db=6)}


def sent(row: Row, seed: int) -> Pcm:
    """What arrives of ``SENT``."""
    how: dict[str, Any] = dict(row.how)
    line = np.concatenate([np.zeros(800 + 31 * seed), generate.dtmf(SENT, phase=0.37 * seed, **how)])
    if row.gap_at is not None:
        line[800 + 31 * seed :] = interrupted(line[800 + 31 * seed :], how["on_ms"], how["off_ms"], 10.0, row.gap_at)
    line = np.concatenate([line, np.zeros(800)])
    if row.echo_db is not None:
        line = echoed(line, row.echo_db, (20.0, 45.0))
    if row.snr_db is not None:
        line = line + generate.white_noise(line.size / 8000, how.get("level_dbm0", -10) + 3 - row.snr_db, seed)
    if row.dial_dbm0 is not None:
        line = line + generate.sines([350, 440], line.size / 8000, row.dial_dbm0)
    heard = CODECS[row.codec](generate.to_pcm(line))
    return generate.lose_packets(heard, row.loss, seed) if row.loss else heard


def ours(samples: Pcm) -> str:
    return "".join(digit.digit for digit in dtmf.receive(samples))


def right_and_extra(got: str) -> tuple[int, int]:
    """Digits that came in the right order (the longest common subsequence), and all others."""
    if got == SENT:
        return len(SENT), 0
    longest = [0] * (len(got) + 1)
    for digit in SENT:
        diagonal = 0
        for i, other in enumerate(got, 1):
            diagonal, longest[i] = longest[i], diagonal + 1 if digit == other else max(longest[i], longest[i - 1])
    return longest[-1], len(got) - longest[-1]


def score(rows: dict[str, Row], receive: Callable[[Pcm], str]) -> dict[str, tuple[float, float]]:
    """Each row: digits right and digits beyond those, both in % of what was sent."""
    scores = {}
    for name, row in rows.items():
        parts = [right_and_extra(receive(sent(row, seed))) for seed in SEEDS]
        scale = 100 / (len(SENT) * len(SEEDS))
        scores[name] = (scale * sum(right for right, _ in parts), scale * sum(extra for _, extra in parts))
    return scores


def run(show: bool = False) -> Iterator[Figure]:
    receivers = {"ours": ours, "spandsp": peers.Spandsp().receive, "multimon-ng": peers.multimon}
    for name, rows in (("accepted", ACCEPT), ("refused_but_heard", REFUSE), ("found_at_6_db", NOISY)):
        scores = {peer: score(rows, receive) for peer, receive in receivers.items()}
        if show:
            for row in rows:
                cells = " | ".join(f"{scores[peer][row][0]:6.1f} + {scores[peer][row][1]:5.1f}" for peer in receivers)
                print(f"{row:28} {cells}", file=sys.stderr, flush=True)
        wrong = name == "refused_but_heard"
        mean = {peer: sum(right + extra * wrong for right, extra in got.values()) / len(rows) for peer, got in scores.items()}
        extra = {peer: round(sum(more for _, more in got.values()) * len(SENT) * len(SEEDS) / 100) for peer, got in scores.items()}
        worst = min(scores["ours"].items(), key=lambda item: item[1][0])
        yield {
            "name": f"hearing.dtmf_{name}", "value": round(mean["ours"], 2), "unit": f"% of {len(rows) * len(SENT) * len(SEEDS)} digits",
            "extra": extra["ours"], "worst_row": [worst[0], round(worst[1][0], 1)],
            "peers": {peer: [round(mean[peer], 2), extra[peer]] for peer in receivers if peer != "ours"},
        }  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", action="store_true", help="print each row: ours | spandsp | multimon-ng")
    for figure in run(parser.parse_args().rows):
        print(json.dumps(figure), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
