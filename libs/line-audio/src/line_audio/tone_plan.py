"""Call-progress tones as data: one TOML file a country under ``plans/``.

The same plan drives the generator, the detector and the simulator. Adding a country adds no code.
"""

from __future__ import annotations

import functools
import tomllib
from importlib import resources

import msgspec

from line_audio.segments import Label


class Tone(msgspec.Struct, frozen=True, kw_only=True):
    """One call-progress tone.

    ``cadence_s`` alternates on and off times and repeats; empty means continuous. ``level_dbm0`` is per frequency
    and only a hint for generators.
    """

    label: Label
    frequencies_hz: tuple[float, ...]
    cadence_s: tuple[float, ...] = ()
    level_dbm0: float = -16.0
    detail: str = ""


class TonePlan(msgspec.Struct, frozen=True, kw_only=True):
    """The tones of one country or network. ``source`` says where the figures come from."""

    name: str
    title: str
    source: str
    tones: tuple[Tone, ...]

    def tone(self, label: Label | str) -> Tone:
        """The first tone with this label. Raises KeyError."""
        for tone in self.tones:
            if tone.label == label:
                return tone
        raise KeyError(f"plan {self.name!r} has no {label} tone")


ANY = "any"


def names() -> list[str]:
    """Names of the plans that ship with the package, without ``any``."""
    folder = resources.files("line_audio") / "plans"
    return sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml"))


@functools.cache
def load(name: str) -> TonePlan:
    """The plan of this name (``us``, ``uk``, …), or ``any``: all of them at once. Raises KeyError for an unknown name."""
    if name == ANY:
        return _merged()
    if name not in names():
        raise KeyError(f"no tone plan {name!r}; there are: {', '.join([ANY, *names()])}")
    return parse((resources.files("line_audio") / "plans" / f"{name}.toml").read_text("utf-8"))


def parse(text: str) -> TonePlan:
    """A plan from TOML text. Raises msgspec.ValidationError when a field is missing or wrong."""
    return msgspec.convert(tomllib.loads(text), TonePlan)


def _merged() -> TonePlan:
    """All plans in one; where two countries give one sound different meanings, the first in alphabetical order wins."""
    tones: dict[tuple[tuple[float, ...], tuple[float, ...]], Tone] = {}
    for name in names():
        for tone in load(name).tones:
            tones.setdefault((tone.frequencies_hz, tone.cadence_s), tone)
    return TonePlan(name=ANY, title="All plans", source="the plans of this package", tones=tuple(tones.values()))
