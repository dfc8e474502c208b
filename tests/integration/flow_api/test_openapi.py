"""The OpenAPI document, the routes and the answers say the same."""

from __future__ import annotations

from pathlib import Path

from flow_api.http.contract.document import document
from flow_api.http.headers import SECURITY
from jsonschema_rs import validator_for

from tests.support.fake_call_engine import bank
from tests.support.flow_service import NUMBER, chase, running, step


async def test_every_route_is_in_the_document_and_the_other_way_round(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        routes = {
            (method.lower(), route.path_format)
            for route in world.app.routes
            for method in getattr(route, "methods", ())
            if method not in ("OPTIONS", "HEAD") and route.path_format.startswith(("/api", "/health", "/metrics"))
        }
    described = {(method, path) for path, methods in document()["paths"].items() for method in methods}
    assert routes == described


async def test_every_header_of_an_answer_is_in_the_document(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        world.engine.script, once = bank(), {"idempotency-key": "once"}
        flows, calls = "/api/call-flows", "/api/calls"
        body = chase(steps=[step("a", "WAIT"), step("b", "WAIT")])
        flow = f"{flows}/{(await world.client.post(flows, json=body)).json()['id']}"
        call = await world.client.post(calls, json={"phone_number": NUMBER, "mode": "explore", "intent": "x"}, headers=once)
        learn = {"call_id": call.json()["id"]}
        learned = await world.client.post(f"{flows}/learn", json=learn, headers=once)
        answers = [
            ("get", flows, await world.client.get(flows, params={"limit": 1})), ("post", flows, await world.client.post(flows, json=body)),
            ("get", f"{flows}/{{flow_id}}", await world.client.get(f"/api/call-flows/{learned.json()['id']}")),
            ("get", f"{flows}/lookup", await world.client.get(f"{flows}/lookup", params={"phone_number": NUMBER, "intent": "x"})),
            ("put", f"{flows}/{{flow_id}}", await world.client.put(flow, json=body, headers=once)),
            ("put", f"{flows}/{{flow_id}}", await world.client.put(flow, json=body, headers=once)),
            ("get", f"{flows}/{{flow_id}}/history", await world.client.get(f"{flow}/history", params={"limit": 1})),
            ("post", f"{flows}/{{flow_id}}/revert", await world.client.post(f"{flow}/revert", json={"version": 1})),
            ("delete", f"{flows}/{{flow_id}}", await world.client.delete(flow)),
            ("post", f"{flows}/learn", await world.client.post(f"{flows}/learn", json=learn, headers=once)),
            ("get", calls, await world.client.get(calls)), ("post", calls, call),
        ]  # fmt: skip
    paths = document()["paths"]
    for method, path, answer in answers:
        assert answer.is_success, answer.text
        said = {name.lower() for name in paths[path][method]["responses"][str(answer.status_code)].get("headers", {})}
        ours = {name for name in answer.headers if name.encode() not in SECURITY} - {"content-type", "content-length", "cache-control"}
        assert ours <= said, (method, path)


async def test_the_document_and_its_page_are_served_without_scripts(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        served = await world.client.get("/openapi.json")
        page = (await world.client.get("/docs")).text
    assert served.json()["openapi"] == "3.1.0"
    assert "/api/call-flows/learn" in page
    assert "<script" not in page
    assert "<style" not in page


async def test_answers_fit_their_schemas(tmp_path: Path) -> None:
    components = document()["components"]
    async with running(tmp_path) as world:
        flow = (await world.client.post("/api/call-flows", json=chase())).json()
        answers = {"CallFlow": flow, "Verified": (await world.client.get(f"/api/call-flows/{flow['id']}/verify")).json()}
        answers["HistoryEntry"] = (await world.client.get(f"/api/call-flows/{flow['id']}/history")).json()[0]
        answers["StepBlame"] = (await world.client.get(f"/api/call-flows/{flow['id']}/blame")).json()[0]
        answers["Problem"] = (await world.client.post("/api/call-flows", json={})).json()
        answers["Health"] = (await world.client.get("/health/ready")).json()
    for name, answer in answers.items():
        schema = {"$ref": f"#/components/schemas/{name}", "components": components}
        assert validator_for(schema).is_valid(answer), name
    body = {"$ref": "#/components/schemas/CallFlowBody", "components": components}
    assert validator_for(body).is_valid(flow), "a PUT accepts the body of a GET"
    assert not validator_for(body).is_valid({**flow, "surprise": 1})
