"""The human who was met: what is written down of it, and that it may have been none."""

from __future__ import annotations

from call_contract.call_events import HumanDetected
from call_contract.discoveries import Discovery, DiscoveryType

from call_engine.core.call_time import ms
from call_engine.core.facts import Turn
from call_engine.core.kit import Kit
from call_engine.core.orders import MeetHuman


class Meeting:
    """``human``: a human was met on this call, as far as is known."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self.human = False

    def begins(self, met: MeetHuman) -> None:
        self._kit.outbox.figures.human_at = met.turn.start
        self.human = True
        self._kit.hearing.human_met(self._kit.now)

    def was_none(self) -> None:
        self._kit.outbox.figures.human_at = None
        self.human = False

    def write(self, met: MeetHuman, step_id: str | None) -> None:
        """``step_id``: where in its flow the call was."""
        since_ms, said = ms(met.turn.start), met.turn.text
        self._kit.outbox.record(HumanDetected(posterior=met.posterior, evidence=met.evidence, heard_since_ms=since_ms), seal=said)
        found = Discovery(type=DiscoveryType.HUMAN_DETECTED, description="A human speaks", at_ms=since_ms, step_id=step_id)
        self._kit.discoveries.add(found, seal=said)

    def waited_for(self, human: Turn) -> None:
        """Another call to this human may have to wait: there is a place for that in the flow, however short the wait was this time."""
        waited = self._kit.hearing.quiet_before_turn
        self._kit.discoveries.add(
            Discovery(
                type=DiscoveryType.HOLD, description="On hold", duration=ms(waited) / 1000.0, at_ms=ms(human.start - waited), reason="human"
            )
        )  # fmt: skip
