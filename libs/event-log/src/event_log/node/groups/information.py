"""What GetInfo and List say of a group."""

from __future__ import annotations

from typing import Any

from esdbclient.protos.Grpc import persistent_pb2

from event_log.node.groups.runner import GroupRunner


def information(runner: GroupRunner) -> Any:
    settings, group = runner.settings, runner.group
    connections = [
        persistent_pb2.SubscriptionInfo.ConnectionInfo(
            available_slots=consumer.capacity - len(consumer.in_flight), in_flight_messages=len(consumer.in_flight)
        )
        for consumer in group.consumers.values()
    ]
    return persistent_pb2.SubscriptionInfo(
        event_source=settings.source,
        group_name=settings.name,
        status="Live" if runner.live or not group.consumers else "Behind",
        connections=connections,
        total_items=runner.group.settled_total,
        last_checkpointed_event_position="" if runner.checkpointed is None else settings.position_text(runner.checkpointed),
        last_known_event_position=settings.position_text(runner.last_known) if runner.last_known >= 0 else "",
        resolve_link_tos=settings.resolve_links,
        start_from=settings.position_text(settings.start),
        message_timeout_milliseconds=settings.message_timeout_ms,
        extra_statistics=settings.extra_statistics,
        max_retry_count=settings.max_retry_count,
        live_buffer_size=settings.live_buffer_size,
        buffer_size=settings.history_buffer_size,
        read_batch_size=settings.read_batch_size,
        check_point_after_milliseconds=settings.checkpoint_after_ms,
        min_check_point_count=settings.min_checkpoint_count,
        max_check_point_count=settings.max_checkpoint_count,
        read_buffer_count=group.buffered_count,
        retry_buffer_count=group.retry_count,
        total_in_flight_messages=group.in_flight_count,
        outstanding_messages_count=group.in_flight_count + group.retry_count,
        named_consumer_strategy=settings.strategy,
        max_subscriber_count=settings.max_subscriber_count,
        parked_message_count=runner.parked_count(),
    )
