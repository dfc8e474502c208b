"""Cuts a stretch of words between two keys into what belongs to which label, and tidies a label."""

from __future__ import annotations

import re

from call_engine.core.languages import MENU_WORDS
from call_engine.core.words import Token, join

_STARTERS = frozenset(word for words in MENU_WORDS.values() for word in words.starters)

#: Stretches before the first option that no option is named by.
_PREAMBLE = re.compile(
    r"^((you |and )?for (calling|choosing)|por llamar( a)?|d'avoir appele|d'appeler)|^(et |y )?(bienvenue chez|bienvenido a)"
    r"|(thank you|thanks|gracias|merci|danke|vielen dank)( you)?( for| por| d'| de| fur| dass| que)?"
    r"( (calling|choosing|holding|waiting|your call|llamar|appeler|avoir appele|ihren anruf|votre appel|su llamada))?"
    r"|welcome( back)? to( the)?|bienvenidos? a|bienvenue (a|chez)|willkommen (bei|beim)"
    r"|((this|your|the|all) )?(calls?|conversations?) (may|will|might|is|are) (also )?(be(ing)?|recorded)( monitored)?( or| and)?"
    r"( recorded)?"
    r"( for (quality|training|security)( (and|or) (quality|training|security))?( assurance)?( purposes)?)?"
    r"|for (quality|training|security)( (and|or|assurance|assurances|training|security|quality))* (purposes|reasons)?"
    r"|(please )?listen (carefully|closely)( as| to| because)?( (our|the|all of our|following))*( menu)?( options)?"
    r"( (have|has))?( recently)?( changed)?"
    r"|(our|the) (menu|menu options|options|choices)( (have|has))( recently)? changed|as our choices are new"
    r"|(for|in case of|in an?|if you have an?) (medical )?emergenc(y|ies)( please)?( hang up)?( and)?( dial| call)?( 911| nine one one)?"
    r"|(please )?(choose|select|pick)( one)?( from| of)? the following( options| menu)?"
    r"|if (this|you) (is|are|have) (a|an|having a|experiencing a)?( life threatening| medical| life-threatening)* emergency"
    r"( please)?( hang up)?( and)?( dial| call)?( 911| nine one one)?"
    r"|for (a |an |any )?((life threatening|medical) )?emergenc(y|ies)( please)?( hang up)?( and)? (dial|call) (911|nine one one)"
    r"|^(the )?main menu|for (faster|quicker) service|you (may|can) (also )?(say|press|enter) .{0,30}at any time"
)
_LEADING = re.compile(
    r"^(?:(?:and|or|then|also|please|otherwise|simply|just|now|so|y|o|et|ou|und|oder|si|wenn|falls|if|for|to|para|pour|fur|fuer"
    r"|in order to|afin de|por|um|zum|zur|bei|you can|you may)\s+)+"
)
_OPENERS = frozenset(("for", "if", "para", "pour", "fur", "wenn", "si"))
_STAYING = frozenset(("otherwise", "permanezca", "mantengase", "manténgase", "espere", "restez", "patientez", "bleiben"))
_OPENING_VERBS = frozenset(("speak", "hear", "repeat", "return", "go", "talk", "reach", "leave", "listen", "get"))
_WISH = re.compile(
    r"^(?:you(?:'re| are)? (?:would like|'d like|wish|want|need|like)(?: to)? |you'd like (?:to )?|you would like (?:to )?"
    r"|you(?:'re| are| have| know)? (?=calling|a |an |looking|your |already)"
    r"|(?:usted )?(?:desea|quiere|necesita) |vous (?:souhaitez|voulez|desirez) |sie (?=\w))"
)
_CALLING = re.compile(
    r"^(?:you are |you're )?calling (?:about|regarding|for|to|because of|with) |^(?:speak|talk) (?:to|with) (?:an?|the|our) (?=\w)"
)
_TRAILING = re.compile(
    r"(?:\s+(?:and|or|then|please|simply|just|you can|you may|now|y|o|ou|oder|und|bitte|veuillez|por favor|please press"
    r"|at any time|at this time))+$"
)
_SAID = re.compile(r"\s+(?:please )?(?:say|simply say|just say|diga|dites|sagen sie)(?:\s.*)?$")
_SAY_FIRST = re.compile(r"^(?:or |and |o |ou |oder )?(?:please )?(?:say|you can say|simply say|diga|dites|sagen sie)\s+")


def sentences(tokens: list[Token]) -> list[list[Token]]:
    """The stretch cut at the ends of sentences inside it."""
    parts: list[list[Token]] = []
    for index, token in enumerate(tokens):
        if index == 0 or token.gap == ".":
            parts.append([])
        parts[-1].append(token)
    return parts


def last_label(tokens: list[Token]) -> list[Token]:
    """What names a key that comes *after* this stretch: from the last sentence that starts like a label, else the last sentence."""
    parts = sentences(tokens)
    if not parts or starts_label(parts[-1]):
        return parts[-1] if parts else []
    broken = len(parts) > 1 and len(parts[-1]) <= 3 and starts_label(parts[-2])  # "for account. services press 3"
    return [*parts[-2], *parts[-1]] if broken else parts[-1]


def label_after_preamble(tokens: list[Token], dropped: bool) -> list[Token]:
    """What names the first key: after a greeting without punctuation ("calling Acme for billing") from the first "for" on, else
    from the last one, where the sentence does not start like a label."""
    words = last_label(tokens)
    if not words or starts_label(words):
        return words
    openers = [i for i in range(1, len(words)) if words[i].text in _OPENERS or (words[i].text == "to" and dropped)]
    return words[openers[0 if dropped else -1] :] if openers else words


def first_label(tokens: list[Token]) -> list[Token]:
    """What names a key that comes *before* this stretch: its first sentence."""
    parts = sentences(tokens)
    if len(parts) > 1 and len(parts[0]) == 1 and parts[0][0].text in _STARTERS:
        return parts[0] + parts[1]
    return parts[0] if parts else []


def starts_label(tokens: list[Token]) -> bool:
    words = [token.text for token in tokens[:2]]
    return bool(words) and (words[0] in _STARTERS or (words[0] in ("or", "and", "o", "ou", "oder") and words[-1] in _STARTERS))


def split_two(tokens: list[Token]) -> tuple[list[Token], list[Token]] | None:
    """The stretch as two labels, if it starts a second one somewhere inside: at a sentence or comma first, else at a "for"."""
    starts = [i for i in range(1, len(tokens)) if starts_label(tokens[i:]) and (tokens[i].text != "to" or _opens_by_to(tokens, i))]
    if not starts:
        parts = sentences(tokens)
        at = len(tokens) - len(parts[-1]) if parts else 0
        return (tokens[:at], tokens[at:]) if at else None
    rank = {".": 0, ",": 1, "": 2}
    at = min(starts, key=lambda i: (rank[tokens[i].gap], -i))
    return tokens[:at], tokens[at:]


def _opens_by_to(tokens: list[Token], at: int) -> bool:
    """ "to speak with …" opens a label of its own; "if you want to speak …" does not."""
    if tokens[at].gap:
        return True
    following = tokens[at + 1].text if at + 1 < len(tokens) else ""
    return following in _OPENING_VERBS and tokens[at - 1].text not in ("like", "want", "need", "wish", "prefer", "able")


def without_staying(tokens: list[Token]) -> list[Token]:
    """Drops "otherwise, please stay on the line …", which names no key, up to the end of its sentence."""
    text = [token.text for token in tokens]
    for at, word in enumerate(text):
        if word in _STAYING or (word in ("stay", "remain", "hold") and text[at + 1 : at + 2] in (["on"], ["the"], ["for"])):
            begin = at
            while begin > 0 and text[begin - 1] in ("or", "please", "just", "simply", "o", "ou", "oder"):
                begin -= 1
            end = next((i for i in range(at + 1, len(tokens)) if tokens[i].gap == "." or _opens_after_staying(tokens, i, at)), len(tokens))
            return without_staying(tokens[:begin] + tokens[end:])
    return tokens


def _opens_after_staying(tokens: list[Token], at: int, staying: int) -> bool:
    if at < staying + 3:
        return False
    if tokens[at].text == "to":
        return _opens_by_to(tokens, at)
    return tokens[at].text in ("for", "if", "para", "pour", "fur") and [token.text for token in tokens[at + 1 : at + 2]] not in (
        ["the"],
        ["an"],
        ["a"],
    )


def without_preamble(tokens: list[Token]) -> tuple[list[Token], bool]:
    """Drops greetings and notices before the first option. Also tells whether anything was dropped."""
    text = join(tokens)
    cut = max((match.end() for match in _PREAMBLE.finditer(text) if match.end() > match.start()), default=0)
    if cut == 0:
        return tokens, False
    count = len(text[:cut].split())
    return tokens[count:], True


def tidy(tokens: list[Token]) -> str:
    """The label itself: without "for", "to", "if you'd like to", "please" and the words to say instead of pressing."""
    label = join(tokens)
    label = _SAY_FIRST.sub("", label)
    label = _TRAILING.sub("", label)
    label = _SAID.sub("", label)
    label = _LEADING.sub("", label + " ").strip()
    label = _WISH.sub("", label)
    label = re.sub(r"^to ", "", label)
    label = _CALLING.sub("", label)
    return _TRAILING.sub("", label).strip()
