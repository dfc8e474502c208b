"""When a run of exploring calls goes on, and when it stops."""

from __future__ import annotations

import json
from collections.abc import Sequence

import httpx
from flow_api.terminal.exploring import Budget, Explored, explore, why_stop
from flow_api.terminal.rest import Rest

PLENTY = Budget(calls=9, minutes=99.0)


def a_call(known: int, unknown: int | None, minutes: float = 1.0) -> Explored:
    return Explored(call_id="c", outcome="bridged", minutes=minutes, known=known, unknown=unknown, flow_id="f")


def test_it_goes_on_while_options_are_unknown() -> None:
    assert why_stop([], PLENTY) is None
    assert why_stop([], Budget(calls=0, minutes=60)) == "0 calls were allowed"
    assert why_stop([a_call(1, 3)], PLENTY) is None
    assert why_stop([a_call(1, 3), a_call(2, 2)], PLENTY) is None


def test_it_stops_when_the_tree_is_known_or_the_budget_used_up_or_nothing_new_is_found() -> None:
    assert why_stop([a_call(4, 0)], PLENTY) == "every option that was heard is known"
    assert why_stop([a_call(1, 3), a_call(2, 2)], Budget(calls=2, minutes=99.0)) == "2 calls were allowed"
    assert why_stop([a_call(1, 3, 7.0), a_call(2, 2, 8.0)], Budget(calls=9, minutes=15.0)) == "15 minutes were allowed"
    assert why_stop([a_call(2, 2), a_call(2, 2)], PLENTY) == "the last call found nothing new"
    assert why_stop([a_call(0, None), a_call(0, None)], PLENTY) == "the last call found nothing new"


class Company:
    """A flow-api in front of a company with these options; every call tries one more. ``teaches``: whether calls can be learned from."""

    def __init__(self, options: Sequence[str], *, teaches: bool = True) -> None:
        self._options, self._teaches = options, teaches
        self.calls = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if path == "/api/calls":
            assert json.loads(request.content)["mode"] == "explore"
            self.calls += 1
            return httpx.Response(201, json={"id": f"c{self.calls}"})
        if path.endswith("/events"):
            ended = {"type": "CallEnded", "ordinal": 9, "at_ms": 90_000, "outcome": "bridged"}
            return httpx.Response(200, text=f"data:{json.dumps(ended)}\n\n")
        if not self._teaches:
            return httpx.Response(422, json={"title": "Nothing to learn"})
        tree = [{"key": "m", "options": [{"digits": one, "led_to": "human" * (int(one) <= self.calls)} for one in self._options]}]
        return httpx.Response(200, json={"id": "a_flow", "steps": [{"id": "s", "metadata": {"tree": tree}}]})


def explored(company: Company, budget: Budget = PLENTY) -> tuple[list[Explored], str]:
    rest = Rest("http://flows", transport=httpx.MockTransport(company))
    return explore(rest, {"phone_number": "+15550100000", "intent": "billing"}, budget, lambda one: None)


def test_every_option_gets_a_call() -> None:
    company = Company("123")
    made, why = explored(company)
    assert [(one.known, one.unknown) for one in made] == [(1, 2), (2, 1), (3, 0)]
    assert (company.calls, why) == (3, "every option that was heard is known")


def test_the_budget_holds() -> None:
    assert explored(Company("123456"), Budget(calls=2, minutes=60.0))[1] == "2 calls were allowed"
    made, why = explored(Company("123456"), Budget(calls=9, minutes=3.0))
    assert (len(made), why) == (2, "3 minutes were allowed")


def test_a_company_that_teaches_nothing_is_not_called_for_ever() -> None:
    made, why = explored(Company("12", teaches=False))
    assert (len(made), why) == (2, "the last call found nothing new")
