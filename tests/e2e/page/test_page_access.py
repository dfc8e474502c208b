"""The page for those who do not see it or hold no mouse: names of everything one can use, the way past the menu, contrast."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import pytest
from flow_api.terminal.rest import Rest
from playwright.async_api import expect

from tests.support.browser import chromium, page
from tests.support.flow_server_process import flow_server
from tests.support.known_bank import known_flow

#: WCAG 2.2, 1.4.3: contrast of text.
CONTRAST_MIN = 4.5
PAIRS = [
    (ink, ground) for ink in ("--ink", "--soft", "--accent", "--good", "--warn", "--bad") for ground in ("--bg", "--card")
] + [("--accent-ink", "--accent"), ("--card", "--ink")]  # fmt: skip
NAMELESS = """
[...document.querySelectorAll("button, a, input, select, textarea, [role=button], [role=img], [role=meter]")]
  .filter((one) => one.getClientRects().length)
  .filter((one) => !(one.getAttribute("aria-label") || one.textContent.trim() || one.closest("label")?.textContent.trim()))
  .map((one) => one.outerHTML.slice(0, 120))
"""
RATIO = """([ink, ground]) => {
  const probe = document.body.appendChild(document.createElement("i"));
  const light = (name) => {
    probe.style.color = `var(${name})`;
    const parts = getComputedStyle(probe).color.match(/[0-9.]+/g).slice(0, 3).map((one) => one / 255);
    const [r, g, b] = parts.map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [a, b] = [light(ink), light(ground)].sort((x, y) => y - x);
  probe.remove();
  return (a + 0.05) / (b + 0.05);
}"""


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    chromium()
    with flow_server("--past", "6") as address:
        Rest(address).post("/api/call-flows", known_flow())
        yield address


async def test_whatever_one_can_use_has_a_name(url: str) -> None:
    [flow], calls = Rest(url).get("/api/call-flows"), Rest(url).get("/api/calls")
    of_flow = f"/#/flows/{flow['id']}"
    async with page(url) as tab:
        views = ["/#/flows", "/#/new", of_flow, f"{of_flow}/edit", f"{of_flow}/history", "/#/call", "/#/calls", "/#/token"]
        for where in [*views, f"/#/calls/{calls[0]['id']}", "/#/company/%2B18005551234"]:
            await tab.goto(where)
            await expect(tab.locator("main h1")).to_be_visible()
            await expect(tab.get_by_text("Loading")).to_have_count(0)
            assert not await tab.evaluate(NAMELESS), where


async def test_the_first_tab_leads_past_the_menu(url: str) -> None:
    async with page(url) as tab:
        await tab.goto("/#/calls")
        await expect(tab.locator("main h1")).to_have_text("Calls")
        await tab.keyboard.press("Tab")
        await expect(tab.get_by_text("Skip to content")).to_be_focused()
        await tab.keyboard.press("Enter")
        await expect(tab.locator("main")).to_be_focused()
        await expect(tab.locator("main h1")).to_have_text("Calls")


async def test_text_stands_out_from_its_ground(url: str) -> None:
    ratios: dict[Any, float] = {}
    async with page(url) as tab:
        await tab.goto("/#/flows")
        schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
        for scheme in schemes:
            await tab.emulate_media(color_scheme=scheme)
            ratios |= {(scheme, *pair): await tab.evaluate(RATIO, list(pair)) for pair in PAIRS}
    assert not {pair: round(ratio, 2) for pair, ratio in ratios.items() if ratio < CONTRAST_MIN}
