"""Unknown speech behind other unknown speech, with neither music nor anything known in between."""

from __future__ import annotations

from call_engine.core.facts import Turn, TurnEnded
from call_engine.core.happenings import RecordingLost, RecordingRecognised
from call_engine.core.holding.hold import Hold
from call_engine.core.holding.listening import Listener
from call_engine.core.kit import Kit, make_kit
from call_engine.core.plan import Explore, Plan
from call_engine.core.settings import CoreSettings
from call_engine.core.utterance import understand
from line_audio.segments import Label, SegmentOpened

from tests.support.scripted_call import WordSimilarity

S = 8000
PLAN = Plan(goal=Explore(phone_number="+18005551234", intent="a person"), may_speak=False)


def turn(number: int, start_s: float, end_s: float) -> Turn:
    text = "the quick brown fox"
    return Turn(number=number, start=int(start_s * S), end=int(end_s * S), text=text, utterance=understand(text))


def after_somebody_spoke() -> tuple[Kit, Hold]:
    kit = make_kit(PLAN, CoreSettings(), WordSimilarity(), "", "")
    hold = Hold(kit, Listener(kit), "music", since=0)
    kit.outbox.now = 5 * S
    hold.heard(TurnEnded(turn(1, 2.0, 3.0)))
    return kit, hold


def again_ms(hold: Hold, spoken: Turn) -> int | None:
    sound = hold.scene(spoken, waits=False, partial=True).sound
    assert sound is not None
    return sound.again_ms


def test_who_speaks_again_does_so_some_time_behind_the_last_unknown_speech() -> None:
    _, hold = after_somebody_spoke()
    assert again_ms(hold, turn(2, 5.0, 6.0)) == 2000


def test_who_has_only_fallen_silent_has_not_spoken_again() -> None:
    _, hold = after_somebody_spoke()
    assert again_ms(hold, turn(1, 2.0, 3.0)) is None


def test_behind_music_or_a_known_recording_it_is_not_again() -> None:
    kit, hold = after_somebody_spoke()
    kit.hearing.feed(4 * S, SegmentOpened(label=Label.MUSIC, start_sample=4 * S, at_sample=4 * S))
    assert again_ms(hold, turn(2, 5.0, 6.0)) is None
    kit, hold = after_somebody_spoke()
    kit.hearing.feed(4 * S, RecordingRecognised(recording_id="hold:1", start_sample=3 * S, position_ms=1000, score=0.9, length_ms=2000))
    kit.hearing.feed(5 * S, RecordingLost(recording_id="hold:1"))
    assert again_ms(hold, turn(2, 6.0, 7.0)) is None
