"""Where the read model lives. A pointer file names the database in use, so that a rebuilt one can be swapped in under a running service.

``read-model-v<version>.<generation>.sqlite``: a new version of the tables, like a rebuild, is a new file beside the old one.
"""

from __future__ import annotations

from pathlib import Path

from flow_api.projections.schema import READ_MODEL_VERSION

_STEM = f"read-model-v{READ_MODEL_VERSION}"


def pointer(folder: Path) -> Path:
    return folder / f"{_STEM}.current"


def live_file(folder: Path) -> Path:
    """The file in use."""
    try:
        return folder / pointer(folder).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return folder / f"{_STEM}.1.sqlite"


def next_file(folder: Path) -> Path:
    """Where a rebuild is to be made. Makes the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    generations = [_generation(path) for path in folder.glob(f"{_STEM}.*.sqlite")]
    return folder / f"{_STEM}.{max(generations, default=1) + 1}.sqlite"


def swap_in(folder: Path, file: Path) -> None:
    """From now on this file is the one in use; atomically."""
    fresh = pointer(folder).with_suffix(".next")
    fresh.write_text(file.name, encoding="utf-8")
    fresh.replace(pointer(folder))


def remove_earlier(folder: Path, live: Path) -> None:
    """Deletes the files of earlier generations; a later one may be in the making. Whoever has one open can go on reading it."""
    for path in folder.glob(f"{_STEM}.*.sqlite*"):
        if _generation(path) < _generation(live):
            path.unlink(missing_ok=True)


def _generation(path: Path) -> int:
    return int(path.name.split(".")[1])
