"""Everything the HTTP layer needs, put together once by ``app.build``."""

from __future__ import annotations

from event_log.port import EventLog

from flow_api.adapters.checkpoints import Checkpoints
from flow_api.adapters.idempotency import Idempotency
from flow_api.adapters.tokens import Tokens
from flow_api.commands.audio_folder import AudioFolder
from flow_api.commands.call_events import CallEvents
from flow_api.commands.calls import Calls
from flow_api.commands.flows import Flows
from flow_api.commands.handle import FlowCommands
from flow_api.commands.learn import Learn
from flow_api.flow_stream import FlowStreams
from flow_api.ports import CallEngine, Clock, Ids, PersonalDataKeys
from flow_api.projections.read_model import ReadModel
from flow_api.projections.subscription import ReadModelUpdates
from flow_api.reactors.learning import Learning
from flow_api.reactors.loop import Loop
from flow_api.settings import Settings


class Service:
    """The service without its doors: what handlers call, wired to its ports."""

    def __init__(
        self, *, settings: Settings, log: EventLog, engine: CallEngine, clock: Clock, ids: Ids, keys: PersonalDataKeys, reads: ReadModel,
        tokens: Tokens, idempotency: Idempotency, checkpoints: Checkpoints,
    ) -> None:  # fmt: skip
        self.settings, self.log, self.engine, self.clock, self.ids, self.keys = settings, log, engine, clock, ids, keys
        self.reads, self.tokens, self.idempotency, self.checkpoints = reads, tokens, idempotency, checkpoints
        self.updates = ReadModelUpdates(log, reads, settings.data)
        self.audio = AudioFolder(settings.audio_folder)
        commands = FlowCommands(FlowStreams(log, clock))
        self.flows = Flows(commands, reads, self.updates)
        self.calls = Calls(
            engine=engine, log=log, flows=self.flows, reads=reads, updates=self.updates, keys=keys, clock=clock,
            audio=self.audio,
        )  # fmt: skip
        self.learn = Learn(log, engine, commands, self.flows)
        self.call_events = CallEvents(log, engine, reads, keys)
        learning = Learning(log, self.learn, checkpoints, explorations=settings.learn_automatically)
        self.loops = [Loop("read_model", self.updates), Loop("learning", learning)]
