"""What hearing makes of sounds and words: the facts on which the rest of the core acts. Times are samples of call time."""

from __future__ import annotations

import msgspec
from line_audio.segments import Label

from call_engine.core.happenings import VoiceDescribed, Word
from call_engine.core.menu import Option
from call_engine.core.understanding.asked_aloud import is_asked_aloud
from call_engine.core.utterance import Utterance


class Uncertainty(msgspec.Struct, frozen=True):
    """How little the recogniser understood."""

    log_prob: float  #: mean natural logarithm of the probability of a token
    no_speech: float  #: probability that nobody speaks


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """One stretch of speech, from its first word to a silence long enough to answer in."""

    number: int
    start: int
    end: int  #: of the last speech so far
    text: str = ""
    words: tuple[Word, ...] = ()
    uncertainty: Uncertainty | None = None  #: the recogniser's, about these words or that there are none
    language: str = ""
    utterance: Utterance
    over_music: bool = False
    recording_id: str = ""  #: the known recording it was recognised as
    cut: bool = False  #: it began (or was made to begin) in the middle of speech
    with_human: bool = False  #: somebody who was met may have said it, whatever it sounds like

    @property
    def may_be_human(self) -> bool:
        """Whether a human may have said this: then its words are sealed, and it is not kept as a recording."""
        return self.with_human or self.utterance.is_human or (not self.recording_id and is_asked_aloud(self.text))

    @property
    def open_text(self) -> str:
        """Its words for an event that is not sealed."""
        return "" if self.may_be_human else self.text

    @property
    def sealed_text(self) -> str:
        """Its words if they have to be sealed."""
        return self.text if self.may_be_human else ""

    @property
    def open_options(self) -> tuple[Option, ...]:
        """The keys it offers, for an event that is not sealed."""
        return () if self.may_be_human else self.utterance.menu.options

    def open_label(self, label: str) -> str:
        """The same of a label that was heard in it."""
        return "" if self.may_be_human else label


class TurnBegan(msgspec.Struct, frozen=True):
    turn: Turn


class TurnGrew(msgspec.Struct, frozen=True):
    """More words of a turn that still goes on. ``peek``: heard so far in the middle of a sentence, will be heard again."""

    turn: Turn
    peek: bool = False


class TurnEnded(msgspec.Struct, frozen=True):
    turn: Turn


class MusicHeard(msgspec.Struct, frozen=True):
    """Music that has lasted long enough to be hold music."""

    start: int


class ToneHeard(msgspec.Struct, frozen=True):
    label: Label
    start: int
    detail: str = ""


class Recognised(msgspec.Struct, frozen=True):
    """A known recording plays; it began at ``start``."""

    recording_id: str
    start: int
    position_ms: int
    score: float
    turn: Turn | None = None
    aligned: bool = True  #: it began where speech began; if not, perhaps only a sentence of it was heard, in another prompt


class Lost(msgspec.Struct, frozen=True):
    """A recognised recording goes on otherwise than it was learned."""

    recording_id: str


Fact = TurnBegan | TurnGrew | TurnEnded | MusicHeard | ToneHeard | Recognised | Lost | VoiceDescribed
