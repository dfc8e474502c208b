"""The explorer's state table as a page with a Mermaid picture, so that the documents cannot drift from the table.

``python -m call_engine.core.state_picture`` prints the page.
"""

from __future__ import annotations

from collections import defaultdict

from call_engine.core.explorer import OVER, TABLE

_HEAD = """# How an unknown phone system is walked

Drawn from the table in `call_engine/core/explorer.py` by `python -m call_engine.core.state_picture`; a test compares the two.
An arrow is *what is heard* / *what is done*. An action may name another next state (a menu without any option that fits leads back to
`listening`, a limit to `over`).
"""


def mermaid() -> str:
    """One arrow a pair of states, with every event and action that leads along it."""
    lines = ["stateDiagram-v2", "    [*] --> listening"]
    for state, rows in TABLE.items():
        arrows: dict[str, list[str]] = defaultdict(list)
        for event, (action, after) in rows.items():
            arrows[after].append(f"{event} / {action}")
        lines += [f"    {state} --> {after}: " + "<br/>".join(sorted(labels)) for after, labels in sorted(arrows.items())]
    return "\n".join([*lines, f"    {OVER} --> [*]"])


def page() -> str:
    table = ["| state | heard | done | then |", "|---|---|---|---|"]
    table += [f"| {state} | {event} | {action} | {after} |" for state, rows in TABLE.items() for event, (action, after) in rows.items()]
    return _HEAD + "\n```mermaid\n" + mermaid() + "\n```\n\n" + "\n".join(table) + "\n"


if __name__ == "__main__":
    print(page(), end="")
