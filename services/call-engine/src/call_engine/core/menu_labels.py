"""Tidies a label: what a menu says around the name of a topic is dropped ("if you are calling about …", "say … or")."""

# ruff: noqa: E501

from __future__ import annotations

import re

from call_engine.core.words import Token, join

_TOPIC = r"(?:about|regarding|concerning|for|with|because of|in regard to|with regard to|in reference to|on)"
_LEADING = re.compile(
    r"^(?:"
    r"and|or|then|also|please|otherwise|simply|just|now|y|o|et|ou|und|oder"
    r"|say|you can say|you may say|diga|dites|sagen sie"
    r"|if|for|to|in order to|regarding|concerning|si|para|por|pour|afin de|wenn|falls|fur|fuer|um|zum|zur|bei"
    r"|you can|you may|(?:you |you'd |you would )?(?:would like|'d like|like|rather|prefer)(?: to)?|you (?:wish|want|need|like)(?: to)?|want to|need to"
    r"|you(?: have| know)?(?= (?:a|an|your|already) )|(?:you have )?an? (?:question|inquiry) (?:about|regarding|on|concerning)"
    rf"|(?:you(?: are|'re)? )?(?:calling|phoning|ringing|contacting us) {_TOPIC}|you(?: are|'re) calling to"
    rf"|(?:your|the|this|it|that)(?: call| question| inquiry)?(?: is|'s| concerns| relates to| regards) {_TOPIC}|(?:your|this) call (?:is|concerns|regards)|it's"
    r"|(?:usted )?(?:desea|quiere|necesita|requiere)|(?:usted )?(?:su llamada|llama) (?:es )?(?:por|para|sobre)|es (?:por|sobre)"
    r"|vous (?:souhaitez|voulez|desirez|appelez (?:pour|au sujet de|a propos de|concernant))|votre appel (?:concerne|porte sur)"
    rf"|(?:you )?(?:want|need|wish) to|(?:you )?have (?:an? |any )?(?:questions?|inquir(?:y|ies)|concerns?) {_TOPIC}|(?:questions?|inquir(?:y|ies)|information|assistance) {_TOPIC}"
    r"|(?:get|obtain|hear)(?: some| more)? information (?:about|on|regarding)|(?:you(?: are|'re) )?(?:interested in|looking (?:for|to))"
    rf"|(?:speak|talk) (?:to|with) (?:someone|somebody|(?:an?|one of our) (?:agents?|representatives?|specialists?|persons?|people)) (?:about|regarding)"
    r"|(?:your|this|the|it|that) ?(?:call|question|inquiry|matter)? (?:concerns|regards|involves)|(?:you(?: are|'re) )?trying to|should you (?:need|want|wish)(?: to)?"
    r"|do you(?= (?:have|need|want|wish) )|in need of|se trata de|tiene que ver con|le interesan?|busca|(?:s'il|il) s'agit (?:de|du|des|d'un|d'une)"
    r"|handelt es sich um"
    r"|(?:tiene )?(?:alguna )?(?:preguntas?|dudas?|consultas?|informacion|asuntos?|temas?) (?:sobre|acerca de|relacionad[oa]s? con)|(?:asuntos|temas) de"
    r"|(?:vous )?avez (?:une |des )?questions? (?:sur|concernant|relatives? a|au sujet de)|(?:toute|une|vos) questions? (?:sur|concernant|relative a)|vous etes"
    r"|(?:fragen|auskunfte|informationen) (?:zu|zum|zur|uber)|auswahl (?:von|der|des)"
    r"|(?:es )?geht es um|es um|mochten sie|haben sie|sie|einer|einem|eines|you(?: are|'re)"
    r")\s+"
)
_CALLING = re.compile(r"^(?:speak|talk) (?:to|with) (?:an?|the|our) (?=\w)")
_TRAILING = re.compile(
    r"(?:(?<! the)\s+(?:and|or|then|please|simply|just|you can|you may|now|y|o|ou|oder|und|bitte|veuillez|por favor|please press|either|it's|that's"
    r"|press|press the|press option|touch|tapez|appuyez|appuyez sur|faites|faites le|marque|marque el|oprima|oprima el|presione|presione el|pulse|pulse el|drucken|drucken sie|wahlen|wahlen sie|die"
    r"|select|dial|at any ?time|at this time|mochten|wollen|wunschen|geht|haben))+$"
)
_STUTTER = re.compile(r"\b(\w+) \1\b")
_SAID = re.compile(r"\s+(?:please )?(?:say|simply say|just say|you can say|diga|dites|sagen sie)(?:\s.*)?$")
_CONTENT = re.compile(r"\w")


def tidy(tokens: list[Token]) -> str:
    """The label itself: without "for", "to", "if you'd like to", "please" and the words to say instead of pressing."""
    label = _STUTTER.sub(r"\1", join(tokens))
    while (shorter := _TRAILING.sub("", _LEADING.sub("", label))) != label and _CONTENT.search(shorter):
        label = shorter
    label = _SAID.sub("", label)
    label = _CALLING.sub("", label)
    label = _TRAILING.sub("", label).strip()
    return "" if _SAYS_NOTHING.fullmatch(label) else label


_SAYS_NOTHING = re.compile(
    r"(?:(?:for|to|if|or|and|please|you|the|a|an|just|o|y|ou|et|oder|und|para|pour|por|si|fur|um|wenn|zum|zur|bei|sie|your|our|you'd|you're|would|like|calling|about|want|need|el|la|le|les|die|der|das)(?: |$))*"
)
