"""What is generated in ``docs/`` is what the code says today."""

from __future__ import annotations

import pytest

from tests.support.references.pages import DOCS, pages

PAGES = pages()


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_page_is_what_the_code_says(name: str) -> None:
    path = DOCS / name
    assert path.exists(), "run `make references`"
    assert path.read_text(encoding="utf-8") == PAGES[name], "run `make references`"


def test_pictures_are_small() -> None:
    assert not [path.name for path in DOCS.glob("pictures/*.png") if path.stat().st_size > 120_000]
