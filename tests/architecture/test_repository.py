"""Promises about the repository itself."""

from __future__ import annotations

import re
import subprocess
import tomllib

from tests.architecture.sources import PACKAGES, ROOT


def tracked() -> list[str]:
    """Files git knows; a tree without git (a container image, say) has none to check."""
    listing = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    return listing.stdout.splitlines()


def test_no_committed_file_names_a_package_registry() -> None:
    hosts = re.compile("|".join(["pypi" + r"\.org", "files.pythonhosted" + r"\.org", "registry.npmjs" + r"\.org", "deb.debian" + r"\.org"]))
    faults = []
    for name in tracked():
        path = ROOT / name
        if path.is_file() and path.stat().st_size < 3_000_000:
            text = path.read_text(encoding="utf-8", errors="ignore")
            if hosts.search(text):
                faults.append(name)
    assert not faults


def test_nothing_bulky_is_committed() -> None:
    sizes = {name: (ROOT / name).stat().st_size for name in tracked() if (ROOT / name).is_file()}
    bulky = {name: size for name, size in sizes.items() if size > 1_000_000}
    assert not bulky
    assert sum(sizes.values()) < 14_000_000


def test_every_locked_package_has_a_hash() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    pins = re.findall(r"^[a-zA-Z0-9_.-]+(?:\[[^]]*\])?==\S+", lock, flags=re.M)
    assert len(pins) > 20
    assert all("--hash=sha256:" in block for block in re.split(r"\n(?=[a-zA-Z0-9])", lock.strip()))


def test_every_package_says_what_it_is() -> None:
    for folder in PACKAGES.values():
        project = tomllib.loads((folder.parents[1] / "pyproject.toml").read_text())["project"]
        assert project["license"] == "GPL-3.0-or-later"
        assert project["requires-python"] == ">=3.11"
        assert (folder / "py.typed").exists()
