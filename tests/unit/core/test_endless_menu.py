"""A menu that never pauses, and the menu behind the key: neither takes words of the other, however late the key was pressed or taken."""

from __future__ import annotations

import pytest
from call_contract.call_events import DigitsSent, DiscoveryMade
from call_contract.discoveries import DiscoveryType
from call_engine.core.brain import Brain
from call_engine.core.plan import Explore, Plan

from tests.support.scripted_call import MS, Node, ScriptedCall, WordSimilarity, music, pause, say

OPERATOR = "To speak with an operator, press 0."
STORES = "To hear about our stores, press 3."
SHORT = f"Welcome to Acme. For billing, press 1. For sales and new orders, press 2. {STORES} {OPERATOR}"
CITIES = ("Boston", "Chicago", "Denver", "Miami", "Dallas", "Reno")
LONG = " ".join([SHORT, *(f"For our office in {city}, press {key}." for key, city in enumerate(CITIES, start=4))])
BEHIND = {
    "begins with an option of the old menu": f"{OPERATOR} For cancelled orders, press 4. For late orders, press 5.",
    "has two of them": f"You have reached sales. For late orders, press 5. {STORES} {OPERATOR}",
    "binds the words to another key": f"For sales and new orders, press 1. For late orders, press 5. {OPERATOR}",
    "says the key first": "Press 0 to speak with an operator. Press 5 for late orders.",
}


class ReadsOn(ScriptedCall):
    """The endless menu is read on for a while after the key."""

    late_ms = 0

    def _key(self, digits: str, profile: str) -> None:
        if self._node == "start" and self.late_ms:
            self._at(self.now + self.late_ms * MS, lambda: super(ReadsOn, self)._key(digits, profile))
        else:
            super()._key(digits, profile)


def second_menu(endless: str, behind: str, *, words_after_ms: int, late_ms: int, silent_s: float) -> str:
    """As it was heard."""
    nodes = {
        "start": Node([pause(1), *[say(endless)] * 30], keys={"2": "sub"}),
        "sub": Node([pause(silent_s), say(behind), pause(5)], keys={"5": "late"}, repeats=2, hangs_up=True),
        "late": Node([pause(1), say("All our agents are busy, please hold."), music(30)], hangs_up=True),
    }
    plan = Plan(goal=Explore(phone_number="+18005551234", intent="late orders sales"))
    call = ReadsOn(Brain(plan, call_id="c", similarity=WordSimilarity()), nodes, transcribe_ms=words_after_ms)
    call.late_ms = late_ms
    call.run()
    assert [one.digits for one in call.of(DigitsSent)] == ["2", "5"], call.timeline()
    menus = [one.discovery.transcript for one in call.of(DiscoveryMade) if one.discovery.type is DiscoveryType.IVR_MENU]
    return menus[1]


@pytest.mark.parametrize("endless", [SHORT, LONG], ids=["short", "long"])
@pytest.mark.parametrize("behind", BEHIND.values(), ids=BEHIND)
@pytest.mark.parametrize("words_after_ms", [400, 1500, 3000])
def test_the_menu_behind_the_key_keeps_what_stands_in_the_old_one_too(endless: str, behind: str, words_after_ms: int) -> None:
    assert second_menu(endless, behind, words_after_ms=words_after_ms, late_ms=0, silent_s=0.2) == behind


@pytest.mark.parametrize("endless", [SHORT, LONG], ids=["short", "long"])
@pytest.mark.parametrize("behind", list(BEHIND.values())[:3], ids=list(BEHIND)[:3])
def test_what_is_read_on_of_the_old_one_is_no_part_of_it(endless: str, behind: str) -> None:
    assert second_menu(endless, behind, words_after_ms=400, late_ms=1500, silent_s=0.05) == behind
