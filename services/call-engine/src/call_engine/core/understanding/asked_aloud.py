"""A question for data as people ask it: "can I have your date of birth, please?", "and the postcode?". A recording names the keys, or tells
to speak, and what it only mentions ("to change your address") it does not ask for.
"""

from __future__ import annotations

import re

from call_engine.core.vocabulary.personal_data import ALWAYS, WHERE_ASKED
from call_engine.core.vocabulary.words import fold

_JUST = r"(?:please |just |quickly |maybe |also |first |then |again )*"
_MY = r"(?:your|the|a|an|some)"
_IHR = r"(?:ihre?[nmrs]?|den|die|das|dem|der|nach)"
_MAL = r"(?:bitte |noch |auch |kurz |mal |nur |einmal |schnell |vielleicht |dann |denn |gerade |von ihnen )*"
_VOTRE = r"(?:votre|vos|le|la|les|l'|un|une|d')"
_SU = r"(?:sus?|el|la|los|un|una)"

#: Who asks so wants whatever stands behind it.
_MAY_I_HAVE = (
    rf"(?:can|could|may|might) (?:i|we) {_JUST}(?:have|get|take|ask|check|confirm|verify|grab|know|note|jot|pop|see"
    r"|start with|trouble|bother)"
    rf"|(?:can|could|would|will) you {_JUST}(?:give|tell|confirm|verify|spell|provide|read|remind|repeat)"
    rf"|would you mind {_JUST}(?:giving|telling|confirming|verifying|spelling|repeating)"
    rf"|if (?:i|we) (?:can|could|may) {_JUST}(?:have|get|take|grab|ask|confirm|check)"
    rf"|if you (?:can|could|would) {_JUST}(?:give|tell|confirm|verify|spell|read)"
    r"|(?:what is|what's|whats|what was) your"
    r"|(?:me puede|puede|podria|puedes|podrias)(?: usted)?(?: por favor)?"
    r" (?:dar|decir|confirmar|indicar|facilitar|proporcionar|repetir|deletrear)(?:me)?"
    r"|(?:puis.je|je peux|je pourrais|pourrais.je|on peut|peut.on) (?:avoir|prendre|noter|verifier|confirmer|connaitre|vous demander)"
    r"|(?:pouvez|pourriez|voulez).vous (?:me )?(?:donner|dire|confirmer|epeler|rappeler|indiquer|repeter)"
    r"|vous (?:pouvez|pourriez) (?:me |m')(?:donner|dire|confirmer|epeler|rappeler|indiquer|repeter)"
    rf"|(?:kann|konnte|durfte|darf|konnten|durfen|durften) (?:ich|wir) {_MAL}{_IHR}"
    rf"|(?:konnen|konnten|wurden) sie mir"
)
#: Who asks so wants what stands behind it only if that is personal.
_WHAT_IS = (
    rf"(?:what is|what's|whats|what was|what were) {_MY}"
    rf"|i(?:'ll| will|'d|'m going to| do)? {_JUST}need"
    rf"(?: {_JUST}to {_JUST}(?:have|get|take|ask(?: you)?(?: for)?|check|confirm|verify))? {_MY}"
    rf"|let me {_JUST}(?:have|get|take|grab) {_MY}"
    rf"|(?:have you got|do you have) {_MY}(?= [^.?!]*\b(?:handy|to hand|there|with you|in front of you)\b)"
    rf"|(?:wie|was) (?:ist|war|lautet|lauten|sind) {_MAL}{_IHR}"
    rf"|ich (?:brauche?|brauchte|benotige|benotigte|hatte gern) {_MAL}{_IHR}"
    rf"|haben sie {_MAL}{_IHR}(?= [^.?!]*\b(?:zur hand|parat|da)\b)"
    rf"|(?:quel(?:le)?s? (?:est|sont|etait)|c'est quoi|rappelez.moi) (?:donc )?{_VOTRE}"
    rf"|(?:il me faut|il me faudrait|j'ai (?:juste )?besoin de?|j'aurais (?:juste )?besoin de?) ?{_VOTRE}"
    rf"|(?:me|nos) (?:da|dice|indica|facilita|regala|confirma|proporciona|repite|deletrea|brinda|permite)(?: usted)?(?: por favor)? {_SU}"
    rf"|(?:cual|cuales) (?:es|era|seria|son) {_SU}"
    rf"|(?:necesito|necesitaria|voy a necesitar|requiero)(?: que me (?:de|diga|confirme|indique|facilite))? {_SU}"
    rf"|puedo (?:tomar|pedirle|pedir|confirmar|tener|verificar|saber) {_SU}"
)
#: Questions for data that do not name it.
_OF_ITSELF = (
    r"when were you born|what (?:year|month|day) were you born|how (?:do|would) you spell (?:that|it|your)|wann (?:sind|wurden) sie geboren"
    r"|wie heissen sie|auf welchen namen|vous etes nee? (?:quand|en quelle|le combien)|quand etes.vous nee?|comment vous appelez.vous"
    r"|c'est a quel nom|cuando nacio|como se llama(?: usted)?(?=[ ?]*(?:[?]|$))"
)
_ASKED = re.compile(
    rf"\b(?:{_MAY_I_HAVE})\b[^.?!]{{0,60}}\b{WHERE_ASKED}\b|(?<!\w)(?:{_WHAT_IS})(?:\b|(?<='))[^.?!;]{{0,40}}\b{ALWAYS}\b|\b(?:{_OF_ITSELF})\b"
)

_MOST_WORDS = 12  #: of a sentence that only names what is wanted
_SENTENCE = re.compile(r"[^.?!…;]+[.?!…;]*")
_LEADING_UP = re.compile(
    r"(?:(?:okay|ok|right|great|good|fine|thanks|thank you|perfect|lovely|brilliant|all ?right|now|so|then|sorry|um|uh|er|just|also|first"
    r"|finally|lastly|gut|danke|jetzt|dann|noch|nur|ja|bien|tres bien|d'accord|merci|alors|puis|ensuite|donc|oui|bueno|muy bien|gracias"
    r"|ahora|entonces|vale|de acuerdo|perfecto|si)[ ,]+)*"
)
_AND = r"(?P<and>(?:and|und|et|y)[ ,]+(?:then |just |also |noch |dann |bitte |ensuite |tambien )*)?"
_WHOSE = r"(?:your|ihre?[nmrs]?|votre|vos|sus?|the|den|die|das|der|le|la|el)"
_KIND = r"(?:(?!(?:and|und|et|y|about|for|with|regarding|to|uber|wegen|zu|sur|pour|sobre|para) )[a-z']+ ){0,4}"
_AT = r"(?: (?:of|on|for|from|at|vom|von|des|du|de|del) (?:[a-z']+ ){0,2}[a-z']+)?"
_THING = rf"(?:{_WHOSE} {_KIND}{ALWAYS}{_AT}|l'{ALWAYS}{_AT}|{ALWAYS})"
_PLEASE = r"please|bitte|s'il vous plait|svp|por favor"
_ASIDE = rf"(?:[ ,]+(?:{_PLEASE}|then|again|now|is|for me|as well|too|sir|madam|noch(?: mal| einmal)?|auch|encore|aussi|tambien|otra vez))*"
#: Nothing but the name of what is wanted: "and the postcode?", "your surname, please".
_NAMED = re.compile(rf"{_AND}(?:{_PLEASE})?,? ?{_THING}(?:,? (?:and|und|et|y) {_THING}){{0,2}}{_ASIDE}")
_JOINED = re.compile(r" ?(?:and|und|et|y)\b")
_NOTED = re.compile(r"\b(?:i have|i've(?: got)?|that's|thank you|thanks|habe ich|ich habe|danke|j'ai|merci|tengo|gracias)\b")
_OF_YOURS = re.compile(r"\b(?:your|ihre?[nmrs]?|votre|vos|sus?)\b")
_SAYS_PLEASE = re.compile(rf"\b(?:{_PLEASE})\b")

_BY_KEYS_OR_VOICE = re.compile(
    r"\b(?:enter|press(?:ed|ing)?|key(?:ing)? in|keypad|pound|hash|star|touch.?tone|type|punch|say(?:ing)?|speak|after the (?:beep|tone)"
    r"|oprima|presione|marque|pulse|digite|teclee|ingrese|introduzca|diga|despues del tono"
    r"|appuyez|tapez|saisissez|composez|faites le|dites(?!.moi)|apres le (?:bip|signal)"
    r"|drucken|wahlen sie|tippen sie|taste|rautetaste|sagen sie|sprechen sie|nach dem (?:ton|signal|piep)|geben sie)\b"
)
#: What the one who asks does with it: "so that I can enter it", "let me just type that in".
_OWN_DOING = re.compile(
    r"\b(?:i|i'll|let me|for me to)(?: can| will| must| just| quickly| need to| have to| got to)*"
    r" (?:enter|type|key in|key (?:it|that|this) in|punch)\b"
)


def is_asked_aloud(text: str) -> bool:
    plain = fold(text)
    return _BY_KEYS_OR_VOICE.search(_OWN_DOING.sub(" ", plain)) is None and _asks(plain)


def _asks(plain: str) -> bool:
    sentences = [found.group() for found in _SENTENCE.finditer(plain)]
    return _ASKED.search(plain) is not None or any(_only_names_it(one) or _ends_in_naming_it(one) for one in sentences)


def _ends_in_naming_it(sentence: str) -> bool:
    """ "I have Smith as your surname, and your postcode?"."""
    before, _, last = sentence.rpartition(",")
    return "?" in last and _NOTED.search(before) is not None and _JOINED.match(last) is not None and _only_names_it(last)


def _only_names_it(sentence: str) -> bool:
    """Such a sentence is a question by its mark; without one by "please", or where it goes on from another question with "and your"."""
    named = sentence.strip(" ,.?!…;¿¡")
    if named.count(" ") >= _MOST_WORDS:
        return False
    found = _NAMED.fullmatch(named, _leads_up_to(named))
    if found is None:
        return False
    return "?" in sentence or _SAYS_PLEASE.search(named) is not None or (found["and"] is not None and _OF_YOURS.search(named) is not None)


def _leads_up_to(named: str) -> int:
    found = _LEADING_UP.match(named)
    return found.end() if found else 0
