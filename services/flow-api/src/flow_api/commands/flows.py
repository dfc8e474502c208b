"""Create, revise, delete and revert flows, and read their past."""

from __future__ import annotations

import datetime as dt

import msgspec

from flow_api.commands.handle import FlowCommands, Handled
from flow_api.domain.errors import Conflict, Invalid, NotFound
from flow_api.domain.errors import Fault as FaultAt
from flow_api.domain.flow import AnyCommand, CreateFlow, DeleteFlow, Flow, RevertFlow, ReviseFlow, State, decide
from flow_api.domain.flow_events import AnyFlowEvent, FlowContent
from flow_api.domain.record import FlowRecord, as_of, version_of
from flow_api.domain.slug import ids_for
from flow_api.flow_stream import FlowStreams
from flow_api.ports import Who
from flow_api.projections.read_model import ReadModel
from flow_api.projections.subscription import ReadModelUpdates


class Changed(msgspec.Struct, frozen=True, kw_only=True):
    """A flow after a command. ``applied``: whether lists show it already."""

    flow: Flow
    revision: int
    applied: bool


class Flows:
    """The commands on flows and the questions to their history."""

    def __init__(self, commands: FlowCommands, reads: ReadModel, updates: ReadModelUpdates) -> None:
        self._commands, self._reads, self._updates = commands, reads, updates

    @property
    def streams(self) -> FlowStreams:
        return self._commands.streams

    async def create(self, flow_id: str | None, content: FlowContent, *, cause: str, who: Who) -> Changed:
        """With an id, exactly that one (raises Conflict where it is taken); without, the first free slug of the name."""
        if flow_id is not None:
            return await self._run(flow_id, CreateFlow(cause=cause, id=flow_id, content=content), who)
        for candidate in ids_for(content.name, cause):
            try:
                return await self._run(candidate, CreateFlow(cause=cause, id=candidate, content=content), who)
            except Conflict:
                continue
        raise Conflict(f"Every id made from the name {content.name!r} is taken; give one.")

    async def revise(self, flow_id: str, content: FlowContent, *, if_version: int | None, cause: str, who: Who) -> Changed:
        return await self._run(flow_id, ReviseFlow(cause=cause, if_version=if_version, content=content), who)

    async def delete(self, flow_id: str, *, if_version: int | None, cause: str, who: Who) -> Changed:
        return await self._run(flow_id, DeleteFlow(cause=cause, if_version=if_version), who)

    async def revert(self, flow_id: str, to_version: int, *, if_version: int | None, cause: str, who: Who) -> Changed:
        """Raises Invalid where there never was such a version."""
        flow = version_of(await self.records(flow_id), to_version)
        if flow is None:
            raise Invalid([FaultAt("$.version", f"there is no version {to_version}")])
        return await self._run(flow_id, RevertFlow(cause=cause, if_version=if_version, to_version=to_version, content=flow.content), who)

    async def records(self, flow_id: str) -> list[FlowRecord]:
        """The flow's events. Raises NotFound where there never was such a flow."""
        records = await self.streams.records(flow_id)
        if not records:
            raise NotFound(f"There is no flow {flow_id}.")
        return records

    async def shown_now(self, flow_id: str) -> tuple[Flow, int]:
        """(flow, revision) for reading: from the read model, or from what was just written where that is ahead. Raises NotFound."""
        row, kept = self._reads.flow(flow_id), self.streams.kept(flow_id)
        if row is None or (kept is not None and kept.revision > row.revision):
            return await self.present(flow_id)
        if row.flow.deleted:
            raise NotFound(f"There is no flow {flow_id}.")
        return row.flow, row.revision

    async def present(self, flow_id: str) -> tuple[Flow, int]:
        """(flow, revision), from its stream. Raises NotFound, also where it was deleted."""
        loaded = await self.streams.load(flow_id)
        if loaded.state.flow is None or loaded.state.flow.deleted:
            raise NotFound(f"There is no flow {flow_id}.")
        return loaded.state.flow, loaded.revision

    async def at_version(self, flow_id: str, version: int) -> Flow:
        flow = version_of(await self.records(flow_id), version)
        if flow is None:
            raise NotFound(f"The flow {flow_id} has no version {version}.")
        return flow

    async def at_time(self, flow_id: str, at: dt.datetime) -> Flow:
        flow = as_of(await self.records(flow_id), at)
        if flow is None or flow.deleted:
            raise NotFound(f"There was no flow {flow_id} at {at.isoformat()}.")
        return flow

    async def _run(self, flow_id: str, command: AnyCommand, who: Who) -> Changed:
        def decision(state: State) -> list[AnyFlowEvent]:
            return decide(command, state)

        return await self.shown(await self._commands.handle(flow_id, decision, who))

    async def shown(self, handled: Handled) -> Changed:
        """What was done, once the read model has applied it (a bounded wait)."""
        applied = handled.position is None or await self._updates.wait_for(handled.position)
        flow = handled.loaded.state.flow
        assert flow is not None, "a handled command leaves a flow"
        return Changed(flow=flow, revision=handled.loaded.revision, applied=applied)
