from __future__ import annotations

from call_engine.line.dialog import address_in, bye, cancel, dialog_from_answer, early_dialog, headers_of, listed

ANSWER = (
    "SIP/2.0 200 OK\r\n"
    "v: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK1\r\n"
    "Record-Route: <sip:p1.example;lr>,\r\n <sip:p2.example;lr>\r\n"
    "Record-Route: <sip:p3.example;lr>\r\n"
    "f: <sip:me@x>;tag=ours\r\n"
    'To: "Chase, Bank" <sip:chase@y>;tag=theirs\r\n'
    "i: abc@10.0.0.1\r\n"
    "CSeq: 4711 INVITE\r\n"
    'Contact: "Chase, \\"Bank\\"" <sip:chase@10.9.8.7:5062;ob>;expires=60\r\n'
    "\r\nv=0\r\n"
)


def kept():  # type: ignore[no-untyped-def]
    found = dialog_from_answer("company", ANSWER, source="10.9.9.9:5060", transport="udp", local_address="10.0.0.1:5060")
    assert found is not None
    return found


def test_the_answer_gives_the_dialog() -> None:
    dialog = kept()
    assert dialog.local == "<sip:me@x>;tag=ours"
    assert dialog.remote.endswith(";tag=theirs")
    assert dialog.call_id == "abc@10.0.0.1"
    assert dialog.target == "sip:chase@10.9.8.7:5062;ob"
    assert dialog.routes == ("<sip:p3.example;lr>", "<sip:p2.example;lr>", "<sip:p1.example;lr>")
    assert dialog.cseq == 4711


def test_an_answer_without_a_contact_gives_none() -> None:
    without = "\r\n".join(line for line in ANSWER.split("\r\n") if not line.startswith("Contact"))
    assert dialog_from_answer("company", without, source="", transport="udp", local_address="") is None


def test_the_bye_belongs_to_the_dialog_and_each_attempt_is_a_new_transaction() -> None:
    dialog = kept()
    first, second = (bye(dialog, sent_by="10.0.0.1:5060", attempt=attempt).decode() for attempt in (0, 1))
    assert first.startswith("BYE sip:chase@10.9.8.7:5062;ob SIP/2.0\r\n")
    assert first.endswith("\r\n\r\n")
    headers = dict(headers_of(first))
    assert (headers["from"], headers["to"], headers["call-id"]) == (dialog.local, dialog.remote, dialog.call_id)
    assert [value for name, value in headers_of(first) if name == "route"] == list(dialog.routes)
    numbers = [int(dict(headers_of(request))["cseq"].split()[0]) for request in (first, second)]
    assert 4711 < numbers[0] < numbers[1]
    assert headers["via"] != dict(headers_of(second))["via"]


def test_a_cancel_is_the_invites_twin() -> None:
    ringing = ANSWER.replace("200 OK", "180 Ringing").replace("branch=z9hG4bK1", "rport=4;branch=z9hG4bK1;received=1.2.3.4")
    dialog = early_dialog(
        "leg", "sip:chase@y", ringing, source="10.9.9.9:5060", transport="udp", local_address="10.0.0.1:5060", routes=("<sip:p;lr>",)
    )
    assert dialog is not None
    request = cancel(dialog).decode()
    headers = dict(headers_of(request))
    assert request.startswith("CANCEL sip:chase@y SIP/2.0\r\n")
    assert headers["via"] == "SIP/2.0/UDP 10.0.0.1:5060;rport;branch=z9hG4bK1"
    assert headers["to"] == '"Chase, Bank" <sip:chase@y>'
    assert (headers["cseq"], headers["route"], headers["from"]) == ("4711 CANCEL", "<sip:p;lr>", dialog.local)


def test_addresses_in_headers() -> None:
    assert listed(['"a, b" <sip:x,y>, <sip:z>']) == ('"a, b" <sip:x,y>', "<sip:z>")
    assert address_in("sip:a@b;tag=1") == "sip:a@b"
