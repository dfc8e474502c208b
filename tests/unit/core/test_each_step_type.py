"""The six kinds of steps as they are written by hand, each with its timeout; and what a line may do meanwhile."""

from __future__ import annotations

import pytest
from call_contract.call_events import AudioPlayed, CallEnded, CallOutcome, DigitsSent, DriftFound, StepEnded, StepStarted
from call_contract.discoveries import DiscoveryType
from call_contract.flows import CallFlow
from call_engine.core import effects as fx
from call_engine.core import happenings as hp
from call_engine.core.brain import Brain
from call_engine.core.plan import Explore, Follow, Limits, Plan
from line_audio.segments import Label, Segment, SegmentClosed, SegmentOpened

from tests.support.chase_flow import SPEC_FLOW, flow, learned, step
from tests.support.chase_script import chase, discoveries
from tests.support.scripted_call import Clip, Node, ScriptedCall, WordSimilarity, music, pause, say

EXPLORE = Explore(phone_number="+18005551234", intent="dispute a charge", company="Chase Bank")


def call_of(goal: Explore | Follow, nodes: dict[str, Node], *, leaps: bool = False) -> ScriptedCall:
    brain = Brain(Plan(goal=goal, limits=Limits(max_menu_s=600)), call_id="c", similarity=WordSimilarity())
    return ScriptedCall(brain, nodes, leaps=leaps)


def follow(what: CallFlow, nodes: dict[str, Node]) -> ScriptedCall:
    return call_of(Follow(flow=what, intent="dispute a charge"), nodes).run()


def lasted_s(call: ScriptedCall, step_id: str) -> float:
    began = next(one.at_ms for one in call.of(StepStarted) if one.step_id == step_id)
    return (next(one.at_ms for one in call.of(StepEnded) if one.step_id == step_id) - began) / 1000


def test_wait_lets_its_time_pass() -> None:
    call = follow(flow(step("wait", "WAIT", timeout=3.5)), {"start": Node([pause(60)])})
    assert lasted_s(call, "wait") == pytest.approx(3.5, abs=0.1)
    assert call.events[-1].outcome is CallOutcome.REACHED


def test_dtmf_presses_and_a_secret_is_only_named() -> None:
    what = flow(step("press", "DTMF", "type", "1w2,3"), step("type", "DTMF", metadata={"secret": "account_number"}))
    call = follow(what, {"start": Node([pause(60)])})
    presses = [effect for effect in call.effects if isinstance(effect, fx.Press)]
    assert [(one.digits, one.secret) for one in presses] == [("1w2,3", None), ("", "account_number")]
    assert [one.digits for one in call.of(DigitsSent)] == ["1w2,3", "•"]


def test_listen_waits_for_a_prompt_that_goes_on_but_no_longer_than_its_timeout_for_one_to_begin() -> None:
    nothing = follow(flow(step("menu", "LISTEN", timeout=6), step("other", "WAIT")), {"start": Node([pause(100)], hangs_up=True)})
    assert nothing.of(StepEnded)[0].outcome in ("timeout", "silence")
    assert lasted_s(nothing, "menu") <= 13
    long_menu = say("This is a long message about our opening hours. " * 8 + "For disputes, press 1. For cards, press 2.")
    call = follow(
        flow(step("menu", "LISTEN", "end", "1", timeout=6), step("end", "WAIT", timeout=2)),
        {"start": Node([long_menu], keys={"1": "on"}), "on": Node([pause(9)])},
    )
    assert call.path == ["start", "on"]


def test_speak_plays_a_file_or_says_words() -> None:
    what = flow(step("greet", "SPEAK", "say", metadata={"audio_file": "greeting.wav"}), step("say", "SPEAK", metadata={"text": "Disputes"}))
    call = follow(what, {"start": Node([pause(30)])})
    plays = [effect for effect in call.effects if isinstance(effect, fx.Play)]
    assert [(one.audio_file, one.text) for one in plays] == [("greeting.wav", None), (None, "Disputes")]
    assert [one.what for one in call.of(AudioPlayed)] == ["greeting.wav", "text:Disputes"]


def test_a_sound_that_is_never_said_to_be_over_holds_nothing_up() -> None:
    class Silent(ScriptedCall):
        def _feed(self, happening: object) -> None:
            if not isinstance(happening, hp.PlaybackEnded | hp.DigitsDelivered):
                super()._feed(happening)

    what = flow(step("say", "SPEAK", "press", timeout=4, metadata={"text": "Disputes"}), step("press", "DTMF", None, "1", timeout=3))
    brain = Brain(Plan(goal=Follow(flow=what)), call_id="c", similarity=WordSimilarity())
    call = Silent(brain, {"start": Node([pause(30)])}).run()
    assert [(one.step_id, one.outcome) for one in call.of(StepEnded)] == [("say", "timeout"), ("press", "timeout")]


def test_hold_ends_after_its_timeout() -> None:
    call = follow(flow(step("hold", "HOLD", "transfer", timeout=25), step("transfer", "TRANSFER")), {"start": Node([pause(1), music(300)])})
    assert (call.events[-1].outcome, call.events[-1].reason) == (CallOutcome.TIMED_OUT, "on hold for 25 s")


def test_transfer_rings_the_device_it_names() -> None:
    call = follow(flow(step("transfer", "TRANSFER", metadata={"device": "desk"})), {"start": Node([pause(60)])})
    assert next(effect.device for effect in call.effects if isinstance(effect, fx.RingDevice)) == "desk"
    assert call.events[-1].outcome is CallOutcome.BRIDGED


def test_metadata_of_another_shape_is_no_reason_to_stop() -> None:
    odd = flow(step("menu", "LISTEN", "hold", "3", metadata={"options": "none", "prompt": 7, "mine": True}), *SPEC_FLOW.steps[5:])
    call = follow(odd, chase(main=Node(chase()["main"].plays, keys={"3": "notice"})))
    assert (call.events[-1].outcome, call.events[-1].digits) == (CallOutcome.BRIDGED, "3")


@pytest.mark.parametrize(
    "goal", [EXPLORE, Follow(flow=SPEC_FLOW), Follow(flow=learned(fingerprint=False))], ids=["explore", "by hand", "learned"]
)
def test_a_menu_that_never_pauses_is_answered_all_the_same(goal: Explore | Follow) -> None:
    nodes = chase()
    menu = nodes["main"].plays[1]
    endless = Node([pause(0.6), *[say(menu.text)] * 40], keys=nodes["main"].keys)
    call = call_of(goal, chase(main=endless)).run()
    assert call.path == ["start", "main", "sub", "notice", "hold", "agent"]
    assert call.of(DigitsSent)[0].at_ms < 60_000


GOALS = {"explore": EXPLORE, "by hand": Follow(flow=SPEC_FLOW), "learned": Follow(flow=learned())}
DEFINED = {
    CallOutcome.UNREACHABLE, CallOutcome.DISCONNECTED, CallOutcome.QUEUE_FULL, CallOutcome.HUMAN_NOT_BRIDGED, CallOutcome.BRIDGED,
}  # fmt: skip


@pytest.mark.parametrize("name", GOALS)
def test_the_line_may_go_at_any_moment(name: str) -> None:
    """The call ends once, with a reason, and says nothing more."""
    moments = [0.3, 1, *range(2, 60, 3), *range(60, 90, 6)]
    for moment in moments:
        call = call_of(GOALS[name], chase(), leaps=True)
        call._at(int(moment * 8000), lambda call=call: call._hang_up("disconnected"))  # type: ignore[misc]
        call.run()
        ended = call.of(CallEnded)
        assert len(ended) == 1
        assert call.events[-1] is ended[0]
        assert ended[0].outcome in DEFINED, (moment, ended[0])
        assert ended[0].reason
        assert not call.of(DriftFound)


def test_what_rings_before_the_answer_is_not_part_of_the_conversation() -> None:
    """Early media for half a minute: no timer of ours runs, nothing of it is hold, and the silence after the answer counts from there."""
    brain = Brain(Plan(goal=EXPLORE), call_id="c", similarity=WordSimilarity())
    effects = [*brain.start(), *brain.feed(4_000, hp.Ringing(early_media=True))]
    effects += brain.feed(8_000, SegmentOpened(label=Label.MUSIC, start_sample=6_000, at_sample=8_000))
    for at in range(8_000, 240_000, 1600):
        effects += brain.feed(at, hp.Tick())
    ringing = Segment(label=Label.MUSIC, start_sample=6_000, end_sample=239_000)
    effects += [*brain.feed(240_000, SegmentClosed(segment=ringing, at_sample=240_000)), *brain.feed(240_800, hp.Answered(codec="PCMU"))]
    assert not [one for one in effects if isinstance(one, fx.Play | fx.HangUp | fx.Press)]
    quiet = []
    for at in range(240_800, 240_800 + 19 * 8000, 1600):
        quiet += brain.feed(at, hp.Tick())
    assert not quiet
    later = [effect for at in range(240_800 + 19 * 8000, 240_800 + 22 * 8000, 1600) for effect in brain.feed(at, hp.Tick())]
    assert [one.text for one in later if isinstance(one, fx.Play)] == ["Hello?"]


TONES = [
    (Label.BUSY, "", "start", CallOutcome.BUSY),
    (Label.BUSY, "", "sub", CallOutcome.QUEUE_FULL),
    (Label.REORDER, "", "sub", CallOutcome.QUEUE_FULL),
    (Label.FAX, "", "start", CallOutcome.FAX),
    (Label.SIT, "vacant_code", "start", CallOutcome.UNREACHABLE),
    (Label.SIT, "no_circuit", "start", CallOutcome.BUSY),
]


@pytest.mark.parametrize("goal", [EXPLORE, Follow(flow=learned())], ids=["explore", "follow"])
@pytest.mark.parametrize(("label", "detail", "where", "outcome"), TONES)
def test_a_tone_means_the_same_whether_the_way_is_known_or_not(
    label: Label, detail: str, where: str, outcome: CallOutcome, goal: Explore | Follow
) -> None:
    """Busy behind a menu is a queue that is full; of the special tones only two say that calling again is of no use."""
    heard = Node([pause(1), Clip(label, detail, 20_000)], hangs_up=True)
    call = call_of(goal, chase(**{where: heard})).run()
    assert call.events[-1].outcome is outcome, call.timeline()
    assert [one.tone for one in discoveries(call) if one.type is DiscoveryType.TONE] == [label.value]
