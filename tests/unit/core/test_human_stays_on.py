"""Nobody came for the human, who stays on the line: what is said is sealed until music, ringback or a known recording is heard again."""

from __future__ import annotations

import msgspec
import pytest
from call_contract import call_events as ev
from call_contract.discoveries import DiscoveryType
from call_contract.flows import CallFlow, CallFlowStep
from call_engine.core import effects as fx
from line_audio.segments import Label

from tests.support.chase_flow import MAIN_OPTIONS, flow, prompt, step
from tests.support.chase_script import MAIN
from tests.support.phones import AGENT, Phones, queue
from tests.support.scripted_call import Clip, Node, music, pause, say, tone

HOLD = step("hold", "HOLD", "transfer", timeout=600)
SAYINGS = (
    "Can I have your account number please, is it still the one of Jane Smith?",
    "For John Smith, press one. For Jane Smith, press two.",
    "The Smith account is closed. We are closed now, please call again on Monday.",
    "Please hold while I look for the file of Jane Smith.",
    "To be called back at the number of Jane Smith, press one. To keep your place in line, press two.",
    "You have reached the voice mail of Jane Smith. Please leave a message after the tone.",
    "The balance of Jane Smith is four hundred and two dollars as of yesterday evening.",
    "In a few words, please tell me what you want for Jane Smith. You can say things like billing.",
    "You said the account of Jane Smith. If that is correct, press one.",
    "Please enter your account number followed by the pound key. If you are not Jane Smith, press two.",
    "Would Jane Smith like to take a short survey after this call? If not, press two.",
)

REST = step("rest", "WAIT", timeout=30)
LED_TO = {
    "a hold": [step("on", "HOLD", timeout=60)],
    "a menu that nobody knows": [step("on", "LISTEN", "press", timeout=20), step("press", "DTMF", dtmf="1")],
    "a learned menu": [step("on", "LISTEN", "rest", "3", timeout=20, metadata=prompt(MAIN, MAIN_OPTIONS)), REST],
    "a menu learned by its words": [
        step("on", "LISTEN", "rest", "3", timeout=20, metadata=prompt(MAIN, MAIN_OPTIONS, fingerprint=False)),
        REST,
    ],
    "a key": [step("on", "DTMF", "rest", dtmf="1"), step("rest", "LISTEN", timeout=30)],
}  # fmt: skip


def led_on(steps: list[CallFlowStep], outcome: str = "timeout") -> CallFlow:
    return flow(HOLD, step("transfer", "TRANSFER", timeout=9, conditions={f"on:{outcome}": "on"}), *steps)


def stays(*said: Clip) -> dict[str, Node]:
    """The human says this once the phone was rung in vain."""
    return queue(agent=Node([AGENT, pause(12), *said], hangs_up=True))


def open_words(call: Phones) -> str:
    return msgspec.json.encode(call.events).decode().lower()


def spoken(call: Phones, text: str) -> tuple[int, int]:
    """From when to when this was said, in samples."""
    words = text.split()
    heard = [word for *_, word in call._spoken]
    at = next(index for index in range(len(heard)) if heard[index : index + len(words)] == words)
    return call._spoken[at][0], call._spoken[at + len(words) - 1][1]


def kept(call: Phones) -> list[tuple[int, int]]:
    return [(one.start_sample + one.lead, one.end_sample) for one in call.effects if isinstance(one, fx.KeepRecording)]


def seals(call: Phones, text: str) -> bool:
    said = " ".join(call.seals)
    return all(word in said for word in text.split())


@pytest.mark.parametrize("then", LED_TO)
@pytest.mark.parametrize("said", SAYINGS)
def test_what_sounds_like_a_recording_is_sealed_and_not_kept(then: str, said: str) -> None:
    call = Phones(led_on(LED_TO[then]), stays(say(said), pause(8), say(said), pause(25)), may_speak=False).run()
    assert "on" in [one.step_id for one in call.of(ev.StepStarted)]
    assert "smith" not in open_words(call)
    assert seals(call, said)
    began, _ = spoken(call, AGENT.text)
    assert [(start, end) for start, end in kept(call) if end > began] == []


@pytest.mark.parametrize("said", SAYINGS)
def test_so_it_is_where_the_phone_was_busy(said: str) -> None:
    call = Phones(
        led_on(LED_TO["a hold"], "busy"), stays(say(said), pause(8), say(said), pause(25)), {"phone": "busy"}, may_speak=False
    ).run()
    assert "on" in [one.step_id for one in call.of(ev.StepStarted)]
    assert "smith" not in open_words(call)


@pytest.mark.parametrize("said", SAYINGS)
@pytest.mark.parametrize("hangs_up_s", [30, 33, 36])
def test_so_are_the_last_words_before_the_line_goes(said: str, hangs_up_s: int) -> None:
    call = Phones(led_on(LED_TO["a hold"]), stays(say(said), pause(25)), may_speak=False)
    call._at(hangs_up_s * 8000, lambda: call._hang_up("disconnected"))
    call.run()
    assert "smith" not in open_words(call)


def test_where_a_flow_says_that_somebody_is_there_it_need_not_be_heard() -> None:
    """A written TRANSFER at the beginning: whoever is there waits in vain, too."""
    what = flow(step("transfer", "TRANSFER", timeout=9, conditions={"on:timeout": "on"}), *LED_TO["a hold"])
    call = Phones(what, {"start": Node([pause(14), say(SAYINGS[6]), pause(60)])}, may_speak=False).run()
    assert "smith" not in open_words(call)


ANNOUNCEMENT = "All of our agents are busy helping other customers. Your call will be answered in the order it was received."
AGAIN = {
    "music": music(12),
    "ringback": tone(Label.RINGBACK, 8),
}


@pytest.mark.parametrize("sound", AGAIN)
def test_once_the_hold_is_heard_again_its_recordings_are_open_and_kept(sound: str) -> None:
    said = (say(SAYINGS[3]), pause(2), AGAIN[sound], pause(1), say(ANNOUNCEMENT), pause(2), music(12))
    call = Phones(led_on(LED_TO["a hold"]), stays(*said), may_speak=False).run()
    assert "smith" not in open_words(call)
    assert any(one.text == ANNOUNCEMENT for one in call.of(ev.UtteranceHeard))
    start, end = spoken(call, ANNOUNCEMENT)
    assert any(a < end and b > start for a, b in kept(call))
    human, until = spoken(call, SAYINGS[3])
    assert not any(a < until and b > human for a, b in kept(call))


@pytest.mark.parametrize("sound", [music(1.5), tone(Label.RINGBACK, 1.5), tone(Label.RINGBACK, 6)])
def test_a_moment_of_such_a_sound_does_not_end_it(sound: Clip) -> None:
    """A voice, or a phone that rings on the desk, may sound like it for a while."""
    said = (say("One moment please."), pause(1), sound, pause(0.5), say(SAYINGS[6]), pause(25))
    call = Phones(led_on(LED_TO["a hold"]), stays(*said), may_speak=False).run()
    assert "smith" not in open_words(call)
    began, _ = spoken(call, AGENT.text)
    assert [(start, end) for start, end in kept(call) if end > began] == []


def test_once_a_known_recording_is_heard_again_what_follows_is_open() -> None:
    hours = "Please stay on the line. Your call is important to us."
    nodes = stays(say(SAYINGS[6]), pause(3), say(ANNOUNCEMENT), pause(3), say(hours), pause(9))
    nodes["start"] = Node([pause(1), music(6), say(ANNOUNCEMENT), music(12), pause(0.8)], then="agent")
    call = Phones(led_on(LED_TO["a hold"]), nodes, may_speak=False).run()
    heard = [(one.text, one.source) for one in call.of(ev.UtteranceHeard) if one.text]
    assert "smith" not in open_words(call)
    assert heard[-2:] == [(ANNOUNCEMENT, "recognised"), (hours, "transcription")]


def test_what_a_human_has_said_is_no_recording_that_was_heard_before() -> None:
    call = Phones(led_on(LED_TO["a hold"]), stays(say(SAYINGS[6]), pause(3)), may_speak=False).run()
    assert not call.brain._kit.prompts.heard_before(SAYINGS[6])


LONG = "The case of Jane Smith has been opened on the third of March and it was about the bill of the winter months " * 3


def test_the_voice_of_who_was_met_late_is_not_learned_as_a_recording_of_the_hold() -> None:
    nodes = {"start": Node([pause(1), music(22), pause(0.8), say(LONG + AGENT.text), pause(60)], hangs_up=True)}
    call = Phones(led_on(LED_TO["a hold"]), nodes, may_speak=False).run()
    assert call.of(ev.HumanDetected)
    human, _ = spoken(call, "Jane Smith")
    assert any(end > human for _, end in kept(call))  # known on this call
    holds = [one.discovery for one in call.of(ev.DiscoveryMade) if one.discovery.type is DiscoveryType.HOLD]
    assert "Smith" not in str(holds)
