"""``make bench``: every benchmark, one JSON line a figure, with a peer's figure from the same run where there is a peer.

``python -m tests.benchmarks eventstore hearing`` runs only these. Machines are noisy: compare ratios, not seconds.
"""

from __future__ import annotations

import argparse
import importlib
import json
import pkgutil
import sys

import tests.benchmarks


def names() -> list[str]:
    """The modules beside this one that have a ``run()``."""
    return [
        module.name
        for module in pkgutil.iter_modules(tests.benchmarks.__path__)
        if not module.name.startswith("_") and hasattr(importlib.import_module(f"tests.benchmarks.{module.name}"), "run")
    ]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("only", nargs="*", help="names of benchmarks; all by default")
    chosen = parser.parse_args().only
    known = names()
    unknown = sorted(set(chosen) - set(known))
    if unknown:
        print(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(known)}", file=sys.stderr)
        return 2
    for name in chosen or known:
        for figure in importlib.import_module(f"tests.benchmarks.{name}").run():
            print(json.dumps(figure), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
