from __future__ import annotations

import pytest
from call_engine.line.addresses import UnknownAddress, device_uris, host_of, own_uri, sip_uri
from call_engine.line.settings import SipSettings, SipTransport

TRUNK = SipSettings(
    registrar="sip:trunk.example:5070;lr", username="alice", devices={"desk": "sip:1@phone +18005550100", "mobile": "+4930123"}
)


@pytest.mark.parametrize(
    ("uri", "host"),
    [("sip:a@h:1;x=y", "h:1"), ("<sips:h>", "h"), ("sip:h:5060", "h:5060"), ("h", "h"), ("", "")],
)
def test_host_of(uri: str, host: str) -> None:
    assert host_of(uri) == host


def test_numbers_go_to_the_trunk_and_uris_stay() -> None:
    assert sip_uri(TRUNK, "+1 (800) 555-1234") == "sip:+18005551234@trunk.example:5070"
    assert sip_uri(TRUNK, "sip:x@y") == "sip:x@y"
    assert sip_uri(SipSettings(transport=SipTransport.TCP), "sip:x@y") == "sip:x@y;transport=tcp"


def test_a_number_without_a_trunk_is_refused() -> None:
    with pytest.raises(UnknownAddress, match=r"\+18005551234"):
        sip_uri(SipSettings(), "+18005551234")


def test_own_uri() -> None:
    assert own_uri(TRUNK) == "<sip:alice@trunk.example:5070>"
    assert own_uri(SipSettings(caller_id="+1555", proxy="sip:p")) == "<sip:+1555@p>"
    assert own_uri(SipSettings(caller_id='"Me" <sip:me@x>')) == '"Me" <sip:me@x>'
    assert own_uri(SipSettings()) == "<sip:line@127.0.0.1>"


def test_devices_by_name_the_first_by_default() -> None:
    assert device_uris(TRUNK, "") == device_uris(TRUNK, "desk") == ("sip:1@phone", "sip:+18005550100@trunk.example:5070")
    assert device_uris(TRUNK, "mobile") == ("sip:+4930123@trunk.example:5070",)
    assert device_uris(SipSettings(), "sip:direct@x") == ("sip:direct@x",)
    with pytest.raises(UnknownAddress):
        device_uris(TRUNK, "kitchen")
