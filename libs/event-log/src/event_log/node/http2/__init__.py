"""gRPC over HTTP/2 as far as a server needs it, on asyncio: what a page of events costs is one write, not one for each event.

    bytes ─▶ FrameReader ─▶ Connection ─▶ Call (messages in, messages out, status) ◀─▶ a service, found by Server
    bytes ◀─ Sender ◀──────────────────── Call

Sources: RFC 9113 (HTTP/2), RFC 7541 (HPACK), https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
"""
