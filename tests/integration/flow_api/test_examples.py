"""The examples of the OpenAPI document: what is sent is accepted, what is answered is what the service answers."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from call_contract.flows import CallFlow
from flow_api.domain.call import Call
from flow_api.domain.diff import FlowDiff
from flow_api.domain.history import HistoryEntry
from flow_api.http.calls import StartedAnswer
from flow_api.http.contract import examples
from flow_api.http.contract.document import document
from flow_api.http.contract.examples import ANSWERS, REQUESTS
from flow_api.http.contract.page import indented
from flow_api.http.flows import LearnedFlow
from flow_api.http.problems import Problem
from jsonschema_rs import validator_for

from tests.support.fake_call_engine import bank
from tests.support.flow_service import World, running

TYPES: dict[tuple[str, str], Any] = {
    ("createFlow", "201"): CallFlow, ("createFlow", "422"): Problem, ("listFlows", "200"): list[CallFlow], ("getFlow", "200"): CallFlow,
    ("replaceFlow", "200"): CallFlow, ("getFlowHistory", "200"): list[HistoryEntry], ("diffFlow", "200"): FlowDiff,
    ("learnFlow", "201"): LearnedFlow, ("startCall", "201"): StartedAnswer, ("getCall", "200"): Call, ("listCalls", "200"): list[Call],
}  # fmt: skip
FLOWS, FLOW = "/api/call-flows", f"/api/call-flows/{examples.FLOW_ID}"
OF_THE_DAY = re.compile(r"_at$|_id$|^(?:cause|actor|hash)$")


def but_for_the_day(value: Any) -> Any:
    """Without times, names and numbers that are another's every time; what call and flow it is stays."""
    if isinstance(value, list):
        return [but_for_the_day(one) for one in value]
    if isinstance(value, dict):
        return {name: but_for_the_day(one) for name, one in value.items() if not OF_THE_DAY.search(name)}
    return value


@pytest.mark.parametrize("of", TYPES, ids="-".join)
def test_an_answer_is_of_its_type_and_complete(of: tuple[str, str]) -> None:
    assert msgspec.to_builtins(msgspec.convert(ANSWERS[of], TYPES[of])) == ANSWERS[of]


def test_every_example_is_in_the_document_and_fits_its_schema() -> None:
    whole = document()
    found = 0
    for methods in whole["paths"].values():
        for operation in methods.values():
            contents = list(operation.get("requestBody", {}).get("content", {}).values())
            contents += [one for answer in operation["responses"].values() for one in answer.get("content", {}).values()]
            for content in contents:
                values = [one["value"] for one in content.get("examples", {}).values()] + [
                    content[key] for key in ("example",) if key in content
                ]
                validator = validator_for({**content["schema"], "components": whole["components"]})
                for value in values:
                    found += 1
                    assert validator.is_valid(value), (operation["operationId"], value)
    assert found == len(ANSWERS) + sum(len(one) for one in REQUESTS.values())
    assert set(ANSWERS) == set(TYPES)


async def sent(world: World, method: str, path: str, operation: str, name: str = "") -> Any:
    bodies = REQUESTS[operation]
    answer = await world.client.request(method, path, json=bodies[name] if name else next(iter(bodies.values())))
    assert answer.is_success, answer.text
    return answer.json()


async def test_the_life_of_a_flow_is_as_the_examples_tell_it(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        get = world.client.get
        answers = {
            ("createFlow", "201"): await sent(world, "POST", FLOWS, "createFlow"),
            ("replaceFlow", "200"): await sent(world, "PUT", FLOW, "replaceFlow"),
            ("getFlow", "200"): (await get(FLOW)).json(),
            ("listFlows", "200"): (await get(FLOWS)).json(),
            ("getFlowHistory", "200"): (await get(f"{FLOW}/history")).json(),
            ("diffFlow", "200"): (await get(f"{FLOW}/diff", params={"from": 1, "to": 2})).json(),
        }
        broken = examples.DISPUTES | {"id": "broken", "steps": examples.DISPUTES["steps"][:1]}
        answers["createFlow", "422"] = (await world.client.post(FLOWS, json=broken)).json()
        await sent(world, "POST", f"{FLOW}/revert", "revertFlow")
    for of, answer in answers.items():
        assert but_for_the_day(answer) == but_for_the_day(ANSWERS[of]), of


async def test_calls_are_started_steered_and_learned_from_as_the_examples_tell_it(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await sent(world, "POST", FLOWS, "createFlow")
        explore, follow = REQUESTS["startCall"]
        followed = await sent(world, "POST", "/api/calls", "startCall", follow)
        assert followed["flow_id"] == examples.FLOW_ID
        await sent(world, "POST", f"/api/calls/{followed['id']}/digits", "sendDigits")
        await sent(world, "POST", f"/api/calls/{followed['id']}/transfer", "transferCall")
        await world.client.delete(FLOW)
        world.engine.script = bank()
        explored = await sent(world, "POST", "/api/calls", "startCall", explore)
        assert set(explored) == set(examples.STARTED)
        assert explored["why"] == examples.STARTED["why"]
        body = next(iter(REQUESTS["learnFlow"].values())) | {"call_id": explored["id"]}
        learned = await world.client.post(f"{FLOWS}/learn", json=body)
    shown = ("id", "name", "company", "phone_number", "description", "learning", "version", "success_count")
    assert {name: learned.json()[name] for name in shown} == {name: examples.LEARNED[name] for name in shown}
    path = ("id", "type", "description", "dtmf", "timeout", "next_step", "conditions")
    steps = [[step[name] for name in path] for flow in (learned.json(), examples.LEARNED) for step in flow["steps"]]
    assert steps[:5] == steps[5:]


def test_json_for_people_is_still_json() -> None:
    for answer in ANSWERS.values():
        assert msgspec.json.decode(indented(answer)) == answer
