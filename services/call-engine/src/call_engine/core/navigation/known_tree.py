"""What earlier calls know of the company's phone tree, so that another exploration looks at what is not known yet.

An option is *explored* where a human was met behind it, nothing is behind it, or all options of the menu behind it are explored.
"""

from __future__ import annotations

from collections.abc import Callable

from call_contract.flows import CallFlow
from call_contract.step_metadata import StepMetadata, TreeMenu, TreeOption

from call_engine.core.facts import Turn
from call_engine.core.flows.flow_map import FlowMap
from call_engine.core.flows.same_menu import same_menu
from call_engine.core.menu import Option
from call_engine.core.understanding.choice import role_of

#: Scores of options for the intent, by their digits.
Scores = Callable[[tuple[Option, ...]], dict[str, float]]

_LEAST = float("-inf")  #: scores have no natural zero
_NOWHERE = frozenset(("back", "repeat", "language"))


class KnownTree:
    """Empty without a flow."""

    def __init__(self, flow: CallFlow | None) -> None:
        first = FlowMap(flow).knowledge if flow is not None else StepMetadata()
        self._menus = {menu.key: menu for menu in first.tree}

    def find(self, turn: Turn) -> TreeMenu | None:
        """The menu that is heard, if an earlier call heard it."""
        options = turn.utterance.menu.options
        return next((menu for menu in self._menus.values() if same_menu(turn.text, options, menu.transcript, menu.options)), None)

    def explored(self, menu: TreeMenu) -> frozenset[str]:
        """Keys behind which everything is known."""
        return frozenset(option.digits for option in menu.options if self._is_explored(option, frozenset((menu.key,))))

    def dead(self, menu: TreeMenu) -> frozenset[str]:
        """Keys behind which nobody can be reached."""
        return frozenset(option.digits for option in menu.options if self._is_dead(option, frozenset((menu.key,))))

    def less_useful(self, menu: TreeMenu, scores: Scores, unknown: dict[str, float]) -> frozenset[str]:
        """Keys that lead to known menus in which nothing unknown is as near to the intent as the best of ``unknown`` here."""
        best = max(unknown.values(), default=_LEAST)
        behind = {option.digits: self._menus[option.menu] for option in menu.options if option.menu in self._menus}
        return frozenset(digits for digits, beyond in behind.items() if self._worth(beyond, scores, frozenset((menu.key,))) < best)

    def _is_explored(self, option: TreeOption, above: frozenset[str]) -> bool:
        beyond = self._beyond(option, above)
        if beyond is not None:
            return all(self._is_explored(one, above | {beyond.key}) for one in beyond.options if role_of(one.label) not in _NOWHERE)
        return option.led_to in ("human", "nothing", "menu")

    def _is_dead(self, option: TreeOption, above: frozenset[str]) -> bool:
        beyond = self._beyond(option, above)
        if beyond is not None:
            return all(self._is_dead(one, above | {beyond.key}) for one in beyond.options if role_of(one.label) not in _NOWHERE)
        return option.led_to in ("nothing", "menu")

    def _beyond(self, option: TreeOption, above: frozenset[str]) -> TreeMenu | None:
        """The menu that the option leads to, if it does not lead back up."""
        return self._menus.get(option.menu) if option.led_to == "menu" and option.menu not in above else None

    def _worth(self, menu: TreeMenu, scores: Scores, above: frozenset[str]) -> float:
        """How near to the intent the nearest unknown option of this menu, or behind it, is."""
        above = above | {menu.key}
        open_ = [option for option in menu.options if not self._is_explored(option, above)]
        near = scores(tuple(Option(option.digits, option.label) for option in open_))
        worth = [_LEAST]
        for option in open_:
            beyond = self._beyond(option, above)
            own = near.get(option.digits, _LEAST)
            worth.append(own if beyond is None else min(own, self._worth(beyond, scores, above)))
        return max(worth)
