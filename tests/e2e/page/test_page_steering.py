"""A running call on the page: what it shows while it holds, and every button that steers it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flow_api.terminal.rest import Rest
from playwright.async_api import Page, expect

from tests.support.browser import chromium, page
from tests.support.flow_server_process import flow_server
from tests.support.known_bank import QUEUE, known_flow


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    chromium()
    with flow_server("--holding") as address:
        Rest(address).post("/api/call-flows", known_flow())
        yield address


def start(url: str) -> dict[str, Any]:
    started: dict[str, Any] = Rest(url).post("/api/calls", {"phone_number": "+18005551234", "intent": "dispute a charge"})
    return started


def caption(tab: Page, words: str) -> Any:
    return tab.get_by_label("What happens").get_by_text(words)


async def test_holding_shows_the_step_the_wait_and_what_is_heard(url: str) -> None:
    call = start(url)
    async with page(url) as tab:
        await tab.goto(f"/#/calls/{call['id']}")
        await expect(tab.locator("[data-step=hold].current")).to_have_count(1)
        await expect(tab.get_by_text("on hold, usually 8 min")).to_be_visible()
        await expect(tab.get_by_text("music · -20 dBm0")).to_be_visible()
        await expect(caption(tab, QUEUE)).to_be_visible()
        await expect(tab.locator(".big")).to_have_text("0:04")


async def test_every_button_steers_and_a_reload_shows_all_of_it_again(url: str) -> None:
    call = start(url)
    async with page(url) as tab:
        await tab.goto(f"/#/calls/{call['id']}")
        await tab.get_by_text("Press a key").click()
        await tab.get_by_role("button", name="Press 5").click()
        await expect(caption(tab, "Pressed 5")).to_be_visible()
        await tab.get_by_role("button", name="Connect me now").click()
        await expect(caption(tab, "asked to be connected now")).to_be_visible()
        await tab.reload()
        await expect(caption(tab, "Pressed 5")).to_be_visible()
        await tab.get_by_role("button", name="Hang up").click()
        await expect(caption(tab, "Ended: cancelled")).to_be_visible()
        await expect(tab.get_by_role("button", name="Replay")).to_be_visible()
        await expect(tab.get_by_role("button", name="Hang up")).to_have_count(0)


async def test_a_button_that_comes_too_late_says_so(url: str) -> None:
    call = start(url)
    async with page(url) as tab:
        await tab.route("**/transfer", lambda route: route.abort())
        await tab.goto(f"/#/calls/{call['id']}")
        await tab.get_by_role("button", name="Connect me now").click()
        await expect(tab.locator(".toast.bad")).to_be_visible()
