"""How well the recogniser understood what it heard. Of music and of languages that it does not know it makes words, too, fluent ones.

Its own doubt tells them apart better than the probabilities of the words do: of what was said in a language that it knows, a token had
a mean log probability of -0.4 to -0.8 on a telephone line, of what was said in others -0.9 to -2.
"""

from __future__ import annotations

from call_engine.core.call_time import samples
from call_engine.core.facts import Turn

_CLEAR, _UNCLEAR = 0.75, 0.35  #: mean probability of the words: believed, not believed at all
_NOBODY = 0.58  #: probability that nobody speaks: of music 0.7 to 0.9, of voices in any language 0.05 to 0.5
_KNOWN, _FOREIGN = -0.6, -0.85  #: mean log probability of a token: of a language that it knows, of another
_ENOUGH = samples(1300)  #: of the first syllables it understands little in its own language, too


def clearness(turn: Turn) -> float:
    """How much the words of this turn count, from 0 (they say nothing) to 1."""
    if not turn.words:
        return 1.0
    mean = sum(word.probability for word in turn.words) / len(turn.words)
    words = _between(mean, _UNCLEAR, _CLEAR)
    return words if turn.uncertainty is None else min(words, _between(turn.uncertainty.log_prob, _FOREIGN, _KNOWN))


def is_foreign(turn: Turn) -> bool | None:
    """Whether the recogniser did not understand a word of what somebody said; None where too little was said to tell, or nothing."""
    if turn.uncertainty is None or not turn.words or turn.words[-1].end_sample - turn.start < _ENOUGH:
        return None
    return turn.uncertainty.log_prob <= _FOREIGN


def nobody_speaks(turn: Turn) -> bool:
    """Whether the recogniser, which found no words, heard no voice either."""
    return turn.uncertainty is None or turn.uncertainty.no_speech >= _NOBODY


def _between(value: float, least: float, most: float) -> float:
    return min(1.0, max(0.0, (value - least) / (most - least)))
