"""The PersistentSubscriptions service: groups made, changed, listed and removed, and consumers connected to them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any, NoReturn

import grpc
import msgspec
from esdbclient.protos.Grpc import persistent_pb2

from event_log.node import status, wire
from event_log.node.filters import InvalidFilter
from event_log.node.groups.group import Message
from event_log.node.groups.information import information
from event_log.node.groups.runner import GroupRunner, first_place
from event_log.node.groups.settings import ALL, GroupSettings, named, requested
from event_log.node.reader import Reader
from event_log.node.requests import InvalidRequest
from event_log.node.writes import Failed, SetSubscription

RunGroup = Callable[[GroupSettings], GroupRunner]
Keep = Callable[[SetSubscription], "asyncio.Future[Any]"]
_NACK = persistent_pb2.ReadReq.Nack
_SETTLEMENT = {_NACK.Unknown: "retry", _NACK.Retry: "retry", _NACK.Park: "park", _NACK.Skip: "ack", _NACK.Stop: "ack"}


class GroupsService:
    """``kept`` are the groups of the file, ``keep`` writes a change of them, ``run_group`` makes what drives one."""

    def __init__(self, kept: list[bytes], keep: Keep, run_group: RunGroup, reader: Reader) -> None:
        self._kept, self._keep, self._run_group, self._reader = kept, keep, run_group, reader
        self._runners: dict[tuple[str, str], GroupRunner] = {}
        self._consumers: dict[tuple[str, str], set[asyncio.Queue[Message | str | None]]] = {}

    def start(self) -> None:
        for settings in self._kept:
            self._start(msgspec.json.decode(settings, type=GroupSettings))

    async def stop(self) -> None:
        for key in list(self._runners):
            await self._end(key, "dropped")

    async def create(self, request: Any, context: Any) -> Any:
        settings = await self._valid(request, context)
        if (settings.source, settings.name) in self._runners:
            text = f"Subscription group {settings.name} on stream {settings.source} already exists."
            await _refuse(context, grpc.StatusCode.ALREADY_EXISTS, text, "exists", settings.source, settings.name)
        await self._store(settings, context)
        return persistent_pb2.CreateResp()

    async def update(self, request: Any, context: Any) -> Any:
        runner = await self._found(request, context)
        settings = await self._valid(request, context, runner.settings)
        await self._end((settings.source, settings.name), "dropped")
        await self._store(settings, context)
        return persistent_pb2.UpdateResp()

    async def delete(self, request: Any, context: Any) -> Any:
        settings = (await self._found(request, context)).settings
        await self._end((settings.source, settings.name), "gone")
        await self._write(SetSubscription(settings.source, settings.name, None), context)
        return persistent_pb2.DeleteResp()

    async def get_info(self, request: Any, context: Any) -> Any:
        runner = await self._found(request, context)
        return persistent_pb2.GetInfoResp(subscription_info=information(runner))

    async def list(self, request: Any, context: Any) -> Any:
        runners = list(self._runners.values())
        options = request.options
        if options.WhichOneof("list_option") == "list_for_stream":
            of_all = options.list_for_stream.WhichOneof("stream_option") == "all"
            source = ALL if of_all else options.list_for_stream.stream.stream_name.decode(errors="replace")
            runners = [runner for runner in runners if runner.settings.source == source]
            if not runners:
                await _refuse(
                    context, grpc.StatusCode.NOT_FOUND, f"No subscription group on stream {source}.", "does-not-exist", source, ""
                )
        return persistent_pb2.ListResp(subscriptions=map(information, runners))

    async def replay_parked(self, request: Any, context: Any) -> Any:
        runner = await self._found(request, context)
        options = request.options
        await runner.replay(options.stop_at if options.WhichOneof("stop_at_option") == "stop_at" else None)
        return persistent_pb2.ReplayParkedResp()

    async def read(self, messages: AsyncIterator[Any], context: Any) -> None:
        """A consumer: its options, then its acks and nacks; it is sent a confirmation, then events."""
        first = await anext(aiter(messages), None)
        if first is None or first.WhichOneof("content") != "options":
            await status.invalid(context, "The options have to come first.")
        runner = await self._found(first, context)
        settings, key = runner.settings, (runner.settings.source, runner.settings.name)
        if runner.group.is_full:
            text = f"Maximum subscriptions reached for subscription group {settings.name} on stream {settings.source}."
            facts = {"stream_name": settings.source, "group_name": settings.name}
            await status.refuse(context, grpc.StatusCode.FAILED_PRECONDITION, text, "maximum-subscribers-reached", **facts)
        await context.write(_confirmation(settings.id))
        outbox: asyncio.Queue[Message | str | None] = asyncio.Queue()
        self._consumers[key].add(outbox)
        consumer = runner.connect(first.options.buffer_size, outbox.put_nowait)
        settling = asyncio.create_task(self._settle(messages, runner, consumer, outbox))
        structured = first.options.uuid_option.WhichOneof("content") == "structured"
        try:
            while (message := await outbox.get()) is not None:
                if isinstance(message, str):
                    await self._ended(context, settings, message)
                await context.write(_event(message, structured))
        finally:
            settling.cancel()
            self._consumers.get(key, set()).discard(outbox)
            runner.disconnect(consumer)

    @staticmethod
    async def _settle(messages: AsyncIterator[Any], runner: GroupRunner, consumer: int, outbox: asyncio.Queue[Any]) -> None:
        async for message in messages:
            kind = message.WhichOneof("content")
            if kind == "ack":
                runner.settle(consumer, "ack", _ids(message.ack))
            elif kind == "nack":
                runner.settle(consumer, _SETTLEMENT[message.nack.action], _ids(message.nack))
        outbox.put_nowait(None)

    async def _ended(self, context: Any, settings: GroupSettings, how: str) -> NoReturn:
        if how == "gone":
            await _missing(context, settings.source, settings.name)
        text = f"Subscription group {settings.name} on stream {settings.source} was dropped."
        await _refuse(context, grpc.StatusCode.CANCELLED, text, "dropped", settings.source, settings.name)

    async def _valid(self, request: Any, context: Any, before: GroupSettings | None = None) -> GroupSettings:
        try:
            settings = requested(request.options, kept_filter=before.filter if before else None)
        except (InvalidRequest, InvalidFilter) as error:
            await status.invalid(context, str(error))
        if (fault := settings.fault()) is not None:
            text = f"Subscription group {settings.name} on stream {settings.source} failed: '{fault}'"
            facts = {"stream_name": settings.source, "group_name": settings.name, "reason": fault}
            await status.refuse(context, grpc.StatusCode.INTERNAL, text, "persistent-subscription-failed", **facts)
        return msgspec.structs.replace(settings, first=first_place(settings, self._reader))

    async def _found(self, request: Any, context: Any) -> GroupRunner:
        try:
            source, name = named(request.options)
        except InvalidRequest as error:
            await status.invalid(context, error.text)
        runner = self._runners.get((source, name))
        if runner is None:
            await _missing(context, source, name)
        return runner

    async def _store(self, settings: GroupSettings, context: Any) -> None:
        await self._write(SetSubscription(settings.source, settings.name, msgspec.json.encode(settings)), context)
        self._start(settings)

    async def _write(self, change: SetSubscription, context: Any) -> None:
        outcome = await self._keep(change)
        if isinstance(outcome, Failed):
            await status.not_written(context, outcome.reason, disk_full=outcome.disk_full)

    def _start(self, settings: GroupSettings) -> None:
        runner = self._run_group(settings)
        self._runners[settings.source, settings.name] = runner
        self._consumers[settings.source, settings.name] = set()
        runner.start()

    async def _end(self, key: tuple[str, str], how: str) -> None:
        runner = self._runners.pop(key)
        await runner.stop()
        for outbox in self._consumers.pop(key, set()):
            outbox.put_nowait(how)


async def _refuse(context: Any, code: grpc.StatusCode, text: str, kind: str, source: str, name: str) -> NoReturn:
    await status.refuse(context, code, text, f"persistent-subscription-{kind}", stream_name=source, group_name=name)


async def _missing(context: Any, source: str, name: str) -> NoReturn:
    text = f"Subscription group {name} on stream {source} does not exist."
    await _refuse(context, grpc.StatusCode.NOT_FOUND, text, "does-not-exist", source, name)


def _ids(settlement: Any) -> list[str]:
    return [str(wire.uuid_of(message)) for message in settlement.ids]


def _confirmation(subscription_id: str) -> bytes:
    confirmation = persistent_pb2.ReadResp.SubscriptionConfirmation(subscription_id=subscription_id)
    answer: bytes = persistent_pb2.ReadResp(subscription_confirmation=confirmation).SerializeToString()
    return answer


def _event(message: Message, structured: bool) -> bytes:
    """The stored bytes are a ReadEvent of this service too; only the count of retries is added."""
    read_event = wire.with_structured_ids(message.read_event) if structured else message.read_event
    return wire.read_response(read_event + b"\x28" + wire.varint(message.retry_count))
