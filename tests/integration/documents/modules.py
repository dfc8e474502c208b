"""``python -m MODULE …`` inside this process: what it prints, and how it ends. Starting an interpreter for each would take a second."""

from __future__ import annotations

import contextlib
import io
import os
import runpy
import sys
from pathlib import Path

import msgspec


class Ran(msgspec.Struct, frozen=True):
    status: int
    out: str
    err: str


def run_module(module: str, arguments: list[str], *, folder: Path, environment: dict[str, str]) -> Ran:
    out, err = io.TextIOWrapper(io.BytesIO(), write_through=True), io.StringIO()
    kept_argv, kept_environment, kept_folder = sys.argv, dict(os.environ), Path.cwd()
    sys.argv = [module, *arguments]
    os.environ.update(environment)
    os.chdir(folder)
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = _status(module)
    finally:
        sys.argv = kept_argv
        os.environ.clear()
        os.environ.update(kept_environment)
        os.chdir(kept_folder)
    return Ran(status, out.buffer.getvalue().decode(), err.getvalue())  # type: ignore[attr-defined]


def _status(module: str) -> int:
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0
