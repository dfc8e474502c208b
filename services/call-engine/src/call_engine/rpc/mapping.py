"""Between the protocol's messages and the engine's values, and from the engine's errors to gRPC statuses. The only place."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Sequence
from typing import Any

import grpc
import msgspec
from call_contract.flows import CONDITION_OUTCOMES, CallFlow, CallFlowStep, CallFlowStepType
from call_contract.step_metadata import StepMetadata, metadata_of
from call_contract.v1 import call_engine_pb2 as pb

from call_engine import errors
from call_engine.audio_assets import BadAsset, pcm_of_wav
from call_engine.call_request import CALL_ID, CallRequest, capped
from call_engine.core.plan import Explore, Follow, Limits, Plan
from call_engine.journal.file import Entry
from call_engine.running_call import CallView

TIMEOUT_S_MAX = 86_400
TIMEOUT_S_DEFAULT = 10.0  #: of a step that names none: zero is not sent
_DTMF = re.compile(r"[0-9A-D*#,w]{1,64}")
#: A flow that travels in a plan carries no times.
_NO_TIME = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)

_STATUS: tuple[tuple[type[errors.CallError], grpc.StatusCode], ...] = (
    (errors.CallNotFound, grpc.StatusCode.NOT_FOUND),
    (errors.CallMismatch, grpc.StatusCode.ALREADY_EXISTS),
    (errors.CallOver, grpc.StatusCode.FAILED_PRECONDITION),
    (errors.BadRequest, grpc.StatusCode.INVALID_ARGUMENT),
    (errors.LimitReached, grpc.StatusCode.RESOURCE_EXHAUSTED),
    (errors.Refused, grpc.StatusCode.FAILED_PRECONDITION),
    (errors.EngineUnavailable, grpc.StatusCode.UNAVAILABLE),
)


def status_of(error: errors.CallError) -> grpc.StatusCode:
    return next(code for kind, code in _STATUS if isinstance(error, kind))


def request_of(
    message: pb.StartCallRequest, *, max_call_s: int, actor: str, devices: Sequence[str] = (), trace_parent: str = "", records: bool = False
) -> CallRequest:
    """``devices``: names of the configured devices, the default one first; ``records``: whether conversations can be recorded.

    Raises BadRequest with every fault found.
    """
    faults: list[tuple[str, str]] = []
    if not CALL_ID.fullmatch(message.call_id):
        faults.append(("call_id", "1 to 100 letters, digits, dots, dashes or underscores"))
    if len(message.personal_data_key) not in (0, 32):
        faults.append(("personal_data_key", "32 bytes, or none"))
    if message.device and devices and message.device not in devices:
        faults.append(("device", f"is none of the configured devices: {', '.join(devices)}"))
    if message.record_conversation and not records:
        faults.append(("record_conversation", "this engine keeps no recordings: set CALL_ENGINE_RECORDINGS to a folder"))
    goal = _goal(message.plan, faults)
    if isinstance(goal, Follow):
        faults += _unknown_devices(goal.flow, devices)
    assets = {}
    for name, content in message.plan.follow.audio_files.items():
        try:
            assets[name] = pcm_of_wav(content)
        except BadAsset as problem:
            faults.append((f"plan.follow.audio_files[{name}]", str(problem)))
    limits = _limits(message.limits, faults)
    if faults or goal is None:
        raise errors.BadRequest(*faults)
    plan = Plan(
        goal=goal,
        limits=capped(limits, max_call_s),
        device=message.device or next(iter(devices), ""),
        ring_early=message.ring_early,
        accept_callback=message.accept_callback,
        record_conversation=message.record_conversation,
    )
    return CallRequest(
        call_id=message.call_id, plan=plan, assets=assets, key=message.personal_data_key,
        actor=message.actor or actor, correlation_id=message.correlation_id,
        trace_parent=trace_parent,
    )  # fmt: skip


def _goal(plan: pb.Plan, faults: list[tuple[str, str]]) -> Explore | Follow | None:
    match plan.WhichOneof("kind"):
        case "explore":
            asked = plan.explore
            if not asked.phone_number:
                faults.append(("plan.explore.phone_number", "is missing"))
            known = _flow(asked.known_flow, "plan.explore.known_flow", faults) if asked.HasField("known_flow") else None
            return Explore(
                phone_number=asked.phone_number, intent=asked.intent, company=asked.company, language=asked.language, known_flow=known
            )
        case "follow":
            if not plan.follow.flow.phone_number:
                faults.append(("plan.follow.flow.phone_number", "is missing"))
            if not plan.follow.flow.steps:
                faults.append(("plan.follow.flow.steps", "a flow has at least one step"))
            flow = _flow(plan.follow.flow, "plan.follow.flow", faults)
            if flow is None:
                return None
            faults += _silent_steps(flow, plan.follow.audio_files)
            return Follow(flow=flow, intent=plan.follow.intent)
        case _:
            faults.append(("plan", "explore or follow is needed"))
            return None


def _flow(message: pb.CallFlow, path: str, faults: list[tuple[str, str]]) -> CallFlow | None:
    found = len(faults)
    steps = [step for i, raw in enumerate(message.steps) if (step := _step(raw, f"{path}.steps[{i}]", faults)) is not None]
    ids = [step.id for step in steps]
    for i, step in enumerate(steps):
        if ids.index(step.id) != i:
            faults.append((f"{path}.steps[{i}].id", f"{step.id!r} is there twice"))
        for target in [*([step.next_step] if step.next_step else []), *step.conditions.values()]:
            if target not in ids:
                faults.append((f"{path}.steps[{i}]", f"leads to {target!r}, which is no step"))
    if len(faults) > found:
        return None
    return CallFlow(
        id=message.id, name=message.name, company=message.company or None, phone_number=message.phone_number or None,
        description=message.description or None, steps=steps, created_at=_NO_TIME, updated_at=_NO_TIME, version=message.version,
    )  # fmt: skip


def _step(message: pb.CallFlowStep, path: str, faults: list[tuple[str, str]]) -> CallFlowStep | None:
    """Checked whole: what cannot be run would only be found out in the middle of a call."""
    found = len(faults)
    if not message.id:
        faults.append((f"{path}.id", "is missing"))
    if message.type not in CallFlowStepType.__members__:
        faults.append((f"{path}.type", f"{message.type!r} is no step type"))
    if not 0 <= message.timeout_s <= TIMEOUT_S_MAX:  # also false for NaN
        faults.append((f"{path}.timeout_s", f"0 to {TIMEOUT_S_MAX} seconds"))
    faults += [
        (f"{path}.conditions", f"{one.predicate!r} is no predicate") for one in message.conditions if not _is_predicate(one.predicate)
    ]
    metadata = _metadata(message.metadata_json, f"{path}.metadata_json", faults)
    if message.HasField("dtmf") and not _DTMF.fullmatch(message.dtmf):
        faults.append((f"{path}.dtmf", "1 to 64 of 0-9 A-D * # , w"))
    elif message.type == CallFlowStepType.DTMF and not message.HasField("dtmf") and not metadata.get("secret"):
        faults.append((f"{path}.dtmf", "is missing, and metadata names no secret"))
    if len(faults) > found:
        return None
    return CallFlowStep(
        id=message.id, type=CallFlowStepType(message.type), description=message.description,
        dtmf=message.dtmf if message.HasField("dtmf") else None,
        timeout=message.timeout_s or TIMEOUT_S_DEFAULT,
        next_step=message.next_step if message.HasField("next_step") else None,
        conditions={condition.predicate: condition.step_id for condition in message.conditions}, metadata=metadata,
    )  # fmt: skip


def _metadata(raw: bytes, path: str, faults: list[tuple[str, str]]) -> dict[str, Any]:
    """The metadata; nothing, and a fault, where a key that has a meaning has a wrong type."""
    try:
        metadata: dict[str, Any] = msgspec.json.decode(raw, type=dict) if raw else {}
        msgspec.convert(metadata, StepMetadata)
    except msgspec.DecodeError as problem:
        faults.append((path, str(problem)))
        return {}
    return metadata


def _is_predicate(predicate: str) -> bool:
    kind, _, rest = predicate.partition(":")
    return bool(rest.strip()) if kind == "heard" else kind == "on" and rest in CONDITION_OUTCOMES


def is_unknown_name(device: str, devices: Collection[str]) -> bool:
    """Whether this is a name, and nobody configured it. Numbers and SIP URIs are for the guards to judge."""
    return bool(device and devices) and not device.startswith(("+", "sip:", "sips:")) and device not in devices


def _unknown_devices(flow: CallFlow, devices: Collection[str]) -> list[tuple[str, str]]:
    """A fault for each step that would ring a device that nobody configured: the human would have waited for nobody."""
    rung = [metadata_of(step).device or "" for step in flow.steps]
    return [
        (f"plan.follow.flow.steps[{i}].metadata_json", f"device {name!r} is none of the configured devices: {', '.join(devices)}")
        for i, name in enumerate(rung)
        if is_unknown_name(name, devices)
    ]


def _silent_steps(flow: CallFlow, audio_files: Collection[str]) -> list[tuple[str, str]]:
    """A fault for each sound that a step plays and that did not come along."""
    played = [(step.id, metadata_of(step).audio_file) for step in flow.steps]
    return [
        ("plan.follow.audio_files", f"lacks {name!r}, which step {step_id!r} plays")
        for step_id, name in played
        if name is not None and name not in audio_files
    ]


def _limits(message: pb.Limits, faults: list[tuple[str, str]]) -> Limits:
    asked = {name: getattr(message, name) for name in ("max_call_s", "max_menu_s", "max_hold_s", "max_presses", "max_menus")}
    faults += [(f"limits.{name}", "0 or more") for name, value in asked.items() if value < 0]
    return Limits(**asked)


def call_message(view: CallView) -> pb.Call:
    state = view.state
    return pb.Call(
        call_id=state.call_id, state=state.state, mode=state.mode, phone_number=state.phone_number, flow_id=state.flow_id,
        last_ordinal=state.last_ordinal, outcome=state.outcome, reason=state.reason, started_at=state.started_at,
        ended_at=state.ended_at, engine=state.engine, stored_ordinal=view.stored_ordinal,
    )  # fmt: skip


def event_message(entry: Entry) -> pb.WatchCallResponse:
    event = pb.CallEvent(ordinal=entry.n, type=entry.type, body_json=bytes(entry.data), metadata_json=bytes(entry.metadata))
    return pb.WatchCallResponse(event=event)
