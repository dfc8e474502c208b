"""Old event bodies in today's shape. One function lifts one type from one schema to the next; ``tests`` keep a golden sample of each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

#: Version of today's flow event bodies; in the metadata of every event as ``schema``.
FLOW_EVENT_SCHEMA = 1

Body = dict[str, Any]


def _content_was_flat(body: Body) -> Body:
    """Schema 0 had the fields of the content beside the others, and named the call ``source_call``."""
    content = {name: body.pop(name) for name in ("name", "company", "phone_number", "description", "steps", "tags") if name in body}
    lifted: Body = {"cause": "", **body, "content": content}
    if "source_call" in lifted:
        lifted["call_id"] = lifted.pop("source_call")
    return lifted


#: (type, schema it is in) → the body in the next schema.
UPCASTERS: dict[tuple[str, int], Callable[[Body], Body]] = {
    ("CallFlowCreated", 0): _content_was_flat,
    ("CallFlowRevised", 0): _content_was_flat,
    ("CallFlowLearned", 0): _content_was_flat,
}


def upcast(type_name: str, schema: int, body: Body) -> Body:
    """The body in today's shape. A schema newer than today's is tried as it is: unknown fields are ignored on read."""
    for step in range(schema, FLOW_EVENT_SCHEMA):
        lift = UPCASTERS.get((type_name, step))
        if lift is not None:
            body = lift(body)
    return body
