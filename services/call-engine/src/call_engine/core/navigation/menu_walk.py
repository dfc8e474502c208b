"""Menus of an unknown system: choosing an option, and remembering what led nowhere."""

from __future__ import annotations

from collections.abc import Set

import msgspec
from call_contract.call_events import CallOutcome, ChoiceMade
from call_contract.step_metadata import TreeMenu

from call_engine.core.facts import Turn
from call_engine.core.flows.replay import label_likeness
from call_engine.core.flows.same_menu import same_keys, same_menu
from call_engine.core.kit import Kit
from call_engine.core.menu import Menu, Option
from call_engine.core.navigation.keying import Again, Keying
from call_engine.core.navigation.known_tree import KnownTree
from call_engine.core.orders import EndCall
from call_engine.core.plan import Explore
from call_engine.core.understanding.choice import A_PERSON, STAY, Choice, choose, content_words, role_of

_MOST_VISITS = 5
_SURELY = 0.84  #: likeness of two labels of one thing
_STAYING = 4  #: hearings of a menu after which staying on the line has led nowhere
_ANYBODY = -1.0  #: log-odds of a topic that is as good to try as a person who may be of any department


_SO_FAR = "the option that led to the goal so far"
_WORTH_A_TRY = frozenset(("topic", "operator", "catch_all"))


class Place:
    """A menu that was met on this call. ``known``: what earlier calls know of it."""

    def __init__(self, turn: Turn, known: TreeMenu | None) -> None:
        self.text = turn.text
        self.options = turn.utterance.menu.options
        self.known = known
        self.visits = 0
        self.avoid: set[str] = set()  #: what led nowhere


class MenuWalk:
    """Methods that act on a turn give the explorer's next state, or None for the one its table names.

    ``wanted``: labels of options that are known to lead to the goal, the nearest to it first.
    """

    def __init__(self, kit: Kit, intent: str, language: str, wanted: tuple[str, ...] = ()) -> None:
        self._kit = kit
        self._intent = intent
        self._wanted = wanted
        self._language = language
        goal = kit.plan.goal
        self._tree = KnownTree(goal.known_flow if isinstance(goal, Explore) else None)
        self._places: list[Place] = []
        self._choices: list[tuple[Place, str]] = []
        self.keys = Keying(kit)
        self.menus = 0

    def choose(self, turn: Turn) -> str | None:
        self.menus += 1
        place = self._place(turn)
        place.visits += 1
        if place.visits > _MOST_VISITS:
            return self._end(CallOutcome.STUCK, "the same menu came again and again")
        self._came_back(place)
        choice = self._choice(turn.utterance.menu, place)
        if turn.may_be_human:  # whose words are sealed
            choice = msgspec.structs.replace(choice, label="", scores=[])
        self._kit.outbox.record(
            ChoiceMade(digits=choice.digits, label=choice.label, confidence=choice.confidence, reason=choice.reason, scores=choice.scores)
        )
        recording_id = self._kit.prompts.keep(turn)
        if choice.digits is None:
            return self._no_option(turn, place, recording_id, choice)
        if choice.digits == STAY:
            self.keys.discover(turn, recording_id, choice, dtmf=None, waits=False)
            if place.visits >= _STAYING:
                place.avoid.add(STAY)
            return "listening"
        self._take(choice, turn, place, recording_id)
        return None

    def _take(self, choice: Choice, turn: Turn, place: Place, recording_id: str) -> None:
        digits = choice.digits or ""
        self.keys.discover(turn, recording_id, choice, dtmf=digits, waits=True)
        self._choices.append((place, digits))
        self._press(digits, turn, recording_id, f"{choice.label}: {choice.reason}")

    # --- which option ---

    def _choice(self, menu: Menu, place: Place) -> Choice:
        """For the intent; where earlier calls know the menu, the most useful option that they do not know, as long as there is one."""
        if place.known is None:
            return self._among(menu, place.avoid)
        explored = place.avoid | self._tree.explored(place.known)
        choice = self._among(menu, explored)
        tried = {option.digits for option in place.known.options if option.led_to}
        open_ = {digits: worth for digits, worth in _worths(choice).items() if digits not in tried}
        beaten = self._tree.less_useful(place.known, self._scores, open_)
        if beaten:
            choice = self._among(menu, explored | beaten)
        digits = max(open_, key=lambda one: open_[one], default=None)
        if choice.digits is not None and (choice.reason not in A_PERSON or digits in (None, choice.digits)):
            return choice
        if digits is not None:
            label = next(option.label for option in menu.options if option.digits == digits)
            return Choice(digits, label, 0.2, "not known yet", choice.scores)
        return self._among(menu, place.avoid | self._tree.dead(place.known))

    def _among(self, menu: Menu, avoid: Set[str]) -> Choice:
        for label in self._wanted:
            near = [(label_likeness(one.label, label), -index) for index, one in enumerate(menu.options) if one.digits not in avoid]
            likeness, place = max(near, default=(0.0, 0))
            if likeness >= _SURELY:
                known = menu.options[-place]
                return Choice(known.digits, known.label, 0.95, _SO_FAR)
        for words in (content_words(label) for label in self._wanted):
            saying = [one for one in menu.options if words and words <= content_words(one.label)]
            if len(saying) == 1 and saying[0].digits not in avoid:
                return Choice(saying[0].digits, saying[0].label, 0.9, _SO_FAR)
        return choose(self._intent, menu, self._kit.similarity, avoid=frozenset(avoid), language=self._language)

    def _scores(self, options: tuple[Option, ...]) -> dict[str, float]:
        return _worths(self._among(Menu(options=options), frozenset()))

    def _press(self, digits: str, turn: Turn, recording_id: str, reason: str, *, once: bool = False) -> None:
        self.keys.press(
            digits, turn, start=turn.start, recording_id=recording_id, reason=reason, known_at=turn.end,
            into=self._kit.hearing.speaking, once=once,
        )  # fmt: skip

    def _place(self, turn: Turn) -> Place:
        found = next((place for place in self._places if _is_of(turn, place)), None)
        if found is None:
            found = Place(turn, self._tree.find(turn))
            self._places.append(found)
        return found

    def _came_back(self, place: Place) -> None:
        """A way that led back to where it began is no way."""
        for index, (before, digits) in enumerate(self._choices):
            if before is place:
                place.avoid.add(digits)
                del self._choices[index:]
                return

    def _no_option(self, turn: Turn, place: Place, recording_id: str, choice: Choice) -> str | None:
        menu = turn.utterance.menu
        back = next((option for option in menu.options if role_of(option.label) == "back" and option.digits not in place.avoid), None)
        if back and self._choices:
            place.avoid.add(back.digits)
            before, digits = self._choices.pop()
            before.avoid.add(digits)
            self._press(back.digits, turn, recording_id, "nothing fits here: back")
            return None
        if place.visits == 1:
            return "listening"  # the second time it may say more, or go on by itself
        if "0" not in place.avoid and all(option.digits != "0" for option in menu.options):
            place.avoid.add("0")
            self._press("0", turn, recording_id, "nothing fits: the operator", once=True)
            return None
        nearest = next((row for row in choice.scores if row["role"] == "topic" and row["score"] >= _ANYBODY), None)
        if nearest is not None:
            self._take(Choice(nearest["digits"], nearest["label"], 0.2, "nothing is nearer", choice.scores), turn, place, recording_id)
            return None
        self.keys.discover(turn, recording_id, None, dtmf=None, waits=False)
        return self._end(CallOutcome.NO_WAY, "no option fits the intent")

    def press_again(self, turn: Turn) -> str | None:
        """The press changed nothing; if no way of sending this key does anything here, another option is taken."""
        return self.refused(turn) if self.keys.again(turn) is Again.EXHAUSTED else None

    def refused(self, turn: Turn) -> str | None:
        """ "That is not a valid option": never again here. The repeated menu may be in the same breath."""
        pressed = self._kit.delivery.pending
        if pressed and self._choices and self._choices[-1][1] == pressed.digits:  # else it was a guess, and the choice before stands
            self._choices.pop()[0].avoid.add(pressed.digits)
        self.keys.settle(reacted=False)
        if turn.utterance.menu.options:
            return self.choose(turn) or "pressed"
        return "listening"

    def _end(self, outcome: CallOutcome, reason: str) -> str:
        self._kit.orders.give(EndCall(outcome, reason))
        return "over"


def _is_of(turn: Turn, place: Place) -> bool:
    """A greeting before the menu, or an apology, makes it no other."""
    options = turn.utterance.menu.options
    return (len(options) > 1 and same_keys(options, place.options)) or same_menu(turn.text, options, place.text, place.options)


def _worths(choice: Choice) -> dict[str, float]:
    """How much each option that may lead to the goal is worth a try, in log-odds, by its digits."""
    rows = [row for row in choice.scores if row["role"] in _WORTH_A_TRY]
    return {row["digits"]: _ANYBODY if row["role"] == "operator" else row["score"] for row in rows}
