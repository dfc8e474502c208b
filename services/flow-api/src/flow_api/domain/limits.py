"""How much a flow may hold, and what its names look like. The OpenAPI document says the same from here."""

from __future__ import annotations

import re

MAX_NAME = 200
MAX_TEXT = 2_000
MAX_STEPS = 500
MAX_TAGS = 50
MAX_TAG = 64
MAX_CONDITIONS = 50
MAX_PHRASE = 200
MAX_DTMF = 64
MAX_TIMEOUT_S = 86_400
MAX_METADATA_BYTES = 256 * 1024
MAX_CONTENT_BYTES = 900 * 1024  # an append of the event store is limited to 1 MiB

RESERVED_IDS = frozenset({"learn", "lookup", "validate"})
FLOW_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,119}")
STEP_ID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.:-]{0,99}")
E164 = re.compile(r"\+[1-9][0-9]{6,14}")
DTMF = re.compile(r"[0-9A-D*#,w]+")
ASSET = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}")

#: Fields the server owns: taken back without complaint, so that a PUT accepts the body of a GET.
SERVER_OWNED = frozenset({"created_at", "updated_at", "version", "success_count", "fail_count"})
FLOW_FIELDS = frozenset({"id", "name", "company", "phone_number", "description", "steps", "tags"}) | SERVER_OWNED
STEP_FIELDS = frozenset({"id", "type", "description", "dtmf", "timeout", "next_step", "conditions", "metadata"})
