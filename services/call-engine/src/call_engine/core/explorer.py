"""Walks an unknown phone system towards an intent.

What to do is a table: state × event → action, and the state that follows if the action names no other. Events are the kinds of
utterances, the reactions to a press, and what sounds without words mean. ``docs/explorer.md`` is drawn from the table.
"""

from __future__ import annotations

from collections.abc import Callable

from call_contract.call_events import CallOutcome
from call_contract.discoveries import Discovery, DiscoveryType

from call_engine.core.call_time import ms
from call_engine.core.dtmf.delivery import Reaction
from call_engine.core.dtmf.endless_menu import heard_enough
from call_engine.core.facts import Fact, MusicHeard, Recognised, ToneHeard, Turn, TurnBegan, TurnEnded, TurnGrew
from call_engine.core.holding.human import Scene
from call_engine.core.holding.listening import Listener
from call_engine.core.kit import Kit
from call_engine.core.navigation.menu_walk import MenuWalk
from call_engine.core.navigation.replies import Replies, asks_for_data
from call_engine.core.orders import EndCall, GoOnHold, ReachDevice
from call_engine.core.understanding import tones
from call_engine.core.utterance import ANNOUNCEMENT
from call_engine.core.vocabulary import phrases
from call_engine.core.waking import later, soonest
from call_engine.core.walk import Walk

LISTENING, PRESSED, ANNOUNCED, OVER = "listening", "pressed", "announced", "over"

_HEARD: dict[str, tuple[str, str]] = {
    phrases.MENU: ("choose_option", PRESSED),
    phrases.DATA: ("skip_data", LISTENING),
    phrases.OPEN: ("say_intent", LISTENING),
    phrases.CONFIRM: ("confirm", LISTENING),
    phrases.CALLBACK: ("answer_offer", LISTENING),
    phrases.SURVEY: ("decline_survey", LISTENING),
    phrases.TRANSFER: ("note_transfer", ANNOUNCED),
    phrases.HOLD: ("go_on_hold", OVER),
    phrases.NOTICE: ("note", LISTENING),
    ANNOUNCEMENT: ("note", LISTENING),
    phrases.FAILURE: ("note", LISTENING),
    phrases.CLOSED: ("end_closed", OVER),
    phrases.VOICEMAIL: ("end_voicemail", OVER),
    phrases.GREETING: ("ask_whether_human", LISTENING),
    phrases.HUMAN: ("ask_whether_human", LISTENING),
    "music": ("go_on_hold", OVER),
    tones.RINGBACK: ("wait_for_an_answer", ANNOUNCED),
    tones.BUSY: ("end_busy", OVER),
    tones.FAX: ("end_fax", OVER),
    tones.NOT_IN_SERVICE: ("end_unreachable", OVER),
    "silence": ("go_on_hold", OVER),
}

TABLE: dict[str, dict[str, tuple[str, str]]] = {
    LISTENING: _HEARD,
    PRESSED: {**_HEARD, "unchanged": ("press_again", PRESSED), "refused": ("take_back", LISTENING)},
    ANNOUNCED: _HEARD,
    OVER: {},
}

_ENDED_BY = {"end_busy": tones.BUSY, "end_fax": tones.FAX, "end_unreachable": tones.NOT_IN_SERVICE}
#: Kinds on which the call is hung up, and how sure they must be; otherwise it listens on: who is closed hangs up by himself.
_FINAL, _SURE = frozenset((phrases.CLOSED, phrases.VOICEMAIL)), 0.75


_QUESTIONS = frozenset((phrases.DATA, phrases.OPEN))


class Explorer(Walk):
    def __init__(self, kit: Kit, listener: Listener, intent: str, language: str = "", wanted: tuple[str, ...] = ()) -> None:
        self._kit = kit
        self._listener = listener
        self.walk = MenuWalk(kit, intent, language, wanted)
        replies = Replies(kit, self.walk.keys, intent)
        self.state = LISTENING
        self._anything_heard = False
        self._began_at = 0
        self._reason = ""
        self._actions: dict[str, Callable[[Turn], str | None]] = {
            "choose_option": self.walk.choose, "press_again": self.walk.press_again, "take_back": self.walk.refused,
            "skip_data": replies.skip_data, "say_intent": replies.say_intent, "confirm": replies.confirm,
            "answer_offer": replies.answer_offer, "decline_survey": replies.decline_survey, "note": replies.note,
            "note_transfer": replies.note_transfer, "end_closed": replies.end_closed, "end_voicemail": replies.end_voicemail,
            "ask_whether_human": self._ask_whether_human,
        }  # fmt: skip

    @property
    def menus(self) -> int:
        return self.walk.menus

    def begin(self) -> None:
        self._began_at = self._kit.now

    def resume(self, turn: Turn | None = None, outcome: str = "") -> None:
        """Hold was left again, or a flow no longer fits: walk on from here, from this turn."""
        self._began_at, self._anything_heard, self.state = self._kit.now, True, LISTENING
        if turn is not None:
            self.turn(turn)

    def human(self) -> None:
        """A human was met: that is what exploring is for."""
        self.state = OVER
        self._kit.orders.give(ReachDevice(self._kit.plan.device))

    # --- facts ---

    def heard(self, fact: Fact) -> None:
        if self.state == OVER:
            return
        match fact:
            case TurnBegan():
                self._turn_began(fact.turn)
            case TurnGrew():
                self._mid_prompt(fact.turn)
            case TurnEnded():
                self.turn(fact.turn)
            case MusicHeard():
                if not self._kit.hearing.in_turn:
                    self._sound("music", "music")
            case ToneHeard():
                self._tone(fact)
            case Recognised():
                self._recognised(fact)
            case _:
                pass

    def _turn_began(self, turn: Turn) -> None:
        self.walk.keys.turn_began(turn.start)
        silent = ms(turn.start - self._began_at)
        if not self._anything_heard and silent >= 1000:
            self._kit.discoveries.add(
                Discovery(type=DiscoveryType.WAIT, description="Initial silence", duration=silent / 1000.0, at_ms=ms(self._began_at))
            )
        self._anything_heard = True

    def _mid_prompt(self, turn: Turn) -> None:
        """A menu that never pauses is decided while it plays."""
        enough = heard_enough(turn, self._kit.now)
        if enough is not None and self._kit.delivery.pending is None:
            self._kit.hearing.cut(self._kit.now)
            self.turn(enough)

    def _tone(self, tone: ToneHeard) -> None:
        meaning = tones.meaning_of(tone.label, tone.detail)
        if tones.ending_by(meaning, arrived=self.walk.menus > 0) is not None:
            self._kit.discoveries.add(Discovery(type=DiscoveryType.TONE, tone=tone.label.value, at_ms=ms(tone.start)))
        if meaning:
            self._sound(meaning, f"{tone.label.value} tone")

    def _recognised(self, fact: Recognised) -> None:
        """The same menu again after a press: it did nothing, and now is the moment to press while the menu plays. Or hold, as ever."""
        if fact.recording_id.startswith("hold:") and fact.turn is not None:
            self._sound("music", "a known recording of hold")
        elif self.state == PRESSED:
            self.walk.keys.recognised(fact.recording_id, fact.start)

    def recording_lost(self, recording_id: str) -> None:
        """A known recording plays no longer, or what plays only began like it."""
        self.walk.keys.recording_lost(recording_id)

    def turn(self, turn: Turn) -> None:
        """One whole turn was heard."""
        if self.state == OVER or not (turn.text or turn.recording_id):
            return
        turn = self._kit.prompts.complete(self._kit.delivery.since_press(turn))
        if self._kit.delivery.is_read_on(turn):
            self._listener.write(turn, unsure=turn.may_be_human)
            return
        if self._listener.is_human(turn, self._scene(turn)):
            self.walk.keys.settle(reacted=True)
            self.state = OVER
            return
        self._listener.write(turn, unsure=turn.may_be_human)
        reaction = self._kit.delivery.judge(turn)
        if self.state == PRESSED and reaction is not Reaction.CHANGED:
            self._event(reaction.value, turn)
            if self._kit.delivery.pending is not None or turn.utterance.kind not in _QUESTIONS:
                return  # else a guess that did nothing: the question is asked still
        self.walk.keys.effect_seen()
        self._reason = turn.utterance.kind
        if turn.utterance.kind == phrases.HOLD and not self._unsure(turn):
            self._kit.prompts.keep(turn, "hold")
        self._event(ANNOUNCEMENT if self._unsure(turn) else phrases.DATA if asks_for_data(turn) else turn.utterance.kind, turn)

    def _unsure(self, turn: Turn) -> bool:
        """Too little to hang up on. Or to wait on, where nothing was asked yet: what is hold will sound like it soon enough."""
        kind = turn.utterance.kind
        begins = kind == phrases.HOLD and not (self.walk.menus or self._kit.hearing.music)
        return (kind in _FINAL or begins) and turn.utterance.confidence < _SURE

    def _scene(self, turn: Turn) -> Scene:
        return Scene(
            after_notice=self.state == ANNOUNCED, waits=True, heard_before=self._kit.prompts.heard_before(turn.text),
            replied_to_us=self._listener.replied(turn), bed_back=self._kit.hearing.music,
        )  # fmt: skip

    def _sound(self, event: str, reason: str) -> None:
        self.walk.keys.effect_seen()
        self._reason = reason
        self._event(event, None)

    def _event(self, event: str, turn: Turn | None) -> None:
        row = TABLE[self.state].get(event)
        if row is None:
            return
        action, after = row
        chosen = self._actions[action](turn) if turn is not None and action in self._actions else self._on_sound(action)
        self.state = chosen or after

    def _on_sound(self, action: str) -> str | None:
        orders = self._kit.orders
        if action == "go_on_hold":
            orders.give(GoOnHold(self._reason))
        ending = tones.ending_by(_ENDED_BY.get(action, ""), arrived=self.walk.menus > 0)
        if ending is not None:
            orders.give(EndCall(ending, self._reason))
        return None

    def _ask_whether_human(self, turn: Turn) -> str | None:
        if self._listener.suspicious():
            self._listener.ask()
        return self.state if self.state == ANNOUNCED else None

    # --- time ---

    def tick(self) -> None:
        if self.state == OVER:
            return
        now, hearing, delivery = self._kit.now, self._kit.hearing, self._kit.delivery
        pressed_at = delivery.pending.at if delivery.pending else 0
        self.walk.keys.tick()
        if not hearing.in_turn:
            self._silence(min(hearing.silence_ms(now), ms(now - max(self._began_at, pressed_at))))

    @property
    def wake_at(self) -> int | None:
        hearing, settings = self._kit.hearing, self._kit.settings
        if self.state == OVER or hearing.in_turn:
            return None if self.state == OVER else self.walk.keys.wake_at
        pending = self._kit.delivery.pending
        silent_since = max(hearing.quiet_since, self._began_at, pending.at if pending else 0)
        if self._anything_heard:
            limits = [settings.hold_after_notice_s if self.state == ANNOUNCED else settings.hold_after_press_s]
        else:
            limits = [settings.answer_silent_s, 2 * settings.answer_silent_s]
        silences = [later(silent_since, limit * 1000) for limit in limits]
        return soonest(self._kit.now, self.walk.keys.wake_at, self._listener.reply_due_at, *silences)

    def _silence(self, silent_ms: int) -> None:
        settings = self._kit.settings
        if not self._anything_heard:
            if silent_ms >= 2 * settings.answer_silent_s * 1000:
                self._kit.orders.give(EndCall(CallOutcome.NO_AUDIO, "nothing was heard after the call was answered"))
                self.state = OVER
            elif silent_ms >= settings.answer_silent_s * 1000:
                self._listener.ask()
            return
        limit_s = settings.hold_after_notice_s if self.state == ANNOUNCED else settings.hold_after_press_s
        if silent_ms >= limit_s * 1000:
            self._sound("silence", "silence after a transfer notice" if self.state == ANNOUNCED else "silence")
