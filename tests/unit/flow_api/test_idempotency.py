"""Kept answers: bound to the first body, there after a restart, gone after a week."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from flow_api.adapters.idempotency import KEEP, SWEEP_EVERY, Idempotency, StoredAnswer

from tests.support.flow_service import SteppingClock

ANSWER = StoredAnswer(status=201, headers={"etag": "x"}, body=b"{}")


class MovedClock(SteppingClock):
    def move(self, by: dt.timedelta) -> None:
        self._now += by


def test_an_answer_is_kept_for_its_body_also_after_a_restart(tmp_path: Path) -> None:
    kept = Idempotency(tmp_path / "answers.sqlite", SteppingClock())
    assert kept.begin("k", "body") == (True, None)
    kept.finish("k", ANSWER)
    kept.close()
    again = Idempotency(tmp_path / "answers.sqlite", SteppingClock())
    assert again.begin("k", "body") == (True, ANSWER)
    assert again.begin("k", "other") == (False, ANSWER)
    again.close()


def test_old_answers_go_while_the_service_runs() -> None:
    clock = MovedClock()
    kept = Idempotency(":memory:", clock)
    kept.begin("old", "body")
    kept.finish("old", ANSWER)
    clock.move(KEEP)
    for number in range(SWEEP_EVERY):
        kept.begin(f"new {number}", "body")
    assert kept.begin("old", "body") == (True, None)
    assert kept.begin("new 1", "body") == (True, None)
    kept.close()
