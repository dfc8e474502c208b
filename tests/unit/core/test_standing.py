"""A decision that rests on sound alone needs a second weighing that agrees."""

from __future__ import annotations

from call_engine.core.standing import Standing

MS = 8


def test_the_first_weighing_does_not_stand_alone_and_the_second_does() -> None:
    standing = Standing()
    assert not standing.stands(1, 1000 * MS, enough=True, clear=False)
    assert not standing.stands(1, 1020 * MS, enough=True, clear=False)
    assert standing.stands(1, 1100 * MS, enough=True, clear=False)


def test_a_weighing_that_says_no_in_between_takes_it_back() -> None:
    standing = Standing()
    assert not standing.stands(1, 1000 * MS, enough=True, clear=False)
    assert not standing.stands(1, 1020 * MS, enough=False, clear=False)
    assert not standing.stands(1, 1100 * MS, enough=True, clear=False)


def test_another_turn_begins_anew_and_words_need_no_second_look() -> None:
    standing = Standing()
    assert not standing.stands(1, 1000 * MS, enough=True, clear=False)
    assert not standing.stands(2, 1100 * MS, enough=True, clear=False)
    assert standing.stands(3, 1200 * MS, enough=True, clear=True)
    assert not standing.stands(3, 1300 * MS, enough=False, clear=True)
