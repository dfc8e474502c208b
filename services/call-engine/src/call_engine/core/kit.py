"""The collaborators of one call, handed to the parts that walk it. Each does one thing; the kit itself does nothing."""

from __future__ import annotations

import msgspec

from call_engine.core.dtmf.delivery import Delivery
from call_engine.core.flows.discovery_log import DiscoveryLog
from call_engine.core.flows.prompts import Prompts
from call_engine.core.hearing import Hearing
from call_engine.core.orders import Orders
from call_engine.core.outbox import Outbox
from call_engine.core.plan import Plan
from call_engine.core.settings import CoreSettings
from call_engine.core.understanding.choice import Similarity
from call_engine.core.utterance import Understanding, understand


class Kit(msgspec.Struct, frozen=True, kw_only=True):
    plan: Plan
    settings: CoreSettings
    similarity: Similarity
    outbox: Outbox
    orders: Orders
    hearing: Hearing
    prompts: Prompts
    delivery: Delivery
    discoveries: DiscoveryLog

    @property
    def now(self) -> int:
        return self.outbox.now


def make_kit(
    plan: Plan, settings: CoreSettings, similarity: Similarity, language: str, hot_words: str, understanding: Understanding = understand
) -> Kit:  # fmt: skip
    outbox = Outbox()
    hearing = Hearing(outbox, language, hot_words, similarity, understanding)
    return Kit(
        plan=plan, settings=settings, similarity=similarity, outbox=outbox, orders=Orders(), hearing=hearing,
        prompts=Prompts(outbox, hearing), delivery=Delivery(outbox), discoveries=DiscoveryLog(outbox),
    )  # fmt: skip
