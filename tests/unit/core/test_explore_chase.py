"""The design document's bank, explored without knowing anything of it."""

from __future__ import annotations

import pytest
from call_contract.call_events import (
    AudioPlayed,
    CallBridged,
    CallEnded,
    CallOutcome,
    ChoiceMade,
    DigitsSent,
    HoldEnded,
    HumanDetected,
    UtteranceHeard,
)
from call_contract.discoveries import DiscoveryType
from call_engine.core.brain import Brain
from call_engine.core.plan import Explore, Limits, Plan
from line_audio.segments import Label

from tests.support.chase_script import chase, discoveries
from tests.support.scripted_call import Clip, Node, ScriptedCall, WordSimilarity, music, pause, say, tone

PLAN = Plan(goal=Explore(phone_number="+18005551234", intent="dispute a charge", company="Chase Bank"))


def explore(nodes: dict[str, Node], plan: Plan = PLAN, **how: object) -> ScriptedCall:
    return ScriptedCall(Brain(plan, call_id="c1", similarity=WordSimilarity()), nodes, **how).run()  # type: ignore[arg-type]


def test_the_way_to_the_human() -> None:
    call = explore(chase())
    assert call.path == ["start", "main", "sub", "notice", "hold", "agent"]
    ended = call.events[-1]
    assert isinstance(ended, CallEnded)
    assert (ended.outcome, ended.digits) == (CallOutcome.BRIDGED, "31")
    assert len(call.of(CallBridged)) == 1


def test_discoveries_are_what_the_learner_needs() -> None:
    found = discoveries(explore(chase()))
    assert [one.type for one in found] == [
        DiscoveryType.WAIT, DiscoveryType.IVR_MENU, DiscoveryType.IVR_MENU, DiscoveryType.TRANSFER_NOTICE, DiscoveryType.HOLD,
        DiscoveryType.HUMAN_DETECTED,
    ]  # fmt: skip
    menus = found[1:3]
    assert [one.dtmf_sent for one in menus] == ["3", "1"]
    assert all(one.fingerprint and one.reacted and one.pressed_after_ms for one in menus)
    assert found[4].recordings


def test_words_of_the_human_are_only_ever_sealed() -> None:
    call = explore(chase())
    assert any("Mary" in sealed for sealed in call.seals)
    assert not any("Mary" in str(event) for event in call.events)


def test_every_choice_says_why() -> None:
    choices = explore(chase()).of(ChoiceMade)
    assert [choice.digits for choice in choices] == ["3", "1"]
    assert all(choice.reason and choice.scores for choice in choices)


def test_figures_of_the_end() -> None:
    ended = explore(chase()).events[-1]
    assert 25_000 < ended.ms_to_hold < 30_000
    assert 74_000 < ended.ms_to_human < 78_000
    assert 0 < ended.transcriptions_before_hold < ended.transcriptions


def test_a_swallowed_key_is_pressed_again() -> None:
    nodes = chase(main=Node([say(chase()["main"].plays[1].text)], keys={"3": "sub"}, swallow=1))
    assert explore(nodes).events[-1].outcome is CallOutcome.BRIDGED


def test_keys_taken_only_during_the_prompt() -> None:
    nodes = chase(sub=Node([pause(0.5), say(chase()["sub"].plays[1].text)], keys={"1": "notice"}, after=False, wait_s=4))
    assert explore(nodes).events[-1].outcome is CallOutcome.BRIDGED


@pytest.mark.parametrize("apology", ["", "Sorry, we did not get your response."])
def test_a_key_that_came_a_moment_too_late_is_pressed_sooner_behind_the_prompt(apology: str) -> None:
    """The company takes keys only in the short silence behind its menu, and hears no tones in the audio."""
    menu = chase()["main"].plays[1].text.rstrip(".")
    main = Node([say(menu)], keys={"3": "sub"}, during=False, wait_s=2.95, profiles=("rfc4733",), apology=apology)
    assert explore(chase(main=main)).events[-1].outcome is CallOutcome.BRIDGED


def test_a_line_that_only_hears_tones_in_the_audio() -> None:
    nodes = {
        name: Node(node.plays, keys=node.keys, then=node.then, profiles=("inband",), hangs_up=node.hangs_up, repeats=5)
        for name, node in chase().items()
    }
    call = explore(nodes)
    assert call.events[-1].outcome is CallOutcome.BRIDGED
    assert {one.dtmf_profile for one in discoveries(call) if one.type is DiscoveryType.IVR_MENU} == {"inband"}


def test_ten_seconds_of_silence_after_a_key_is_no_reason_to_press_again() -> None:
    call = explore(chase(notice=Node([pause(12), say("Please hold while I transfer you.")], then="hold")))
    assert call.events[-1].digits == "31"


def test_endings() -> None:
    def outcome(**changes: Node) -> CallOutcome:
        return explore(chase(**changes)).events[-1].outcome

    closed = Node([say("Our offices are currently closed. Please call back during business hours.")], hangs_up=True)
    voicemail = Node([say("You have reached the voicemail of the bank. Please leave a message after the tone.")], hangs_up=True)
    nothing = Node([say("For store hours, press 1. For directions, press 2.")], keys={"1": "dead", "2": "dead"}, repeats=6)
    assert outcome(start=closed) is CallOutcome.CLOSED
    assert outcome(start=voicemail) is CallOutcome.VOICEMAIL
    assert outcome(start=Node([tone(Label.BUSY, 20)], hangs_up=True)) is CallOutcome.BUSY
    assert outcome(main=nothing) is CallOutcome.NO_WAY
    data = Node([say("Please enter your card number followed by the pound key.")], keys={"77": "dead"}, repeats=9)
    assert outcome(sub=data) in (CallOutcome.NEEDS_DATA, CallOutcome.STUCK, CallOutcome.DISCONNECTED)


def test_nobody_picks_up() -> None:
    patient = Node([say("Chase disputes, this is Mary, how can I help you?"), pause(120)], hangs_up=True)
    call = explore(chase(agent=patient), pickup_s=None)
    assert call.events[-1].outcome is CallOutcome.HUMAN_NOT_BRIDGED
    assert [event.reason for event in call.events if type(event).__name__ == "TransferFailed"] == ["no_answer", "no_answer"]


def test_limits_end_the_call() -> None:
    endless = Node([music(4000)], hangs_up=True)
    call = explore(chase(hold=endless), Plan(goal=PLAN.goal, limits=Limits(max_hold_s=60)))
    assert call.events[-1].outcome is CallOutcome.TIMED_OUT


@pytest.mark.parametrize("reply", [[], [say("Yes, I am here.")]])
def test_after_the_question_an_answer_or_lasting_silence_is_a_human(reply: list[Clip]) -> None:
    doubtful = [say("Okay so."), pause(4.0)]
    call = explore(chase(agent=Node([*doubtful, *reply, pause(30)], hangs_up=True)))
    assert next(event.what for event in call.of(AudioPlayed)) == "text:Hello?"
    assert ("replied_to_us" if reply else "silence_stays") in call.of(HumanDetected)[0].evidence
    assert call.events[-1].outcome is CallOutcome.BRIDGED


def test_after_the_question_music_is_none() -> None:
    doubtful = [music(8), say("Okay so."), pause(2.0)]
    call = explore(chase(hold=Node([music(12), *doubtful, music(30)], hangs_up=True)))
    assert not call.of(HumanDetected)


def test_a_human_at_once_without_any_menu() -> None:
    call = explore({"start": Node([pause(1), say("Acme Tools, this is Joe speaking, how can I help you?"), pause(20)], hangs_up=True)})
    assert call.events[-1].outcome is CallOutcome.BRIDGED


def test_a_human_right_behind_a_key_leaves_a_place_for_the_queue_of_another_day() -> None:
    call = explore(chase(notice=Node([pause(2)], then="agent")))
    found = [discovery.type.value for discovery in discoveries(call)]
    assert found[-2:] == ["hold", "human_detected"]
    assert 1.0 <= discoveries(call)[-2].duration <= 4.0


def test_announcements_on_hold_ring_nobody() -> None:
    bait = "Hello, thank you for holding. Did you know that you can pay your bill on our website?"
    call = explore(chase(hold=Node([music(8), say(bait), music(8), say(bait), music(8), say(bait), music(8)], then="agent")))
    assert len(call.of(HumanDetected)) == 1
    assert call.events[-1].outcome is CallOutcome.BRIDGED
    announced = [event for event in call.of(UtteranceHeard) if "website" in event.text]
    assert [event.source for event in announced] == ["transcription", "recognised", "recognised"]


def test_a_welcome_that_sounds_like_hold_makes_no_hold_however_long_the_menu_behind_it() -> None:
    welcome = say("All of our representatives are busy. Please stay on the line and your call will be answered.")
    main = chase()["main"]
    long_menu = say("To hear about our new mobile application and everything it can do for you, press 4. " * 3 + main.plays[1].text)
    call = explore(chase(start=Node([pause(1), welcome, pause(2.5)], then="main"), main=Node([long_menu], keys=main.keys)))
    assert call.events[-1].outcome is CallOutcome.BRIDGED
    found = [discovery.type for discovery in discoveries(call)]
    assert found.count(DiscoveryType.HOLD) == 1
    assert found.index(DiscoveryType.HOLD) > found.index(DiscoveryType.IVR_MENU)
    assert call.of(HoldEnded)[0].duration_ms < 6_000


def test_a_notice_begun_while_the_menu_was_still_read_again_is_kept_from_its_first_word() -> None:
    at_once = Node([say("Please hold while I transfer you to the next available specialist.")], then="hold")
    call = explore(chase(notice=at_once), transcribe_ms=6500, closes_ms=540)
    notice = next(one for one in discoveries(call) if one.type is DiscoveryType.TRANSFER_NOTICE)
    pressed = call.of(DigitsSent)[-1].at_ms
    assert pressed < notice.at_ms
    assert notice.fingerprint


def test_who_speaks_again_does_so_still_when_silence_decides() -> None:
    spoken = [say("The quick brown fox."), pause(3.0), say("Over the lazy dog."), pause(60)]
    call = explore(chase(agent=Node(spoken, hangs_up=True)))
    (met,) = call.of(HumanDetected)
    assert "silence_stays" in met.evidence
    assert "speaks_again:music before <5000" in met.evidence


def test_silence_behind_a_known_recording_says_nothing_of_who_spoke_before_it() -> None:
    announced = say("All of our agents are busy, your call will be answered in the order it was received.")
    plays = [music(8), announced, music(8), pause(0.8), say("Okay so."), pause(2.0), announced, pause(15)]
    call = explore(chase(hold=Node(plays, hangs_up=True)))
    assert [event.source for event in call.of(UtteranceHeard)][-1] == "recognised"
    assert not call.of(HumanDetected)
