"""The containers: exact versions, no root, data in volumes, health that is asked."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from tests.architecture.sources import ROOT

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
DOCKERFILES = sorted(ROOT.glob("services/*/Dockerfile"))
EXACT = re.compile(r"[\w./-]+:\d+\.\d+\.\d+[\w.-]*")


@pytest.mark.parametrize("path", DOCKERFILES, ids=lambda path: path.parent.name)
def test_an_image_is_built_from_exact_versions_and_runs_as_nobody_special(path: Any) -> None:
    lines = [line.split(maxsplit=1) for line in path.read_text().splitlines() if line and not line.startswith("#")]
    values = {name: [rest for word, rest in lines if word == name] for name in ("FROM", "USER", "VOLUME")}
    assert all(EXACT.fullmatch(image.split()[0]) for image in values["FROM"])
    assert values["USER"][-1].isdigit()
    assert int(values["USER"][-1]) > 0
    assert values["VOLUME"] == ["/data"]
    assert "--require-hashes" in path.read_text()


@pytest.mark.parametrize("name", COMPOSE["services"])
def test_a_service_is_restricted_keeps_its_data_and_is_asked_how_it_is(name: str) -> None:
    service = COMPOSE["services"][name]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["healthcheck"]["test"]
    assert all(volume.split(":")[0] in COMPOSE["volumes"] for volume in service["volumes"])
    assert "image" not in service or EXACT.fullmatch(service["image"])


@pytest.mark.parametrize("name", ["call-engine", "flow-api"])
def test_what_asks_for_health_is_a_program(name: str) -> None:
    command, option, program = COMPOSE["services"][name]["healthcheck"]["test"][1:]
    assert (command, option) == ("python", "-c")
    compile(program, name, "exec")
