"""What is generated and committed is what generating gives today."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.architecture.sources import ROOT


def test_the_grpc_code_is_what_the_proto_files_give(tmp_path: Path) -> None:
    subprocess.run(
        [
            sys.executable, "-m", "grpc_tools.protoc", f"-I{ROOT / 'proto'}", f"--python_out={tmp_path}", f"--pyi_out={tmp_path}",
            f"--grpc_python_out={tmp_path}", *map(str, sorted((ROOT / "proto").rglob("*.proto"))),
        ],
        check=True,
    )  # fmt: skip
    committed = ROOT / "libs/call-contract/src"
    fresh = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*.py*"))
    assert fresh
    stale = [str(path) for path in fresh if (tmp_path / path).read_text() != (committed / path).read_text()]
    assert not stale, f"run `make proto`: {stale}"
