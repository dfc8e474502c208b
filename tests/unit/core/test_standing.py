"""A decision that rests on sound alone needs weighings that agree for a while."""

from __future__ import annotations

from call_engine.core.standing import Standing

MS = 8


def test_weighings_must_agree_for_a_while() -> None:
    standing = Standing()
    assert not standing.stands(1, 1000 * MS, enough=True, clear=False)
    assert standing.undecided
    assert not standing.stands(1, 1020 * MS, enough=True, clear=False)
    assert not standing.stands(1, 1300 * MS, enough=True, clear=False)
    assert standing.stands(1, 1400 * MS, enough=True, clear=False)


def test_a_weighing_that_says_no_in_between_takes_it_back() -> None:
    standing = Standing()
    assert not standing.stands(1, 1000 * MS, enough=True, clear=False)
    assert not standing.stands(1, 1200 * MS, enough=False, clear=False)
    assert not standing.undecided
    assert not standing.stands(1, 1400 * MS, enough=True, clear=False)
    assert not standing.stands(1, 1700 * MS, enough=True, clear=False)
    assert standing.stands(1, 1800 * MS, enough=True, clear=False)


def test_another_turn_begins_anew_and_words_need_no_second_look() -> None:
    standing = Standing()
    assert not standing.stands(1, 1000 * MS, enough=True, clear=False)
    assert not standing.stands(2, 1400 * MS, enough=True, clear=False)
    assert standing.stands(3, 1500 * MS, enough=True, clear=True)
    assert not standing.stands(3, 1600 * MS, enough=False, clear=True)
