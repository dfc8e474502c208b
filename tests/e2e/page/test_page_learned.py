"""What calls have taught, on the page: certainty and timing, expected waits, blame, the moment in time. Makes the documents' pictures."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flow_api.terminal.rest import Rest
from playwright.async_api import expect

from tests.support.browser import chromium, page, picture
from tests.support.flow_server_process import flow_server
from tests.support.known_bank import QUEUE, known_flow


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    chromium()
    with flow_server("--past", "40") as address:
        yield address


@pytest.fixture(scope="module")
def flow(url: str) -> dict[str, Any]:
    """In its second version; the first knew nothing of being closed."""
    whole = known_flow()
    first = [step | {"conditions": {}} for step in whole["steps"] if step["id"] != "closed"]
    made = Rest(url).post("/api/call-flows", whole | {"steps": first})
    present: dict[str, Any] = Rest(url)._answer("PUT", f"/api/call-flows/{made['id']}", json=whole)
    return present


@pytest.fixture(scope="module")
def call(url: str, flow: dict[str, Any]) -> dict[str, Any]:
    started: dict[str, Any] = Rest(url).post("/api/calls", {"phone_number": flow["phone_number"], "intent": "dispute a charge"})
    return started


async def test_the_tree_shows_how_sure_and_how_long(url: str, flow: dict[str, Any]) -> None:
    async with page(url) as tab:
        await tab.goto(f"/#/flows/{flow['id']}")
        menu = tab.locator("[data-step=main_menu]")
        await expect(menu.locator(".certainty.good")).to_have_count(1)
        await expect(menu).to_have_attribute("aria-label", "Step 2 of 6, LISTEN, Main menu: account services, presses 3, 85 % sure. "
                                             "then sub_menu, heard:currently closed goes to closed")  # fmt: skip
        await expect(tab.locator(".edge.next text", has_text="4.2 s")).to_have_count(1)
        await menu.click()
        await expect(tab.locator("aside")).to_contain_text("21 of 21 calls did")
        await expect(tab.locator("aside .blame")).to_contain_text("As it is since version 2")
        await picture(tab, "flow")


async def test_the_expected_wait_stands_before_and_while_holding(url: str, flow: dict[str, Any], call: dict[str, Any]) -> None:
    async with page(url) as tab:
        await tab.goto(f"/#/call?flow={flow['id']}")
        await expect(tab.get_by_text("usually 8 min, nine in ten under 14 min (21 calls)")).to_be_visible()
        await tab.goto(f"/#/calls/{call['id']}")
        await expect(tab.locator(".phase")).to_have_text("Ended: bridged")
        await tab.get_by_label("Speed").select_option("20")
        await tab.get_by_role("button", name="Replay").click()
        await expect(tab.get_by_text("on hold, usually 8 min")).to_be_visible()
        await expect(tab.locator("progress")).to_be_visible()
        await expect(tab.locator("[data-step=hold].current")).to_have_count(1)
        await expect(tab.get_by_text(QUEUE)).to_be_visible()
        await tab.get_by_label("Moment of the call").fill("50000")
        await tab.set_viewport_size({"width": 1200, "height": 840})
        await picture(tab, "call")


async def test_blame_tells_of_the_version_one_looks_at(url: str, flow: dict[str, Any]) -> None:
    async with page(url) as tab:
        await tab.goto(f"/#/flows/{flow['id']}/history")
        await expect(tab.locator(".step.added")).to_have_count(1)
        await tab.locator("[data-step=closed]").click()
        await expect(tab.locator(".blame")).to_contain_text("As it is since version 2")
        await tab.get_by_role("button", name="Verify the record").click()
        await expect(tab.get_by_text("The record is whole.")).to_be_visible()
        await picture(tab, "history")
        await tab.get_by_label("Version", exact=True).fill("1")
        await expect(tab.locator(".step")).to_have_count(5)
        await tab.locator("[data-step=main_menu]").click()
        await expect(tab.locator(".blame")).to_contain_text("changed later, in version 2")


async def test_a_moment_shows_the_flow_as_it_was(url: str, flow: dict[str, Any]) -> None:
    async with page(url) as tab:
        await tab.goto(f"/#/flows/{flow['id']}/history")
        moment = tab.get_by_label("Moment")
        await expect(tab.locator(".step")).to_have_count(6)
        now = await moment.input_value()
        await moment.fill("2020-01-01T00:00:00")
        await expect(tab.get_by_text("There was no such flow then.")).to_be_visible()
        await moment.fill(now)
        await expect(tab.get_by_text("version 2").first).to_be_visible()
        await expect(tab.locator(".step")).to_have_count(6)


async def test_an_export_is_imported_unchanged(url: str, flow: dict[str, Any], tmp_path: Path) -> None:
    async with page(url) as tab:
        await tab.goto(f"/#/flows/{flow['id']}")
        async with tab.expect_download() as saving:
            await tab.get_by_role("button", name="Export").click()
        exported = tmp_path / "flow.json"
        await (await saving.value).save_as(exported)
        await tab.goto("/#/flows")
        async with tab.expect_file_chooser() as choosing:
            await tab.get_by_role("button", name="Import").click()
        await (await choosing.value).set_files(exported)
        await tab.get_by_label("Name").fill("Chase Bank — Copy")
        await tab.get_by_role("button", name="Save").click()
        await expect(tab.get_by_role("heading", name="Chase Bank — Copy")).to_be_visible()
    [copy] = [one for one in Rest(url).get("/api/call-flows") if one["name"] == "Chase Bank — Copy"]
    assert copy["steps"] == json.loads(exported.read_text())["steps"]
    Rest(url).delete(f"/api/call-flows/{copy['id']}")


async def test_a_file_without_a_flow_is_refused_in_words(url: str, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.json"
    wrong.write_text('{"answer": 42}')
    async with page(url) as tab:
        await tab.goto("/#/flows")
        async with tab.expect_file_chooser() as choosing:
            await tab.get_by_role("button", name="Import").click()
        await (await choosing.value).set_files(wrong)
        await expect(tab.get_by_text("That file holds no flow")).to_be_visible()


async def test_the_company_view(url: str, flow: dict[str, Any], call: dict[str, Any]) -> None:
    async with page(url) as tab:
        await tab.goto(f"/#/company/{flow['phone_number'].replace('+', '%2B')}")
        await expect(tab.get_by_text("Median hold by weekday")).to_be_visible()
        week = tab.get_by_role("img", name="Hold by weekday and hour")
        await expect(week.locator(".slot:not(.none)").nth(20)).to_be_attached()
        await expect(week.locator(".slot")).to_have_count(7 * 24)
        await expect(tab.locator(".drift li")).to_have_count(3)
        await expect(tab.locator(".drift li").first).to_contain_text("found the same way")
        await expect(tab.locator(".drift li").nth(1)).to_contain_text("step closed added")
        await expect(tab.locator(".edge.condition", has_text="heard:currently closed")).to_have_count(1)
        await picture(tab, "company")


async def test_a_past_call_is_held_and_moved_about_in(url: str, call: dict[str, Any]) -> None:
    async with page(url) as tab:
        await tab.goto(f"/#/calls/{call['id']}")
        await expect(tab.locator(".phase")).to_have_text("Ended: bridged")
        place = tab.get_by_label("Moment of the call")
        await place.fill("30000")
        await expect(tab.locator(".phase")).to_have_text("On hold")
        await expect(tab.locator(".big")).to_have_text("0:12")
        await expect(tab.get_by_role("meter", name="Hold music")).to_have_attribute("aria-valuenow", "1.00")
        await place.fill("10000")
        await expect(tab.locator("[data-step=main_menu].current")).to_have_count(1)
        await expect(tab.locator(".captions .press")).to_have_count(1)
        await tab.get_by_label("Speed").select_option("100")
        await tab.get_by_role("button", name="Go on").click()
        await expect(tab.locator(".phase")).to_have_text("Ended: bridged")


async def test_time_is_moved_through_and_an_old_version_brought_back(url: str, flow: dict[str, Any]) -> None:
    async with page(url) as tab:
        await tab.goto(f"/#/flows/{flow['id']}/history")
        await expect(tab.locator(".step")).to_have_count(6)
        await tab.get_by_label("Time", exact=True).press("Home")
        await expect(tab.get_by_text("As it was")).to_have_count(2)
        await tab.get_by_label("Version", exact=True).fill("1")
        await tab.get_by_role("button", name="Bring back version 1").click()
        await expect(tab.get_by_text("version 3").first).to_be_visible()
        await expect(tab.locator(".step")).to_have_count(5)
