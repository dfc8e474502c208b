"""The tables of the read model. A change here is a new version: the file of the old one is left alone and a new one is built.

A flow's ``key`` is the position of its first event in the log: small, unique, and the same however the read model was built.
"""

from __future__ import annotations

import sqlite3

READ_MODEL_VERSION = 5

TABLES = """
CREATE TABLE IF NOT EXISTS flows (
    key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, revision INTEGER NOT NULL, name TEXT NOT NULL, company_key TEXT NOT NULL,
    phone_number TEXT, version INTEGER NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL, success_count INTEGER NOT NULL,
    fail_count INTEGER NOT NULL, deleted INTEGER NOT NULL, body BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS flow_words (key INTEGER PRIMARY KEY, words TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS flow_tags (tag TEXT NOT NULL, key INTEGER NOT NULL, PRIMARY KEY (tag, key)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS calls (
    id TEXT PRIMARY KEY, revision INTEGER NOT NULL, state TEXT NOT NULL, phone_number TEXT NOT NULL, flow_id TEXT, outcome TEXT,
    started_at TEXT NOT NULL, body BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS checkpoint (
    one INTEGER PRIMARY KEY CHECK (one = 1), position INTEGER NOT NULL, events INTEGER NOT NULL, recorded_at TEXT
);
CREATE TABLE IF NOT EXISTS origin (one INTEGER PRIMARY KEY CHECK (one = 1), event_id TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS dead_letters (
    position INTEGER PRIMARY KEY, stream TEXT NOT NULL, revision INTEGER NOT NULL, type TEXT NOT NULL, error TEXT NOT NULL
);
"""

#: Made after the rows of a rebuild, which is several times faster than growing them row by row.
_INDEXES = """
CREATE INDEX flows_by_name ON flows (deleted, name, id);
CREATE INDEX flows_by_company ON flows (deleted, company_key, id);
CREATE INDEX flows_by_company_name ON flows (deleted, company_key, name, id);
CREATE INDEX flows_by_number ON flows (phone_number, deleted, name, id);
CREATE INDEX flows_by_created ON flows (deleted, created_at, id);
CREATE INDEX flows_by_updated ON flows (deleted, updated_at, id);
CREATE INDEX flow_tags_by_flow ON flow_tags (key);
CREATE INDEX calls_by_start ON calls (started_at, id);
CREATE INDEX calls_by_number ON calls (phone_number, started_at, id);
CREATE INDEX calls_by_flow ON calls (flow_id, started_at, id);
"""

#: The trigrams of ``flow_words``: which flows may hold a word of three or more characters. Positions are left out (``detail=none``), which
#: halves the index; whoever asks compares the few words it finds.
_TRIGRAMS = """
CREATE VIRTUAL TABLE flow_trigrams USING fts5(
    words, content='flow_words', content_rowid='key', detail=none, tokenize='trigram case_sensitive 1'
);
INSERT INTO flow_trigrams (flow_trigrams) VALUES ('rebuild');
CREATE TRIGGER flow_words_added AFTER INSERT ON flow_words BEGIN
    INSERT INTO flow_trigrams (rowid, words) VALUES (NEW.key, NEW.words);
END;
CREATE TRIGGER flow_words_changed AFTER UPDATE ON flow_words BEGIN
    INSERT INTO flow_trigrams (flow_trigrams, rowid, words) VALUES ('delete', OLD.key, OLD.words);
    INSERT INTO flow_trigrams (rowid, words) VALUES (NEW.key, NEW.words);
END;
"""


def make_indexes(db: sqlite3.Connection) -> None:
    """Make them from the rows that are there, unless that was done before."""
    if db.execute("SELECT 1 FROM sqlite_master WHERE name = 'flow_trigrams'").fetchone() is None:
        db.executescript(f"BEGIN IMMEDIATE; {_INDEXES} {_TRIGRAMS} COMMIT;")
