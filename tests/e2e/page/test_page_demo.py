"""The demo in a real browser: calls to the simulated company over real SIP, started, watched and ended on the page."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from demo.stack import PHONE_NUMBER, Company, running
from tests.support.browser import chromium, page, picture

#: Real speech takes real seconds; on a busy machine its recognition takes some more.
PATIENCE_MS = 90_000


def captions(tab: Page, look: str, words: str | re.Pattern[str]) -> Any:
    return tab.locator(f".captions .{look}", has_text=words)


async def call(tab: Page, plan: str) -> None:
    """Fill the form, see what will be done and why, and call."""
    await tab.goto("/#/call")
    await tab.get_by_label("Whom to call").fill(PHONE_NUMBER)
    await tab.get_by_label("What you want, in your own words").fill("dispute a charge")
    await tab.get_by_text("More").click()
    await tab.get_by_label("Company").fill("Chase Bank")
    await expect(tab.locator(".plan")).to_contain_text(plan)
    await tab.get_by_role("button", name="Call", exact=True).click()


async def explored(tab: Page) -> None:
    """The first call: what is heard, pressed and why, the tree as it grows, the hold, the human, the bridge."""
    await call(tab, "Explore the phone menu: no way is known for this number and wish")
    await expect(tab.locator(".why")).to_contain_text("no flow is known for this number and intent")
    await expect(captions(tab, "said", re.compile("account", re.IGNORECASE))).to_be_visible(timeout=PATIENCE_MS)
    await expect(captions(tab, "press", re.compile("Pressed 3 — .+"))).to_be_visible()
    await expect(tab.locator(".step.done .digit", has_text="3")).to_have_count(1)
    await tab.reload()
    await expect(captions(tab, "press", re.compile("Pressed 1 — .+"))).to_be_visible(timeout=PATIENCE_MS)
    await expect(tab.locator(".phase")).to_have_text("On hold", timeout=PATIENCE_MS)
    await expect(tab.locator(".step.type-hold.current")).to_have_count(1)
    await expect(tab.get_by_role("meter", name="Hold music")).to_have_attribute(
        "aria-valuenow", re.compile("^(1|0.9)"), timeout=PATIENCE_MS
    )
    await picture(tab, "demo-hold")
    await expect(captions(tab, "human", "A live human")).to_be_visible(timeout=PATIENCE_MS)
    await expect(tab.locator(".evidence summary")).to_contain_text("a live human")
    await expect(tab.locator(".phase")).to_have_text("You are connected")
    await picture(tab, "demo-connected")
    await expect(tab.locator(".phase")).to_have_text("Ended: bridged", timeout=PATIENCE_MS)


async def followed(tab: Page) -> None:
    """The second call: on the learned tree, known prompts without a word transcribed, ended by hand."""
    await call(tab, "Follow Chase Bank")
    await expect(tab.locator(".why")).to_contain_text("is known for this number and intent")
    first = tab.locator("svg.tree .step").first
    await expect(first).to_have_class(re.compile("current"), timeout=PATIENCE_MS)
    await expect(captions(tab, "press", "Pressed 3")).to_be_visible(timeout=PATIENCE_MS)
    await expect(captions(tab, "said", "known by its sound")).to_be_visible()
    await expect(first).to_have_class(re.compile("done"))
    await tab.get_by_role("button", name="Hang up").click()
    await expect(tab.locator(".phase")).to_have_text("Ended: cancelled", timeout=PATIENCE_MS)


@pytest.mark.timeout(300)
async def test_the_demo_is_explored_and_followed_before_ones_eyes(tmp_path: Path) -> None:
    chromium()
    async with running(tmp_path, Company(script="chase_bank_short", hold_s=12.0)) as stack, page(stack.api_url) as tab:
        await explored(tab)
        await tab.get_by_role("link", name="Chase Bank —").click()
        await expect(tab.locator("svg.tree .step")).to_have_count(4)
        await followed(tab)
