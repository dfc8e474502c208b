"""A turn that began in the middle of speech, because a key was pressed then, or right behind the key, too soon to be its effect: what
was still said of the old prompt is not part of it.
"""

from __future__ import annotations

import re

import msgspec

from call_engine.core.call_time import samples
from call_engine.core.dtmf.read_on import PlayedPrompt, begun_before_menu, read_on
from call_engine.core.facts import Turn
from call_engine.core.happenings import Word
from call_engine.core.utterance import understand
from call_engine.core.vocabulary.words import join, tokenise, word_set

_TAKES = samples(200)  #: a company's system to hear a key and stop talking
_A_PAUSE = samples(2000)  #: behind the key, until a prompt that is still read goes on with its next sentence …
_A_LATE_PAUSE = samples(3000)  #: … at the latest, if the menu that follows tells that this was broken off
_A_SOUND = samples(500)  #: shorter than this, what is left of a word of the old prompt is part of no recording
_A_SORRY = 10  #: words in which a company says that it got no answer
_WHAT_WAS_MISSED = word_set("a an any your the response selection entry input choice answer digits key keys anything")


def since_press(turn: Turn, pressed_at: int | None, playing: PlayedPrompt | None = None) -> Turn:
    """The turn without the words that were begun before the key could be heard, and without those that go on with the prompt that was
    playing then; it begins with its first word. All of it, if there would be nothing left.
    """
    if pressed_at is None or turn.recording_id or not turn.words:
        return turn
    own = turn.cut or turn.start < pressed_at + _TAKES
    if not own and (playing is None or turn.start >= pressed_at + _A_LATE_PAUSE):
        return turn
    words = tuple(word for word in turn.words if word.start_sample >= pressed_at + _TAKES)
    if playing is not None and words:
        late = not own and turn.start >= pressed_at + _A_PAUSE
        before = turn.words[: len(turn.words) - len(words)]
        words = words[begun_before_menu(words, playing) if late else read_on(words, playing, behind_pause=not own, before=before) :]
    if not words:
        return turn
    if len(words) == len(turn.words):
        late_words = turn.cut and words[0].start_sample - turn.start >= _A_SOUND
        return msgspec.structs.replace(turn, start=words[0].start_sample) if late_words else turn
    return _with_words(turn, words)


def _with_words(turn: Turn, words: tuple[Word, ...]) -> Turn:
    """The turn as if it had begun with these."""
    text = " ".join(word.text for word in words)
    start = max(turn.start, words[0].start_sample)
    return msgspec.structs.replace(turn, start=start, cut=True, text=text, words=words, utterance=understand(text, turn.language))


def behind_sorry(turn: Turn, missed: re.Pattern[str]) -> Turn:
    """The turn without "we did not get your response", which it begins with; all of it, if it does not, or says nothing else."""
    said = ""
    for number, word in enumerate(turn.words[:_A_SORRY]):
        said = f"{said} {join(tokenise(word.text))}".strip()
        found = missed.search(said)
        if found is not None:
            rest = turn.words[number + 1 :]
            while rest and join(tokenise(rest[0].text)) in _WHAT_WAS_MISSED:
                rest = rest[1:]
            return _with_words(turn, rest) if rest else turn
    return turn


def is_read_on(turn: Turn, pressed_at: int, playing: PlayedPrompt | None) -> bool:
    """Whether all that was said is what was still read of the prompt that was playing, or was begun before the key could be heard: the
    key was taken, and nothing came of it yet.
    """
    if turn.recording_id or not turn.words:
        return False
    words = [word for word in turn.words if word.start_sample >= pressed_at + _TAKES]
    own = turn.cut or turn.start < pressed_at + _TAKES
    if not words:
        return own
    if playing is None or not (own or turn.start < pressed_at + _A_PAUSE):
        return False
    return len(words) == read_on(words, playing, behind_pause=not own, before=turn.words[: len(turn.words) - len(words)])
