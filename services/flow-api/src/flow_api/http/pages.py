"""The web page, if there is one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from litestar.static_files import create_static_files_router


def routes(web: Path) -> list[Any]:
    """Static files at ``/``; nothing where the folder does not exist."""
    if not (web / "index.html").is_file():
        return []
    return [create_static_files_router(path="/", directories=[web], html_mode=True, name="web")]
