"""``python -m ivr_sim``: simulated companies and devices on SIP, and the tools around their scripts."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

from ivr_sim import script
from ivr_sim.address import Address, CannotCall
from ivr_sim.voice import NoVoice


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        code: int = options.run(options)
    except (script.BadScript, NoVoice, CannotCall) as error:
        print(f"ivr_sim: {error}", file=sys.stderr, flush=True)
        os._exit(1)
    return code


def _company(options: argparse.Namespace) -> int:
    from ivr_sim.channel import ChannelKind
    from ivr_sim.sip_company import Company, CompanySettings

    channel = ChannelKind(codec="none", noise_dbm0=options.noise_dbm0, loss=options.loss)
    company = Company(
        CompanySettings(
            script=script.load(options.script),
            address=_address(options),
            seed=options.seed,
            calls=options.calls,
            hold_s=options.hold_s,
            closed=options.closed,
            channel=channel,
        )
    )
    company.serve()
    _leave()
    return 0


def _device(options: argparse.Namespace) -> int:
    from ivr_sim.sip_device import Device, DeviceSettings

    device = Device(
        DeviceSettings(
            address=_address(options),
            record=options.record,
            answer_after_s=options.answer_after_s,
            answer_code=options.answer_code,
            never_answer=options.never_answer,
            say=options.say,
            say_after_s=options.say_after_s,
            voice=options.voice,
            calls=options.calls,
            hang_up_after_s=options.hang_up_after_s,
        )
    )
    device.serve()
    _leave()
    return 0


def _call(options: argparse.Namespace) -> int:
    from ivr_sim.sip_caller import CallerSettings, make_call

    presses = tuple((float(at_s), digits) for digits, _, at_s in (press.partition("@") for press in options.press))
    make_call(CallerSettings(address=_address(options), target=options.target, presses=presses, for_s=options.for_s, record=options.record))
    _leave()
    return 0


def _render(options: argparse.Namespace) -> int:
    from ivr_sim.render import render

    print(json.dumps(render()))
    return 0


def _scripts(options: argparse.Namespace) -> int:
    for name in script.names():
        shipped = script.load(name)
        print(json.dumps({"script": name, "company": shipped.name, "number": shipped.number, "nodes": len(shipped.nodes)}))
    return 0


def _address(options: argparse.Namespace) -> Address:
    host, _, port = options.sip.rpartition(":")
    low, _, high = (options.rtp_ports or "").partition("-")
    return Address(host or "127.0.0.1", int(port), (int(low), int(high)) if low else None)


def _leave() -> None:
    """PJSIP's own taking apart at exit may abort when Python has freed its objects in another order: leave at once."""
    sys.stdout.flush()
    os._exit(0)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ivr_sim", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")
    company = commands.add_parser("company", help="a simulated company at a SIP address; JSON lines tell what happens")
    company.add_argument("script", help="a TOML file, or the name of a shipped script")
    _sip_options(company)
    company.add_argument("--seed", type=int, default=0)
    company.add_argument("--hold-s", type=float, help="seconds in every queue, instead of what the script says")
    company.add_argument("--closed", action="store_true", help="answer as out of hours")
    company.add_argument("--noise-dbm0", type=float, help="line noise, e.g. -50")
    company.add_argument("--loss", type=float, default=0.0, help="share of 20 ms frames that are lost, 0 to 1")
    company.set_defaults(run=_company)
    device = commands.add_parser("device", help="the user's phone: answers, records, may talk")
    _sip_options(device)
    device.add_argument("--record", type=Path, metavar="OUT.wav", help="later calls are written to OUT-2.wav, OUT-3.wav …")
    device.add_argument("--answer-after-s", type=float, default=1.0)
    device.add_argument("--answer-code", type=int, default=200, help="486 busy, 603 decline …")
    device.add_argument("--never-answer", action="store_true")
    device.add_argument("--say", default="", metavar="TEXT")
    device.add_argument("--say-after-s", type=float, default=1.5)
    device.add_argument("--voice", default="rms")
    device.add_argument("--hang-up-after-s", type=float)
    device.set_defaults(run=_device)
    call = commands.add_parser("call", help="a caller with a timetable, to try out a company")
    call.add_argument("target", help="a SIP URI, e.g. sip:company@127.0.0.1:5070")
    _sip_options(call)
    call.add_argument("--press", action="append", default=[], metavar="DIGITS@SECONDS", help="may be given several times")
    call.add_argument("--for-s", type=float, default=30.0)
    call.add_argument("--record", type=Path, metavar="OUT.wav")
    call.set_defaults(run=_call)
    commands.add_parser("render", help="record the shipped scripts' words with flite").set_defaults(run=_render)
    commands.add_parser("scripts", help="list the shipped scripts").set_defaults(run=_scripts)
    return parser


def _sip_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--sip", default="127.0.0.1:0", metavar="HOST:PORT", help="where to listen; port 0: any free one, told in the ready line"
    )
    parser.add_argument("--rtp-ports", metavar="A-B", help="UDP ports for sound")
    parser.add_argument("--calls", type=int, help="stop after so many calls")


if __name__ == "__main__":
    sys.exit(main())
