"""The state of a SIP dialog, read from the 200 answer to our INVITE (RFC 3261 section 12.1.2), and the BYE or CANCEL that ends it."""

from __future__ import annotations

import hashlib
import re

from call_engine.line.messages import DialogKept

COMPACT = {"f": "from", "t": "to", "i": "call-id", "m": "contact", "v": "via"}
CSEQ_STEP = 1000  #: clears whatever re-INVITEs the line has sent since; gaps are allowed (section 12.2.2)


def headers_of(message: str) -> list[tuple[str, str]]:
    """(lower-case long name, value) in order; folded lines joined."""
    head = message.replace("\r\n", "\n").split("\n\n", 1)[0]
    lines = re.sub(r"\n[ \t]+", " ", head).split("\n")[1:]
    pairs = (line.partition(":") for line in lines if ":" in line)
    return [(COMPACT.get(name.strip().lower(), name.strip().lower()), value.strip()) for name, _, value in pairs]


def listed(values: list[str]) -> tuple[str, ...]:
    """Comma-separated addresses over several headers, in order; commas inside <…> or quotes do not separate."""
    found = re.findall(r'(?:[^,<"]|<[^>]*>|"(?:\\.|[^"\\])*")+', ",".join(values))
    return tuple(item.strip() for item in found if item.strip())


def address_in(value: str) -> str:
    """The URI of a name-addr or addr-spec."""
    inside = re.search(r"<([^>]*)>", value)
    return inside.group(1) if inside else value.split(";", 1)[0].strip()


def dialog_from_answer(leg: str, answer: str, *, source: str, transport: str, local_address: str) -> DialogKept | None:
    """None when the answer lacks what a dialog needs."""
    pairs = headers_of(answer)
    first = dict(reversed(pairs))
    contact = listed([value for name, value in pairs if name == "contact"])
    cseq = first.get("cseq", "").split()
    if not (contact and cseq and cseq[0].isdigit() and {"from", "to", "call-id"} <= first.keys()):
        return None
    return DialogKept(
        leg=leg,
        call_id=first["call-id"],
        local=first["from"],
        remote=first["to"],
        target=address_in(contact[0]),
        routes=tuple(reversed(listed([value for name, value in pairs if name == "record-route"]))),
        cseq=int(cseq[0]),
        transport=transport,
        local_address=local_address,
        next_hop=source,
    )


def early_dialog(
    leg: str, uri: str, response: str, *, source: str, transport: str, local_address: str, routes: tuple[str, ...]
) -> DialogKept | None:
    """Of an INVITE to ``uri`` that only has a provisional response yet."""
    first = dict(reversed(headers_of(response)))
    cseq = first.get("cseq", "").split()
    if not (cseq and cseq[0].isdigit() and {"from", "to", "call-id", "via"} <= first.keys()):
        return None
    return DialogKept(
        leg=leg,
        call_id=first["call-id"],
        local=first["from"],
        remote=re.sub(r";\s*tag=[^;]*", "", first["to"]),
        target=uri,
        routes=routes,
        cseq=int(cseq[0]),
        transport=transport,
        local_address=local_address,
        next_hop=source,
        via=re.sub(r";(received|rport)=[^;,]*", lambda found: ";rport" if found[1] == "rport" else "", first["via"]),
    )


def cancel(dialog: DialogKept) -> bytes:
    """The CANCEL of an INVITE: the same branch, number and route as the INVITE itself."""
    lines = (
        f"CANCEL {dialog.target} SIP/2.0",
        f"Via: {dialog.via}",
        "Max-Forwards: 70",
        f"From: {dialog.local}",
        f"To: {dialog.remote}",
        f"Call-ID: {dialog.call_id}",
        f"CSeq: {dialog.cseq} CANCEL",
        *(f"Route: {route}" for route in dialog.routes),
        "Content-Length: 0",
    )
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def bye(dialog: DialogKept, *, sent_by: str, extra: tuple[str, ...] = (), attempt: int = 0) -> bytes:
    """A BYE request in this dialog. ``extra`` are whole header lines; a new ``attempt`` is a new transaction."""
    cseq = dialog.cseq + CSEQ_STEP + attempt
    branch = "z9hG4bK" + hashlib.sha256(f"{dialog.call_id} {dialog.local} {cseq}".encode()).hexdigest()[:24]
    lines = (
        f"BYE {dialog.target} SIP/2.0",
        f"Via: SIP/2.0/{dialog.transport.upper()} {sent_by};rport;branch={branch}",
        "Max-Forwards: 70",
        f"From: {dialog.local}",
        f"To: {dialog.remote}",
        f"Call-ID: {dialog.call_id}",
        f"CSeq: {cseq} BYE",
        *(f"Route: {route}" for route in dialog.routes),
        *extra,
        "Content-Length: 0",
    )
    return ("\r\n".join(lines) + "\r\n\r\n").encode()
