"""What is said around a menu in German and in French: while one waits, as one is passed on, when a human answers."""

from __future__ import annotations

import pytest
from call_engine.core.utterance import understand

HOLD, TRANSFER, GREETING = "hold_announcement", "transfer_notice", "human_greeting"
SAID = [
    (HOLD, "Alle unsere Mitarbeiterinnen und Mitarbeiter befinden sich derzeit im Gespräch."),
    (HOLD, "Leider rufen im Moment sehr viele Kunden an."),
    (HOLD, "Danke, dass Sie dranbleiben. Sie sind gleich an der Reihe."),
    (HOLD, "Wussten Sie schon? Viele Fragen klären Sie auch in unserer App."),
    (HOLD, "Es dauert nur noch einen kleinen Moment."),
    (HOLD, "En raison d'un grand nombre d'appels, le délai d'attente est plus long que d'habitude."),
    (HOLD, "Votre appel sera traité dans l'ordre d'arrivée."),
    (HOLD, "Ne raccrochez pas, votre tour approche."),
    (HOLD, "Il reste deux personnes avant vous."),
    (TRANSFER, "Alles klar, dann stelle ich Sie jetzt durch zur Buchhaltung."),
    (TRANSFER, "Da muss ich Sie mit der Fachabteilung verbinden."),
    (TRANSFER, "Einen Augenblick, Sie werden weiterverbunden."),
    (TRANSFER, "Ich versuche Sie durchzustellen."),
    (TRANSFER, "Je bascule votre appel vers la comptabilité."),
    (TRANSFER, "Votre appel va être dirigé vers un conseiller."),
    (TRANSFER, "Je vous redirige vers le service sinistres."),
    (GREETING, "Volksbank, guten Tag, Anna Fischer."),
    (GREETING, "Moin, hier ist Jan vom Support."),
    (GREETING, "Schönen guten Tag, Sie sprechen mit Julia Hoffmann."),
    (GREETING, "Kundenservice, was darf ich für Sie tun?"),
    (GREETING, "Oui, bonjour, c'est à quel sujet ?"),
    (GREETING, "Bonjour, à qui ai-je l'honneur ?"),
    (GREETING, "Oui allô ?"),
]
RECORDED = [
    "Mein Name ist Lara und ich bin Ihre digitale Assistentin.",
    "Sie sprechen mit dem automatischen Telefonservice der Gesundheitskasse.",
    "Grüß Gott und herzlich willkommen im Hotel Alpenblick.",
    "Hier ist die Hotline von Möbel Ahorn.",
    "Je suis votre assistant vocal.",
    "Bonsoir et bienvenue au service clients.",
]


@pytest.mark.parametrize(("kind", "text"), SAID)
def test_each_kind(kind: str, text: str) -> None:
    assert understand(text).kind == kind


@pytest.mark.parametrize("text", RECORDED)
def test_what_only_a_recording_says_is_no_human(text: str) -> None:
    assert not understand(text).is_human
