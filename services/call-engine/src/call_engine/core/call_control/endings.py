"""What it means that the company's leg is gone."""

from __future__ import annotations

from call_contract.call_events import CallOutcome

from call_engine.core.happenings import LineEnded
from call_engine.core.orders import EndCall
from call_engine.core.vocabulary import phrases

_BEFORE_ANSWER = {
    "busy": CallOutcome.BUSY, "declined": CallOutcome.DECLINED, "no_answer": CallOutcome.NO_ANSWER, "unreachable": CallOutcome.UNREACHABLE,
    "disconnected": CallOutcome.UNREACHABLE, "hung_up": CallOutcome.CANCELLED,
}  # fmt: skip

_LAST_WORDS = {
    phrases.CLOSED: (CallOutcome.CLOSED, "the company is closed and hung up"),
    phrases.VOICEMAIL: (CallOutcome.VOICEMAIL, "a voice mail, which hung up"),
    phrases.DATA: (CallOutcome.NEEDS_DATA, "the company wanted data that this call does not have and hung up"),
    phrases.FAILURE: (CallOutcome.QUEUE_FULL, "the company could not take the call and hung up"),
}


def ending_of(ended: LineEnded, *, answered: bool, human: bool, bridged: bool, last_kind: str) -> EndCall:
    """``last_kind``: the kind of the last utterance, which explains a hang-up."""
    if ended.cause == "handed_over":
        return EndCall(CallOutcome.BRIDGED, ended.reason)
    if ended.cause == "line_lost":
        return EndCall(CallOutcome.LINE_LOST, ended.reason or "the line process is gone")
    if ended.cause == "no_audio":
        return EndCall(CallOutcome.NO_AUDIO, ended.reason or "no audio came")
    if bridged:
        return EndCall(CallOutcome.BRIDGED, "the company hung up")
    if not answered:
        outcome = _BEFORE_ANSWER.get(ended.cause, CallOutcome.UNREACHABLE)
        return EndCall(outcome, ended.reason or ended.cause)
    if human:
        return EndCall(CallOutcome.HUMAN_NOT_BRIDGED, "the human hung up before the person was there")
    if last_kind in _LAST_WORDS:
        return EndCall(*_LAST_WORDS[last_kind])
    return EndCall(CallOutcome.DISCONNECTED, ended.reason or "the company hung up")
