from __future__ import annotations

import pytest
from call_engine.line.causes import cause_of


@pytest.mark.parametrize(
    ("code", "answered", "progressed", "by_us", "cause"),
    [
        (486, False, True, False, "busy"),
        (600, False, True, False, "busy"),
        (603, False, True, False, "declined"),
        (403, False, False, False, "declined"),
        (480, False, True, False, "no_answer"),
        (408, False, True, False, "no_answer"),
        (408, False, False, False, "unreachable"),
        (404, False, True, False, "unreachable"),
        (484, False, True, False, "unreachable"),
        (503, False, False, False, "unreachable"),
        (200, True, True, False, "disconnected"),
        (408, True, True, False, "disconnected"),
        (488, True, True, False, "no_audio"),
        (487, False, True, True, "hung_up"),
        (200, True, True, True, "hung_up"),
    ],
)
def test_cause(code: int, answered: bool, progressed: bool, by_us: bool, cause: str) -> None:
    assert cause_of(code, answered=answered, progressed=progressed, by_us=by_us) == cause
