"""What the shell does with the brain's effects: secrets, playback, transcripts, recordings, sealing, a brain that breaks."""

from __future__ import annotations

import asyncio
import io
import threading
import wave
from pathlib import Path

import grpc
import msgspec
import numpy as np
import pytest
from call_contract import call_events as ev
from call_contract.v1 import call_engine_pb2 as pb
from call_engine.core import effects as do
from call_engine.core import happenings as hap
from call_engine.ports import LineCommand
from call_engine.sealing import unseal
from call_engine.settings import GuardSettings
from line_audio.segments import Label, Segment, SegmentClosed, SegmentOpened
from numpy.typing import NDArray

from tests.support.engine_under_test import EngineUnderTest, FixedTranscriber, NamedRecordings, ScriptedEars, running_engine
from tests.support.scripted_line import ScriptedLine, ScriptedLines
from tests.support.simple_brain import SimpleBrain, record

KEY = bytes(range(32))


def on_answer(*effects: do.AnyEffect) -> SimpleBrain:
    brain = SimpleBrain()
    answered = brain.rules[hap.Answered]
    brain.rules[hap.Answered] = lambda at, fact: [*answered(at, fact), *effects]
    return brain


async def end(it: EngineUnderTest) -> None:
    await it.stub.EndCall(pb.EndCallRequest(call_id="c1"))
    await it.beat(4)


def everything_written(it: EngineUnderTest, folder: Path) -> str:
    journals = "".join(path.read_text() for path in folder.rglob("*.jsonl"))
    return journals + str(it.log._events)


async def test_a_secret_reaches_the_line_and_nothing_else(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    heard = FixedTranscriber("You entered 4 7 1 1. Your card is 4111 1111 1111 1111.")
    brain = on_answer(do.Press(digits="", secret="pin"), do.Transcribe(request_id="t1", start_sample=0, end_sample=160))
    brain.rules[hap.Transcribed] = lambda at, it: [
        record(ev.UtteranceHeard(start_ms=0, end_ms=20, kind="confirmation_prompt", text=it.text))
    ]
    async with running_engine(tmp_path, brain=lambda: brain, transcriber=heard) as it:
        await it.start()
        await it.beat(8)
        assert do.Press(digits="4711") in it.lines.given[0].commands
        assert brain.got(hap.DigitsDelivered) == [hap.DigitsDelivered(digits="••••", profile="rfc4733")]
        await it.settled()
        written = everything_written(it, tmp_path) + caplog.text
        assert "You entered ••••" in written
        for secret in ("4711", "4111 1111", "4 7 1 1."):
            assert secret not in written


async def test_tones_of_the_line_are_never_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """An exchange may echo the digits of a secret."""
    caplog.set_level("DEBUG")
    opened = SegmentOpened(label=Label.DTMF, start_sample=0, at_sample=480, detail="7")
    closed = SegmentClosed(segment=Segment(start_sample=0, end_sample=480, label=Label.DTMF, detail="7"), at_sample=480)
    music = SegmentOpened(label=Label.MUSIC, start_sample=0, at_sample=480)
    async with running_engine(tmp_path, ears=ScriptedEars({1: [opened, music], 2: [closed]})) as it:
        await it.start()
        await it.beat(8)
        assert it.brains[0].got(SegmentClosed) == [closed]
    assert "MUSIC" in caplog.text
    assert "DTMF" not in caplog.text


@pytest.mark.parametrize("keys", ["9,911", "19005551234"])
async def test_keys_that_would_call_on_are_not_pressed_and_the_call_ends(tmp_path: Path, keys: str) -> None:
    sent = record(ev.DigitsSent(digits=keys, profile="rfc4733"))
    brain = on_answer(do.Press(digits=keys), sent)
    async with running_engine(tmp_path, brain=lambda: brain) as it:
        await it.start()
        await it.beat(8)
        assert not any(isinstance(command, do.Press) for command in it.lines.given[0].commands)
        assert (await it.stored())[-4:] == ["CallAnswered", "ActionRefused", "EndOrdered", "CallEnded"]


async def test_ordered_keys_and_transfers_that_are_refused_are_events(tmp_path: Path) -> None:
    async with running_engine(tmp_path) as it:
        await it.start()
        await it.beat(5)
        with pytest.raises(grpc.aio.AioRpcError, match="refused by rule emergency"):
            await it.stub.SendDigits(pb.SendDigitsRequest(call_id="c1", digits="911", actor="bob"))
        with pytest.raises(grpc.aio.AioRpcError, match="refused by rule premium_rate"):
            await it.stub.TransferNow(pb.TransferNowRequest(call_id="c1", device="+19005551234", actor="bob"))
        await it.beat(3)
        assert (await it.stored())[-2:] == ["ActionRefused", "ActionRefused"]
        refusals = [ev.decode(event.type, event.data) for event in (await it.log.read("call-c1"))[-2:]]
        assert [(one.action, one.rule, one.by) for one in refusals] == [  # type: ignore[union-attr]
            ("digits", "emergency", "bob"), ("transfer", "premium_rate", "bob")
        ]  # fmt: skip
        assert it.lines.given[0].commands == []


async def test_what_is_pressed_is_in_the_journal_before(tmp_path: Path) -> None:
    class Looking(ScriptedLine):
        async def command(self, command: LineCommand) -> None:
            written.append(everything_written(it, tmp_path).count("DigitsSent"))
            await super().command(command)

    written: list[int] = []
    brain = on_answer(do.Press(digits="1"), record(ev.DigitsSent(digits="1", profile="rfc4733")))
    async with running_engine(tmp_path, brain=lambda: brain, lines=ScriptedLines(Looking())) as it:
        await it.start()
        await it.beat(5)
    assert written == [1]


async def test_a_step_cannot_ring_what_must_not_be_called(tmp_path: Path) -> None:
    brain = on_answer(do.RingDevice(device="sip:+19005551234@trunk.example"))
    async with running_engine(tmp_path, brain=lambda: brain) as it:
        await it.start()
        await it.beat(6)
        assert brain.got(hap.DeviceGone) == [
            hap.DeviceGone(device="sip:+19005551234@trunk.example", cause="refused by rule unknown_device")
        ]
        assert not it.lines.given[0].commands
        with pytest.raises(grpc.aio.AioRpcError, match="refused by rule premium_rate"):
            await it.stub.TransferNow(pb.TransferNowRequest(call_id="c1", device="+19005551234"))


async def test_words_of_a_human_are_sealed_with_the_calls_key(tmp_path: Path) -> None:
    brain = on_answer(record(ev.HumanDetected(posterior=0.99), seal="this is Maria, card 4111111111111111"))
    async with running_engine(tmp_path, brain=lambda: brain) as it:
        await it.start(personal_data_key=KEY)
        await it.beat(6)
        await it.settled()
        (event,) = [event for event in await it.log.read("call-c1") if event.type == "HumanDetected"]
        sealed = msgspec.json.decode(event.data)["sealed"]
        assert unseal(sealed, KEY, "c1").startswith("this is Maria, card ••••")
        assert "Maria" not in everything_written(it, tmp_path).replace("HumanDetected", "")
        assert KEY.hex() not in everything_written(it, tmp_path)


async def test_without_a_key_words_of_a_human_are_not_kept(tmp_path: Path) -> None:
    brain = on_answer(record(ev.HumanDetected(posterior=0.99), seal="this is Maria"))
    async with running_engine(tmp_path, brain=lambda: brain) as it:
        await it.start()
        await it.beat(6)
        await it.settled()
        assert b"sealed" in (await it.log.read("call-c1"))[-1].data
        assert "Maria" not in everything_written(it, tmp_path)


async def test_what_is_transcribed_is_what_was_heard_at_that_time(tmp_path: Path) -> None:
    audio = np.arange(160 * 20, dtype=np.int16)
    transcriber = FixedTranscriber()
    brain = SimpleBrain()
    asked = do.Transcribe(request_id="t1", start_sample=160 * 5, end_sample=160 * 7)
    brain.rules[hap.Tick] = lambda at, _: [asked] if at == 160 * 10 else []
    async with running_engine(tmp_path, brain=lambda: brain, transcriber=transcriber, lines=ScriptedLines(ScriptedLine(heard=audio))) as it:
        await it.start()
        await it.beat(14)
    # Three silent pulses before the answer, then the audio: call time 5 is audio frame 2.
    assert [list(heard) for heard in transcriber.heard] == [list(audio[160 * 2 : 160 * 4])]
    (answer,) = brain.got(hap.Transcribed)
    assert (answer.start_sample, answer.end_sample, answer.text) == (800, 1120, "press one for billing")


async def test_recordings_are_kept_and_known(tmp_path: Path) -> None:
    brain = on_answer(
        do.KeepRecording(recording_id="r1", start_sample=0, end_sample=320),
        do.KnowRecording(recording_id="bad", fingerprint="not base64!"),
    )
    async with running_engine(tmp_path, brain=lambda: brain) as it:
        await it.start()
        await it.beat(6)
        (kept,) = brain.got(hap.RecordingKept)
        assert (kept.recording_id, kept.start_sample, kept.end_sample) == ("r1", 0, 320)


class SlowRecordings(NamedRecordings):
    """The first fingerprint takes until ``go``; that of ``bad`` cannot be made."""

    def __init__(self) -> None:
        super().__init__()
        self.go = threading.Event()
        self.order: list[str] = []

    def fingerprinted(self, recording_id: str, samples: NDArray[np.int16], lead: int = 0, gap: int = 0) -> tuple[str, bytes]:
        self.go.wait(30)
        self.order.append(f"{recording_id}+{gap}")
        if recording_id == "bad":
            raise ValueError("not a fingerprint")
        return super().fingerprinted(recording_id, samples, lead, gap)


async def test_the_beat_goes_on_while_recordings_are_kept_one_after_the_other(tmp_path: Path) -> None:
    recordings = SlowRecordings()
    brain = on_answer(
        do.KeepRecording(recording_id="r1", start_sample=0, end_sample=320),
        do.KeepRecording(recording_id="r1", start_sample=320, end_sample=480, lead=160, gap=160),
        do.KeepRecording(recording_id="r2", start_sample=0, end_sample=160),
    )
    async with running_engine(tmp_path, brain=lambda: brain, recordings=lambda: recordings) as it:
        await it.start()
        for _ in range(8):
            await it.engine.pulse.beat()
            await asyncio.sleep(0)
        assert brain.got(hap.RecordingKept) == []
        ticks = len(brain.got(hap.Tick))
        assert ticks >= 5
        recordings.go.set()
        await it.beat(8)
        assert [one.recording_id for one in brain.got(hap.RecordingKept)] == ["r1", "r1", "r2"]
        assert recordings.order == ["r1+0", "r1+160", "r2+0"]


async def test_of_a_recording_that_cannot_be_kept_nothing_is_left_and_the_call_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    recordings = SlowRecordings()
    recordings.go.set()
    brain = on_answer(
        do.KeepRecording(recording_id="bad", start_sample=0, end_sample=320),
        do.KeepRecording(recording_id="good", start_sample=0, end_sample=320),
    )
    async with running_engine(tmp_path, brain=lambda: brain, recordings=lambda: recordings) as it:
        await it.start()
        await it.beat(8)
        assert [(one.recording_id, bool(one.fingerprint)) for one in brain.got(hap.RecordingKept)] == [("bad", False), ("good", True)]
        assert "bad" not in recordings.known
        (told,) = [line for line in caplog.records if "could not be kept" in line.message]
        assert (told.call_id, told.recording_id) == ("c1", "bad")  # type: ignore[attr-defined]
        await end(it)
        assert (await it.stored())[-1] == "CallEnded"


async def test_a_voice_is_described_from_the_stretch_asked_for(tmp_path: Path) -> None:
    audio = np.random.default_rng(1).normal(0, 2000, 160 * 40).astype(np.int16)
    brain = SimpleBrain()
    long = do.DescribeVoice(turn=3, start_sample=160 * 5, end_sample=160 * 30)
    short = do.DescribeVoice(turn=4, start_sample=160 * 5, end_sample=160 * 6)
    brain.rules[hap.Tick] = lambda at, _: [long, short] if at == 160 * 32 else []
    async with running_engine(tmp_path, brain=lambda: brain, lines=ScriptedLines(ScriptedLine(heard=audio))) as it:
        await it.start()
        await it.beat(38)
    voice, too_short = brain.got(hap.VoiceDescribed)
    assert (voice.turn, voice.start_sample, voice.end_sample) == (3, 160 * 5, 160 * 30)
    assert len(voice.timbre) > 10
    assert abs(sum(voice.timbre)) < 0.5
    assert voice.wrong_part is None
    assert too_short.timbre == ()


async def test_assets_and_words_are_played_and_what_cannot_be_is_told(tmp_path: Path) -> None:
    brain = on_answer(
        do.Play(playback_id="a", audio_file="hello.wav"),
        do.Play(playback_id="b", text="hi"),
        do.Play(playback_id="c", audio_file="none.wav"),
    )
    wav = wav_of(np.full(16_000, 500, dtype=np.int16), 16_000)
    plan = pb.Plan(
        follow=pb.Follow(
            flow=pb.CallFlow(id="f", phone_number="+18005551234", steps=[pb.CallFlowStep(id="s", type="HOLD")]),
            audio_files={"hello.wav": wav},
        )
    )
    async with running_engine(tmp_path, brain=lambda: brain) as it:
        await it.stub.StartCall(pb.StartCallRequest(call_id="c1", plan=plan))
        await it.beat(10)
        lengths = {playback_id: len(samples) for playback_id, samples in it.lines.given[0].played}
        assert lengths == {"a": 8000, "b": 320}
        assert hap.PlaybackEnded(playback_id="c", completed=False) in brain.got(hap.PlaybackEnded)


async def test_a_brain_that_breaks_ends_its_own_call_only(tmp_path: Path) -> None:
    broken = SimpleBrain()
    broken.rules[hap.Answered] = lambda *_: [][1]  # type: ignore[misc]
    brains = iter([broken, SimpleBrain()])
    async with running_engine(tmp_path, brain=lambda: next(brains)) as it:
        await it.start("c1")
        await it.start("c2")
        await it.beat(8)
        assert (await it.stored("c1"))[-1] == "CallEnded"
        ended = (await it.stub.GetCall(pb.GetCallRequest(call_id="c1"))).call
        assert (ended.outcome, ended.reason) == ("engine_lost", "internal error: IndexError")
        assert it.lines.given[0].closed == 1
        assert (await it.stub.GetCall(pb.GetCallRequest(call_id="c2"))).call.state == "walking"


async def test_sounds_of_all_lines_are_heard_in_one_batch(tmp_path: Path) -> None:
    ears = ScriptedEars({2: [SegmentOpened(label=Label.SPEECH, start_sample=0, at_sample=480)]})
    async with running_engine(tmp_path, ears=ears) as it:
        for i in range(5):
            await it.start(f"c{i}")
        await it.beat(6)
        assert ears.batches == [5] * 6
        assert all(len(brain.got(SegmentOpened)) == 1 for brain in it.brains)
        assert all(len(brain.got(hap.Tick)) == 6 for brain in it.brains)


async def test_the_kill_switch_ends_every_call(tmp_path: Path) -> None:
    switch = tmp_path / "kill"
    settings = {"guards": GuardSettings(kill_switch_file=str(switch))}
    async with running_engine(tmp_path / "data", settings=settings) as it:
        await it.start()
        await it.beat(5)
        switch.touch()
        with pytest.raises(grpc.aio.AioRpcError, match="refused by rule kill_switch"):
            await it.stub.SendDigits(pb.SendDigitsRequest(call_id="c1", digits="1"))
        async with asyncio.timeout(2):
            while (await it.stub.GetCall(pb.GetCallRequest(call_id="c1"))).call.state != "ended":
                await it.beat()
        assert (await it.stored())[-2:] == ["EndOrdered", "CallEnded"]


def wav_of(samples: np.ndarray, rate_hz: int) -> bytes:  # type: ignore[type-arg]

    out = io.BytesIO()
    with wave.open(out, "wb") as wav:
        wav.setparams((1, 2, rate_hz, 0, "NONE", ""))
        wav.writeframes(samples.tobytes())
    return out.getvalue()
