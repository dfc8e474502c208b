"""Laws of the brain: whatever happens in whatever order, it ends once, defined, with its last event, and says the same twice."""

from __future__ import annotations

from call_contract.call_events import CallEnded
from call_engine.core import effects as fx
from call_engine.core import happenings as hp
from call_engine.core.brain import Brain, CallState
from call_engine.core.plan import Explore, Follow, Plan
from hypothesis import given, settings
from hypothesis import strategies as st
from line_audio.segments import Label, Segment, SegmentClosed, SegmentOpened

from tests.support.chase_flow import SPEC_FLOW, learned
from tests.support.chase_script import MAIN
from tests.support.scripted_call import WordSimilarity

PLANS = [
    Plan(goal=Explore(phone_number="+18005551234", intent="dispute a charge")),
    Plan(goal=Follow(flow=SPEC_FLOW)),
    Plan(goal=Follow(flow=learned())),
]
LABELS = list(Label)
TEXTS = [
    "",
    "Hello?",
    MAIN,
    "Please hold.",
    "All agents are busy.",
    "We are closed.",
    "uh",
    "Please enter your PIN.",
    "That is not a valid option.",
]


@st.composite
def happening(draw: st.DrawFn, at: int) -> hp.AnyHappening:
    label = draw(st.sampled_from(LABELS))
    text = draw(st.sampled_from(TEXTS))
    request = f"t{draw(st.integers(1, 4))}.1"
    return draw(
        st.sampled_from(
            [
                hp.Ringing(), hp.Answered(), hp.Tick(), hp.Tick(), hp.DevicePickedUp(device=""), hp.DeviceGone(device="", cause="declined"),
                hp.LegsBridged(device=""), hp.DigitsDelivered(digits="1", profile="rfc4733"), hp.PlaybackEnded(playback_id="hello:1"),
                hp.Transcribed(request_id=request, start_sample=0, end_sample=at, text=text),
                hp.TranscriptionFailed(request_id=request, reason="away"),
                hp.RecordingRecognised(recording_id="step:main", start_sample=max(0, at - 8000), position_ms=1000, score=0.9),
                hp.RecordingLost(recording_id="step:main"),
                hp.RecordingKept(recording_id="prompt:1", start_sample=0, end_sample=at, fingerprint="x"),
                SegmentOpened(label=label, start_sample=at, at_sample=at), hp.DigitsOrdered(digits="5"), hp.TransferOrdered(),
                SegmentClosed(segment=Segment(label=label, start_sample=max(0, at - 8000), end_sample=at), at_sample=at),
                hp.FarDigit(digit="1"),
            ]
        )
    )  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.data(), st.sampled_from(PLANS))
def test_any_order_of_happenings_ends_once_and_is_repeatable(data: st.DataObject, plan: Plan) -> None:
    story = [(at * 12_000, data.draw(happening(at * 12_000))) for at in range(1, 30)]
    story += [(400_000, hp.LineEnded(cause="disconnected")), (448_000, hp.Tick())]  # the last words are waited for, 5 s at most
    first, second = tell(plan, story), tell(plan, story)
    assert first == second
    ended = [effect for effect in first if isinstance(effect, fx.Record) and isinstance(effect.event, CallEnded)]
    assert len(ended) == 1
    assert first[-1] is ended[0]


def tell(plan: Plan, story: list[tuple[int, hp.AnyHappening]]) -> list[fx.AnyEffect]:
    brain = Brain(plan, call_id="c", similarity=WordSimilarity())
    wanted = list(brain.start())
    for at, what in story:
        wanted += brain.feed(at, what)
    assert brain.state is CallState.ENDED
    return wanted


def test_after_hanging_up_the_call_ends_even_if_the_line_says_nothing() -> None:
    brain = Brain(PLANS[0], call_id="c", similarity=WordSimilarity())
    brain.start()
    assert fx.HangUp() in brain.feed(160, hp.EndOrdered(reason="enough"))
    for at in range(320, 60_000, 160):
        brain.feed(at, hp.Tick())
    assert brain.state is CallState.ENDED
