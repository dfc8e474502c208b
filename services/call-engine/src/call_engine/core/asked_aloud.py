"""A question for data as people ask it: "can I have your date of birth, please?" A recording names the keys, or tells to speak."""

from __future__ import annotations

import re

from call_engine.core.words import fold

_DATA = (
    r"(?:names?|surname|date of birth|birthday|birth ?date|address|post ?code|zip(?: code)?|e.?mail|password|last four|number"
    r"|phone|telephone|mobile|account|policy|card|order|customer|member(?:ship)?|reference|claim|case|social|contact|booking|confirmation"
    r"|nombre|apellido|fecha de nacimiento|direccion|numero|nom|prenom|date de naissance|adresse"
    r"|namen|nachname|geburtsdatum|anschrift|postleitzahl|kundennummer|telefonnummer|vertragsnummer)"
)
_ASKED = re.compile(
    r"\b(?:(?:can|could|may|might) i (?:please |just |quickly )*(?:have|get|take|ask|check|confirm|verify)"
    r"|(?:can|could|would|will) you (?:please |just )*(?:give|tell|confirm|verify|spell|provide|read|remind)"
    r"|(?:what is|what's|whats|what was) your"
    r"|(?:me puede|puede|podria) (?:dar|decir|confirmar)|(?:puis.je|je peux) avoir|(?:pouvez|pourriez).vous me (?:donner|dire|confirmer)"
    r"|(?:kann|konnte|durfte|darf) ich (?:bitte )?(?:noch |auch )*(?:ihre?[nm]?|noch)|(?:konnen|konnten|wurden) sie mir)\b[^.?!]{0,60}\b"
    + _DATA
    + r"\b"
)
_BY_KEYS_OR_VOICE = re.compile(
    r"\b(?:enter|press(?:ed|ing)?|key(?:ing)? in|keypad|pound|hash|star|touch.?tone|type|punch|say(?:ing)?|speak|after the (?:beep|tone)"
    r"|oprima|marque|pulse|ingrese|appuyez|tapez|saisissez|drucken|geben sie)\b"
)
#: What the one who asks does with it: "so that I can enter it", "let me just type that in".
_OWN_DOING = re.compile(
    r"\b(?:i|i'll|let me|for me to)(?: can| will| must| just| quickly| need to| have to| got to)*"
    r" (?:enter|type|key in|key (?:it|that|this) in|punch)\b"
)


def is_asked_aloud(text: str) -> bool:
    plain = fold(text)
    return _ASKED.search(plain) is not None and _BY_KEYS_OR_VOICE.search(_OWN_DOING.sub(" ", plain)) is None
