"""How German and French menus lead up to a name, and to its key: each way of saying it, with the same names."""

from __future__ import annotations

import pytest
from call_engine.core.menu import parse_menu

GERMAN_NAMED = [
    "Wenn Sie sich für {} interessieren", "Sie interessieren sich für {}", "Es geht um {}", "Für Ihre Fragen rund um {}",
    "Wenn Sie Unterstützung bei {} benötigen", "Bei Fragen bezüglich {}", "Wegen {}", "Bezüglich {}", "Sie rufen wegen {} an",
    "Haben Sie ein Anliegen zu {}", "Wenn Sie weitere Informationen zu {} wünschen", "Fürs {}", "Beim {}", "Sollten Sie {} benötigen",
]  # fmt: skip
GERMAN_DONE = ["Du möchtest {}", "Du willst {}", "Wenn du {} möchtest", "Sie wollen {}", "Falls Sie {} möchten"]
GERMAN_KEYS = [
    "drücken Sie nun die {}", "drücken Sie dafür die {}", "drücken Sie hierfür bitte die {}", "so drücken Sie bitte die {}",
    "drücken Sie auf Ihrer Tastatur die {}", "drücken Sie die {} auf Ihrer Telefontastatur", "drücken Sie bitte jetzt auf die {}",
]  # fmt: skip
GERMAN_TOLD = [
    "{} erreichen Sie über die {}", "{} finden Sie unter der {}", "{} hören Sie mit der {}", "{} erhalten Sie mit der {}",
    "Sie erreichen {} unter der {}", "Fragen zu {} beantworten wir Ihnen gerne unter der {}", "Bei {} helfen wir Ihnen unter der {}",
    "{} melden sich bitte unter der {}",
]  # fmt: skip
GERMAN_LED = ["Über die {} erreichen Sie {}", "Unter der {} finden Sie {}"]
FRENCH_NAMED = [
    "Pour un renseignement sur {}", "Pour tout renseignement concernant {}", "Pour toute information sur {}",
    "Pour une demande de renseignements sur {}", "Si vous êtes intéressé par {}", "Pour obtenir des précisions sur {}",
    "Si l'objet de votre appel est {}", "Vous nous appelez pour {}", "Si c'est {}",
]  # fmt: skip
FRENCH_DONE = ["Si vous aimeriez {}", "Pour pouvoir {}", "Vous aimeriez {}", "Afin de {}"]
FRENCH_KEYS = [
    "tapez dès maintenant {}", "merci d'appuyer sur la touche {}", "il vous suffit de taper {}", "vous pouvez taper {}",
    "tapez {} sur votre clavier",
    "appuyez sur la touche {} de votre téléphone", "tapez {} s'il vous plaît",
]  # fmt: skip


def _label(text: str) -> dict[str, str]:
    return {option.digits: option.label for option in parse_menu(text).options}


@pytest.mark.parametrize("lead", GERMAN_NAMED)
def test_german_words_before_a_name_are_no_part_of_it(lead: str) -> None:
    text = f"{lead.format('Strom')}, drücken Sie die 1. {lead.format('Gas')}, drücken Sie die 2."
    assert _label(text) == {"1": "strom", "2": "gas"}


@pytest.mark.parametrize("lead", GERMAN_DONE)
def test_german_words_before_a_deed_are_no_part_of_it(lead: str) -> None:
    text = f"{lead.format('Strom bestellen')}, drücken Sie die 1. {lead.format('Gas bestellen')}, drücken Sie die 2."
    assert _label(text) == {"1": "strom bestellen", "2": "gas bestellen"}


@pytest.mark.parametrize("lead", ["Für {}, ", "Möchten Sie {} bestellen? ", "Bei Fragen zu {} "])
@pytest.mark.parametrize("key", GERMAN_KEYS)
@pytest.mark.parametrize("end", [". ", ", "])
def test_german_words_around_a_key_are_no_part_of_a_name(lead: str, key: str, end: str) -> None:
    text = f"{lead.format('Strom')}{key.format(1)}{end}{lead.format('Gas')}{key.format(2)}."
    assert {digits: label.removesuffix(" bestellen") for digits, label in _label(text).items()} == {"1": "strom", "2": "gas"}


@pytest.mark.parametrize("told", GERMAN_TOLD)
def test_german_sentences_that_end_in_a_key(told: str) -> None:
    text = f"Für Wasser drücken Sie die 1. {told.format('Gas', 2)}. {told.format('Strom', 3)}."
    assert _label(text) == {"1": "wasser", "2": "gas", "3": "strom"}


@pytest.mark.parametrize("led", GERMAN_LED)
def test_german_sentences_that_begin_with_a_key(led: str) -> None:
    assert _label(f"{led.format(1, 'Strom')}. {led.format(2, 'Gas')}.") == {"1": "strom", "2": "gas"}


@pytest.mark.parametrize("lead", FRENCH_NAMED)
def test_french_words_before_a_name_are_no_part_of_it(lead: str) -> None:
    text = f"{lead.format('une panne')}, tapez 1. {lead.format('une facture')}, tapez 2."
    assert _label(text.replace("de une", "d'une")) == {"1": "une panne", "2": "une facture"}


@pytest.mark.parametrize("lead", FRENCH_DONE)
def test_french_words_before_a_deed_are_no_part_of_it(lead: str) -> None:
    text = f"{lead.format('signaler une panne')}, tapez 1. {lead.format('payer une facture')}, tapez 2."
    assert _label(text) == {"1": "signaler une panne", "2": "payer une facture"}


@pytest.mark.parametrize("lead", ["Pour {}, ", "Vous souhaitez {} ? "])
@pytest.mark.parametrize("key", FRENCH_KEYS)
@pytest.mark.parametrize("end", [". ", ", "])
def test_french_words_around_a_key_are_no_part_of_a_name(lead: str, key: str, end: str) -> None:
    text = f"{lead.format('une panne')}{key.format(1)}{end}{lead.format('une facture')}{key.format(2)}."
    assert _label(text) == {"1": "une panne", "2": "une facture"}


MENUS = [
    # "zum" that leads to no name.
    ("Bei einem Notfall, zum Beispiel einem Rohrbruch, drücken Sie die 1. Wenn Sie zum ersten Mal anrufen, drücken Sie die 2.",
     {"1": "notfall zum beispiel einem rohrbruch", "2": "zum ersten mal"}),
    ("Wurden Sie ohne Ticket angetroffen, drücken Sie die 1. Befinden Sie sich im Zug, drücken Sie die 2.",
     {"1": "ohne ticket angetroffen", "2": "sich im zug"}),
    ("Wenn Sie nicht warten möchten, können wir Sie zurückrufen. Drücken Sie dafür die 1. Für eine Nachricht drücken Sie die 2.",
     {"1": "nicht warten", "2": "eine nachricht"}),
    ("Vous souhaitez un devis ? Alors tapez 1. Vous nous appelez au sujet de votre facture ? Tapez 2.",
     {"1": "un devis", "2": "votre facture"}),
    # What is no key: a number that is dialled, a mark that ends what is typed.
    ("Pour un conseil, faites le 1. Pour la pharmacie de garde, composez le 32 37. Pour le courrier, composez le 36 39.",
     {"1": "un conseil"}),
    ("Composez votre identifiant puis appuyez sur dièse. Pour vos comptes, tapez 1. Pour vos virements, tapez 2.",
     {"1": "vos comptes", "2": "vos virements"}),
    ("Geben Sie Ihre Nummer ein und drücken Sie die Rautetaste. Für Strom drücken Sie die 1. Für Gas drücken Sie die 2.",
     {"1": "strom", "2": "gas"}),
    ("Pour une panne, faites le 1. Pour répéter ce menu, faites l'étoile. Pour quitter, tapez le dièse.",
     {"1": "une panne", "*": "repeter ce menu", "#": "quitter"}),
    # What else is to be done before the key is pressed.
    ("Si vous sentez une odeur de gaz, n'utilisez pas votre téléphone, sortez et tapez 1. Pour un devis, tapez 2.",
     {"1": "vous sentez une odeur de gaz", "2": "un devis"}),
    ("Für eine Meldung nutzen Sie bitte unser Formular oder drücken Sie die 1. Für Fragen zu Strom oder zum Gas drücken Sie die 2.",
     {"1": "eine meldung", "2": "strom oder zum gas"}),
    ("Bei einem Schaden schreiben Sie uns eine E-Mail oder drücken Sie die 1. Für alles andere ruf uns an oder drück die 2.",
     {"1": "schaden", "2": "alles andere"}),
    ("Für Gas drücken Sie die 1. Wenn Sie umziehen, halten Sie bitte Ihre Kundennummer bereit und drücken Sie die 2.",
     {"1": "gas", "2": "umziehen"}),
    # Questions whose verbs are no part of a name, and those that are all of one.
    ("Hattest du einen Unfall? Drück die 1. Warst du im Ausland? Drück die 2.", {"1": "einen unfall", "2": "im ausland"}),
    ("Sollte Ihr Gerät defekt sein, drücken Sie die 1. Haben sich Ihre Daten geändert, drücken Sie die 2.",
     {"1": "ihr gerat defekt", "2": "haben sich ihre daten geandert"}),
    ("Warten Sie auf ein Paket, bitte die 1. Für Gas drücken Sie die 2. Oder warten Sie auf einen Mitarbeiter.",
     {"1": "warten sie auf ein paket", "2": "gas"}),
    ("Wenn Ihr Anliegen Strom betrifft, bitte die 1. Ihr Anruf betrifft Wasser, bitte die 2. Wenn Sie Gas suchen, bitte die 3.",
     {"1": "strom", "2": "wasser", "3": "gas"}),
    ("Möchten Sie Gas bestellen? Bitte 1 wählen. Möchten Sie Strom bestellen? Bitte drei wählen.",
     {"1": "gas bestellen", "3": "strom bestellen"}),
    ("Si vous avez besoin d'aide pour vous connecter, tapez 1. Vous attendez la visite d'un technicien, tapez 2.",
     {"1": "vous connecter", "2": "vous attendez la visite d'un technicien"}),
    ("Pour le suivi de commande, tapez 1. Pour le suivi d'un dossier, tapez 2. Composez votre code suivi de la touche dièse.",
     {"1": "le suivi de commande", "2": "le suivi d'un dossier"}),
    ("Ist Ihr Router defekt, drücken Sie die 1. Sind Telefon und Internet gestört, drücken Sie die 2.",
     {"1": "ihr router defekt", "2": "telefon und internet gestort"}),
    ("Rufen Sie wegen der Bestellung vom 4. Mai an, drücken Sie die 1. Für Kinder ab der 5. Klasse drücken Sie die 2.",
     {"1": "der bestellung vom 4 mai", "2": "kinder ab der 5 klasse"}),
    ("Haben Sie Ihre Kundennummer? Drücken Sie die 1 für ja oder die 2 für nein.", {"1": "ja", "2": "nein"}),
    ("Appelez-vous au sujet de votre commande ? Tapez 1 pour oui, tapez 2 pour non.", {"1": "oui", "2": "non"}),
    ("Möchten Sie bestellen? Dann die 1. Wünschen Sie ein Angebot? Dann die 2. Sonst die 0.",
     {"1": "bestellen", "2": "ein angebot", "0": "sonst"}),
    ("Pour de l'aide avec votre modem, formez le 1. Si vous désirez un devis, formez le 2.", {"1": "votre modem", "2": "un devis"}),
    ("Pour une place, tapez 1. Pour la grue, tapez 2. En mer, en cas de danger, composez le 196.", {"1": "une place", "2": "la grue"}),
    ("Befinden Sie sich in einem medizinischen Notfall, drücken Sie die 1. Für alles andere drücken Sie die 2.",
     {"1": "sich in einem medizinischen notfall", "2": "alles andere"}),
    # Heard from the middle of an option on: what its key is for was said before.
    ("drücken Sie die 2. Für Strom drücken Sie die 3. Für Gas drücken Sie die 4.", {"3": "strom", "4": "gas"}),
    ("tapez 2. Pour une panne, tapez 3. Pour une facture, tapez 4 ou patientez.", {"3": "une panne", "4": "une facture"}),
    # Notices, with their marks and without them.
    ("Zur Verbesserung unseres Services zeichnen wir Gespräche auf. Drücken Sie die 1 für Strom. Drücken Sie die 2 für Gas.",
     {"1": "strom", "2": "gas"}),
    ("sie sind mit den stadtwerken verbunden für strom drücken sie die eins für gas drücken sie die zwei", {"1": "strom", "2": "gas"}),
    ("für strom drücken sie die eins am montag ist unser büro geschlossen für gas drücken sie die zwei für wasser drücken sie die drei",
     {"1": "strom", "2": "gas", "3": "wasser"}),
    ("für strom drücken sie die eins die vertretung übernimmt herr schulz für gas drücken sie die zwei für wasser drücken sie die drei",
     {"1": "strom", "2": "gas", "3": "wasser"}),
    ("Si vous ne souhaitez pas être enregistré, dites-le à votre conseiller. Tapez 1 pour une panne. Tapez 2 pour une facture.",
     {"1": "une panne", "2": "une facture"}),
    ("pour une panne tapez un un incident est en cours dans votre région pour une facture tapez deux pour un devis tapez trois",
     {"1": "une panne", "2": "une facture", "3": "un devis"}),
    ("Pour une panne, tapez 1. Service 5 centimes la minute. Ouvert du 1er mai au 30 juin. Pour un devis, tapez 2.",
     {"1": "une panne", "2": "un devis"}),
    ("bitte halten sie ihre nummer bereit in dringenden fällen drücken sie die eins für gas drücken sie die zwei",
     {"1": "in dringenden fallen", "2": "gas"}),
    ("munissez-vous de votre numéro de client votre connexion est lente tapez un si vous avez un devis tapez deux",
     {"1": "votre connexion est lente", "2": "un devis"}),
    ("Sie haben die Volksbank Talheim gewählt. Mit der 1 erreichen Sie die Kasse. Mit der 2 erreichen Sie den Service.",
     {"1": "die kasse", "2": "den service"}),
    ("Drücken Sie die 1 für Strom. Drücken Sie die 2 für Gas. Wir haben am 3 Oktober geschlossen.", {"1": "strom", "2": "gas"}),
    ("Si vous connaissez le numéro de poste de votre correspondant, composez-le maintenant. Un colis abîmé, tapez 1. Un retour, tapez 2.",
     {"1": "un colis abime", "2": "un retour"}),
    ("willkommen bei der nordbahn es kann zu wartezeiten kommen befinden sie sich im zug drücken sie die eins für gas drücken sie die zwei",
     {"1": "sich im zug", "2": "gas"}),
    ("hi und willkommen bei muster mobil du hast dein handy verloren drück die eins du willst kündigen drück die zwei",
     {"1": "dein handy verloren", "2": "kundigen"}),
    ("ladenetz muster lässt sich ihr auto nicht laden drücken sie die eins für gas drücken sie die zwei",
     {"1": "lasst sich ihr auto nicht laden", "2": "gas"}),
    # Other tongues at the gate.
    ("Pour le français, tapez 1. Voor Nederlands, druk 2.", {"1": "le francais", "2": "nederlands"}),
    ("Für Deutsch drücken Sie die 1. Voor Nederlands, druk op 2.", {"1": "deutsch", "2": "nederlands"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "options"), MENUS)
def test_german_and_french_menus(text: str, options: dict[str, str]) -> None:
    assert _label(text) == options
