"""``heard:`` conditions: fuzzy in words, exact in numbers."""

from __future__ import annotations

import pytest
from call_engine.core.flows.flow_map import FlowMap

from tests.support.chase_flow import flow, step


@pytest.mark.parametrize(
    ("said", "target"),
    [
        ("For disputes, press 3. For cards, press 1.", "three"),
        ("For dispute press three", "three"),
        ("For disputes, press 4.", None),
        ("Our offices are currently closed.", "closed"),
        ("Thank you for calling.", None),
    ],
)
def test_the_first_phrase_that_was_heard_leads_on(said: str, target: str | None) -> None:
    conditions = {"heard:for disputes press 3": "three", "heard:offices are closed": "closed"}
    listen = step("menu", "LISTEN", None, conditions=conditions)
    steps = FlowMap(flow(listen, step("three", "WAIT"), step("closed", "WAIT")))
    assert steps.on_hearing(listen, said) == target
