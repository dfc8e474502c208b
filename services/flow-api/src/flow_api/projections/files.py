"""Where the read model lives: ``read-model-v<version>.sqlite``. A rebuild is made beside it and swapped in by renaming."""

from __future__ import annotations

from pathlib import Path

from flow_api.projections.schema import READ_MODEL_VERSION


def live_file(folder: Path) -> Path:
    """The file in use. That of another version of the tables is left alone."""
    return folder / f"read-model-v{READ_MODEL_VERSION}.sqlite"


def rebuilt_file(folder: Path) -> Path:
    """Where a rebuild is made. A running service swaps it in when it starts."""
    return folder / f"read-model-v{READ_MODEL_VERSION}.rebuilt.sqlite"
