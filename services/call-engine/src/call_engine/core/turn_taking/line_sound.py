"""What the ear hears on the line right now: speech, music or neither, and since when."""

from __future__ import annotations

from line_audio.segments import Label, Segment, SegmentOpened

from call_engine.core.call_time import samples

SPEECH = frozenset((Label.SPEECH, Label.SPEECH_OVER_MUSIC))
QUIET = frozenset((Label.SILENCE, Label.MUSIC, Label.DTMF))  #: neither speech nor a tone that means something
_TAKEN_FOR_MUSIC = samples(600)  #: the first sound of a voice over music, at most
_TAKEN_FOR_A_TONE = samples(500)  #: … over a ringing tone, which ends where the voice begins
_SILENT = samples(1500)


class LineSound:
    """Times are samples."""

    def __init__(self) -> None:
        self.speaking = False
        self.over_music = False  #: speech over music is heard right now
        self.music_since: int | None = None
        self.music_ended: int | None = None
        self.music_told = False  #: what plays has lasted long enough to be hold music
        self.sound_since = 0  #: start of the last speech or music that followed a silence
        self.quiet_since = 0  #: end of the last speech, music or tone
        self.last_speech_end = 0
        self._tone_ended = 0

    @property
    def music(self) -> bool:
        return self.music_since is not None

    @property
    def last_sound_end(self) -> int:
        """End of the last speech or music, as far as it is over."""
        return max(self.last_speech_end, self.music_ended or 0)

    def silence_ms(self, at: int) -> int:
        """How long nothing but silence has been heard."""
        return 0 if self.speaking or self.music else (at - self.quiet_since) // 8

    def answered(self, at: int) -> None:
        """What rang or played before is not part of the conversation."""
        self.quiet_since, self.last_speech_end = at, at

    def opened(self, opened: SegmentOpened) -> None:
        """Anything but speech has begun; speech only in so far as it ends a silence."""
        if (opened.label in SPEECH or opened.label is Label.MUSIC) and self._was_silent(opened.start_sample):
            self.sound_since = opened.start_sample
        if opened.label is Label.MUSIC and self.music_since is None:
            self.music_since, self.music_told = opened.start_sample, False

    def _was_silent(self, until: int) -> bool:
        return not (self.speaking or self.music) and until - self.last_sound_end > _SILENT

    def speech_began(self, label: Label) -> None:
        self.speaking = True
        self.over_music = label is Label.SPEECH_OVER_MUSIC

    def speech_ended(self) -> None:
        self.speaking = self.over_music = False

    def closed(self, segment: Segment) -> None:
        if segment.label in SPEECH:
            self.last_speech_end = segment.end_sample
        elif segment.label is Label.MUSIC and self.music_since is not None:
            self.music_since, self.music_ended, self.music_told = None, segment.end_sample, False
        elif segment.label not in QUIET:
            self._tone_ended = segment.end_sample
        if segment.label is not Label.SILENCE:
            self.quiet_since = max(self.quiet_since, segment.end_sample)

    def hidden(self, opened: SegmentOpened) -> int:
        """For so long the ear may have taken the first words for something else."""
        if opened.label is Label.SPEECH_OVER_MUSIC:
            return _TAKEN_FOR_MUSIC
        behind = opened.start_sample - self._tone_ended
        return behind if 0 < behind <= _TAKEN_FOR_A_TONE else 0
