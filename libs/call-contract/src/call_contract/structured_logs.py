"""What both services log: JSON lines on standard error with time, level, logger, message, and whatever ``extra`` names.

The names that mean the same in both: ``call_id``, ``flow_id``, ``correlation_id``, ``actor``.
"""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

import msgspec

#: Of every record, and what uvicorn adds for a terminal.
_STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName", "color_message"}


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {name: value for name, value in record.__dict__.items() if name not in _STANDARD}
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return msgspec.json.encode(line, enc_hook=str).decode()


def log_json(level: str) -> None:
    out = logging.StreamHandler()
    out.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[out], force=True)
