"""The API against its own document: generated requests, valid and not, alone and linked; every check of schemathesis."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

CONFIG = Path(__file__).with_name("schemathesis.toml")
ROOT = Path(__file__).parents[3]
SECONDS = 25


@pytest.mark.timeout(180)
def test_the_api_does_what_its_document_says(tmp_path: Path) -> None:
    server = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "tests.support.flow_server", str(tmp_path)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    try:
        assert server.stdout is not None
        url = server.stdout.readline().strip()
        command = [
            sys.executable, "-m", "schemathesis.cli", "--no-color", "--config-file", str(CONFIG), "run", f"{url}/openapi.json",
            "--max-examples", "4", "--max-time", str(SECONDS), "--seed", "1", "--no-shrink", "--generation-database", "none",
            "--continue-on-failure",
        ]  # fmt: skip
        run = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=150, check=False)
        assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:]
    finally:
        server.terminate()
        server.wait()
