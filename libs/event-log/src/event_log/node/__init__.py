"""A single EventStoreDB node on one SQLite file: ``python -m event_log.node --db FILE --port 2113``.

    http2 ─▶ *_service ─▶ Committer (one thread, group commit) ─▶ file          writes
    http2 ◀─ *_service ◀─ Reader (pages of stored bytes)       ◀─ file          reads and subscriptions

What is stored of an event is the protobuf a reader will be sent, so reading is copying bytes. gRPC is spoken by ``http2``: grpcio's
own server costs about 80 µs a message, which is ten times what reading and sending an event costs otherwise.
"""
