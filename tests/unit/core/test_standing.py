"""A decision that rests on sound alone needs weighings that agree for a while."""

from __future__ import annotations

import msgspec
import pytest
from call_engine.core.facts import Turn
from call_engine.core.holding import hold_ratios
from call_engine.core.holding.hold_cues import Sound, agreed_ms
from call_engine.core.holding.hold_memory import HoldSoFar
from call_engine.core.holding.human import Scene
from call_engine.core.holding.listening import Listener
from call_engine.core.holding.standing import AGREED_MS, Standing
from call_engine.core.kit import make_kit
from call_engine.core.plan import Explore, Plan
from call_engine.core.settings import CoreSettings
from call_engine.core.utterance import understand

from tests.support.scripted_call import WordSimilarity

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


def test_what_sounds_like_music_must_be_agreed_on_for_longer_than_a_voice() -> None:
    standing = Standing()
    assert not standing.stands(1, 1000 * MS, enough=True, clear=False, agreed_ms=2000)
    assert not standing.stands(1, 2900 * MS, enough=True, clear=False, agreed_ms=2000)
    assert standing.stands(1, 2900 * MS, enough=True, clear=True, agreed_ms=2000)
    assert standing.stands(1, 3000 * MS, enough=True, clear=False, agreed_ms=2000)


VOICE = Sound(length_ms=1500, as_speech=0.95, as_music=0.1)
MIXED = msgspec.structs.replace(VOICE, as_music=0.4)
NOTES = msgspec.structs.replace(VOICE, as_music=0.9)
FIRST, LEARNED = HoldSoFar(), HoldSoFar(learned=4)  #: a first call, and one that knows the recordings


@pytest.mark.parametrize(
    ("sound", "longer"),
    [
        (NOTES, True),
        (msgspec.structs.replace(VOICE, as_speech=0.3), True),  # hardly a voice
        (MIXED, True),
        (msgspec.structs.replace(NOTES, silence_ms=400), False),  # music would go on
        (msgspec.structs.replace(NOTES, silence_ms=400, music=True), True),  # it does
        (msgspec.structs.replace(NOTES, silence_ms=400, music=True, depth_db=10.0), True),
        (msgspec.structs.replace(NOTES, silence_ms=400, depth_db=10.0), True),  # so it does, whatever the ear calls it
        (msgspec.structs.replace(NOTES, silence_ms=400, music=True, depth_db=30.0), False),  # the level says that it does not
    ],
)
def test_how_it_sounds_says_for_how_long_weighings_must_agree(sound: Sound, longer: bool) -> None:
    assert (agreed_ms(sound, FIRST) > agreed_ms(VOICE, FIRST)) == longer


def test_where_nobody_judges_how_it_sounds_weighings_agree_as_soon_as_of_a_clear_voice() -> None:
    assert agreed_ms(Sound(length_ms=1500), FIRST) == AGREED_MS == agreed_ms(VOICE, FIRST)


@pytest.mark.parametrize(
    ("sound", "hold", "within_ms"), [(VOICE, FIRST, 400), (VOICE, LEARNED, 600), (MIXED, FIRST, 1200), (NOTES, FIRST, 3000)]
)
def test_a_voice_is_believed_sooner_than_music_and_where_nothing_is_known(
    sound: Sound, hold: HoldSoFar, within_ms: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hold_ratios, "PRIOR", 10.0)  # whatever the fitted ratios are
    assert _met_after_ms(sound, hold) == within_ms


def _met_after_ms(sound: Sound, hold: HoldSoFar) -> int:
    """How long after the first weighing a human is met, where every weighing speaks for one."""
    kit = make_kit(Plan(goal=Explore(phone_number="", intent=""), may_speak=False), CoreSettings(), WordSimilarity(), "", "")
    listener, turn = Listener(kit), Turn(number=1, start=0, end=1500 * MS, utterance=understand(""))
    scene = Scene(on_hold=True, sound=sound, hold=hold)
    for at_ms in range(0, 5000, 100):
        kit.outbox.now = at_ms * MS
        if listener.is_human(turn, scene):
            return at_ms
    return 5000
