"""The phone tree as far as calls have seen it: every menu heard, and where each of its options led.

It is kept with the flow's first step and says what exploring calls need not try again. A call that reached nobody teaches as much
here as one that did; the flow's path is not touched.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

import msgspec
from call_contract.discoveries import Discovery, DiscoveryType, HeardOption
from call_contract.flows import CallFlowStep, CallFlowStepType
from call_contract.prompts import normalise
from call_contract.step_metadata import TreeMenu, TreeOption, metadata_of

from flow_api.domain.learning.observation import Call, knowing
from flow_api.domain.learning.signature import keys_stand_for_others, likeness
from flow_api.domain.learning.stops import Stop

HUMAN, HOLD, MENU, NOTHING = "human", "hold", "menu", "nothing"
MENUS_MAX = 32
_TRANSCRIPT_MAX = 480
_OPTIONS_MAX = 16
_RANK = (NOTHING, MENU, HOLD, HUMAN)
#: What may come between a press and what it led to.
_PASSING = frozenset((DiscoveryType.ANNOUNCEMENT, DiscoveryType.WAIT, DiscoveryType.DTMF, DiscoveryType.CALLBACK_OFFER))
_ON_HOLD = frozenset((DiscoveryType.HOLD, DiscoveryType.TRANSFER_NOTICE))


def with_tree(
    before: Sequence[CallFlowStep], after: list[CallFlowStep], discoveries: Sequence[Discovery], call: Call
) -> list[CallFlowStep]:
    """``after`` with the tree of ``before`` and what the call saw of it, at its first step."""
    tree = grown([menu for step in before for menu in metadata_of(step).tree], discoveries, call.at_iso)
    return [_holding(step, tree if index == 0 else []) for index, step in enumerate(after)]


def untried(tree: Iterable[TreeMenu]) -> list[tuple[TreeMenu, TreeOption]]:
    """The options that no call has taken yet."""
    return [(menu, option) for menu in tree for option in menu.options if not option.led_to]


def unknown_options(steps: Sequence[CallFlowStep]) -> int | None:
    """How many options of the flow's phone tree no call has taken; None where the flow knows of no tree (written by hand)."""
    tree = metadata_of(steps[0]).tree if steps else []
    return len(untried(tree)) if tree else None


def grown(tree: Iterable[TreeMenu], discoveries: Sequence[Discovery], at: str) -> list[TreeMenu]:
    """The tree after one more call."""
    menus = {menu.key: menu for menu in tree}
    keys = [_key_of(menus, one) if one.type is DiscoveryType.IVR_MENU and one.transcript else "" for one in discoveries]
    for index, (discovery, key) in enumerate(zip(discoveries, keys, strict=True)):
        if not key:
            continue
        menus[key] = _with_options(menus[key], discovery.options)
        if discovery.dtmf_sent:
            taken = _taken(discovery, discoveries[index + 1 :], keys[index + 1 :], key, at)
            menus[key] = _with_taken(menus[key], taken)
    return sorted(menus.values(), key=lambda menu: menu.key)


def _holding(step: CallFlowStep, tree: list[TreeMenu]) -> CallFlowStep:
    known = metadata_of(step)
    return step if known.tree == tree else knowing(step, msgspec.structs.replace(known, tree=tree))


def _key_of(menus: dict[str, TreeMenu], heard: Discovery) -> str:
    """The key of the menu heard, which is added if it is new; empty if there are too many."""
    stop = _stop(" ".join(normalise(heard.transcript))[:_TRANSCRIPT_MAX], heard.options)
    found = max(menus.values(), key=lambda menu: _alike(menu, stop), default=None)
    if found is not None and _alike(found, stop) > 0:
        return found.key
    key = hashlib.sha256(stop.transcript.encode()).hexdigest()[:8]
    if len(menus) >= MENUS_MAX or key in menus:
        return key if key in menus else ""
    menus[key] = _with_options(TreeMenu(key=key, transcript=stop.transcript), heard.options)
    return key


def _alike(menu: TreeMenu, heard: Stop) -> float:
    """0 as well where the words are alike and the keys have another meaning: a menu of the same form."""
    known = _stop(menu.transcript, [HeardOption(digits=one.digits, label=one.label) for one in menu.options])
    return 0.0 if keys_stand_for_others(known, heard) else likeness(known, heard)


def _stop(transcript: str, options: Iterable[HeardOption]) -> Stop:
    return Stop(kind=CallFlowStepType.LISTEN, transcript=transcript, options=tuple(options))


def _with_options(menu: TreeMenu, heard: Iterable[HeardOption]) -> TreeMenu:
    options = {option.digits: option for option in menu.options}
    for new in heard:
        old = options.get(new.digits)
        if old is None or not old.label:
            options[new.digits] = msgspec.structs.replace(old or TreeOption(digits=new.digits), label=new.label.strip()[:80])
    return _with(menu, options)


def _with_taken(menu: TreeMenu, taken: TreeOption) -> TreeMenu:
    """Later calls know better; of two at one time the one that came further does."""
    if not taken.led_to:
        return menu
    options = {option.digits: option for option in menu.options}
    old = options.get(taken.digits)
    if old is None or not old.led_to or (taken.at, _RANK.index(taken.led_to)) >= (old.at, _RANK.index(old.led_to)):
        label = old.label if old is not None and old.label else taken.label
        options[taken.digits] = msgspec.structs.replace(taken, label=label)
    return _with(menu, options)


def _with(menu: TreeMenu, options: dict[str, TreeOption]) -> TreeMenu:
    ordered = [options[digits] for digits in sorted(options, key=lambda digits: (len(digits), digits))]
    return msgspec.structs.replace(menu, options=ordered[:_OPTIONS_MAX])


def _taken(menu: Discovery, after: Sequence[Discovery], keys: Sequence[str], own: str, at: str) -> TreeOption:
    """Where the key that was pressed led: the first telling thing that came after it."""
    led_to, key = "", ""
    for discovery, its_key in zip(after, keys, strict=True):
        if discovery.type in _PASSING:
            continue
        if discovery.type in _ON_HOLD and led_to in ("", HOLD):
            led_to = HOLD
            continue
        if discovery.type is DiscoveryType.HUMAN_DETECTED:
            led_to = HUMAN
        elif its_key not in ("", own):
            led_to, key = MENU, its_key
        elif not led_to:
            led_to = NOTHING
        break
    if menu.reacted is False:
        led_to, key = NOTHING, ""
    return TreeOption(digits=menu.dtmf_sent or "", label=menu.chosen_label, led_to=led_to, menu=key, at=at)
