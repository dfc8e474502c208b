"""flow-api's settings from variables: what cannot work is refused by its name."""

from __future__ import annotations

import re

import pytest
from flow_api.cli.main import main
from flow_api.settings import SettingsError, from_environment


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FLOW_API_PORT", "many"), ("FLOW_API_PORT", "70000"), ("FLOW_API_PORT", "-1"), ("FLOW_API_RATE_PER_S", "0"),
        ("FLOW_API_RATE_PER_S", "nan"), ("FLOW_API_RATE_BURST", "0"), ("FLOW_API_MAX_BODY_BYTES", "-5"),
        ("FLOW_API_SSE_HEARTBEAT_S", "0"), ("FLOW_API_METRICS_ACCESS", "none"), ("FLOW_API_LOG_LEVEL", "loud"),
        ("FLOW_API_LEARN_AUTOMATICALLY", "maybe"), ("FLOW_API_CALL_ENGINES", "a"), ("FLOW_API_CALL_ENGINE_TLS_KEY", "key.pem"),
    ],
)  # fmt: skip
def test_a_bad_value_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=re.escape(name)):
        from_environment({name: value})


def test_what_is_given_on_the_command_line_is_named_as_it_is_there() -> None:
    assert from_environment({"FLOW_API_PORT": "8081"}, port=8082).port == 8082
    with pytest.raises(SettingsError, match="--port=70000"):
        from_environment({}, port=70000)


def test_words_are_read_as_people_write_them() -> None:
    settings = from_environment({"FLOW_API_LOG_LEVEL": "warning", "FLOW_API_LEARN_AUTOMATICALLY": "no", "FLOW_API_METRICS_ACCESS": "Open"})
    assert (settings.log_level, settings.learn_automatically, settings.metrics_access) == ("WARNING", False, "open")


@pytest.mark.parametrize(
    "command", [["serve"], ["tokens", "list"], ["projections", "dead-letters"], ["audit", "anchor", "--file", "/dev/null"]]
)
def test_every_command_says_it_in_one_line(command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("FLOW_API_PORT", "many")
    assert main(command) == 1
    assert capsys.readouterr().err == "flow-api: FLOW_API_PORT=many: expected a whole number from 0 to 65535\n"


@pytest.mark.parametrize("command", [["serve"], ["audit", "verify"], ["projections", "rebuild"]])
def test_what_is_no_uri_of_an_event_store_is_said_in_one_line(
    command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("EVENTSTORE_URI", "https://admin:changeit@store")
    monkeypatch.setenv("FLOW_API_PORT", "0")
    assert main(command) == 1
    said = capsys.readouterr().err
    assert said.startswith("flow-api: EVENTSTORE_URI: expected esdb://HOST:PORT")
    assert "changeit" not in said


def test_a_folder_that_cannot_be_written_is_said_in_one_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("FLOW_API_DATA", "/dev/null/flow-api")
    monkeypatch.setenv("FLOW_API_PORT", "0")
    assert main(["serve"]) == 1
    assert capsys.readouterr().err.startswith("flow-api: cannot use FLOW_API_DATA=/dev/null/flow-api: ")
    assert main(["tokens", "list"]) == 1
    assert "/dev/null/flow-api" in capsys.readouterr().err


def test_help_does_not_show_the_password_of_the_store(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("EVENTSTORE_URI", "esdb://admin:changeit@store:2113")
    with pytest.raises(SystemExit):
        main(["audit", "verify", "--help"])
    assert "changeit" not in capsys.readouterr().out
