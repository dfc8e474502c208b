"""How the kernels are compiled: nogil, cached on disk, one cache folder for each state of the kernels' source.

numba keeps a cache entry for each file and does not notice that a function imported from another file has changed, so
the folder's name carries a digest of all kernel files. A read-only tree falls back to the user's cache folder.
"""

from __future__ import annotations

import hashlib
import importlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import numba

Function = Callable[..., Any]


def _digest(folder: Path) -> str:
    digest = hashlib.sha256(numba.__version__.encode())
    for path in sorted(folder.glob("_kernels*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK)


def cache_folder() -> Path:
    """The first writable of: beside the package, the user's cache, the temporary folder."""
    here = Path(__file__).parent
    name = f"kernels-{_digest(here)}"
    user = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    for parent in (here / "__pycache__", user / "line-audio"):
        if _writable(parent / name):
            return parent / name
    return Path(tempfile.mkdtemp(prefix=name))


_config: Any = importlib.import_module("numba.core.config")
if not _config.CACHE_DIR:
    _config.CACHE_DIR = str(cache_folder())


_FAST = {"nsz", "arcp", "contract", "afn", "reassoc"}


_COMMON: dict[str, Any] = {"cache": True, "nogil": True, "error_model": "numpy", "fastmath": _FAST}
_INNER: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
_LEAN: dict[str, Any] = {"_nrt": False}


def kernel(function: Function) -> Function:
    """Compile on first call. Kernels take arrays, scalars and named tuples of arrays; they never allocate per frame without need."""
    return cast(Function, numba.njit(**_COMMON)(function))


def inner_kernel(function: Function) -> Function:
    """A kernel that only kernels call: without the wrapper for Python it compiles faster."""
    return cast(Function, numba.njit(**_COMMON, **_INNER)(function))


def lean_kernel(function: Function) -> Function:
    """A kernel that makes no array of its own, and so does not count references: atomic counts cost small kernels half of their time.

    Views of its arguments are fine inside; it returns no array, and calls lean kernels only.
    """
    return cast(Function, numba.njit(**_COMMON, **_LEAN)(function))


def lean_inner_kernel(function: Function) -> Function:
    """A lean kernel that only kernels call."""
    return cast(Function, numba.njit(**_COMMON, **_INNER, **_LEAN)(function))


def inlined_kernel(function: Function) -> Function:
    """A lean kernel that is copied into its callers: what each frame runs through. An array costs ten arguments of a call."""
    return cast(Function, numba.njit(forceinline=True, **_COMMON, **_INNER, **_LEAN)(function))
