"""What a language says around a key: the verbs of pressing, the fillers, the words that start a label."""

from __future__ import annotations

import msgspec

from call_engine.core.vocabulary.number_words import KEYS
from call_engine.core.vocabulary.words import word_set


class MenuWords(msgspec.Struct, frozen=True):
    verbs: frozenset[str]
    fillers: frozenset[str]  #: may stand between the verb and the key
    tails: frozenset[str]  #: may stand right after the key
    starters: frozenset[str]  #: begin a label
    common: frozenset[str]  #: tell the language


MENU_WORDS: dict[str, MenuWords] = {
    "en": MenuWords(
        verbs=word_set(
            "press pressed pressing presses pres push dial dialing dialling hit tap say use select selecting choose enter touch type option"
        ),
        fillers=word_set("the number digit option key button please simply or say just on"),
        tails=word_set("key button sign now please"),
        starters=word_set("for to if otherwise"),
        common=word_set("the for to you your please press and is of our are this call with if or calling thank line number we"),
    ),
    "es": MenuWords(
        verbs=word_set(
            "oprima marque presione pulse digite teclee apriete oprime marca presiona seleccione opcion marcar oprimir presionar pulsar "
            "marcando oprimiendo presionando pulsando pulsa digita teclea marquen pulsen opriman presionen"
        ),
        fillers=word_set("el la numero tecla boton opcion por favor o diga signo de digito inmediatamente directamente"),
        tails=word_set("ahora tecla"),
        starters=word_set("para si por"),
        common=word_set("para el la los las de su en que si por oprima marque gracias una esta llamada con y o usted espanol"),
    ),
    "fr": MenuWords(
        verbs=word_set("appuyez tapez faites composez formez pressez selectionnez choisissez dites touche taper appuyer d'appuyer composer "
            "appuyant tapant composant appuie"),
        fillers=word_set("sur le la les touche numero chiffre du ou dites s'il vous plait simplement immediatement directement"),
        tails=word_set("maintenant touche"),
        starters=word_set("pour si afin sinon"),
        common=word_set("pour le la les de des votre vous sur et une un est nous merci appuyez tapez si ou ce cet dans"),
    ),
    "de": MenuWords(
        verbs=word_set("drucken druecken wahlen waehlen tippen betatigen sagen druck drucke wahle tippe"),
        fillers=word_set("sie bitte jetzt nun die taste auf den das nummer zahl ziffer oder sagen einfach sofort direkt gleich "
            "dafur hierfur dazu ihrer ihrem tastatur telefontastatur telefon"),
        tails=word_set("taste jetzt bitte drucken wahlen"),
        starters=word_set("fur fuer wenn um falls sofern zum zur bei mochten wollen wunschen benotigen brauchen haben sind"),
        common=word_set("die der das fur sie und ist bitte taste wir ihr ihre ihren den mit zu von drucken wahlen wenn nicht"),
    ),
}  # fmt: skip


def language_of(words: list[str]) -> str:
    """The language most of the common words belong to; English when nothing speaks for another."""
    counts = {language: sum(word in known.common for word in words) for language, known in MENU_WORDS.items()}
    if not any(counts.values()):
        counts = {language: sum(word in KEYS[language] and len(word) > 2 for word in words) for language in MENU_WORDS}
    best = max(counts, key=lambda language: (counts[language], language == "en"))
    return best if counts[best] else "en"
