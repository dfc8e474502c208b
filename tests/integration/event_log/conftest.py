"""A node in a process of its own, and the stock synchronous client to it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from esdbclient import EventStoreDBClient

from tests.support.event_store import start_node


@pytest.fixture(scope="module", params=["memory", "file"])
def node_uri(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    db = tmp_path_factory.mktemp("node") / "events.db" if request.param == "file" else None
    with asyncio.Runner() as runner:
        node = runner.run(start_node(db))
        yield node.uri
        runner.run(node.stop())


@pytest.fixture(scope="module")
def client(node_uri: str) -> Iterator[EventStoreDBClient]:
    client = EventStoreDBClient(node_uri)
    yield client
    client.close()
