"""Limits of hearing, with the remarks that stand beside them in the code."""

from __future__ import annotations

import re
from pathlib import Path

from line_audio import dtmf


def dtmf_limits() -> str:
    source = Path(dtmf.__file__).read_text(encoding="utf-8")
    found = re.findall(r"^(M(?:AX|IN)_\w+) = (\S+)  #: (.+)$", source, flags=re.M)
    rows = [f"| {_words(name)} | {value} | {remark} |" for name, value, remark in found]
    return "\n".join(["| limit of a digit | value | why |", "|---|---|---|", *rows])


def _words(name: str) -> str:
    """MAX_TWIST_HIGH_DB → most twist high (dB)."""
    bound, *words = name.split("_")
    units = {"DB": "dB", "DBM0": "dBm0", "S": "s"}
    unit = f" ({units[words.pop()]})" if words[-1] in units else ""
    return f"{'most' if bound == 'MAX' else 'least'} {' '.join(words).lower().replace('snr', 'SNR')}{unit}"
