"""Is this a live human? A posterior from named cues, each a log-likelihood ratio (natural logarithm, human over recording).

The ratios were set from what each cue gave on recorded calls (words strongest, acoustics alone a weak prior); they add up because
the cues are nearly independent. ``posterior`` is what the event carries together with its evidence.
"""

from __future__ import annotations

import math
import re

import msgspec

from call_engine.core.call_time import ms, samples
from call_engine.core.facts import Turn
from call_engine.core.holding import hold_cues, hold_ratios
from call_engine.core.holding.hold_cues import Sound, cues, is_loud_pause
from call_engine.core.holding.hold_memory import HoldSoFar
from call_engine.core.settings import HumanSetting
from call_engine.core.turn_taking.understood import clearness, is_foreign, nobody_speaks
from call_engine.core.understanding.main_clause import awaits_main_clause
from call_engine.core.utterance import ANNOUNCEMENT, HUMAN_KINDS, RECORDED, phrase_votes
from call_engine.core.vocabulary import phrases
from call_engine.core.vocabulary.words import tokenise
from call_engine.core.waking import later

#: From which posterior on the person's phone rings: in the menus, and on hold, where speech is weighed from its first half second on.
THRESHOLDS = {HumanSetting.NEVER_MISS: 0.55, HumanSetting.NEVER_FALSE_RING: 0.95}
THRESHOLDS_ON_HOLD = {HumanSetting.NEVER_MISS: 0.75, HumanSetting.NEVER_FALSE_RING: 0.9}
#: From here on a human is suspected and worth a question.
SUSPICION = 0.25

_PRIOR_AFTER_NOTICE = -0.9
_PRIOR_IN_MENUS = -3.0

_WORDS = {
    phrases.GREETING: 4.2, phrases.HUMAN: 3.2, phrases.HOLD: -5.0, phrases.CALLBACK: -5.0, phrases.MENU: -6.0, phrases.DATA: -4.0,
    phrases.VOICEMAIL: -5.0, phrases.CLOSED: -4.5, phrases.FAILURE: -3.5, phrases.CONFIRM: -3.0, phrases.OPEN: -3.0, phrases.NOTICE: -4.5,
    phrases.SURVEY: -5.0, phrases.TRANSFER: -2.5, ANNOUNCEMENT: -0.8,
}  # fmt: skip
#: At the end of a hold nobody but a human asks how to help.
_WORDS_ON_HOLD = {**_WORDS, phrases.GREETING: 5.2, phrases.HUMAN: 2.8, phrases.OPEN: 2.2, ANNOUNCEMENT: -0.2}
_NO_WORDS = -2.5  #: music or noise taken for speech gets no words; a human nearly always does
_WORDS_AWAITED = -2.0  #: telling words are due any moment: only what is clear without them is decided before
_RECOGNITION_AWAITED = -2.0  #: where recordings are known, one of them is recognised any moment
_RECOGNISED_WITHIN_MS = 1000
_ENDS = -4.0  #: the last sounds of an announcement, and music right behind it, may be taken for somebody who goes on speaking
_ENDED_WITHIN_MS = 2000
_LOUD_PAUSE = -2.0  #: music is taken for a voice, and then for silence
_PAUSED_MS = 500  #: somebody who now waits for an answer has said what there was to say
_SILENCE_STAYS = 2.0  #: a recording is followed by the music; somebody who was not sure to be heard waits
_WORDS_WITHIN_MS = 2500  #: later than this the recogniser is busy elsewhere
_TOLD_WITHIN_MS = 4500  #: clear words that say nothing for so long are not followed by telling ones
#: Lengths of the speech, in samples, from which on the evidence may be another.
_CHANGES = tuple(
    samples(one) for one in (*hold_cues.CHANGES_MS, _RECOGNISED_WITHIN_MS, _ENDED_WITHIN_MS, _WORDS_WITHIN_MS, _TOLD_WITHIN_MS)
)
_FEW_WORDS = 4  #: "Thank you" may go on in many ways
_SO_FAR, _SO_FAR_FEW = 0.6, 0.25  #: what words count in the middle of a sentence
_SURE_OF_ONE = 0.6  #: kind of what is said
_TELLING = 0.4  #: words that are as sure as this need no second look
_CLEARLY_HEARD = 0.9  #: of ``clearness``: the recogniser knows the language
_DISFLUENT = re.compile(r"\b(um+|uh+|erm?|hmm+|uhm)\b", re.IGNORECASE)


class Scene(msgspec.Struct, frozen=True, kw_only=True):
    """What surrounds the speech."""

    on_hold: bool = False
    after_notice: bool = False  #: a transfer was announced, or the agent's phone rang
    bed_gone: bool = False  #: music played before and stopped for this speech
    bed_back: bool = False  #: music goes on again
    heard_before: bool = False  #: these words were said before on this call
    replied_to_us: bool = False
    wordless: bool = False  #: the recogniser has listened and understood nothing
    partial: bool = False  #: heard in the middle of a sentence
    waits: bool = False  #: the speech is over and nothing followed
    silence_stays: bool = False  #: … for seconds, where music plays between announcements
    sound: Sound | None = None  #: how it sounds right now …
    hold: HoldSoFar = HoldSoFar()  #: … and what this hold has been like, both on hold only


def evidence(turn: Turn, scene: Scene) -> dict[str, float]:
    """The cues that speak for or against a human, by name."""
    found = {"known_recording": -8.0} if turn.recording_id else {}
    if scene.heard_before and clearness(turn) > 0:  # of two things that it does not understand the recogniser makes the same words
        found["heard_before"] = -5.0
    if scene.replied_to_us:
        found["replied_to_us"] = 4.0
    if not turn.text and scene.wordless:
        found |= {"no_words": _NO_WORDS} if nobody_speaks(turn) else {}
    elif scene.sound is not None and scene.partial and _awaited(turn, scene.sound, scene.hold):
        found["words_awaited"] = _WORDS_AWAITED
    if scene.sound is not None and awaits_recognition(scene.sound, scene.hold):
        found["recognition_awaited"] = _RECOGNITION_AWAITED
    elif scene.sound is not None and ends_announcement(scene.sound) and told_by_words(turn, scene) < _TELLING:
        found["announcement_ends"] = _ENDS
    if scene.sound is not None and is_loud_pause(scene.sound):
        found["loud_pause"] = _LOUD_PAUSE
    if turn.text:
        found |= _words(turn, scene)
    if scene.silence_stays:
        found["silence_stays"] = _SILENCE_STAYS
    return {**(_on_hold(turn, scene) if scene.on_hold else _on_the_way(turn, scene)), **found}


def changes_at(hold: HoldSoFar, start: int, end: int, *, speaking: bool) -> list[int]:
    """On hold: the samples at which the evidence about speech from ``start`` to ``end`` may be another. ``speaking``: it goes on."""
    if speaking:
        return [start + length for length in _CHANGES]
    silences = (*hold_cues.silences_ms(hold), _PAUSED_MS, hold_cues.loud_pause_ms(ms(end - start)))
    return [*(later(start, one) for one in (_RECOGNISED_WITHIN_MS, _ENDED_WITHIN_MS)), *(later(end, one) for one in silences)]


def awaits_recognition(sound: Sound, hold: HoldSoFar) -> bool:
    """Whether what has just begun may still turn out to be a known recording."""
    return (hold.learned > 0 or hold.announcements > 0) and sound.length_ms + sound.silence_ms < _RECOGNISED_WITHIN_MS


def ends_announcement(sound: Sound) -> bool:
    """Whether what began without a pause behind an announcement may still be its end."""
    return sound.behind_ms == 0 and sound.length_ms + sound.silence_ms < _ENDED_WITHIN_MS


def _awaited(turn: Turn, sound: Sound, hold: HoldSoFar) -> bool:
    if sound.silence_ms >= _PAUSED_MS or hold.foreign or is_foreign(turn):
        return False
    if len(turn.text.split()) < _FEW_WORDS:
        return sound.length_ms < _WORDS_WITHIN_MS
    tells_nothing = turn.utterance.kind == ANNOUNCEMENT or _human_by_its_beginning(turn)
    return tells_nothing and clearness(turn) >= _CLEARLY_HEARD and sound.length_ms < _TOLD_WITHIN_MS


def _human_by_its_beginning(turn: Turn) -> bool:
    """Whether it is taken for a human's by the sense of a clause that waits for its main clause, and by no phrase."""
    if turn.utterance.kind not in HUMAN_KINDS or not awaits_main_clause(turn.text, turn.language):
        return False
    return not phrase_votes(tokenise(turn.text)).keys() & HUMAN_KINDS


def told_by_words(turn: Turn, scene: Scene) -> float:
    """How surely the words say that a human (1) or a recording (-1) speaks."""
    if not turn.text or turn.utterance.kind == ANNOUNCEMENT:
        return 0.0
    return math.copysign(_confidence(turn, scene) * _sureness(turn, scene), _worth(turn, scene))


def clear_without_sound(told: float) -> bool:
    """Whether the words are so clear that the sound need not agree for a while. Of music and of other languages the recogniser makes
    words of all kinds, unsure ones."""
    return abs(told) >= _TELLING


def beside_words(ratio: float, told: float) -> float:
    """What the length of speech is still worth. It stands in for what is said: greetings are short, announcements long; so it no
    longer contradicts words as far as these are known."""
    return ratio * (1.0 - abs(told)) if ratio * told < 0 else ratio


def _words(turn: Turn, scene: Scene) -> dict[str, float]:
    found = {f"words:{turn.utterance.kind}": _worth(turn, scene) * _confidence(turn, scene) * _sureness(turn, scene)}
    if _DISFLUENT.search(turn.text):
        found["disfluent"] = 1.2 * clearness(turn)
    return found


def _worth(turn: Turn, scene: Scene) -> float:
    return (_WORDS_ON_HOLD if scene.on_hold else _WORDS)[turn.utterance.kind]


def _confidence(turn: Turn, scene: Scene) -> float:
    """In the middle of a sentence it is less sure which of the things that only recordings say this is than that it is one of them."""
    utterance = turn.utterance
    if not scene.partial or utterance.kind not in RECORDED or _worth(turn, scene) > 0 or utterance.confidence >= _SURE_OF_ONE:
        return utterance.confidence
    worth = _WORDS_ON_HOLD if scene.on_hold else _WORDS
    return max(utterance.confidence, utterance.share_of(kind for kind in RECORDED if worth[kind] < 0))


def _sureness(turn: Turn, scene: Scene) -> float:
    """Words count as far as they were heard clearly, for of another language the recogniser makes words nobody said, and as far as
    the sentence is complete."""
    if not scene.partial:
        return clearness(turn)
    told_soon = scene.sound is None or scene.sound.length_ms < _TOLD_WITHIN_MS
    little = len(turn.text.split()) < _FEW_WORDS or (told_soon and _human_by_its_beginning(turn))
    return (_SO_FAR_FEW if little else _SO_FAR) * clearness(turn)


def _on_hold(turn: Turn, scene: Scene) -> dict[str, float]:
    sound = scene.sound or Sound(
        length_ms=ms(turn.end - turn.start), silence_ms=1000 if scene.waits else 0, music=turn.over_music or scene.bed_back,
        music_seen=scene.bed_gone,
    )  # fmt: skip
    found = {"prior": hold_ratios.PRIOR}
    for name, value in cues(sound, scene.hold).items():
        ratio = hold_ratios.RATIOS.get(name, {}).get(value, 0.0)
        if name == "pace":
            ratio = beside_words(ratio, told_by_words(turn, scene))
        if ratio:
            found[f"{name}:{value}"] = ratio
    return found


def _on_the_way(turn: Turn, scene: Scene) -> dict[str, float]:
    found = {"prior": _PRIOR_AFTER_NOTICE if scene.after_notice else _PRIOR_IN_MENUS}
    if turn.over_music:
        found["music_under_voice"] = -2.5
    elif scene.bed_back:
        found["music_again"] = -3.0
    return {**found, **_length(turn, scene)}


def _length(turn: Turn, scene: Scene) -> dict[str, float]:
    length_s = ms(turn.end - turn.start) / 1000.0
    if length_s > 9.0:
        return {"long_speech": -min(3.0, 0.25 * (length_s - 9.0))}
    return {"short_and_waits": 1.0} if scene.waits and turn.text and length_s <= 5.0 else {}


def threshold(setting: HumanSetting, scene: Scene) -> float:
    """From which posterior on a human is there."""
    return (THRESHOLDS_ON_HOLD if scene.sound is not None else THRESHOLDS)[setting]


def posterior(cues: dict[str, float]) -> float:
    """Probability that a human speaks, in (0, 1)."""
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, sum(cues.values())))))
