"""What is heard of a recording is learned as a call would learn it: so that it can be told what later calls will know."""

from __future__ import annotations

from call_engine.core.effects import KeepRecording
from call_engine.core.happenings import RecordingKept, Tick
from call_engine.recording_listener import RecordingListener
from line_audio.segments import Label, SegmentOpened

S = 8000
TICK = 160


def test_the_music_of_a_recording_is_learned() -> None:
    listener = RecordingListener()
    listener.start()
    listener.feed(S, SegmentOpened(label=Label.MUSIC, start_sample=0, at_sample=S))
    for at in range(S + TICK, 45 * S, TICK):
        effects, _ = listener.feed(at, Tick(level_dbm0=-20.0))
        for keep in effects:
            assert isinstance(keep, KeepRecording)
            fingerprint = f"{keep.start_sample // S}-{keep.end_sample // S}"
            kept = RecordingKept(
                recording_id=keep.recording_id, start_sample=keep.start_sample, end_sample=keep.end_sample, fingerprint=fingerprint
            )
            listener.feed(at, kept)
    assert listener.learned == {"music:1": "19-40"}
