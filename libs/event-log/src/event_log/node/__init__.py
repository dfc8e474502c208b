"""A single EventStoreDB node on one SQLite file: ``python -m event_log.node --db FILE --port 2113``.

    gRPC ─▶ *_service ─▶ Committer (one thread, group commit) ─▶ file          writes
    gRPC ◀─ *_service ◀─ Reader (pages of stored bytes)       ◀─ file          reads and subscriptions

What is stored of an event is the protobuf a reader will be sent, so reading is copying bytes.
"""
