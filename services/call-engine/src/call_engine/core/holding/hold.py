"""On hold: music, announcements and silence go by; novel speech is the candidate human.

Every recording heard is kept, so that the second time it is recognised instead of understood, on this call and on later ones.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import msgspec
from call_contract.call_events import CallOutcome, HoldEnded, HoldStarted
from call_contract.discoveries import Discovery, DiscoveryType
from line_audio.segments import Label

from call_engine.core.call_time import ms, samples
from call_engine.core.facts import Fact, MusicHeard, Recognised, ToneHeard, Turn, TurnBegan, TurnEnded, TurnGrew
from call_engine.core.happenings import VoiceDescribed
from call_engine.core.holding.announcement_tail import human_tail
from call_engine.core.holding.hold_cues import Sound, telling
from call_engine.core.holding.hold_memory import HoldMemory
from call_engine.core.holding.hold_sound import HoldSound
from call_engine.core.holding.human import Scene, changes_at
from call_engine.core.holding.listening import Listener
from call_engine.core.holding.voices import Voices
from call_engine.core.kit import Kit
from call_engine.core.menu import Option
from call_engine.core.orders import EndCall, LeaveHold
from call_engine.core.turn_taking.patience import HOLDING, WALKING
from call_engine.core.turn_taking.surroundings import Surroundings
from call_engine.core.turn_taking.understood import clearness, is_foreign
from call_engine.core.understanding import tones
from call_engine.core.understanding.callback_offer import accepting, gives_up_the_line, staying
from call_engine.core.understanding.staying_on import keeps_place, waits
from call_engine.core.utterance import HUMAN_KINDS
from call_engine.core.vocabulary import phrases
from call_engine.core.waking import later, soonest

_CLEARLY_RECORDED = 0.02
_WORTH_A_THOUGHT = samples(700)  #: shorter speech without words is a click, a breath, a note
_MUSIC_AGAIN = samples(2000)
_DOUBTFUL_MAX = 5  #: the last of them
_LONG_OVER = samples(20_000)
_STAYS_SILENT_MS = 6000  #: gone for longer than between an announcement and the music
_GLANCE = samples(100)  #: how often speech that goes on is weighed
_RECOGNISED_IN = samples(1000)  #: the sound by which a known recording is recognised
_BEFORE = samples(400)  #: the noise right before the voice is taken from here
#: Notes of hold music can sound like a busy tone for some seconds. A real one goes on, and no music comes back.
_TONE_LASTS = samples(8_000)
_ASKS = frozenset((phrases.DATA, phrases.CONFIRM))  #: of a caller, which no queue does
A_MENU = "a menu"  #: why hold was left: nobody waits there, keys are asked for
_A_PAUSE_MS = 20_000
_A_CONDITION = "a condition of the step"
_SAYS = {phrases.CLOSED: "closed", phrases.VOICEMAIL: "voicemail"}
_SURELY = 0.8  #: of these

#: Whether the flow goes on elsewhere, after these words or this outcome.
LeadsOff = Callable[[Turn | None, str], bool]


class Doubt(NamedTuple):
    """Who spoke was perhaps a human. ``again_ms``: see ``Sound``, when it was said."""

    turn: Turn
    again_ms: int | None


class Hold:
    """Born when hold begins; ``over`` once it has ended."""

    def __init__(
        self, kit: Kit, listener: Listener, reason: str, *, since: int, step_id: str | None = None, leads_off: LeadsOff | None = None
    ) -> None:  # fmt: skip
        self._kit = kit
        self._leads_off = leads_off or (lambda turn, outcome: False)
        self._listener = listener
        self._step_id = step_id
        self.started_at = since
        self._music_seen = kit.hearing.music
        self._sounding = HoldSound(kit, since)
        self._said_until = since
        self._recordings: list[str] = []
        self._unlearned: set[str] = set()  #: of these, in which a human may be heard as long as the hold does not go on as before
        self._asking: set[str] = set()  #: of these, those that ask for a key: they are answered each time
        self._insisting: set[str] = set()  #: … and of them those that are no mere offer: later calls hear their words, and answer, too
        self._offers = 0
        self.only_waits = False  #: what is heard leads nowhere just now: a phone rings that a person ordered
        self._over: ToneHeard | None = None  #: a tone that may mean that the call is over …
        self._told_over: ToneHeard | None = None  #: … and that has been told
        self._glanced_at = since
        self._unknown_until: int | None = None  #: when somebody unknown last stopped speaking
        self._doubtful: list[Doubt] = []  #: perhaps a human; but then no music comes again
        self._long_over: list[Turn] = []  #: said long ago, but the hold has not gone on as before since
        learned = sum(one.startswith("hold:") for one in kit.prompts.fingerprints)
        self._voices = Voices(kit.outbox, learned=learned > 0)
        self._memory = HoldMemory(learned=learned)
        kit.hearing.patience = HOLDING
        kit.hearing.surroundings = Surroundings(kit.now)
        kit.hearing.listening = True
        if kit.outbox.figures.hold_at is None:
            kit.outbox.figures.hold_at = since
        kit.outbox.record(HoldStarted(reason=reason))

    # --- what is heard ---

    def heard(self, fact: Fact) -> None:
        match fact:
            case MusicHeard():
                self._music_seen, self._over = True, None
            case TurnBegan():
                self._listener.posterior = 0.0
                if self._over is not None and self._over.label is not Label.SIT:  # behind which words say why
                    self._over = None
            case TurnGrew():
                self._weigh(fact.turn, waits=False, partial=fact.peek)
            case TurnEnded():
                self._turn(fact.turn)
            case Recognised():
                self._recognised(fact)
            case VoiceDescribed():
                self._voices.described(fact)
            case ToneHeard():
                if self._over is None and _ending_by(fact) is not None:
                    self._over = fact

    def tick(self) -> None:
        now = self._kit.now
        hearing = self._kit.hearing
        if hearing.music_since is not None:
            if self._over is not None and hearing.music_since >= self._over.start:
                self._over = None
            if now - hearing.music_since >= _MUSIC_AGAIN:
                self._none_was_human()
                self._goes_on()
            self._memory.music(hearing.music_since)
            if now - hearing.music_since >= _MUSIC_AGAIN:
                self._voices.followed_by_music()
        elif self._over is not None and now - self._over.start >= _TONE_LASTS:
            self._tone(self._over)
        elif self._doubtful and self._music_seen and not hearing.in_turn and hearing.silence_ms(now) >= _STAYS_SILENT_MS:
            self._silence(self._doubtful[-1])
        if self._doubtful and now - self._doubtful[-1].turn.end >= _LONG_OVER:
            self._none_spoke_again()
        self._sounding.tick(self.candidate)
        if now - self._glanced_at >= _GLANCE:
            self._glanced_at = now - (now - self._glanced_at) % _GLANCE
            self._glance()

    @property
    def candidate(self) -> int | None:
        """Since when somebody has been speaking who may be a human."""
        span = self._kit.hearing.unknown_span
        speaks = None if span is None else span[0]
        if not self._doubtful:
            return speaks
        doubted = min(one.turn.start for one in self._doubtful)
        return doubted if speaks is None else min(doubted, speaks)

    def _silence(self, doubt: Doubt) -> None:
        """Whoever spoke last was perhaps a human, was asked, and now neither speech nor music follows."""
        if self._listener.awaits_reply() or self._kit.hearing.known_until > doubt.turn.end:
            return
        scene = self.scene(doubt.turn, waits=True, partial=False)
        sound = None if scene.sound is None else msgspec.structs.replace(scene.sound, again_ms=doubt.again_ms)
        if self._listener.is_human(doubt.turn, msgspec.structs.replace(scene, sound=sound, silence_stays=True)):
            self._doubtful.clear()

    def _none_was_human(self) -> None:
        """Music goes on as before: whoever may have been a human was none."""
        doubtful, self._doubtful = self._doubtful, []
        for doubt in doubtful:
            self._announced(doubt.turn, doubted=True)

    def _none_spoke_again(self) -> None:
        """Whoever may have been a human is waited for no longer. But of an announcement he would tell as little as it does: neither his
        words nor his voice are those of this hold yet."""
        doubtful, self._doubtful = self._doubtful, []
        for turn in [doubt.turn for doubt in doubtful]:
            if not turn.with_human:
                self._long_over = [*self._long_over[1 - _DOUBTFUL_MAX :], turn]
                self._sounding.words_as_of_a_human(turn.start)
            self._acts_on(turn)

    def _goes_on(self) -> None:
        """As before: what was kept so far was no human's."""
        long_over, self._long_over = self._long_over, []
        for turn in long_over:
            self._remember(turn, doubted=True)
        self._sounding.none_was_human()
        self._unlearned.clear()

    @property
    def wake_at(self) -> int | None:
        now, hearing = self._kit.now, self._kit.hearing
        music = hearing.music_since
        over = max(self._over.start + _TONE_LASTS, now + 1) if self._over is not None else None
        back = music + _MUSIC_AGAIN if music is not None else None
        return soonest(now, over, back, self._sounding.wake_at(self.candidate), *self._silent_at(), *self._looks())

    def _silent_at(self) -> tuple[int | None, ...]:
        """When a doubtful turn has been followed by silence for long enough."""
        if not self._doubtful:
            return ()
        over = self._doubtful[-1].turn.end + _LONG_OVER
        if not self._music_seen:
            return (over,)
        again = self._kit.now + 1 if self._listener.undecided else None
        return (over, later(self._kit.hearing.quiet_since, _STAYS_SILENT_MS), self._listener.reply_due_at, again)

    def _looks(self) -> list[int]:
        """When speech that goes on, or has just paused, will weigh otherwise than now."""
        hearing = self._kit.hearing
        span = hearing.unknown_span
        if span is None:
            return []
        looks = changes_at(self._memory.so_far, *span, speaking=hearing.speaking)
        if self._listener.undecided:
            looks.append(self._kit.now + 1)
        other = hearing.surroundings.changes_at(known=hearing.known_plays) if hearing.speaking or hearing.music else None
        looks += [other] if other is not None else []
        return [look + (self._glanced_at - look) % _GLANCE for look in looks if look > self._glanced_at]

    def _glance(self) -> None:
        """Speech that goes on, or has just paused: the longer nothing speaks for a recording, the more it is a human."""
        turn = self._kit.hearing.turn
        if turn is None or turn.recording_id:
            return
        self._voices.speaks(turn.number, turn.start, self._kit.now, self._kit.hearing.turn_ms(self._kit.now)[0])
        scene = self.scene(turn, waits=False, partial=True)
        if scene.sound is not None and telling(scene.sound):
            self._listener.is_human(turn, scene)
            self._kit.hearing.look(self._listener.posterior >= _CLEARLY_RECORDED)

    def _sound(self, turn: Turn) -> Sound:
        hearing, now = self._kit.hearing, self._kit.now
        length_ms, silence_ms = hearing.turn_ms(now)
        whole = hearing.turn_began
        if whole is None or whole.number != turn.number:
            length_ms, silence_ms = ms(turn.end - turn.start), ms(now - turn.end)
        else:  # of the tail of a turn only what belongs to it
            length_ms = max(0, length_ms - ms(turn.start - whole.start))
        gap = ms(turn.start - hearing.music_ended) if hearing.music_ended is not None else None
        loudness, strange = hearing.loudness, self._voices.strange(turn.number)
        voicing = hearing.voicing.mean(turn.start, turn.start + samples(length_ms))
        return Sound(
            unlike_db=self._voices.unlike_db(turn.number), nearest_db=self._voices.nearest_db(turn.number),
            wrong_part=strange.wrong_part, wrong_in_place=strange.wrong_in_place, compared_ms=strange.length_ms,
            as_speech=voicing and voicing.speech, as_music=voicing and voicing.music,
            length_ms=length_ms, silence_ms=silence_ms,
            music=hearing.music or hearing.over_music, music_seen=self._music_seen,
            known_share=hearing.surroundings.known_share, behind_known_ms=hearing.behind_known_ms(turn.start),
            again_ms=self._again_ms(turn.start), gap_ms=gap, behind_ms=self._memory.behind_ms(turn.start),
            voice_dbm0=loudness.voice_dbm0(turn.start, now),
            depth_db=loudness.depth_db(turn.start, now), floor_dbm0=loudness.floor_dbm0(turn.start, now),
            before_dbm0=loudness.floor_dbm0(turn.start - _BEFORE, turn.start - samples(40)),
        )  # fmt: skip

    def _again_ms(self, start: int) -> int | None:
        hearing, until = self._kit.hearing, self._unknown_until
        if until is None or start < until or hearing.music or max(hearing.music_ended or 0, hearing.known_until) > until:
            return None
        return ms(start - until)

    def scene(self, turn: Turn, *, waits: bool, partial: bool) -> Scene:
        hearing = self._kit.hearing
        return Scene(
            on_hold=True, bed_gone=self._music_seen and not hearing.music, bed_back=hearing.music,
            heard_before=bool(turn.text) and self._kit.prompts.heard_before(turn.text), waits=waits,
            replied_to_us=self._listener.replied(turn), partial=partial, sound=self._sound(turn), hold=self._memory.so_far,
            wordless=self._kit.hearing.wordless,
        )  # fmt: skip

    def _weigh(self, turn: Turn, *, waits: bool, partial: bool = False) -> bool:
        human = self._listener.is_human(turn, self.scene(turn, waits=waits, partial=partial))
        if not human and not turn.recording_id:
            kit = self._kit
            tail = human_tail(
                turn, heard_before=kit.prompts.heard_before, similarity=kit.similarity, understanding=kit.hearing.understanding
            )  # fmt: skip
            human = tail is not None and self._listener.is_human(tail, self.scene(tail, waits=waits, partial=partial))
        self._kit.hearing.look(self._listener.posterior >= _CLEARLY_RECORDED)
        return human

    def _turn(self, turn: Turn) -> None:
        if not turn.text and turn.end - turn.start < _WORTH_A_THOUGHT:
            return
        if self._weigh(turn, waits=True):
            return
        again_ms = self._again_ms(turn.start)
        self._unknown_until = None if turn.recording_id else turn.end
        if self._listener.suspicious():
            self._listener.write(turn, unsure=True)
            self._listener.ask()
            self._doubtful = [*self._doubtful[1 - _DOUBTFUL_MAX :], Doubt(turn, again_ms)]
            return
        self._announced(turn)

    def _announced(self, turn: Turn, *, doubted: bool = False) -> None:
        """The turn was no human: what it said is a recording, to be known when it comes again."""
        whole = self._kit.prompts.complete(turn)
        understood = clearness(turn) > 0
        self._listener.write(whole, unsure=not turn.recording_id and (turn.may_be_human or not understood))
        if not turn.with_human:
            self._remember(turn, doubted=doubted)
        self._acts_on(turn)

    def _acts_on(self, turn: Turn) -> None:
        """What an announcement says may lead elsewhere, as far as it was understood."""
        whole, understood = self._kit.prompts.complete(turn), clearness(turn) > 0
        if self._leads_off(whole, _outcome_of(turn) if understood else ""):
            self._kit.orders.give(LeaveHold(_A_CONDITION, whole))
        elif turn.recording_id in self._asking:
            self._offer(whole)
        elif understood and not _perhaps_human(turn):
            self._announcement(turn)

    def _remember(self, turn: Turn, *, doubted: bool) -> None:
        self._memory.announced(
            turn.end, doubted=doubted, known=bool(turn.recording_id), over_music=turn.over_music, foreign=is_foreign(turn),
            voice_dbm0=self._kit.hearing.loudness.voice_dbm0(turn.start, turn.end),
        )  # fmt: skip
        self._voices.announced(turn.start, turn.end, sure=bool(turn.recording_id))
        since = max((one.turn.end for one in self._doubtful if one.turn.end <= turn.start), default=0)
        since, self._said_until = max(since, self._said_until), max(self._said_until, turn.end)
        if _perhaps_human(turn):
            self._sounding.words_as_of_a_human(turn.start)
            return
        kept = self._kit.prompts.keep_on_hold(turn, since)
        if kept and not turn.recording_id:
            self._recordings.append(kept)
            if clearness(turn) > 0 and _asks_whether_one_waits(turn):
                self._asking.add(kept)
                if turn.utterance.kind != phrases.CALLBACK:
                    self._insisting.add(kept)
            if doubted or turn.may_be_human or clearness(turn) == 0:
                self._unlearned.add(kept)
                self._sounding.words_as_of_a_human(turn.start)
            self._sounding.announced(turn.start, turn.end, self.candidate)

    def _announcement(self, turn: Turn) -> None:
        kind, orders = turn.utterance.kind, self._kit.orders
        if kind == phrases.CALLBACK or (kind == phrases.MENU and turn.utterance.menu.options):
            self._offer(turn)
        elif kind in _ASKS and turn.utterance.confidence > _SURELY:
            orders.give(LeaveHold(f"{A_MENU}: {kind}", turn))
        elif kind == phrases.CLOSED and turn.utterance.confidence > _SURELY:
            self._found(DiscoveryType.CLOSED, turn)
            orders.give(EndCall(CallOutcome.CLOSED, "the company said on hold that it is closed"))
        elif kind == phrases.VOICEMAIL and turn.utterance.confidence > _SURELY:
            self._found(DiscoveryType.VOICEMAIL, turn)
            orders.give(EndCall(CallOutcome.VOICEMAIL, "the queue ended in a voice mail"))

    def _offer(self, turn: Turn) -> None:
        """A call-back offer or a menu in the middle of hold."""
        menu, kit = turn.utterance.menu, self._kit
        callback = turn.utterance.kind == phrases.CALLBACK
        stay = staying(menu.options) if callback else next((one for one in menu.options if _goes_on_waiting(one)), None)
        accept = accepting(menu.options) if callback and kit.plan.accept_callback and not self.only_waits else None
        if callback and not turn.recording_id:
            answer = accept or stay
            self._found(DiscoveryType.CALLBACK_OFFER, turn, pressed=answer.digits if answer else None)
        if accept is not None:
            kit.delivery.press(accept.digits, prompt=turn, reason="call back accepted")
            kit.orders.give(EndCall(CallOutcome.CALLBACK_ACCEPTED, "the company will call back", after_keys=True))
        elif stay is not None and self._offers < 5:
            self._offers += 1
            kit.delivery.press(stay.digits, prompt=turn, reason=turn.open_label(stay.label))
            kit.delivery.worked()
        elif not callback and len(menu.options) >= 2 and menu.stay is None:
            kit.orders.give(LeaveHold(A_MENU, turn))

    def _found(self, kind: DiscoveryType, turn: Turn, pressed: str | None = None) -> None:
        length_s = round(ms(turn.end - turn.start) / 1000.0, 2)
        found = Discovery(type=kind, transcript=turn.open_text, at_ms=ms(turn.start), duration=length_s, dtmf_sent=pressed)
        self._kit.discoveries.add(found, seal=turn.sealed_text)

    def _recognised(self, fact: Recognised) -> None:
        self._sounding.close(max(fact.start, self._kit.now - _RECOGNISED_IN), self.candidate)
        self._goes_on()
        self._over = None
        if fact.turn is not None:
            self._listener.posterior = 0.0

    def _tone(self, tone: ToneHeard) -> None:
        outcome = _ending_by(tone)
        if outcome and self._leads_off(None, "busy"):
            self._kit.orders.give(LeaveHold(_A_CONDITION, outcome="busy"))
        elif outcome:
            if tone is not self._told_over:
                self._told_over = tone
                self._kit.discoveries.add(Discovery(type=DiscoveryType.TONE, tone=tone.label.value, at_ms=ms(tone.start)))
            self._kit.orders.give(EndCall(outcome, f"{tone.label.value} tone while on hold"))

    # --- the end of it ---

    def end(self, reason: str, at: int) -> None:
        kit = self._kit
        length = max(0, ms(at - self.started_at))
        kit.outbox.figures.hold_ms += length
        kit.hearing.patience = WALKING
        kit.outbox.record(HoldEnded(duration_ms=length, reason=reason))
        if reason.startswith(A_MENU) and length < _A_PAUSE_MS and not kit.outbox.figures.digits:
            return  # words sounded like hold, but it was the pause between the welcome and the first menu
        kit.discoveries.add(
            Discovery(
                type=DiscoveryType.HOLD, description="On hold", duration=round(length / 1000.0, 2), at_ms=ms(self.started_at),
                recordings=list(self.learned.values()), step_id=self._step_id, reason=reason,
            )
        )  # fmt: skip

    @property
    def learned(self) -> dict[str, str]:
        """The fingerprints that later calls will know, by recording: of announcements, and of all the rest."""
        known = self._kit.prompts.fingerprints
        announced = {one: known[one] for one in self._recordings if one not in self._unlearned | self._insisting and one in known}
        return announced | self._sounding.fingerprints


def _perhaps_human(turn: Turn) -> bool:
    """By its words, as far as they were understood."""
    return turn.utterance.kind in HUMAN_KINDS and clearness(turn) > 0


def _asks_whether_one_waits(turn: Turn) -> bool:
    options = turn.utterance.menu.options
    if turn.utterance.kind == phrases.CALLBACK:
        return staying(options) is not None or accepting(options) is not None
    return turn.utterance.kind == phrases.MENU and any(_goes_on_waiting(one) for one in options)


def _ending_by(tone: ToneHeard) -> CallOutcome | None:
    return tones.ending_by(tones.meaning_of(tone.label, tone.detail), arrived=True)


def _outcome_of(turn: Turn) -> str:
    """What the conditions of a step call this."""
    utterance = turn.utterance
    if utterance.kind == phrases.CALLBACK:
        return "callback_offer"
    return _SAYS.get(utterance.kind, "") if utterance.confidence > _SURELY else ""


def _goes_on_waiting(option: Option) -> bool:
    return (waits(option.label) or keeps_place(option.label)) and not gives_up_the_line(option)
