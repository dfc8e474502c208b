"""How old what is known is. Menus change: a path that nobody has walked for long is to be checked, not trusted."""

from __future__ import annotations

import datetime as dt

import msgspec
from call_contract.flows import CallFlow
from call_contract.step_metadata import metadata_of

from flow_api.domain.learning.stops import chain

#: Menus are re-recorded a few times a year.
STALE_AFTER_DAYS = 90.0


class Staleness(msgspec.Struct, frozen=True, kw_only=True):
    """``last_heard``: when a call last came through the step heard longest ago on the main path; None if never."""

    last_heard: str | None
    age_days: float | None
    stale: bool


def staleness(flow: CallFlow, at: dt.datetime) -> Staleness:
    """Of the main path, at the time ``at``."""
    by_id = {step.id: step for step in flow.steps}
    ids = chain(by_id, flow.steps[0].id if flow.steps else None)
    heard = [time for step_id in ids if (time := _time(metadata_of(by_id[step_id]).last_heard)) is not None]
    if not heard:
        return Staleness(last_heard=None, age_days=None, stale=False)
    oldest = min(heard)
    age_days = (at - oldest).total_seconds() / 86_400
    return Staleness(last_heard=oldest.isoformat(timespec="milliseconds"), age_days=round(age_days, 2), stale=age_days > STALE_AFTER_DAYS)


def _time(written: str | None) -> dt.datetime | None:
    """Whoever writes a flow by hand may write anything there: what is no time is none, and one without a zone is UTC."""
    try:
        time = dt.datetime.fromisoformat(written or "")
    except ValueError:
        return None
    return time if time.tzinfo is not None else time.replace(tzinfo=dt.UTC)
