"""Refusals as gRPC statuses. Python's client reads status and text, the others read the trailing metadata: both are sent."""

from __future__ import annotations

from typing import Any, NoReturn

import grpc


async def refuse(context: Any, code: grpc.StatusCode, text: str, exception: str | None = None, **facts: object) -> NoReturn:
    """End the call. ``facts`` become trailing metadata, ``stream_name`` as ``stream-name``."""
    trailing = tuple((name.replace("_", "-"), _ascii(value)) for name, value in facts.items())
    if exception is not None:
        trailing = (("exception", exception), *trailing)
    await context.abort(code, text, trailing)
    raise AssertionError("abort does not return")


async def stream_deleted(context: Any, stream: str) -> NoReturn:
    text = f"Event stream '{stream}' is deleted."
    await refuse(context, grpc.StatusCode.FAILED_PRECONDITION, text, "stream-deleted", stream_name=stream)


async def wrong_version(context: Any, verb: str, stream: str, expected: int, actual: int) -> NoReturn:
    """Of Delete and Tombstone; Append answers a wrong version in its response."""
    text = f"{verb} failed due to WrongExpectedVersion. Stream: {stream}, Expected version: {expected}, Actual version: {actual}"
    facts = {"stream_name": stream, "expected_version": expected, "actual_version": actual}
    await refuse(context, grpc.StatusCode.FAILED_PRECONDITION, text, "wrong-expected-version", **facts)


async def invalid(context: Any, text: str, exception: str | None = None, **facts: object) -> NoReturn:
    await refuse(context, grpc.StatusCode.INVALID_ARGUMENT, text, exception, **facts)


async def not_written(context: Any, reason: str, *, disk_full: bool) -> NoReturn:
    code = grpc.StatusCode.RESOURCE_EXHAUSTED if disk_full else grpc.StatusCode.UNAVAILABLE
    await refuse(context, code, reason)


def _ascii(value: object) -> str:
    """Metadata values are ASCII; other characters as in a URL would be read as they are by nobody, so they become '?'."""
    return "".join(letter if " " <= letter <= "~" else "?" for letter in str(value))
