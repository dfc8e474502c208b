from __future__ import annotations

from call_engine.line.backoff import Backoff


def test_the_waits_double_up_to_a_bound_and_begin_anew_after_a_success() -> None:
    backoff = Backoff(1.0, 5.0)
    assert [backoff.failed() for _ in range(5)] == [1, 2, 4, 5, 5]
    backoff.worked()
    assert backoff.failed() == 1
