"""Headless Chromium driven by Playwright. The browser is Debian's; Playwright's own download is not used."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, ViewportSize, async_playwright

#: No background traffic, and nothing that needs a user namespace: tests often run as root in a container.
OPTIONS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
PICTURES = Path(__file__).parents[2] / "artefacts"
DESKTOP = ViewportSize(width=1200, height=720)
PHONE = ViewportSize(width=390, height=844)


def chromium() -> str:
    """Where the browser is; skips the test where there is none."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.skip("no Chromium here: `make test-page` installs Debian's and runs these tests")
    return found


async def picture(tab: Page, name: str) -> None:
    """A screenshot in ``artefacts/``, with every transition at its end."""
    PICTURES.mkdir(exist_ok=True)
    await tab.screenshot(path=PICTURES / f"{name}.png", animations="disabled")


@contextlib.asynccontextmanager
async def page(url: str, *, phone: bool = False, dark: bool = False) -> AsyncIterator[Page]:
    """A page on which any script error, or anything the Content-Security-Policy refuses, fails the test."""
    faults: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=OPTIONS)
        tab = await browser.new_page(viewport=PHONE if phone else DESKTOP, color_scheme="dark" if dark else "light", base_url=url)
        tab.set_default_timeout(15_000)
        tab.on("pageerror", lambda error: faults.append(str(error)))
        tab.on("console", lambda message: faults.append(message.text) if "Content Security Policy" in message.text else None)
        try:
            yield tab
        finally:
            await browser.close()
    assert not faults, faults
