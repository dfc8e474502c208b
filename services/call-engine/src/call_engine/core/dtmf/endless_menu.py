"""A menu that never pauses: nothing ends its turn, so it is taken as heard once it repeats itself, or after a while."""

from __future__ import annotations

import msgspec

from call_engine.core.call_time import samples
from call_engine.core.dtmf.read_on import PlayedPrompt
from call_engine.core.facts import Turn
from call_engine.core.vocabulary.words import join, tokenise

_LONG = samples(45_000)
_TELLING = 4  #: words in a row by which it is known where in the menu it was when it was taken as heard


def heard_enough(turn: Turn, now: int) -> Turn | None:
    """The turn up to its last word, if it need not be heard further."""
    menu = turn.utterance.menu
    if not menu.options or not (menu.repeats or now - turn.start >= _LONG):
        return None
    end = turn.words[-1].end_sample if turn.words else now
    return msgspec.structs.replace(turn, end=max(turn.end, end))


def goes_on(turn: Turn, now: int) -> PlayedPrompt | None:
    """What such a menu, taken as heard, is read of from there on, if it repeats itself and nobody stops it."""
    words, said = turn.words, [join(tokenise(word.text)) for word in turn.words]
    if not turn.utterance.menu.repeats or turn.end >= now:
        return None
    last = said[-_TELLING:]
    before = next((at for at in range(len(said) - _TELLING - 1, -1, -1) if said[at : at + _TELLING] == last), None)
    if before is None:
        return None
    again = words[before + _TELLING :]
    start, round_samples = words[-1].end_sample, words[-1].end_sample - words[before + _TELLING - 1].end_sample
    return PlayedPrompt(" ".join(word.text for word in again), start, start + round_samples)
