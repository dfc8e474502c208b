"""The page at its limits: thousands of flows, hundreds of steps, tokens that allow little, a service that is away."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from flow_api.terminal.rest import Rest
from playwright.async_api import expect

from tests.support.browser import chromium, page, picture
from tests.support.flow_server_process import flow_server

FLOWS, STEPS = 5_000, 200


@pytest.fixture(scope="module")
def many() -> Iterator[str]:
    chromium()
    with flow_server("--flows", str(FLOWS)) as address:
        yield address


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """(address, a token that only reads)."""
    chromium()
    folder = tmp_path_factory.mktemp("guarded")
    create = [sys.executable, "-m", "flow_api", "tokens", "--data", str(folder), "create", "reader", "--scope", "flows:read"]
    token = subprocess.run(create, capture_output=True, text=True, check=True).stdout.split()[-1]
    with flow_server(str(folder)) as address:
        yield address, token


async def test_five_thousand_flows_are_searched_and_paged(many: str) -> None:
    async with page(many) as tab:
        await tab.goto("/#/flows")
        items = tab.locator("a.item")
        await expect(items).to_have_count(50)
        await tab.get_by_role("button", name="Show more").click()
        await expect(items).to_have_count(100)
        await tab.get_by_label("Search flows").fill("Company 4321")
        await expect(items).to_have_count(1)
        await expect(items).to_contain_text("Flow 4321")


async def test_two_hundred_steps_are_drawn_and_walked(many: str) -> None:
    steps: list[dict[str, Any]] = [
        {"id": f"s{n}", "type": "LISTEN", "description": f"Menu {n}", "dtmf": str(n % 10), "timeout": 10, "next_step": f"s{n + 1}",
         "conditions": {"on:timeout": f"s{n + 5}"} if n % 7 == 0 and n + 5 < STEPS else {}}
        for n in range(STEPS - 1)
    ]  # fmt: skip
    steps.append({"id": f"s{STEPS - 1}", "type": "TRANSFER", "description": "Ring my phone"})
    made = Rest(many).post("/api/call-flows", {"name": "A long way", "steps": steps})
    async with page(many) as tab:
        await tab.goto(f"/#/flows/{made['id']}")
        drawn = tab.locator("svg.tree .step")
        await expect(drawn).to_have_count(STEPS)
        await drawn.first.focus()
        await tab.keyboard.press("End")
        await tab.keyboard.press("Enter")
        await expect(tab.locator("aside h2")).to_have_text("Ring my phone")
        await expect(drawn.last).to_be_in_viewport()
        await picture(tab, "long")


async def test_the_first_paint_waits_for_nothing_heavy(many: str) -> None:
    """Counts rather than times, which a busy machine would falsify: few small files, all our own."""
    async with page(many) as tab:
        await tab.goto("/")
        await expect(tab.locator("a.item")).to_have_count(50)
        loaded = await tab.evaluate("performance.getEntriesByType('resource').map((one) => [one.name, one.decodedBodySize])")
        painted = await tab.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    files = {name: size for name, size in loaded if "/api/" not in name}
    assert all(name.startswith(many) for name in files)
    assert len(files) < 30
    assert sum(files.values()) < 120_000
    assert painted < 5_000


async def test_what_the_token_does_not_allow_is_out_of_use_and_says_why(guarded: tuple[str, str]) -> None:
    url, token = guarded
    async with page(url) as tab:
        await tab.goto("/#/flows")
        await expect(tab.get_by_role("alert")).to_contain_text("token")
        await tab.get_by_role("link", name="Give a token").click()
        await tab.get_by_label("Token").fill(token)
        await tab.get_by_role("button", name="Use it").click()
        await expect(tab.locator(".chip.good")).to_have_count(1)
        await expect(tab.locator(".chip.bad")).to_have_count(3)
        await expect(tab.get_by_role("status").first).to_contain_text("takes you for reader")
        await picture(tab, "access")
        await tab.get_by_role("navigation").get_by_role("link", name="Flows").click()
        await expect(tab.get_by_role("button", name="Import")).to_be_disabled()
        await expect(tab.get_by_text("Write one by hand")).to_have_attribute("title", "Your token lacks the scope flows:write")
        await tab.goto("/#/call")
        await expect(tab.get_by_role("button", name="Call", exact=True)).to_be_disabled()


async def test_a_wrong_token_is_told_so(guarded: tuple[str, str]) -> None:
    async with page(guarded[0]) as tab:
        await tab.goto("/#/token")
        await tab.get_by_label("Token").fill("made up")
        await tab.get_by_role("button", name="Use it").click()
        await expect(tab.get_by_role("alert")).to_contain_text("not known")


async def test_a_service_that_is_away_is_said_and_tried_again(many: str) -> None:
    async with page(many) as tab:
        for where in ("flows", "calls", "flows/flow_0001", "flows/flow_0001/history", "company/%2B18005550001"):
            await tab.route("**/api/**", lambda route: route.abort())
            await tab.goto(f"/#/{where}")
            await expect(tab.get_by_role("alert")).to_contain_text("flow-api cannot be reached")
            await tab.unroute("**/api/**")
            await tab.get_by_role("button", name="Try again").click()
            await expect(tab.get_by_role("alert")).to_have_count(0)
            await expect(tab.locator("h1").first).to_be_visible()


async def test_nothing_there_is_said_too(many: str) -> None:
    async with page(many) as tab:
        await tab.goto("/#/calls")
        await expect(tab.get_by_text("No call yet")).to_be_visible()
        await tab.goto("/#/flows/no_such_flow")
        await expect(tab.get_by_role("alert")).to_be_visible()
        await tab.goto("/#/nowhere")
        await expect(tab.get_by_text("No such page")).to_be_visible()
