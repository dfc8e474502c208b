"""The peer: ``eventsourcing`` on SQLite, in the process itself, without a network. Run by a Python that has it installed.

Argument: a folder for its files. Prints one JSON object of events a second.
"""

from __future__ import annotations

import json
import sys
import time
import uuid
from pathlib import Path
from typing import Any

SINGLES, BATCHES, BATCH = 1500, 100, 100
STATE = b'{"n":1,"text":"' + b"x" * 100 + b'"}'


def main() -> None:
    from eventsourcing.persistence import StoredEvent
    from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteDatastore

    recorder: Any = SQLiteApplicationRecorder(SQLiteDatastore(str(Path(sys.argv[1]) / "peer.db")))
    recorder.create_table()

    def events(stream: uuid.UUID, first: int, count: int) -> list[Any]:
        return [StoredEvent(stream, version, "Happened", STATE) for version in range(first, first + count)]

    stream, begin = uuid.uuid4(), time.perf_counter()
    for version in range(SINGLES):
        recorder.insert_events(events(stream, version, 1))
    singles = SINGLES / (time.perf_counter() - begin)

    stream, begin = uuid.uuid4(), time.perf_counter()
    for number in range(BATCHES):
        recorder.insert_events(events(stream, number * BATCH, BATCH))
    batches = BATCHES * BATCH / (time.perf_counter() - begin)

    begin = time.perf_counter()
    count = len(recorder.select_events(stream))
    replay = count / (time.perf_counter() - begin)
    print(json.dumps({"append_single": singles, "append_batches": batches, "replay": replay}))


if __name__ == "__main__":
    main()
