"""Exploring the part of a flow that has drifted, until a prompt of the flow is heard again."""

from __future__ import annotations

from call_contract.flows import CallFlowStep

from call_engine.core.dtmf.delivery import Reaction
from call_engine.core.explorer import OVER, Explorer
from call_engine.core.facts import Fact, Turn, TurnEnded
from call_engine.core.following.listen_step import ListenStep
from call_engine.core.holding.listening import Listener
from call_engine.core.kit import Kit


class Detour:
    """``explorer`` is None as long as the flow leads."""

    def __init__(
        self, kit: Kit, listener: Listener, listen: ListenStep, intent: str, wanted: tuple[str, ...] = (), language: str = ""
    ) -> None:  # fmt: skip
        self._kit = kit
        self._listener = listener
        self._listen = listen
        self._intent = intent
        self._wanted = wanted
        self._language = language
        self.explorer: Explorer | None = None

    @property
    def menus(self) -> int:
        return self.explorer.menus if self.explorer else 0

    def begin(self, turn: Turn | None) -> None:
        """From here on, and from this turn, the way is looked for."""
        self._kit.hearing.listening = True
        self.explorer = Explorer(self._kit, self._listener, self._intent, self._language, self._wanted)
        self.explorer.resume(turn)

    def heard(self, fact: Fact) -> tuple[CallFlowStep, Turn] | None:
        """The step with which the flow goes on, and its prompt that was just heard; None: still exploring."""
        explorer = self.explorer
        assert explorer is not None
        if isinstance(fact, TurnEnded) and explorer.state != OVER:
            turn = self._kit.prompts.complete(fact.turn)
            known = self._listen.known_elsewhere(turn) if turn.text or turn.recording_id else None
            if known is not None and self._kit.delivery.judge(turn) is Reaction.CHANGED:
                explorer.walk.keys.settle(reacted=True)
                self._listener.write(turn)
                self.explorer = None
                return known, turn
        explorer.heard(fact)
        return None
