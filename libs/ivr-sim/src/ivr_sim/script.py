"""A simulated company as data: what it says, what its keys do, how it behaves. One TOML file each, see ``scripts/``.

A script is a graph of nodes; every node names the node that comes next. ``load`` refuses a script with a dangling name, so a
machine never meets one. Durations carry their unit in their name.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import msgspec


class BadScript(ValueError):
    """The script cannot be read or does not hold together; the text says where."""


class Node(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", forbid_unknown_fields=True):
    """Base of all nodes. ``voice`` empty: the script's voice."""

    voice: str = ""


class Announce(Node, frozen=True, kw_only=True, tag="say", forbid_unknown_fields=True):
    """Something is said, then the call goes on (``next`` empty: the company hangs up)."""

    say: tuple[str, ...]
    next: str = ""
    pause_after_ms: int = 400


class Option(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One choice of a menu. ``label`` is the truth that a learned flow is checked against."""

    label: str
    goto: str


class Menu(Node, frozen=True, kw_only=True, tag="menu", forbid_unknown_fields=True):
    """Digits lead on. ``otherwise`` is where silence leads after the last reading (empty: the company hangs up).

    ``accepts`` and ``pause_ms`` override the personality here.
    """

    say: tuple[str, ...]
    options: dict[str, Option]
    otherwise: str = ""
    accepts: str = ""
    pause_ms: int | None = None
    say_again: tuple[str, ...] = ()  #: what later readings say, if it differs


class Entry(Node, frozen=True, kw_only=True, tag="entry", forbid_unknown_fields=True):
    """Asks for data: ``digits`` keys, or any number ended by #. ``skip`` maps keys to ways around it."""

    say: tuple[str, ...]
    next: str
    digits: int = 0
    skip: dict[str, str] = {}
    on_silence: str = ""
    repeats: int = 2
    pause_ms: int = 6000


class Question(Node, frozen=True, kw_only=True, tag="question", forbid_unknown_fields=True):
    """An open question ("in a few words …"): speech leads to ``on_speech`` if set, keys as in a menu."""

    say: tuple[str, ...]
    on_speech: str = ""
    options: dict[str, Option] = {}
    on_silence: str = ""
    repeats: int = 2
    pause_ms: int = 5000


class Offer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A call-back offered once on hold."""

    say: tuple[str, ...]
    after_s: float
    digits: str = "1"
    goto: str = ""


class Hold(Node, frozen=True, kw_only=True, tag="hold", forbid_unknown_fields=True):
    """The queue. ``sound``: music, silence or ringback. The announcements are told in turn, the last one again and again."""

    next: str
    wait_s: float = 45.0
    sound: str = "music"
    tune: str = "waiting-room"
    announcements: tuple[str, ...] = ()
    first_announcement_s: float = 12.0
    announcement_every_s: float = 15.0
    over_music: bool = False
    interrupted: bool = False  #: the agent cuts an announcement short instead of letting it end
    callback: Offer | None = None
    drop_after_s: float | None = None  #: the queue gives up


class Agent(Node, frozen=True, kw_only=True, tag="agent", forbid_unknown_fields=True):
    """A live human: greets, waits for an answer, replies, wonders about silence, and in the end hangs up."""

    opening: tuple[str, ...]
    replies: tuple[str, ...] = ()
    nudges: tuple[str, ...] = ("Hello?", "Hello? Are you there?")
    goodbye: str = "I'm sorry, I can't hear you. Goodbye."
    pick_up_ms: int = 500
    reply_after_ms: int = 700
    nudge_after_s: float = 5.0
    patience_s: float = 60.0
    room_dbm0: float = -58.0


class Tone(Node, frozen=True, kw_only=True, tag="tone", forbid_unknown_fields=True):
    """A call-progress tone for a while: see ``tones.CADENCES``."""

    tone: str
    for_s: float = 6.0
    next: str = ""


class Voicemail(Node, frozen=True, kw_only=True, tag="voicemail", forbid_unknown_fields=True):
    """A greeting, a beep, then it listens and hangs up."""

    say: tuple[str, ...]
    record_s: float = 20.0


AnyNode = Announce | Menu | Entry | Question | Hold | Agent | Tone | Voicemail


class Answering(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the phone is picked up. ``code`` other than 200 refuses the call; ``never`` lets it ring."""

    after_s: float = 0.6
    code: int = 200
    never: bool = False


class Personality(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Habits of the whole system."""

    accepts: str = "any"  #: keys count: any (time), during (a prompt only), after (a prompt only)
    methods: tuple[str, ...] = ("rfc4733", "inband")
    swallowed_presses: int = 0  #: this many first presses are lost
    part_gap_ms: int = 300  #: between the recordings of one prompt
    menu_pause_ms: int = 4500  #: how long a menu waits after its prompt
    menu_readings: int = 3
    invalid_tries: int = 3
    invalid_say: str = "Sorry, that is not a valid option."
    silence_say: str = ""
    goodbye_say: str = "We did not receive your selection. Goodbye."
    digit_gap_ms: int = 2000  #: how long a first digit waits for a second where longer options exist
    after_press_ms: int = 250  #: silence between a press and what it leads to …
    reads_on: bool = False  #: … or no silence: the menu is read on for so long


class Script(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One company."""

    name: str
    number: str
    start: str
    nodes: dict[str, AnyNode]
    language: str = "en"
    voice: str = "slt"
    closed_start: str = ""  #: where calls begin out of hours
    answering: Answering = Answering()
    personality: Personality = Personality()


def targets(node: AnyNode) -> Iterator[str]:
    """Every node that this one can lead to."""
    match node:
        case Announce(next=after) | Hold(next=after, callback=None) | Tone(next=after):
            yield after
        case Hold(next=after, callback=Offer(goto=accepted)):
            yield from (after, accepted)
        case Menu(options=options, otherwise=otherwise):
            yield from (option.goto for option in options.values())
            yield otherwise
        case Entry(next=after, skip=skip, on_silence=on_silence):
            yield from (after, *skip.values(), on_silence)
        case Question(options=options, on_speech=on_speech, on_silence=on_silence):
            yield from (option.goto for option in options.values())
            yield from (on_speech, on_silence)


def phrases(script: Script) -> Iterator[tuple[str, str]]:
    """Everything the company may say: (voice, text), in the order of the script, with repetitions."""
    personality = script.personality
    yield from ((script.voice, text) for text in (personality.invalid_say, personality.silence_say, personality.goodbye_say) if text)
    for node in script.nodes.values():
        yield from ((node.voice or script.voice, text) for text in _texts(node))


def _texts(node: AnyNode) -> tuple[str, ...]:
    match node:
        case Announce(say=say) | Entry(say=say) | Question(say=say) | Voicemail(say=say):
            return say
        case Menu():
            return (*node.say, *node.say_again)
        case Hold():
            return (*node.announcements, *(node.callback.say if node.callback else ()))
        case Agent():
            return (*node.opening, *node.replies, *node.nudges, node.goodbye)
        case Tone():
            return ()


def check(script: Script) -> Script:
    """The script itself. Raises ``BadScript`` on a name that leads nowhere."""
    known = {*script.nodes, ""}
    for name in (script.start, script.closed_start):
        if name not in known or (name == "" and name is script.start):
            raise BadScript(f"{script.name}: no node is called {name!r}")
    for name, node in script.nodes.items():
        for target in targets(node):
            if target not in known:
                raise BadScript(f"{script.name}: {name} leads to {target!r}, which is no node")
    return script


def loads(text: str | bytes) -> Script:
    """A script from TOML. Raises ``BadScript``."""
    try:
        return check(msgspec.toml.decode(text, type=Script))
    except msgspec.DecodeError as error:
        raise BadScript(str(error)) from error


def dumps(script: Script) -> str:
    """The script as JSON, for failure reports: a TOML file cannot be written by the standard library."""
    return msgspec.json.format(msgspec.json.encode(script)).decode()


def load(name_or_path: str) -> Script:
    """A script of this package by name (``chase_bank``), or a TOML file by path. Raises ``BadScript``."""
    path = Path(name_or_path)
    if path.suffix == ".toml":
        if not path.is_file():
            raise BadScript(f"there is no script {path}")
        return loads(path.read_bytes())
    shipped = resources.files("ivr_sim") / "scripts" / f"{name_or_path}.toml"
    if not shipped.is_file():
        raise BadScript(f"there is no script {name_or_path!r}; shipped are: {', '.join(names())}")
    return loads(shipped.read_bytes())


def names() -> list[str]:
    """The scripts of this package."""
    folder = resources.files("ivr_sim") / "scripts"
    return sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml"))
