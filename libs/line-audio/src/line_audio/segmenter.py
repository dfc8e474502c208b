"""Event rows of the kernels as values."""

from __future__ import annotations

import math
from collections.abc import Sequence

from line_audio import _kernels_single as single
from line_audio.cadence import LABEL_CODES
from line_audio.dtmf import as_digit
from line_audio.levels import RMS_AT_0_DBM0, SILENT_DBM0
from line_audio.segments import Label, Segment, SegmentClosed, SegmentOpened, SoundEvent
from line_audio.tone_plan import TonePlan

_LABELS = {code: label for label, code in LABEL_CODES.items()}
_FIRST_PLAN_TONE = 10
_SINGLE_DETAILS = {
    single.CNG: "cng", single.CED: "ced", single.ANSAM: "ansam", single.BEEP: "",
    single.SIT_REORDER: "reorder", single.SIT_VACANT: "vacant_code",
    single.SIT_NO_CIRCUIT: "no_circuit", single.SIT_INTERCEPT: "intercept",
}  # fmt: skip


def as_event(row: Sequence[float], plan: TonePlan) -> SoundEvent:
    """One row of ``_kernels_segments`` as a sound event."""
    label = _LABELS[int(row[1])]
    detail = _detail(label, int(row[5]), plan)
    start, end, at = max(0, round(row[2])), round(row[3]), int(row[4])
    if row[0] == 0:
        return SegmentOpened(label=label, start_sample=start, at_sample=at, detail=detail)
    level = 10 * math.log10(row[6] / RMS_AT_0_DBM0**2) if row[6] > 0 else SILENT_DBM0
    segment = Segment(
        label=label, start_sample=start, end_sample=max(end, start), detail=detail, level_dbm0=round(max(level, SILENT_DBM0), 1),
        speech=round(row[7], 3), music=round(row[8], 3),
    )  # fmt: skip
    return SegmentClosed(segment=segment, at_sample=at)


def _detail(label: Label, code: int, plan: TonePlan) -> str:
    if label in (Label.SIT, Label.FAX, Label.BEEP):
        return _SINGLE_DETAILS.get(code, "")
    if code >= _FIRST_PLAN_TONE:
        return plan.tones[code - _FIRST_PLAN_TONE].detail
    return ""


def digit_events(row: Sequence[float], at: int) -> list[SoundEvent]:
    """What stage two of DTMF found (see ``_kernels_dtmf.examine``) as sound events: opened, closed or both."""
    digit = as_digit(row)
    opened = SegmentOpened(label=Label.DTMF, start_sample=digit.start_sample, at_sample=at, detail=digit.digit)
    segment = Segment(
        label=Label.DTMF, start_sample=digit.start_sample, end_sample=digit.end_sample, detail=digit.digit, level_dbm0=digit.level_dbm0
    )
    closed = SegmentClosed(segment=segment, at_sample=at)
    return [opened] if row[0] == 1 else [closed] if row[0] == 2 else [opened, closed]
