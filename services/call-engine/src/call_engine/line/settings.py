"""How lines reach the telephone network. Filled in by the engine's settings; handed to each line process over its socket."""

from __future__ import annotations

import enum

import msgspec

DEVICE_ADDRESSES_MAX = 3  #: PJSIP as it comes has four legs a process, and one is the company's


class SipTransport(enum.StrEnum):
    UDP = "udp"
    TCP = "tcp"
    TLS = "tls"


class SipSettings(msgspec.Struct, frozen=True, kw_only=True):
    """One trunk account and what goes with it. Times are seconds, zero switches a limit off.

    ``registrar`` and ``proxy`` are SIP URIs (``sip:trunk.example``) or empty. ``caller_id`` is the address shown to the company:
    a SIP URI, or a number at the account's domain. ``devices`` maps a device's name to its SIP URI or number; several, separated
    by spaces, ring together and the first to pick up wins. The first device is the default one.
    """

    bind_address: str = "127.0.0.1"
    public_address: str = ""  #: behind NAT: the address to write into Contact and SDP
    sip_port: int = 0  #: 0: any free port, a different one for each line
    rtp_port_first: int = 0  #: 0: any
    rtp_port_count: int = 2000
    transport: SipTransport = SipTransport.UDP
    domain: str = ""  #: of numbers; default: the registrar's, else the proxy's
    caller_id: str = ""
    registrar: str = ""
    proxy: str = ""
    realm: str = "*"
    username: str = ""
    password: str = ""
    register_expires_s: int = 300
    codecs: tuple[str, ...] = ("PCMU", "PCMA")  #: in order of preference; all others are off
    sip_info: bool = False  #: whether digits may be sent by SIP INFO
    session_expires_s: int = 600  #: RFC 4028
    session_min_s: int = 90
    no_response_s: int = 8  #: nothing at all comes back to an INVITE
    no_audio_s: int = 15  #: answered, but no RTP arrives
    audio_lost_s: int = 300  #: RTP arrived and stopped; a silent hold may send none
    srtp: bool = False  #: offered beside plain RTP; its keys travel in the SDP (SDES), so it wants TLS to make sense
    srtp_required: bool = False  #: offered without the choice of plain RTP
    tls_ca_file: str = ""  #: verifies the server's certificate when given
    refer_transfers: bool = False  #: once bridged, ask the company's switch to connect the two without us (REFER with Replaces)
    devices: dict[str, str] = {}
    call_max_s: int = 0  #: of a conversation that has outlived its engine: nobody else would end it …
    kill_switch_file: str = ""  #: … and while this file exists it is ended
    log_level: int = 0  #: PJSIP's, 0 to 6, on standard error
    user_agent: str = "call-flows"
