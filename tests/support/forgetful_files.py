"""A disk that forgets what was not fsynced: SQLite's own file layer, with a record kept of every write and every fsync.

``ForgetfulFiles.install()`` registers it as the SQLite VFS "forgetful"; files opened through it work as always. Afterwards
``after_power_cut(at, chance)`` says what a disk could hold had the power gone after operation ``at``: everything fsynced by then,
and of the later writes none, all, or any, in any order, down to single sectors.
Interface: https://www.sqlite.org/vfs.html. It needs SQLite as a shared library, as Python has it on most systems.
"""

from __future__ import annotations

import _sqlite3
import ctypes
import os
import random
from ctypes import CFUNCTYPE, POINTER, c_char_p, c_int, c_int64, c_void_p
from typing import Any, NamedTuple

NAME = "forgetful"
SECTOR_BYTES = 512

# The name stays a pointer: SQLite keeps more behind the end of the text.
_Open = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, POINTER(c_int))
_Delete = CFUNCTYPE(c_int, c_void_p, c_char_p, c_int)
_Write = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
_Truncate = CFUNCTYPE(c_int, c_void_p, c_int64)
_Sync = CFUNCTYPE(c_int, c_void_p, c_int)


class _Vfs(ctypes.Structure):
    _fields_ = [
        ("version", c_int),
        ("file_bytes", c_int),
        ("path_max", c_int),
        ("next", c_void_p),
        ("name", c_char_p),
        ("data", c_void_p),
        ("open", c_void_p),
        ("delete", c_void_p),
        ("others", c_void_p * 14),
    ]


class _Methods(ctypes.Structure):
    _fields_ = [
        ("version", c_int),
        ("close", c_void_p),
        ("read", c_void_p),
        ("write", c_void_p),
        ("truncate", c_void_p),
        ("sync", c_void_p),
        ("others", c_void_p * 14),
    ]


class _File(ctypes.Structure):
    _fields_ = [("methods", POINTER(_Methods))]


class Written(NamedTuple):
    file: str
    offset: int
    data: bytes


class Truncated(NamedTuple):
    file: str
    size: int


class Synced(NamedTuple):
    file: str


class Deleted(NamedTuple):
    """``synced``: the folder was fsynced too; otherwise the file may come back."""

    file: str
    synced: bool


class FolderSynced(NamedTuple):
    """What was deleted stays deleted."""


class Told(NamedTuple):
    """Not of the disk: what the program under test had promised by now."""

    promise: Any


Operation = Written | Truncated | Synced | Deleted | FolderSynced | Told


class ForgetfulFiles:
    def __init__(self) -> None:
        self.operations: list[Operation] = []
        self._names: dict[int, str] = {}
        self._alive: list[Any] = []
        self._patched: dict[int, Any] = {}

    @staticmethod
    def are_possible() -> bool:
        return hasattr(ctypes.CDLL(_sqlite3.__file__), "sqlite3_vfs_find")

    def install(self) -> None:
        library = ctypes.CDLL(_sqlite3.__file__)
        library.sqlite3_vfs_find.restype = POINTER(_Vfs)
        library.sqlite3_vfs_register.argtypes = [c_void_p, c_int]
        original = library.sqlite3_vfs_find(None).contents
        vfs = _Vfs.from_buffer_copy(original)
        vfs.name = NAME.encode()
        opened, deleted = _Open(self._opener(original)), _Delete(self._deleter(original))
        vfs.open, vfs.delete = ctypes.cast(opened, c_void_p), ctypes.cast(deleted, c_void_p)
        self._alive += [vfs, opened, deleted]
        self._remove = lambda: library.sqlite3_vfs_unregister(ctypes.byref(vfs))
        library.sqlite3_vfs_register(ctypes.byref(vfs), 0)

    def remove(self) -> None:
        self._remove()

    def tell(self, promise: Any) -> None:
        self.operations.append(Told(promise))

    def fsync(self, descriptor: int) -> None:
        """In the place of ``os.fsync``, which is how a program makes the entries of a folder last."""
        os.fstat(descriptor)
        self.operations.append(FolderSynced())

    def after_power_cut(self, at: int, chance: random.Random) -> tuple[dict[str, bytes], list[Any]]:
        """The files as a disk may hold them, and what had been promised."""
        safe: dict[str, bytearray] = {}
        unsynced: dict[str, list[Operation]] = {}
        promises = []
        for operation in self.operations[:at]:
            match operation:
                case Told(promise):
                    promises.append(promise)
                case Synced(file):
                    for waiting in unsynced.pop(file, []):
                        _apply(safe, waiting)
                case Deleted(file, synced=True):
                    unsynced.pop(file, None)
                    safe.pop(file, None)
                case FolderSynced():
                    for file, waiting_list in unsynced.items():
                        gone = [index for index, waiting in enumerate(waiting_list) if isinstance(waiting, Deleted)]
                        if gone:
                            del waiting_list[: gone[-1] + 1]
                            safe.pop(file, None)
                case _:
                    unsynced.setdefault(operation.file, []).append(operation)
        for waiting_list in unsynced.values():
            for waiting in _survivors(waiting_list, chance):
                _apply(safe, waiting)
        return {file: bytes(content) for file, content in safe.items()}, promises

    def _opener(self, original: _Vfs) -> Any:
        call = _Open(original.open)

        def opened(vfs: int, name: int | None, file: int, flags: int, flags_out: Any) -> int:
            result: int = call(vfs, name, file, flags, flags_out)
            handle = _File.from_address(file)
            if result == 0 and name and handle.methods:
                self._names[file] = ctypes.string_at(name).decode()
                handle.methods = ctypes.pointer(self._methods(handle.methods.contents))
            return result

        return opened

    def _deleter(self, original: _Vfs) -> Any:
        call = _Delete(original.delete)

        def deleted(vfs: int, name: bytes, sync_folder: int) -> int:
            self.operations.append(Deleted(name.decode(), bool(sync_folder)))
            result: int = call(vfs, name, sync_folder)
            return result

        return deleted

    def _methods(self, original: _Methods) -> _Methods:
        address = ctypes.addressof(original)
        if address in self._patched:
            return self._patched[address]  # type: ignore[no-any-return]
        write, truncate, sync = _Write(original.write), _Truncate(original.truncate), _Sync(original.sync)

        def written(file: int, data: int, count: int, offset: int) -> int:
            self.operations.append(Written(self._names[file], offset, ctypes.string_at(data, count)))
            result: int = write(file, data, count, offset)
            return result

        def truncated(file: int, size: int) -> int:
            self.operations.append(Truncated(self._names[file], size))
            result: int = truncate(file, size)
            return result

        def synced(file: int, flags: int) -> int:
            self.operations.append(Synced(self._names[file]))
            result: int = sync(file, flags)
            return result

        patched = _Methods.from_buffer_copy(original)
        callbacks = _Write(written), _Truncate(truncated), _Sync(synced)
        patched.write, patched.truncate, patched.sync = (ctypes.cast(callback, c_void_p) for callback in callbacks)
        self._alive += [callbacks, patched]
        self._patched[address] = patched
        return patched


def _survivors(waiting: list[Operation], chance: random.Random) -> list[Operation]:
    """What of the unsynced writes a disk may have got round to."""
    fate = chance.choice(("none", "all", "some", "sectors"))
    if fate == "none":
        return []
    if fate == "all":
        return waiting
    kept = [operation for operation in waiting if chance.random() < 0.5]
    if fate == "sectors":
        kept = [part for operation in kept for part in _sectors(operation) if chance.random() < 0.7]
    chance.shuffle(kept)
    return kept


def _sectors(operation: Operation) -> list[Operation]:
    if not isinstance(operation, Written):
        return [operation]
    starts = range(0, len(operation.data), SECTOR_BYTES)
    return [Written(operation.file, operation.offset + start, operation.data[start : start + SECTOR_BYTES]) for start in starts]


def _apply(files: dict[str, bytearray], operation: Operation) -> None:
    match operation:
        case Written(file, offset, data):
            content = files.setdefault(file, bytearray())
            content.extend(b"\x00" * (offset - len(content)))
            content[offset : offset + len(data)] = data
        case Truncated(file, size):
            del files.setdefault(file, bytearray())[size:]
        case Deleted(file, _):
            files.pop(file, None)
