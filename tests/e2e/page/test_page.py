"""The web page in a real browser, on a real flow-api. Pictures of each view are kept in ``artefacts/``."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from flow_api.terminal.rest import Rest
from playwright.async_api import Route, expect

from tests.support.browser import chromium, page, picture
from tests.support.flow_server_process import flow_server
from tests.support.flow_service import chase


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    chromium()
    with flow_server() as address:
        yield address


@pytest.fixture(scope="module")
def flow(url: str) -> dict[str, Any]:
    made: dict[str, Any] = Rest(url).post("/api/call-flows", chase(name="Chase Bank — Disputes"))
    return made


async def test_flows_are_found_by_typing(url: str, flow: dict[str, Any]) -> None:
    async with page(url) as tab:
        await tab.goto("/#/flows")
        await expect(tab.get_by_role("link", name=flow["name"])).to_be_visible()
        await picture(tab, "flows")
        await tab.get_by_label("Search flows").fill("no such company")
        await expect(tab.get_by_text("No flow here yet")).to_be_visible()


async def test_the_tree_is_walked_by_keyboard_and_says_what_each_step_is(url: str, flow: dict[str, Any]) -> None:
    async with page(url) as tab:
        await tab.goto(f"/#/flows/{flow['id']}")
        steps = tab.locator("svg.tree .step")
        await expect(steps).to_have_count(len(flow["steps"]))
        await steps.first.focus()
        await tab.keyboard.press("ArrowDown")
        await tab.keyboard.press("Enter")
        await expect(tab.locator("aside h2")).to_have_text(flow["steps"][1]["description"])
        assert "Step 2 of" in (await steps.nth(1).get_attribute("aria-label") or "")


async def test_a_view_one_has_left_never_draws_over_the_one_that_follows(url: str, flow: dict[str, Any]) -> None:
    """The flow's answer comes only once one is elsewhere already, as on a slow line."""
    elsewhere, late = asyncio.Event(), asyncio.Event()

    async def answer_late(route: Route) -> None:
        await elsewhere.wait()
        await route.continue_()

    async with page(url) as tab:
        await tab.route(f"**/api/call-flows/{flow['id']}", answer_late)
        tab.on("requestfinished", lambda request: late.set() if request.url.endswith("/blame") else None)
        await tab.goto("/#/calls")
        async with tab.expect_request(f"**/api/call-flows/{flow['id']}"):
            await tab.goto(f"/#/flows/{flow['id']}")
        await tab.goto("/#/call")
        await tab.get_by_label("Whom to call").fill("+18005550000")
        elsewhere.set()
        await asyncio.wait_for(late.wait(), 15)
        await tab.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
        await expect(tab.get_by_role("heading", name=flow["name"])).to_have_count(0)
        await expect(tab.get_by_label("Whom to call")).to_have_value("+18005550000")


async def test_an_address_that_cannot_be_read_is_told(url: str) -> None:
    async with page(url) as tab:
        await tab.goto("/#/flows/%E0%A4%A")
        await expect(tab.get_by_role("alert")).to_be_visible()


@pytest.mark.parametrize("gone", [False, True])
async def test_a_call_that_begins_is_shown_or_told_to_who_has_gone_elsewhere(url: str, gone: bool) -> None:
    elsewhere = asyncio.Event()

    async def answer_late(route: Route) -> None:
        await elsewhere.wait()
        await route.fulfill(status=202, json={"id": "begun", "why": ""})

    async with page(url) as tab:
        await tab.route("**/api/calls", answer_late)
        await tab.goto("/#/call")
        await tab.get_by_label("Whom to call").fill("+18005550000")
        await tab.get_by_label("What you want").fill("a person")
        async with tab.expect_request("**/api/calls"):
            await tab.get_by_role("button", name="Call", exact=True).click()
        if gone:
            await tab.goto("/#/new")
            await expect(tab.get_by_role("heading", level=1)).to_be_visible()
        elsewhere.set()
        told = tab.get_by_text("The call has begun.")
        if gone:
            await expect(told).to_be_visible()
            assert tab.url.endswith("#/new")
        else:
            await tab.wait_for_url("**/#/calls/begun")
            await expect(told).to_have_count(0)


@pytest.mark.parametrize("gone", [False, True])
async def test_a_file_that_is_read_late_takes_nobody_away_from_elsewhere(url: str, gone: bool) -> None:
    async with page(url) as tab:
        await tab.add_init_script("""
            const read = new Promise((go) => { window.readNow = go; });
            File.prototype.text = async () => { await read; return '{"name": "Imported", "steps": []}'; };
        """)
        await tab.goto("/#/flows")
        await tab.locator("input[type=file]").set_input_files({"name": "flow.json", "mimeType": "application/json", "buffer": b"{}"})
        if gone:
            await tab.goto("/#/call")
            await expect(tab.get_by_label("Whom to call")).to_be_visible()
        await tab.evaluate("readNow()")
        if gone:
            await tab.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
            assert tab.url.endswith("#/call")
            assert await tab.evaluate("sessionStorage.getItem('imported')") is None
        else:
            await tab.wait_for_url("**/#/new")


async def test_a_flow_is_made_by_hand(url: str) -> None:
    async with page(url) as tab:
        await tab.goto("/#/new")
        await tab.get_by_label("Name").fill("Telco")
        await tab.get_by_role("button", name="Save").click()
        await expect(tab.get_by_role("heading", name="Telco")).to_be_visible()
    assert any(one["name"] == "Telco" for one in Rest(url).get("/api/call-flows"))


async def test_a_fault_stands_beside_its_field_and_nothing_is_lost(url: str, flow: dict[str, Any]) -> None:
    async with page(url) as tab:
        await tab.goto(f"/#/flows/{flow['id']}/edit")
        first = tab.locator("fieldset").first
        await first.get_by_label("Next step").fill("nowhere")
        await first.get_by_label("Description").fill("Wait a moment")
        await tab.get_by_role("button", name="Save").click()
        await expect(tab.locator("[data-fault='$.steps[0].next_step']")).not_to_be_empty()
        await picture(tab, "edit-fault")
        await expect(first.get_by_label("Description")).to_have_value("Wait a moment")
        await first.get_by_label("Next step").fill(flow["steps"][0]["next_step"])
        await tab.get_by_role("button", name="Save").click()
        await expect(tab.get_by_text("Saved as version 2")).to_be_visible()


async def test_history_shows_what_changed_and_verifies(url: str, flow: dict[str, Any]) -> None:
    path = f"/api/call-flows/{flow['id']}"
    present = Rest(url).get(path)
    steps = [*present["steps"][:-1], present["steps"][-1] | {"next_step": "goodbye"}]
    steps.append({"id": "goodbye", "type": "WAIT", "description": "Say goodbye", "timeout": 1.0})
    Rest(url)._answer("PUT", path, json=present | {"steps": steps})
    async with page(url) as tab:
        await tab.goto(f"/#/flows/{flow['id']}/history")
        await expect(tab.locator(".step.added")).to_have_count(1)
        await tab.get_by_label("Version", exact=True).fill("1")
        await expect(tab.locator(".step.added")).to_have_count(0)
        await tab.get_by_role("button", name="Verify the record").click()
        await expect(tab.get_by_text("The record is whole.")).to_be_visible()


async def test_a_call_is_shown_live_and_replayed(url: str, flow: dict[str, Any]) -> None:
    async with page(url) as tab:
        await tab.goto("/#/call")
        await tab.get_by_label("Whom to call").fill(flow["phone_number"])
        await tab.get_by_label("What you want, in your own words").fill("dispute a charge")
        await tab.get_by_role("button", name="Call", exact=True).click()
        await expect(tab.locator(".phase")).to_have_text("Ended: bridged")
        await tab.get_by_label("Speed").select_option("0")
        await tab.get_by_label("Moment of the call").fill("0")
        await expect(tab.locator(".captions li")).to_have_count(1)
        await tab.get_by_role("button", name="Go on").click()
        await expect(tab.locator(".captions").get_by_text("You are connected")).to_be_visible()


async def test_the_live_view_comes_back_after_the_connection_broke(url: str, flow: dict[str, Any]) -> None:
    started = Rest(url).post("/api/calls", {"phone_number": flow["phone_number"], "intent": "dispute a charge"})
    async with page(url) as tab:
        broken = 0

        async def break_once(route: Any) -> None:
            nonlocal broken
            broken += 1
            await (route.abort() if broken == 1 else route.continue_())

        await tab.route("**/events*", break_once)
        await tab.goto(f"/#/calls/{started['id']}")
        await expect(tab.locator(".phase")).to_have_text("Ended: bridged")
        assert broken == 2


async def test_a_company_is_one_map(url: str, flow: dict[str, Any]) -> None:
    async with page(url) as tab:
        await tab.goto(f"/#/company/{flow['phone_number'].replace('+', '%2B')}")
        await expect(tab.get_by_text("Median hold by weekday")).to_be_visible()
        await expect(tab.locator("svg.tree .step").first).to_be_visible()


@pytest.mark.parametrize("dark", [False, True])
async def test_nothing_is_wider_than_a_phone(url: str, flow: dict[str, Any], dark: bool) -> None:
    async with page(url, phone=True, dark=dark) as tab:
        for where in ("/#/flows", f"/#/flows/{flow['id']}", f"/#/flows/{flow['id']}/history", "/#/call", "/#/calls"):
            await tab.goto(where)
            await expect(tab.locator("main h1")).to_be_visible()
            assert await tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), where
        await picture(tab, f"phone-{'dark' if dark else 'light'}")
