"""The queue: music, silence or ringback, announcements in between, perhaps a call-back offer, and at last somebody."""

from __future__ import annotations

from collections.abc import Sequence

from ivr_sim.actions import Note, PlayMusic, PlayTone, Quiet
from ivr_sim.happenings import Digit, Happening, PlaybackEnded, Tick
from ivr_sim.script import Hold
from ivr_sim.stages.keys import KeyPad, Lost, Reading
from ivr_sim.stages.stage import GoTo, Speaker, Step, Surroundings, goodbye, samples

#: After an announcement the agent does not pick up at once, so that the music is heard again.
MUSIC_BEFORE_AGENT_S = 1.2


class HoldStage:
    """``wait_s`` until the agent; an announcement in progress is let finish unless the script says otherwise."""

    def __init__(self, hold: Hold, here: Surroundings, lost: Lost, wait_s: float) -> None:
        self._hold = hold
        self._here = here
        self._speaker = Speaker(here)
        offer = hold.callback
        self._keys = KeyPad([offer.digits] if offer else [], here.personality, lost, accepts="any")
        self._wait_s = wait_s
        self._told = 0
        self._playing = False
        self._offered = False
        self._agent_at = 0
        self._drop_at: int | None = None
        self._offer_at: int | None = None
        self._announce_at: int | None = None
        self.wake_at_sample: int | None = None

    def enter(self, at_sample: int) -> list[Step]:
        hold = self._hold
        self._agent_at = at_sample + samples(self._wait_s)
        if hold.drop_after_s is not None:
            self._drop_at = at_sample + samples(hold.drop_after_s)
        if hold.callback is not None:
            self._offer_at = at_sample + samples(hold.callback.after_s)
        if hold.announcements:
            self._announce_at = at_sample + samples(hold.first_announcement_s)
        self._plan_wake()
        return [Note(what="hold", detail={"node": self._here.node, "wait_s": self._wait_s}), *self._background()]

    def feed(self, at_sample: int, happening: Happening) -> list[Step]:
        match happening:
            case PlaybackEnded(playback_id) if playback_id == self._speaker.last_id:
                return self._spoken(at_sample)
            case Digit() if self._offered and self._hold.callback is not None:
                if self._keys.press(happening, prompt_plays=self._playing) is Reading.CHOSEN:
                    note = Note(what="choice", detail={"node": self._here.node, "digits": self._keys.pressed, "label": "call-back"})
                    return [note, Quiet(), GoTo(self._hold.callback.goto)]
                self._keys.clear()
            case Tick() if self.wake_at_sample is not None and at_sample >= self.wake_at_sample:
                steps = self._woken(at_sample)
                self._plan_wake()
                return steps
        return []

    def _background(self) -> list[Step]:
        match self._hold.sound:
            case "music":
                return [PlayMusic(tune=self._hold.tune)]
            case "silence":
                return []
            case tone:
                return [PlayTone(tone=tone)]

    def _woken(self, at_sample: int) -> list[Step]:
        if self._drop_at is not None and at_sample >= self._drop_at:
            return [Quiet(), *goodbye("the queue gave up")]
        if at_sample >= self._agent_at and (not self._playing or self._hold.interrupted):
            return [Quiet(), GoTo(self._hold.next)]
        if self._playing:
            return []
        if self._offer_at is not None and at_sample >= self._offer_at and self._hold.callback is not None:
            self._offer_at = None
            self._offered = True
            return self._tell("callback_offer", self._hold.callback.say)
        if self._announce_at is not None and at_sample >= self._announce_at:
            text = self._hold.announcements[min(self._told, len(self._hold.announcements) - 1)]
            self._told += 1
            self._announce_at = None
            return self._tell("announcement", [text])
        return []

    def _tell(self, what: str, texts: Sequence[str]) -> list[Step]:
        self._playing = True
        return [Note(what=what, detail={"text": " ".join(texts)}), *self._speaker.say(texts, over_music=self._hold.over_music)]

    def _spoken(self, at_sample: int) -> list[Step]:
        self._playing = False
        self._agent_at = max(self._agent_at, at_sample + samples(MUSIC_BEFORE_AGENT_S))
        if self._hold.announcements and self._announce_at is None:
            self._announce_at = at_sample + samples(self._hold.announcement_every_s)
        self._plan_wake()
        return []

    def _plan_wake(self) -> None:
        playing = self._playing and not self._hold.interrupted
        due = [self._drop_at] if playing else [self._drop_at, self._agent_at]
        if not self._playing:
            due += [self._offer_at, self._announce_at]
        self.wake_at_sample = min((at for at in due if at is not None), default=None)
