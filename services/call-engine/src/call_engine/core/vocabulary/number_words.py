"""Telephone keys as they are spoken: digits, number words and the star and pound keys, in four languages."""

from __future__ import annotations

_ENGLISH = "zero one two three four five six seven eight nine ten eleven twelve"
_SPANISH = "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce"
_FRENCH = "zero un deux trois quatre cinq six sept huit neuf dix onze douze"
_GERMAN = "null eins zwei drei vier funf sechs sieben acht neun zehn elf zwolf"


def _count(words: str) -> dict[str, str]:
    return {word: str(value) for value, word in enumerate(words.split())}


#: Accents are folded before the look-up. Star and pound are keys too.
KEYS: dict[str, dict[str, str]] = {
    "en": {**_count(_ENGLISH), "oh": "0", "o": "0", "star": "*", "asterisk": "*", "pound": "#", "hash": "#", "hashtag": "#"},
    "es": {
        **_count(_SPANISH), "una": "1", "un": "1", "asterisco": "*", "estrella": "*", "numeral": "#", "gato": "#", "almohadilla": "#",
        "cardinal": "#",
    },
    "fr": {**_count(_FRENCH), "une": "1", "etoile": "*", "l'etoile": "*", "asterisque": "*", "diese": "#", "carre": "#", "croisillon": "#"},
    "de": {
        **_count(_GERMAN), "fuenf": "5", "zwo": "2", "ein": "1", "sterntaste": "*", "stern": "*", "sternchen": "*", "raute": "#",
        "rautetaste": "#", "rautentaste": "#", "rautenzeichen": "#", "doppelkreuz": "#", "zwoelf": "12",
    },
}  # fmt: skip

#: Words first, numbers only after a marker.
VAGUE = frozenset(("o", "oh", "un", "una", "une", "ein", "i"))
#: What a recogniser writes for a key right after "press"; never believed anywhere else.
HOMOPHONES = {
    "to": "2", "too": "2", "tu": "2", "for": "4", "fore": "4", "won": "1", "wun": "1", "ate": "8", "phi": "5", "fife": "5",
    "tree": "3", "free": "3", "sex": "6", "sicks": "6", "nein": "9", "nain": "9", "fives": "5", "ones": "1", "eights": "8",
    "sixth": "6", "fifth": "5", "five's": "5", "tool": "2", "three's": "3", "heaven": "7", "zeros": "0",
}  # fmt: skip

_QUANTITIES = (
    "hour hours days day week weeks minutes minute seconds am pm digit digits percent year years month months of moment more way time "
    "times factor business o'clock million thousand hundred dollars step steps people callers caller option options "
    "horas dias semanas minutos digitos cifras anos meses euros dolares heures jours semaines chiffres mois ans uhr stunden tage "
    "minuten wochen stellige stelligen prozent h euro cent rappen centimes "
    "januar februar marz april mai juni juli august september oktober november dezember "
    "janvier fevrier mars avril juin juillet aout septembre octobre novembre decembre"
)
#: A number before one of these is a quantity, not a key.
QUANTITIES = frozenset(_QUANTITIES.split())


_LONGEST = 4  #: digits of an extension
_EMERGENCIES = frozenset(("911", "999", "112", "110", "000", "066", "711", "811", "988"))


def key_of(word: str, language: str) -> str | None:
    """The key a word names in this language or, as recognisers write numbers in menus of two languages, in English; or None."""
    if word in "*#" and word:
        return word
    if word.isdigit():
        return word if len(word) <= _LONGEST and word not in _EMERGENCIES else None
    return KEYS.get(language, KEYS["en"]).get(word) or (KEYS["en"].get(word) if len(word) > 2 else None)
