"""``make bench``: one JSON line a figure, with a peer's figure from the same run where there is a peer.

``python -m tests.benchmarks eventstore rest`` runs only these; ``--hearing`` those of ``make bench-hearing``, which fetch gigabytes of
recordings and take hours. Machines are noisy: compare ratios, not seconds.
"""

from __future__ import annotations

import argparse
import importlib
import json
import pkgutil
import sys

import tests.benchmarks

#: Need real audio, the quick ones first.
HEARING = (
    "tones_limits", "tones_cadences", "hearing_classes", "hearing_speed", "words", "hear_calls", "hearing_pictures", "hearing_recordings",
    "tones_talk_off",
)  # fmt: skip


def names() -> list[str]:
    """The modules beside this one that have a ``run()``."""
    return [
        module.name
        for module in pkgutil.iter_modules(tests.benchmarks.__path__)
        if not module.name.startswith("_") and hasattr(importlib.import_module(f"tests.benchmarks.{module.name}"), "run")
    ]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("only", nargs="*", help="names of benchmarks; by default all but those of --hearing")
    parser.add_argument("--hearing", action="store_true", help="accuracy and speed of the ear on real audio")
    options = parser.parse_args()
    chosen = [*options.only, *(HEARING if options.hearing else ())]
    known = names()
    unknown = sorted(set(chosen) - set(known))
    if unknown:
        print(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(known)}", file=sys.stderr)
        return 2
    for name in chosen or [name for name in known if name not in HEARING]:
        for figure in importlib.import_module(f"tests.benchmarks.{name}").run():
            print(json.dumps(figure), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
