"""What a language says around a key: the verbs of pressing, the fillers, the words that start a label."""

from __future__ import annotations

import msgspec


class MenuWords(msgspec.Struct, frozen=True):
    verbs: frozenset[str]
    fillers: frozenset[str]  #: may stand between the verb and the key
    tails: frozenset[str]  #: may stand right after the key
    starters: frozenset[str]  #: begin a label
    common: frozenset[str]  #: tell the language


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


MENU_WORDS: dict[str, MenuWords] = {
    "en": MenuWords(
        verbs=_set("press pressed pressing presses pres push dial hit select choose enter touch type option"),
        fillers=_set("the number digit option key button please simply or say just on"),
        tails=_set("key button sign now please"),
        starters=_set("for to if otherwise"),
        common=_set("the for to you your please press and is of our are this call with if or calling thank line number we"),
    ),
    "es": MenuWords(
        verbs=_set("oprima marque presione pulse digite teclee apriete oprime marca presiona seleccione opcion"),
        fillers=_set("el la numero tecla boton opcion por favor o diga signo de digito"),
        tails=_set("ahora tecla"),
        starters=_set("para si por"),
        common=_set("para el la los las de su en que si por oprima marque gracias una esta llamada con y o usted espanol"),
    ),
    "fr": MenuWords(
        verbs=_set("appuyez tapez faites composez pressez selectionnez choisissez dites touche"),
        fillers=_set("sur le la les touche numero chiffre du ou dites s'il vous plait simplement"),
        tails=_set("maintenant touche"),
        starters=_set("pour si afin sinon"),
        common=_set("pour le la les de des votre vous sur et une un est nous merci appuyez tapez si ou ce cet dans"),
    ),
    "de": MenuWords(
        verbs=_set("drucken druecken wahlen waehlen tippen betatigen sagen druck"),
        fillers=_set("sie bitte die taste auf den das nummer zahl oder sagen einfach"),
        tails=_set("taste jetzt bitte drucken wahlen"),
        starters=_set("fur fuer wenn um falls zum zur bei mochten haben sind"),
        common=_set("die der das fur sie und ist bitte wir ihr ihre ihren den mit zu von drucken wahlen wenn nicht"),
    ),
}  # fmt: skip


def language_of(words: list[str]) -> str:
    """The language most of the common words belong to; English when nothing speaks for another."""
    counts = {language: sum(word in known.common for word in words) for language, known in MENU_WORDS.items()}
    best = max(counts, key=lambda language: (counts[language], language == "en"))
    return best if counts[best] else "en"
