"""SIP software nobody here wrote, from Debian packages. With ``CALL_FLOWS_INTEROP=1`` what is missing is installed (as root)."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess

import pytest

OPT_IN = "CALL_FLOWS_INTEROP"
PACKAGES = {"sipp": "sip-tester", "baresip": "baresip-core", "kamailio": "kamailio"}


def peer(program: str) -> str:
    """The program's path; skips the test, saying why, when it may not or cannot be had."""
    if os.environ.get(OPT_IN) != "1":
        pytest.skip(f"interoperability with {program}: set {OPT_IN}=1 to run it (installs Debian's {PACKAGES[program]})")
    found = shutil.which(program) or _install(program)
    if not found:
        pytest.skip(f"{program} is not here and Debian's {PACKAGES[program]} could not be installed")
    return found


@functools.cache
def _install(program: str) -> str | None:
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return None
    command = ["apt-get", "install", "--yes", "--quiet", "--no-install-recommends", PACKAGES[program]]
    subprocess.run(command, check=False, capture_output=True, timeout=300)
    return shutil.which(program)
