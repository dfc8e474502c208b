"""What is asked before a number is dialled. Every refusal names its rule.

Numbers are E.164, known to the numbering plan (libphonenumber's tables), and not of a kind that costs or endangers somebody:
emergency and short numbers, premium rate, shared cost, personal (which costs as much), satellite. A number with a route of its own
(a SIP URI in the settings) stays inside, so only the limits and lists apply to it.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import zoneinfo
from collections.abc import Callable, Mapping

import phonenumbers
from phonenumbers import PhoneNumberType
from phonenumbers.timezone import UNKNOWN_TIMEZONE, time_zones_for_number

from call_engine.errors import LimitReached, Refused
from call_engine.settings import GuardSettings

_E164 = re.compile(r"\+[1-9]\d{1,14}")
_COSTLY = {
    PhoneNumberType.PREMIUM_RATE: "premium_rate",
    PhoneNumberType.SHARED_COST: "shared_cost",
    PhoneNumberType.PERSONAL_NUMBER: "personal_number",
}
#: Country codes without a country: satellite networks, and international premium rate.
_SATELLITE = ("+870", "+881", "+882", "+883")
_INTERNATIONAL_PREMIUM = ("+979", "+808")
#: On a running call. Without a pause 9112 or 0112 may as well be a PIN or a date; other short codes are ordinary extensions.
_EMERGENCY_KEYS = frozenset({"911", "112", "999", "9911"})
_EMERGENCY_OUTSIDE = re.compile(r"(?<!\d)[09][wW,]+(?:911|112|999)(?!\d)")
_DATA_IS_SECRET = "Digits that are data belong into a named secret."
#: Keys are mostly data: only those that spell a number of these kinds are refused.
_NEVER_KEYED = frozenset({*_COSTLY.values(), "satellite"})
_INTERNATIONAL_PREFIXES = ("011", "00")
_EMERGENCY = frozenset({"911", "112", "999", "110", "118", "119", "000", "111", "933", "988"})


class Guards:
    """The rules that need no memory. What counts calls and money is shared by all engines: ``quota``."""

    def __init__(
        self,
        settings: GuardSettings,
        routes: dict[str, str],
        *,
        epoch_s: Callable[[], float],
        killed: Callable[[], bool],
        devices: Mapping[str, str] | None = None,
    ) -> None:
        self._settings, self._routes, self._epoch_s, self._killed = settings, routes, epoch_s, killed
        self._devices = devices or {}

    def check(self, number: str, *, running: int, max_call_s: int = 0, device: str = "") -> float:
        """What the call may cost at most, with the leg to the device that it may be put through to.

        Raises Refused, or LimitReached where another time would do.
        """
        self.check_switch()
        if not _E164.fullmatch(number):
            raise Refused(_shape_rule(number), f"{number!r} is not an E.164 number (+ and country code)")
        if number in self._settings.own_numbers:
            raise Refused("own_number", f"{number} is our own number")
        self._check_lists(number)
        if number not in self._routes:
            _check_kind(number)
            self._check_hours(number)
        if running >= self._settings.concurrent:
            raise LimitReached("concurrent_calls", f"{running} calls are running, {self._settings.concurrent} are allowed")
        return self._worst_cost((number, *self._numbers_of(device)), max_call_s, device)

    def check_switch(self) -> None:
        """Nothing is dialled and no digit is sent while the kill switch is on. Raises Refused."""
        if self._killed():
            raise Refused("kill_switch", "the kill switch is on: nothing is dialled")

    def check_digits(self, digits: str) -> None:
        """Keys to be pressed on a running call. An exchange may dial on with them: what must not be dialled is not keyed either.

        Raises Refused.
        """
        self.check_switch()
        if _EMERGENCY_OUTSIDE.search(digits):
            raise Refused("emergency", f"{digits} would call an emergency number by an outside line")
        for run in re.findall(r"\d+", re.sub("[wW,]", "", digits)):
            if run in _EMERGENCY_KEYS:
                raise Refused("emergency", f"{run} would call an emergency number")
            for number in _dialled_on(run):
                self._check_dialled_on(number)

    def _check_dialled_on(self, number: str) -> None:
        if any(_matches(number, entry) for entry in self._settings.deny):
            raise Refused("deny_list", f"the keys would call {number}, which is on the deny list. {_DATA_IS_SECRET}")
        try:
            _check_kind(number)
        except Refused as refusal:
            if refusal.rule in _NEVER_KEYED:
                raise Refused(refusal.rule, f"the keys would call {refusal.reason}. {_DATA_IS_SECRET}") from refusal

    def check_device(self, device: str) -> None:
        """Where a call may be transferred to: a configured device, or a number that may be called. Raises Refused.

        A name that is none of these is for the line to refuse; a SIP URI of the asker's choice could lead anywhere at our cost.
        """
        self.check_switch()
        if device in self._devices:
            return
        if device.startswith(("sip:", "sips:")):
            raise Refused("unknown_device", f"{device} is no configured device")
        if device.startswith("+"):
            self._check_lists(device)
            if device not in self._routes:
                _check_kind(device)

    def check_configured_devices(self) -> None:
        """Raises Refused for a device with a number that must never be called."""
        for address in (address for addresses in self._devices.values() for address in addresses.split()):
            if address.startswith("+") and address not in self._routes:
                _check_kind(address)

    def rate(self, number: str) -> float | None:
        """Price of a minute; None where no rate is set for it. A number with a route of its own costs nothing."""
        if number in self._routes:
            return 0.0
        prefixes = [prefix for prefix in self._settings.rates if number.startswith(prefix)]
        return self._settings.rates[max(prefixes, key=len)] if prefixes else None

    def cost(self, number: str, seconds: float) -> float:
        """Of a call that took so long: every minute begun counts."""
        return (self.rate(number) or 0.0) * math.ceil(seconds / 60)

    def device_cost(self, device: str, seconds: float) -> float:
        """Of the leg to a device: of the dearest of its addresses, since one of them is picked up."""
        return max((self.cost(leg, seconds) for leg in self._numbers_of(device)), default=0.0)

    def _numbers_of(self, device: str) -> list[str]:
        """The addresses of a device that are called through the trunk."""
        return [address for address in self._devices.get(device, device).split() if address.startswith("+")]

    def _worst_cost(self, numbers: tuple[str, ...], max_call_s: int, device: str) -> float:
        limits = self._settings
        unpriced = [number for number in numbers if self.rate(number) is None]
        if unpriced and (limits.cost_per_call or limits.cost_per_day):
            raise Refused("no_rate", f"there is a limit on cost, and no rate for {unpriced[0]}")
        worst = self.cost(numbers[0], max_call_s) + self.device_cost(device, max_call_s)
        if limits.cost_per_call and worst > limits.cost_per_call:
            minutes = max_call_s // 60
            raise Refused(
                "cost_per_call", f"{minutes} minutes to {numbers[0]} may cost {worst:.2f}, {limits.cost_per_call:.2f} are allowed"
            )
        return worst

    def _check_lists(self, number: str) -> None:
        if any(_matches(number, entry) for entry in self._settings.deny):
            raise Refused("deny_list", f"{number} is on the deny list")
        if self._settings.allow and not any(_matches(number, entry) for entry in self._settings.allow):
            raise Refused("allow_list", f"{number} is not on the allow list")

    def _check_hours(self, number: str) -> None:
        """A number of many zones (toll-free) may be called while it is day in any of them."""
        first, last = self._settings.hours
        zones = [zone for zone in time_zones_for_number(phonenumbers.parse(number, None)) if zone != UNKNOWN_TIMEZONE] or ["UTC"]
        local = [dt.datetime.fromtimestamp(self._epoch_s(), zoneinfo.ZoneInfo(zone)).hour for zone in zones]
        if not any(first <= hour < last for hour in local):
            raise LimitReached("calling_hours", f"{number} is called from {first}:00 to {last}:00 of its local time")


def _dialled_on(run: str) -> list[str]:
    """The numbers, in E.164 form, that keys would call: abroad, or long distance in North America, perhaps by an outside line."""
    found = []
    for keys in {run, run[1:] if run[:1] in ("0", "9") else run}:
        abroad = [keys.removeprefix(prefix) for prefix in _INTERNATIONAL_PREFIXES if keys.startswith(prefix)]
        found += [f"+{rest}" for rest in abroad] or ([f"+{keys}"] if len(keys) == 11 and keys.startswith("1") else [])
    return [number for number in found if _E164.fullmatch(number)]


def _shape_rule(number: str) -> str:
    return "emergency" if number.lstrip("+") in _EMERGENCY else "e164"


def _check_kind(number: str) -> None:
    national = number.lstrip("+")
    if national in _EMERGENCY:
        raise Refused("emergency", f"{number} is an emergency number")
    if number.startswith(_SATELLITE):
        raise Refused("satellite", f"{number} is a satellite number")
    if number.startswith(_INTERNATIONAL_PREMIUM):
        raise Refused("premium_rate", f"{number} is a shared or premium rate number")
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException as problem:
        raise Refused("e164", f"{number}: {problem}") from problem
    if phonenumbers.is_emergency_number(str(parsed.national_number), phonenumbers.region_code_for_country_code(parsed.country_code or 0)):
        raise Refused("emergency", f"{number} is an emergency number")
    if phonenumbers.is_possible_short_number(parsed) and phonenumbers.is_valid_short_number(parsed):
        raise Refused("short_number", f"{number} is a short number")
    if not phonenumbers.is_valid_number(parsed):
        raise Refused("unknown_number", f"{number} is not in the numbering plan")
    rule = _COSTLY.get(phonenumbers.number_type(parsed))
    if rule is not None:
        raise Refused(rule, f"{number} is a {rule.replace('_', ' ')} number")


def _matches(number: str, entry: str) -> bool:
    """``entry`` is a prefix (+1800) or a country (US)."""
    if entry.startswith("+"):
        return number.startswith(entry)
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(number, None)) == entry.upper()
    except phonenumbers.NumberParseException:
        return False
