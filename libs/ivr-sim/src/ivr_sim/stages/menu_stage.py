"""A menu: read, wait, read again; digits lead on, wrong ones are told so."""

from __future__ import annotations

from ivr_sim.actions import Note, Quiet
from ivr_sim.happenings import Digit, Happening, PlaybackEnded, Tick
from ivr_sim.script import Menu
from ivr_sim.stages.keys import KeyPad, Lost, Reading
from ivr_sim.stages.stage import GoTo, Speaker, Step, Surroundings, goodbye, samples_of_ms


class MenuStage:
    """See ``Menu`` and ``Personality`` for what can be set."""

    def __init__(self, menu: Menu, here: Surroundings, lost: Lost) -> None:
        self._menu = menu
        self._here = here
        self._speaker = Speaker(here)
        self._keys = KeyPad(menu.options, here.personality, lost, menu.accepts)
        self._readings = 0
        self._invalid = 0
        self._playing = False
        self._leaving = ""  #: the reason why the company will hang up after what it says now
        self._chosen: str | None = None
        self.wake_at_sample: int | None = None

    def enter(self, at_sample: int) -> list[Step]:
        return self._read([])

    def feed(self, at_sample: int, happening: Happening) -> list[Step]:
        match happening:
            case PlaybackEnded(playback_id) if playback_id == self._speaker.last_id:
                return self._spoken(at_sample)
            case Digit() if self._chosen is None and not self._leaving:
                return self._press(at_sample, happening)
            case Tick() if self.wake_at_sample is not None and at_sample >= self.wake_at_sample:
                self.wake_at_sample = None
                return self._woken(at_sample)
        return []

    def _read(self, before: list[str]) -> list[Step]:
        self._readings += 1
        self._playing = True
        self._keys.clear()
        menu = self._menu
        texts = menu.say_again if self._readings > 1 and menu.say_again else menu.say
        return [Note(what="menu", detail={"node": self._here.node, "reading": self._readings}), *self._speaker.say([*before, *texts])]

    def _spoken(self, at_sample: int) -> list[Step]:
        self._playing = False
        if self._leaving:
            return goodbye(self._leaving)
        if self._chosen is not None:
            return []
        pause_ms = self._menu.pause_ms if self._menu.pause_ms is not None else self._here.personality.menu_pause_ms
        self.wake_at_sample = at_sample + samples_of_ms(pause_ms)
        return []

    def _press(self, at_sample: int, key: Digit) -> list[Step]:
        reading = self._keys.press(key, prompt_plays=self._playing)
        if reading is Reading.IGNORED:
            return [Note(what="ignored", detail={"node": self._here.node, "digit": key.digit, "method": key.method})]
        self._playing = False
        if reading is Reading.MORE:
            self.wake_at_sample = at_sample + samples_of_ms(self._here.personality.digit_gap_ms)
            return [Quiet()]
        settled = self._settle(at_sample, reading)
        return settled if self._chosen is not None and self._here.personality.reads_on else [Quiet(), *settled]

    def _settle(self, at_sample: int, reading: Reading) -> list[Step]:
        if reading is Reading.INVALID:
            return self._refuse()
        self._chosen = self._keys.pressed
        option = self._menu.options[self._chosen]
        self.wake_at_sample = at_sample + samples_of_ms(self._here.personality.after_press_ms)
        return [Note(what="choice", detail={"node": self._here.node, "digits": self._chosen, "label": option.label})]

    def _refuse(self) -> list[Step]:
        self._invalid += 1
        self.wake_at_sample = None
        note = Note(what="invalid", detail={"node": self._here.node, "digits": self._keys.pressed})
        if self._invalid >= self._here.personality.invalid_tries:
            return [note, *self._leave("invalid option")]
        return [note, *self._read([self._here.personality.invalid_say])]

    def _woken(self, at_sample: int) -> list[Step]:
        if self._chosen is not None:
            stops: list[Step] = [Quiet()] if self._here.personality.reads_on else []
            return [*stops, GoTo(self._menu.options[self._chosen].goto)]
        if self._keys.pressed:
            return self._settle(at_sample, self._keys.settle())
        if self._readings < self._here.personality.menu_readings:
            silence_say = self._here.personality.silence_say
            return self._read([silence_say] if silence_say else [])
        if self._menu.otherwise:
            return [GoTo(self._menu.otherwise)]
        return self._leave("no selection")

    def _leave(self, reason: str) -> list[Step]:
        self._leaving = reason
        said = self._here.personality.goodbye_say
        return self._speaker.say([said]) if said else goodbye(reason)
