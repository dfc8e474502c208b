"""The SIP stack of one line process: PJSIP with a null sound device, G.711 and one account.

PJSIP aborts the process when a foreign thread calls into it, so everything here runs on the main thread, except the frame
callbacks in ``sound``, which come from the audio clock and touch no PJSIP object but their frame.
"""

from __future__ import annotations

import pjsua2 as pj

from call_engine.line.addresses import own_uri
from call_engine.line.settings import SipSettings, SipTransport

CLOCK_RATE_HZ = 8000
FRAME_MS = 20
CALLS_MAX = 4  #: compiled into the wheel
PJSIP_TRANSPORT = {
    SipTransport.UDP: pj.PJSIP_TRANSPORT_UDP,
    SipTransport.TCP: pj.PJSIP_TRANSPORT_TCP,
    SipTransport.TLS: pj.PJSIP_TRANSPORT_TLS,
}
TLS_1_2 = pj.PJ_SSL_SOCK_PROTO_TLS1_2  #: the newest that the bundled OpenSSL 1.0.2 speaks


class SipUnavailable(Exception):
    """The stack could not be started as configured."""


class SipEndpoint:
    """Start, pump, stop. Use the account for calls; keep this object as long as the process talks SIP."""

    def __init__(self, settings: SipSettings, *, account: pj.Account | None = None, register: bool = False) -> None:
        self._settings = settings
        self._endpoint = pj.Endpoint()
        try:
            self._start()
            self.account = account or pj.Account()
            self.account.create(_account_config(settings, self._transport_id, register))
        except pj.Error as error:
            raise SipUnavailable(f"{error.title}: {error.reason}") from error

    def pump(self, wait_ms: int) -> None:
        """Let PJSIP work for at most that long; callbacks happen in here."""
        self._endpoint.libHandleEvents(wait_ms)

    @property
    def local_address(self) -> str:
        """host:port of the SIP transport."""
        return str(self._endpoint.transportGetInfo(self._transport_id).localName)

    def hang_up_all(self) -> None:
        self._endpoint.hangupAllCalls()

    def _start(self) -> None:
        self._endpoint.libCreate()
        self._endpoint.libInit(_endpoint_config(self._settings))
        self._transport_id = self._listen(self._settings)
        self._endpoint.libStart()
        self._endpoint.audDevManager().setNullDev()
        wanted = [codec.upper() for codec in self._settings.codecs]
        had = set()
        for codec in self._endpoint.codecEnum2():
            name = codec.codecId.split("/")[0].upper()
            priority = 250 - wanted.index(name) if name in wanted else 0
            self._endpoint.codecSetPriority(codec.codecId, priority)
            had.add(name)
        self.codecs = tuple(name for name in wanted if name in had)
        self.ciphers = tuple(str(name) for name in self._endpoint.srtpCryptoEnum())

    def _listen(self, settings: SipSettings) -> int:
        try:
            return int(self._endpoint.transportCreate(PJSIP_TRANSPORT[settings.transport], _transport_config(settings)))
        except pj.Error as error:
            where = f"{settings.bind_address}:{settings.sip_port}" if settings.sip_port else settings.bind_address
            raise SipUnavailable(f"SIP cannot listen at {where} ({settings.transport.value}): {error.reason}") from error


def _endpoint_config(settings: SipSettings) -> pj.EpConfig:
    config = pj.EpConfig()
    config.uaConfig.threadCnt = 0
    config.uaConfig.mainThreadOnly = True
    config.uaConfig.maxCalls = CALLS_MAX
    config.uaConfig.userAgent = settings.user_agent
    config.medConfig.clockRate = config.medConfig.sndClockRate = CLOCK_RATE_HZ
    config.medConfig.audioFramePtime = FRAME_MS
    config.medConfig.channelCount = 1
    config.medConfig.noVad = True
    config.medConfig.ecTailLen = 0
    config.medConfig.hasIoqueue = False  # RTP is read by pump() as well: no second thread
    config.medConfig.threadCnt = 0
    config.medConfig.sndAutoCloseTime = -1  # the audio clock is the line's clock: it never stops
    config.logConfig.level = config.logConfig.consoleLevel = settings.log_level
    config.logConfig.msgLogging = settings.log_level >= 5
    return config


def _transport_config(settings: SipSettings) -> pj.TransportConfig:
    config = pj.TransportConfig()
    config.port = settings.sip_port
    config.boundAddress = settings.bind_address
    config.publicAddress = settings.public_address
    if settings.transport is SipTransport.TLS:
        config.tlsConfig.CaListFile = settings.tls_ca_file
        config.tlsConfig.verifyServer = bool(settings.tls_ca_file)
        config.tlsConfig.proto = TLS_1_2
    return config


def _account_config(settings: SipSettings, transport_id: int, register: bool) -> pj.AccountConfig:
    config = pj.AccountConfig()
    config.idUri = own_uri(settings)
    config.regConfig.registrarUri = settings.registrar if register else ""
    config.regConfig.registerOnAdd = register
    config.regConfig.timeoutSec = settings.register_expires_s
    config.sipConfig.transportId = transport_id
    if settings.proxy:
        config.sipConfig.proxies.append(settings.proxy if ";lr" in settings.proxy else f"{settings.proxy};lr")
    if settings.username:
        config.sipConfig.authCreds.append(pj.AuthCredInfo("digest", settings.realm, settings.username, 0, settings.password))
    config.callConfig.timerUse = pj.PJSUA_SIP_TIMER_OPTIONAL
    config.callConfig.timerMinSESec = settings.session_min_s
    config.callConfig.timerSessExpiresSec = max(settings.session_expires_s, settings.session_min_s)
    rtp = config.mediaConfig.transportConfig
    rtp.boundAddress = settings.bind_address
    rtp.publicAddress = settings.public_address
    rtp.port, rtp.portRange = settings.rtp_port_first, settings.rtp_port_count if settings.rtp_port_first else 0
    rtp.randomizePort = bool(settings.rtp_port_first)  # many lines share the range
    config.mediaConfig.srtpUse = _srtp_use(settings)
    config.mediaConfig.srtpSecureSignaling = 0
    config.videoConfig.autoTransmitOutgoing = False
    return config


def _srtp_use(settings: SipSettings) -> int:
    if settings.srtp_required:
        return int(pj.PJMEDIA_SRTP_MANDATORY)
    return int(pj.PJMEDIA_SRTP_OPTIONAL if settings.srtp else pj.PJMEDIA_SRTP_DISABLED)
