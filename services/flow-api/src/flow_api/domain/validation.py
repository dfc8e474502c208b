"""What makes a flow valid. Every fault is collected, each with its JSON path; warnings are things that are odd but allowed."""

from __future__ import annotations

import msgspec
from call_contract.flows import CallFlowStep

from flow_api.domain.errors import Fault, Invalid
from flow_api.domain.faults import Faults, Json
from flow_api.domain.flow_events import FlowContent
from flow_api.domain.limits import (
    E164,
    FLOW_FIELDS,
    FLOW_ID,
    MAX_CONTENT_BYTES,
    MAX_NAME,
    MAX_STEPS,
    MAX_TAG,
    MAX_TAGS,
    MAX_TEXT,
    RESERVED_IDS,
)
from flow_api.domain.step_validation import step_of


def flow_of(body: Json) -> tuple[str | None, FlowContent]:
    """(id if one was given, content) of a request body. Raises Invalid with every fault."""
    faults = Faults()
    if not isinstance(body, dict):
        raise Invalid([Fault("$", "must be an object")])
    faults.known(body, FLOW_FIELDS, "$")
    flow_id = faults.shaped(body, "id", "$", FLOW_ID, "letters, digits, '_', '-' or '.', at most 120, beginning with a letter or digit")
    if flow_id in RESERVED_IDS:
        faults.add("$.id", f"{flow_id!r} is reserved")
    name = faults.text(body, "name", "$", MAX_NAME, required=True, least=1)
    company = faults.text(body, "company", "$", MAX_NAME)
    phone_number = faults.shaped(body, "phone_number", "$", E164, "a number in E.164 form such as +18005551234")
    description = faults.text(body, "description", "$", MAX_TEXT)
    tags, steps = _tags(body, faults), _steps(body, faults)
    content = FlowContent(name=name or "", company=company, phone_number=phone_number, description=description, steps=steps, tags=tags)
    if not faults.found and len(msgspec.json.encode(content)) > MAX_CONTENT_BYTES:
        faults.add("$", f"must have at most {MAX_CONTENT_BYTES} bytes")
    faults.raise_if_any()
    return flow_id, content


def check(content: FlowContent) -> None:
    """Raises Invalid where content that was made by the service itself breaks a rule."""
    flow_of(msgspec.to_builtins(content))


def _tags(body: dict[str, Json], faults: Faults) -> list[str]:
    tags = body.get("tags", [])
    if not isinstance(tags, list):
        faults.add("$.tags", "must be a list of strings")
        return []
    if len(tags) > MAX_TAGS:
        faults.add("$.tags", f"must have at most {MAX_TAGS} items")
    for index, tag in enumerate(tags):
        faults.text({"t": tag}, "t", f"$.tags[{index}]", MAX_TAG, required=True, least=1) if isinstance(tag, str) else faults.add(
            f"$.tags[{index}]", "must be a string"
        )
    faults.found = [Fault(fault.path.removesuffix(".t"), fault.message) for fault in faults.found]
    return [tag for tag in tags if isinstance(tag, str)]


def _steps(body: dict[str, Json], faults: Faults) -> list[CallFlowStep]:
    steps = body.get("steps")
    if not isinstance(steps, list):
        faults.add("$.steps", "is required" if "steps" not in body else "must be a list of steps")
        return []
    if len(steps) > MAX_STEPS:
        faults.add("$.steps", f"must have at most {MAX_STEPS} items")
        return []
    ids = [step.get("id") for step in steps if isinstance(step, dict)]
    known_ids = {step_id for step_id in ids if isinstance(step_id, str)}
    read: list[CallFlowStep] = []
    seen: set[str] = set()
    for index, step in enumerate(steps):
        path = f"$.steps[{index}]"
        if not isinstance(step, dict):
            faults.add(path, "must be an object")
            continue
        step_id = step.get("id")
        if isinstance(step_id, str):
            if step_id in seen:
                faults.add(f"{path}.id", f"{step_id!r} is the id of an earlier step")
            seen.add(step_id)
        read.append(step_of(step, path, known_ids, faults))
    return read


def warnings(content: FlowContent) -> list[Fault]:
    """What is allowed but odd: no steps at all, steps that nothing leads to."""
    if not content.steps:
        return [Fault("$.steps", "has no steps, so that no call can follow it")]
    by_id = {step.id: step for step in content.steps}
    reached: set[str] = set()
    ahead = [content.steps[0].id]
    while ahead:
        step_id = ahead.pop()
        if step_id not in reached:
            reached.add(step_id)
            step = by_id[step_id]
            ahead.extend(step.conditions.values())
            ahead.extend([step.next_step] if step.next_step else [])
    return [
        Fault(f"$.steps[{index}]", f"nothing leads to step {step.id!r}")
        for index, step in enumerate(content.steps)
        if step.id not in reached
    ]
