"""Tidies a label: what a menu says around the name of a topic is dropped ("if you are calling about …", "say … or")."""

# ruff: noqa: E501

from __future__ import annotations

import re

from call_engine.core.menus.asides import without_remark
from call_engine.core.vocabulary.words import Token, join, word_set

_ASKED_ABOUT = (
    r"(?:(?:in|with) (?:regards?|respect|reference|relation) to|in connection with|about|regarding|concerning|with|because of"
    r"|relat(?:ed|ing) to|pertaining to|to do with|on(?: the subject of)?)"
)
_ABOUT = rf"(?:for|{_ASKED_ABOUT})"
_SOMEONE = r"(?:us|someone|somebody|(?:an?|one of our) (?:member of (?:our|the) (?:team|staff)|persons?|people))"
_ENGLISH = (
    r"and|or|then|also|please|otherwise|simply|just|now|so",
    r"say(?! (?:you're|you'll|you|that|someone|somebody|it|my) )|you can say|you may say",
    r"if (?:we've|we have|we're|we are|we)|if it(?= (?!is |was |has |concerns |regards |relates |pertains |involves )[a-z]+s )",
    r"if|when|for|to|in order to|in (?:case|the event) of|regarding|concerning|about|(?:in|with) (?:regards?|respect|reference|relation) to|in connection with|on the subject of",
    r"because(?= you )|you (?:called|intend|plan) to|you require(?= (?:an?|the|your|assistance with|help with) )|you (?:just|simply|only)(?= (?:want|need|wish|would) )",
    r"you can|you may|(?:we|i) can(?= )|would you (?:like|prefer|rather)(?: to)?|(?:all|what|the only thing) you(?: really)? (?:need|want) is|(?:you |you'd |you would )?(?:would like|'d like|like|rather(?! not)|prefer)(?: to)?|you (?:wish|want|need|like)(?: to)?|want to|need to",
    r"(?:you )?(?:want|need|wish) to|(?:you(?: are|'re) )?trying to|should you (?:need|want|wish|like|prefer)(?: to)?|(?:should )?you require(?= assistance)|(?:you(?: are|'re) )?(?:wanting|wishing) to|you could use|should(?: you)?(?= )",
    r"you've(?: got)?(?! not )|you have(?= (?:had|been|lost|just|recently|never|found|left|bought|sold|forgotten|broken|taken|seen|paid|made|sent|got|given|heard|[a-z]+ed) )|you(?: have| know)?(?= (?:a|an|any|no|your|already) )(?! .* and (?:need|want|wish|would) )|you have(?! (?:to|it|not|an?|any|the)(?: |$))(?! .* and (?:need|want|wish|would) )|you(?= (?:have|know) )|at any ?time",
    rf"(?:(?:you )?(?:have|got) )?(?:an?|any|all|some|another)?(?: (?:general|quick))? ?(?:questions?|inquir(?:y|ies)|enquir(?:y|ies)|quer(?:y|ies)|concerns?)(?: (?:or|and) (?:questions?|concerns?|comments?|inquir(?:y|ies)))? {_ASKED_ABOUT}",
    rf"(?:you )?(?:need |want )?(?:more |some |further )?(?:information|details|assistance|help) {_ABOUT}|(?:get|obtain|hear)(?: some| more)? (?:information|details) {_ABOUT}",
    r"(?:anything|everything|something|matters?)(?: (?:that's|that is|you need))? (?:about|regarding|concerning|relat(?:ed|ing) to|pertaining to|to do with|(?:that )?concerns)|(?:calls?|callers?) (?:about|regarding|concerning)",
    rf"(?:callers|customers|clients|members|those|people|anyone|patients)(?: (?:calling|with (?:a |any )?(?:questions?|inquir(?:y|ies)|enquir(?:y|ies)|concerns?)))+ {_ABOUT}|with (?:a |any )?(?:questions?|inquir(?:y|ies)|enquir(?:y|ies)) {_ABOUT}",
    rf"the reason (?:for|of) (?:your|the) call is|you(?: are|'re) (?:getting in touch|writing|in touch) {_ABOUT}|issues (?:related|relating) to",
    rf"(?:you )?(?:have )?(?:a )?(?:call|question|inquiry) {_ASKED_ABOUT}",
    rf"(?:you(?: are|'re)? )?(?:calling|phoning|ringing|inquiring|enquiring|asking|here|(?:calling|contacting) us) {_ABOUT}|you(?: are|'re) (?:calling|phoning|ringing) to|(?:you(?:'ve| have)? )?called(?: (?:us|earlier|before))? {_ABOUT}",
    rf"(?:your|the|this|it|that)(?: call| question| query| inquiry| enquiry| matter| issue| request| concern)?(?: is|'s| has| relates| concerns| pertains)(?: simply)? (?:{_ABOUT}|to)",
    r"(?:your|this|the|it|that) ?(?:call|question|query|inquiry|enquiry|matter|issue|request)? (?:concerns|regards|involves)|(?:your|this) call is|it's|that's|it (?:is|was)|(?:this|that) was|(?:it|that)(?= (?:can|has|will|won't|can't|cannot|doesn't|didn't|isn't|hasn't|keeps|still)(?: |$))|(?:has|was|were|does|did)(?= (?:your|the|this|it) )",
    r"(?:you(?: are|'re) )?(?:interested in|looking (?:for|to)|in need of)(?! .* (?:and|or) (?:need|want|wish) )|(?:is|are) (?:this|it|you)(?: calling)?(?: about| for)?",
    rf"(?:speak|talk) (?:to|with) {_SOMEONE} (?:about|regarding)",
    r"(?:and )?(?:we'll|we will|we can|i'll|i will|i can) (?:connect|transfer|put|get|help)(?: you)?(?: through)?(?: to| with)",
    r"you(?:'ll| will) (?:reach|get|hear|be (?:connected|transferred|put through) (?:to|with))|get (?:through )?to",
    r"(?:did|were) you(?= )|do you have(?= (?:an?|any|the|your) )(?! .* and (?:need|want|wish|would) )|do you(?= )|you(?: are|'re| were)|one of (?:our|the|your)(?! [a-z]+ (?:[a-z]+ed|is|was|has|hit|came|left|told|says|said|did) )",
)
_SPANISH = (
    r"(?:de lo contrario|si no)(?= (?:para|si) )|y|o|diga|di|si|para|por|que|sobre|acerca de|referente a|(?:con )?respecto a|en relacion con|en caso de",
    r"(?:usted )?estas?(?= [a-z]+(?:ando|iendo) )|(?:usted )?puedes?(?= [a-z]+[aei]r(?:l[aeo]s?)?(?: |$))",
    r"(?:usted )?(?:deseas?|quieres?|quisieras?|necesitas?|requieres?|precisas?|[lt]e gustaria|gustas?(?= [a-z]+[aei]r(?:l[aeo]s?)?(?: |$)))|prefieres?|tienes?(?! que )|lo que (?:desea|necesita|quiere) es|poder",
    r"(?:usted )?(?:[st]u (?:llamada|consulta|pregunta|duda|inquietud) |llamas? |llamando )(?:es |se relaciona |tiene que ver )?(?:por|para|sobre|con|acerca de|referente a|(?:con )?respecto a|(?:con|en) relacion (?:a|con))|es (?:por|sobre|para)|(?:usted )?llamas?(?= porque )",
    r"(?:el motivo|la razon) de (?:su|la) llamada es|se trata de|tiene que ver con|[lt]e interesan?|(?:estas? )?interesad[oa] en|buscas?|(?:su llamada )?(?:esta )?relacionad[oa]s? con|todo lo relacionado con|usted es|es usted",
    r"(?:tiene )?(?:alguna? |una? )?(?:preguntas?|dudas?|consultas?|informacion|asuntos?|temas?|cuestiones) (?:sobre|acerca de|respecto a|relacionad[oa]s? con)|(?:asuntos|temas|cuestiones) de",
    r"(?:obtener |recibir )?(?:mas |mayor )?(?:informacion|ayuda|asistencia) (?:sobre|acerca de|con|para|de)",
)
_SUJET = r"(?:au sujet|a propos) (?:de|du|des|d'une?)"
_SUR = rf"(?:sur|concernant|(?:relati(?:f|ve)|lie)e?s? (?:a|au|aux)|portant sur|{_SUJET})"
_VOULOIR = r"souhaitez|voulez|preferez|desirez|aimeriez|cherchez(?: a)?"
_FRENCH = (
    rf"(?:avez|souhaitez|voulez|desirez|cherchez|etes) vous|et|ou|dites|pour|pouvoir|afin de|concernant|{_SUJET}|en cas (?:de|d')|per(?= (?:l'|continuar|il |la |le |i |gli ))|pou|voor(?= nederlands)",
    rf"(?:d'|de l')?aide (?:avec|pour)|c'est (?:{_SUJET}|pour|concernant)|(?:c'est|cela concerne)(?= (?:une?|pour|votre) )",
    rf"vous (?:{_VOULOIR}|(?:nous )?(?:appelez|contactez) (?:pour|{_SUJET}|concernant))|(?:vous )?(?:avez )?besoin (?:de|du|des|d'une?|d')",
    r"(?:votre (?:appel|demande|question)|l'objet de votre (?:appel|demande)|il|elle) (?:concerne|porte sur|est(?= (?:une?|le|la|les|votre|vos) | l'))|(?:vous etes )?interessee?s? par",
    rf"(?:as|veux|souhaites) tu|tu (?:souhaites|veux|preferes|desires|cherches(?: a)?|as(?: besoin (?:de|d'))?|es|appelles (?:pour|{_SUJET}|concernant))",
    r"(?:s'il|il) s'agit (?:de|du|des|d'un|d'une)|vous etes|vous avez|tout ce qui (?:concerne|touche a)",
    rf"(?:vous )?avez (?:une |des )?questions? {_SUR}|(?:(?:toute|une|vos|des)(?: autre)? )?(?:questions?|demande(?: (?:de|d') ?(?:renseignements?|informations?))?) {_SUR}",
    rf"(?:obtenir |avoir )?(?:des |plus d'|de l'|d'|un |une |toute? )?(?:informations?|renseignements?|precisions?|aide) {_SUR}",
)
_ZU = r"(?:zu|zum|zur|uber|bei|beim|rund um|bezuglich|hinsichtlich)"
_FRAGEN = r"(?:ruckfragen?|fragen?|auskunfte?|auskunft|informationen|hilfe|unterstutzung|anliegen)"
_MOCHTEN = r"mochten|haben|hatten|wunschen|wollen|benotigen|brauchen|suchen|sind|waren|wurden|befinden"
_MOCHTEST = r"mochtest|hast|hattest|willst|benotigst|brauchst|suchst|bist|warst"
_ERREICHEN = r"(?:erreichen|finden|erhalten|bekommen|horen)"
_GERMAN = (
    rf"(?:wenn|falls|sofern) du|du (?:{_MOCHTEST})|(?:{_MOCHTEST}) du|(?:wenn |falls )?ihr (?:anruf|anliegen)(?= .* betrifft$)|ihr (?:anruf|anliegen) betrifft|betrifft ihr (?:anruf|anliegen)",
    rf"sie interessieren sich fur|interessieren sie sich fur|sie (?:{_MOCHTEN}|erreichen)|(?:{_MOCHTEN}|sollten) sie|{_ERREICHEN} sie|(?:gelangen|kommen) sie (?:zu|zum|zur)",
    r"(?:ist|sind|wurde|wurden)(?! sie)|(?:hat|haben|sollte|sollten)(?= (?:ihre?n?|bei|der|die|das) )|(?:mochten|wollen|haben)(?! sie| sich)|mit jemandem uber|interesse an|den bereich|den fall dass sie",
    r"(?:im|in einem|bei einem)(?= notfall)|und|oder|sagen sie|wenn|falls|sofern|fur|fuer|furs|um|bei|beim|rund um|in sachen|(?:zum )?thema|auswahl (?:von|der|des)",
    r"(?:zum|zur)(?! (?:beispiel|ersten|letzten|wiederholten) )(?! .*(?:zuruck|zu )[a-z]*$)|wegen|bezuglich|hinsichtlich|anrufen um",
    rf"(?:(?:alle|ihre|eine|ein|weitere) )*{_FRAGEN} {_ZU}|handelt es sich um|(?:es )?geht es um|(?:es )?geht um|es sich um|sich um|es um|es|sie|einer|einem|eines",
)
_LEADING = re.compile(r"^(?:" + "|".join((*_ENGLISH, *_SPANISH, *_FRENCH, *_GERMAN)) + r")(?:\s+|(?<=')(?=\w))")
_ASKED_SHORTLY = re.compile(r"^(?:have|got) (?=(?:an?|any|your) (?!.*ed\b))")  #: "have a bill?"
_CALLING = re.compile(r"^(?:(?:speak|talk) (?:to|with) (?:one of (?:our|the)|an?|the|our)|reach one of (?:our|the)) (?=\w)")
#: Each ending can be read in one way only: a recogniser that stutters ("drücken Sie dann drücken Sie dann …") would else take minutes.
_TRAILING = re.compile(
    r"(?:(?<! the)\s+(?:and|or|then|please|simply|just|i'll|you can|you may|now|y|o|ou|oder|und|bitte|veuillez|veuillez (?:appuyer|taper|composer)|merci(?: d[e'] ?(?:taper|appuyer|composer|faire)?)?|por favor|dann|entonces|alors|(?<!can't )(?<!cannot )(?<!can )(?<!to )(?<!don't )(?<!you )use|can be reached|(?<!have )(?<!want )(?<!need )(?<!know )(?<!to )(?<!of )either|it's|that's|c'est|by"
    r"|go ahead and|you're after|is what you (?:need|want)|you (?:should|must|need to|have to|will want to)|you'll (?:want|need) to|all you (?:have to|need to) do is|all you (?:have|need) is to"
    r"|press|pressed|pressing|push|press the|press option|touch|tapez|appuyez|appuyez sur|faites|faites le|composez|choisissez|marque|marque el|oprima|oprima el"
    r"|presione|presione el|elija|elija la|escoja|escoja la|seleccione|seleccione la|pulse|pulse el|teclee|digite|drucken|wahlen|die|select|dial|(?<!to )choose|hit|premete|premete il|prema|premi|peze|digite|pressione"
    r"|at any ?time|at this time|en cualquier momento|a tout moment|jederzeit|(?!denen )[a-z]{2,}en (?:sie|wir)(?: (?:ihnen|sie|uns|gerne?|auch|direkt|dann|mit))*+|(?:melden|wenden) sich|druk(?: op)?))+$"
)
_CLOSING_VERBS = word_set(
    "mochten wollen wunschen geht haben sein sind benotigen brauchen betrifft handelt anrufen mochtest willst hast bist benotigst brauchst"
)
#: Where a German clause that begins with "wenn sie" ends.
_CLOSING = re.compile(rf"(?:\s+(?:{'|'.join(sorted(_CLOSING_VERBS))}))+$")
#: … unless it is the verb of a clause within: "ob sie angekommen sind", "die sie verschickt haben", "nichts mehr geht".
_OWN_CLOSING = re.compile(r"\b(?:ob|wann|warum|(?:die|der|das|den|dem|was|wo|wie) (?:sie|wir|du)) \w|^(?!.*\bum ).* geht\b")
_CALLED_ABOUT = re.compile(r"^(?:wenn |falls )?(?:rufen sie|sie rufen|sie) (?:(?:wegen|zu|uber) (.+)|((?:von|aus) .+)) an(?:rufen)?$")
_SOUGHT = re.compile(r"^(?:wenn|falls|sofern) sie (?:(?:nach )?(.+) suchen|sich fur (.+) interessieren)$")
_LAST_OF_CALLING = (" an", " anrufen", " suchen", " interessieren")
_POLITELY = re.compile(r"(?: bitte| dann)+$")
_STUTTER = re.compile(r"\b([^\W\d]\w*) \1\b")
_SAID = re.compile(r"\s+(?:please )?(?:say|simply say|just say|you can say|diga|di|dites|sagen sie)(?:\s.*)?$")
_CONTENT = re.compile(r"\w")


def tidy(tokens: list[Token]) -> str:
    """The label itself: without "for", "to", "if you'd like to", "please" and the words to say instead of pressing."""
    label = join(without_remark(tokens))
    if len(set(label.split())) <= label.count(" "):
        label = _STUTTER.sub(r"\1", label)
    label = _POLITELY.sub("", label)
    if label.endswith(_LAST_OF_CALLING):
        label = _SOUGHT.sub(r"\1\2", _CALLED_ABOUT.sub(r"\1\2", label))
    whole = label
    label = _ASKED_SHORTLY.sub("", label)
    label = _SAID.sub("", _without_lead(label, whole))
    label = _without_lead(label, whole)
    label = _CALLING.sub("", label)
    label = _TRAILING.sub("", label).strip()
    return "" if _SAYS_NOTHING.fullmatch(label) else label


def _without_lead(label: str, whole: str) -> str:
    while (shorter := _without_end(_LEADING.sub("", label), whole)) != label and _CONTENT.search(shorter):
        label = shorter
    return label


def _without_end(label: str, whole: str) -> str:
    """Without what ends no name; ``whole``: the label as it was said."""
    shorter = _TRAILING.sub("", label)
    if whole.startswith("um "):
        shorter = shorter.removesuffix(" zu konnen")  # "um Ihren Zählerstand melden zu können"
    closes = shorter.rpartition(" ")[2] in _CLOSING_VERBS
    return _CLOSING.sub("", shorter) if closes and not _OWN_CLOSING.search(whole) else shorter


_SAYS_NOTHING = re.compile(
    r"(?:(?:for|to|if|or|and|please|you|the|a|an|just|o|y|ou|et|oder|und|para|pour|por|si|fur|um|wenn|zum|zur|bei|sie|your|our|you'd|you're|would|like|calling|about|want|need|el|la|le|les|die|der|das)(?: |$))*"
)
