"""From what people write, a number or a SIP URI, to the URI an INVITE goes to."""

from __future__ import annotations

from call_engine.line.settings import SipSettings, SipTransport


class UnknownAddress(ValueError):
    """A device nobody configured, or a number with no trunk to send it to."""


def host_of(uri: str) -> str:
    """``sip:user@host:port;params`` → ``host:port``."""
    rest = uri.strip("<>").split(":", 1)[-1] if uri.strip("<>").startswith(("sip:", "sips:")) else uri
    return rest.rsplit("@", 1)[-1].split(";", 1)[0]


def domain(settings: SipSettings) -> str:
    return settings.domain or host_of(settings.registrar) or host_of(settings.proxy)


def sip_uri(settings: SipSettings, target: str) -> str:
    """The URI of a number or SIP address. Raises UnknownAddress for a number when there is no domain to send it to."""
    if not target.startswith(("sip:", "sips:")):
        at = domain(settings)
        if not at:
            raise UnknownAddress(f"no registrar, proxy or domain is configured to dial {target!r}")
        number = "".join(c for c in target if c not in " ()-./")
        target = f"sip:{number}@{at}"
    if settings.transport is not SipTransport.UDP and "transport=" not in target:
        target += f";transport={settings.transport.value}"
    return target


def own_uri(settings: SipSettings) -> str:
    """The address shown to the other side."""
    shown = settings.caller_id or settings.username or "line"
    if "sip:" in shown or "sips:" in shown:
        return shown
    return f"<sip:{shown}@{domain(settings) or settings.public_address or settings.bind_address}>"


def device_uris(settings: SipSettings, name: str) -> tuple[str, ...]:
    """Every address of a device; an empty name is the default device. A SIP URI or a number may stand for itself."""
    if not name and settings.devices:
        name = next(iter(settings.devices))
    found = settings.devices.get(name, name if name.startswith(("sip:", "sips:", "+")) else "")
    if not found:
        raise UnknownAddress(f"no device is called {name!r}")
    return tuple(sip_uri(settings, address) for address in found.split())
