"""The states of a call as a Mermaid diagram, found by asking the engine's own fold what each event makes of each state."""

from __future__ import annotations

from call_contract import call_events as ev
from call_engine.call_state import CallState, evolve
from call_engine.core.brain import CallState as State

#: Events that move a call, and the states in which the brain can record them: the fold itself forgives more.
_ON_THE_LINE = {State.WALKING, State.HOLDING, State.HUMAN, State.TRANSFERRING}
_MOVES: tuple[tuple[ev.CallEvent, set[State]], ...] = (
    (ev.CallDialled(target="x"), {State.REQUESTED}),
    (ev.CallRinging(), {State.DIALLING}),
    (ev.CallAnswered(), {State.DIALLING, State.RINGING}),
    (ev.HoldStarted(), {State.WALKING, State.TRANSFERRING}),
    (ev.HoldEnded(duration_ms=0), {State.HOLDING}),
    (ev.HumanDetected(posterior=1.0), {State.WALKING, State.HOLDING}),
    (ev.TransferStarted(device="x"), _ON_THE_LINE),
    (ev.CallBridged(device="x"), {State.TRANSFERRING}),
    (ev.CallEnded(outcome=ev.CallOutcome.BRIDGED, reason=""), {State.BRIDGED}),
)


def call_states() -> str:
    edges: dict[tuple[str, str], list[str]] = {}
    for state in State:
        for event, possible in _MOVES:
            after = evolve(CallState(call_id="x", state=state), event, 0, "").state
            if state in possible and after != state:
                edges.setdefault((str(state), after), []).append(ev.event_type(event))
    lines = [f"    {before} --> {after}: {', '.join(events)}" for (before, after), events in edges.items()]
    return "\n".join(["```mermaid", "stateDiagram-v2", f"    [*] --> {State.REQUESTED}: CallRequested", *lines, "    ended --> [*]", "```"])
