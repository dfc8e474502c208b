"""Learns when an exploration has ended, or a followed call that found its flow changed; other followed calls are observed and counted.

A catch-up subscriber on the call streams with a checkpoint of its own. It may see an event twice: learning folds the call's id as its
cause, so that a second time leads to nothing.
"""

from __future__ import annotations

import logging

from call_contract.streams import CALL_PREFIX
from event_log.port import EventLog
from event_log.records import CaughtUp, Checkpoint, RecordedEvent

from flow_api.adapters.checkpoints import Checkpoints
from flow_api.adapters.tokens import LEARNER_ACTOR
from flow_api.commands.learn import Learn
from flow_api.domain.errors import Conflict, IllegalNow, Invalid, NotFound
from flow_api.domain.lesson import Lesson
from flow_api.ports import Who
from flow_api.projections.origin import origin_of
from flow_api.projections.projector import POISON as EVENT_POISON

NAME = "learning"
STREAMS = r"call-.+"
WHO = Who(actor=LEARNER_ACTOR)

#: Ways in which a call teaches nothing, now and for ever.
TEACHES_NOTHING = (Invalid, NotFound, IllegalNow)
#: A lesson that cannot be read or applied: kept as a dead letter, and the others go on.
POISON = (*EVENT_POISON, Conflict)

log = logging.getLogger(__name__)


class Learning:
    """``run`` is the loop."""

    def __init__(self, event_log: EventLog, learn: Learn, checkpoints: Checkpoints, *, explorations: bool) -> None:
        self._log, self._learn, self._checkpoints, self._explorations = event_log, learn, checkpoints, explorations
        self.streams, self.position, self.caught_up = STREAMS, checkpoints.position(NAME), False

    def dead_letters(self) -> int:
        """How many events could not be learned from."""
        return self._checkpoints.dead_letters()

    async def run(self) -> None:
        """Until cancelled, or StoreUnavailable."""
        self.caught_up = False
        self.position = self._checkpoints.begin(NAME, await origin_of(self._log))
        async for item in self._log.subscribe_all(after_position=self.position or None, streams=STREAMS):
            if isinstance(item, CaughtUp):
                self.caught_up = True
                continue
            if isinstance(item, RecordedEvent) and item.type == "CallEnded":
                await self._ended(item)
                self._checkpoints.reached(NAME, item.position)
            elif isinstance(item, Checkpoint):
                self._checkpoints.reached(NAME, item.position)
            self.position = item.position

    async def _ended(self, event: RecordedEvent) -> None:
        call_id = event.stream.removeprefix(CALL_PREFIX)
        try:
            await self._take(await self._learn.lesson(call_id, asking_engine=False))
        except TEACHES_NOTHING as nothing:
            log.info("the call taught nothing: %s", nothing, extra={"call_id": call_id})
        except POISON as error:
            log.warning("the call could not be learned from: %s", error, extra={"call_id": call_id})
            self._checkpoints.bury(NAME, event.position, event.stream, f"{type(error).__name__}: {error}")

    async def _take(self, lesson: Lesson) -> None:
        if lesson.mode == "follow":
            await self._learn.outcome(lesson, WHO)
        if not self._explorations:
            return
        if lesson.mode == "follow" and not lesson.steps_drifted:
            await self._learn.observe(lesson, WHO)
        else:
            learned = await self._learn.from_lesson(lesson, WHO)
            said = {"call_id": lesson.call_id, "flow_id": learned.changed.flow.id}
            log.info("%s (%s)", learned.result, learned.reason, extra=said)
