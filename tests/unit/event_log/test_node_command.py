"""The options of the embedded store's command."""

from __future__ import annotations

import pytest
from event_log.node.command import main, open_to_all
from event_log.node.node import Settings


@pytest.mark.parametrize("port", ["99999", "-1", "many"])
def test_a_port_that_is_none_is_refused(port: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.argv", ["event_log.node", "--db", ":memory:", "--port", port])
    with pytest.raises(SystemExit) as refused:
        main()
    assert refused.value.code == 2
    assert "--port: 0 to 65535" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("host", "is_open"), [("127.0.0.1", False), ("localhost", False), ("::1", False), ("0.0.0.0", True), ("store", True)]
)
def test_who_listens_for_everybody_without_a_password_is_told(host: str, is_open: bool) -> None:
    assert open_to_all(Settings(db=None, host=host)) is is_open
