"""Where a label begins and ends when the recogniser wrote no full stops: what is said beside the options has to be told by its words."""

from __future__ import annotations

import pytest
from call_engine.core.menu import parse_menu

BESIDE = [
    # Sentences that open like a label and are whole without a key.
    ("for refills please contact your pharmacy first for the nurse press 4 for billing press 5", {"4": "the nurse", "5": "billing"}),
    ("for sales press 1 if your card was stolen call the number on the back of it to ask for a hearing press 3",
     {"1": "sales", "3": "ask for a hearing"}),
    ("for arrival times enter the stop number for fares press 1 for lost items press 2", {"1": "fares", "2": "lost items"}),
    ("if you applied last week press 1 if you applied before that press 2 if you haven't applied yet visit our careers page",
     {"1": "you applied last week", "2": "you applied before that"}),
    ("if you have a large party press 1 if you're late press 2 for anything else give us a moment and we'll pick up",
     {"1": "a large party", "2": "late"}),
    ("If this is an emergency, hang up and call 911 to report a pothole or graffiti. Press 1 for trash. Press 2 for a person. Press 0.",
     {"1": "report a pothole or graffiti", "2": "trash", "0": "a person"}),
    ("december 12 to make a payment. Press 1 to hear your history. Press 2 for help. Press 3 to end this call, simply hang up.",
     {"1": "make a payment", "2": "hear your history", "3": "help"}),
    ("For the shop, press 4. If you have found an animal, please do not touch it; press 5.", {"4": "the shop", "5": "found an animal"}),
    # Remarks within an option.
    ("if you smell gas leave the area right away and press 1 if your power is out press 2",
     {"1": "you smell gas", "2": "your power is out"}),
    ("to pay by card press 2 there is a 2 dollar fee for this service to arrange a plan press 3",
     {"2": "pay by card", "3": "arrange a plan"}),
    ("press 1 to track a package you can also visit our website press 2 for claims", {"1": "track a package", "2": "claims"}),
    ("press 1 to track a package you can also visit our website", {"1": "track a package"}),
    ("press 0 for the desk note that visiting hours end at eight", {"0": "the desk"}),
    # Relative clauses without a pronoun are no remarks.
    ("press 1 for dates the office will be closed press 2 for items we accept press 3 to hear the reasons your claim may be denied",
     {"1": "dates the office will be closed", "2": "items we accept", "3": "hear the reasons your claim may be denied"}),
    # What may be said instead of pressing.
    ("for season tickets press 1 or say season tickets for single games press 2 or say single for an operator press 0 or say operator",
     {"1": "season tickets", "2": "single games", "0": "an operator"}),
    # Questions.
    ("thank you for calling harbor management are you a tenant press 1 are you looking to rent press 2",
     {"1": "a tenant", "2": "rent"}),
    ("is it keeping you from working press 1 for yes press 2 for no to speak with the lead press 3", {"1": "yes", "2": "no", "3": "lead"}),
    # What stands before the first key.
    ("To make, change or cancel a table. Press 1 for parties. Press 2 for news. Press 3 to ask for Al. Press for we take no messages.",
     {"1": "make change or cancel a table", "2": "parties", "3": "news", "4": "ask for al"}),
    ("hi you've reached corner market open seven days a week gift cards press 1 to change an order press 2 for returns press 3",
     {"1": "gift cards", "2": "change an order", "3": "returns"}),
    # Numbers that are words or ways.
    ("for billing press 1 for more time 2 pay press 3", {"1": "billing", "3": "more time 2 pay"}),
    ("families seeking care for a loved one, press one. For caregivers, press two.",
     {"1": "families seeking care for a loved one", "2": "caregivers"}),
    ("For tax returns, press 1 or dial extension 21. For payroll, press 2 or dial extension 22.", {"1": "tax returns", "2": "payroll"}),
    ("For IRAs and 401ks, press 2. You may press star at any point to return to this menu.",
     {"2": "iras and 401ks", "*": "return to this menu"}),
    # Who does what.
    ("If we've towed your car, press 1. If it starts with a B, press 2. If you have a car out now and wish to keep it, press 3.",
     {"1": "towed your car", "2": "starts with a b", "3": "have a car out now and wish to keep it"}),
    ("Si tiene una avería, pulse 3. Recursos humanos, marque 4. Si conoce la extensión, márquela ahora.",
     {"3": "una averia", "4": "recursos humanos"}),
    ("Bei einem Notfall wie einem Rohrbruch drücken Sie die 1.", {"1": "notfall wie einem rohrbruch"}),
    # The text was heard from its second word on.
    ("book a table for tonight press 1 for large parties press 2", {"1": "book a table for tonight", "2": "large parties"}),
    ("you are a patient press 1 if you are a physician press 2 all others please hold", {"1": "a patient", "2": "a physician"}),
    # A sentence with its marks is one label; the name of what is said is not.
    ("Orders for pickup, one. Orders for delivery, two. Catering, three.",
     {"1": "orders for pickup", "2": "orders for delivery", "3": "catering"}),
    ("get help with an order, say order or press one; for anything else, say more or press two.",
     {"1": "get help with an order", "2": "anything else"}),
    # Cut off within the last option.
    ("welcome to prairie trust to report a stolen card press 1 for balances press 2 for mortgages press 3 to find a branch",
     {"1": "report a stolen card", "2": "balances", "3": "mortgages"}),
    # Emergencies that are options, answers, and what is said behind the last key.
    ("In an emergency, press 1. For appointments, press 2.", {"1": "in an emergency", "2": "appointments"}),
    ("In case of emergency, hang up and dial 911. Press 1 for sales. Press 2 for service.", {"1": "sales", "2": "service"}),
    ("are you calling about an existing policy for yes press 1 for no press 2", {"1": "yes", "2": "no"}),
    ("for tickets press 1 for access press 2 tickets are also sold at the door", {"1": "tickets", "2": "access"}),
    ("to pay by phone press one a fee of two dollars applies to set up a plan press two", {"1": "pay by phone", "2": "set up a plan"}),
    ("to refill a prescription you'll need its number press 1 for staff press 2", {"1": "refill a prescription", "2": "staff"}),
    ("you need an interpreter press 1 if you use a tty press 2", {"1": "an interpreter", "2": "you use a tty"}),
    ("Press 3 if you think there is a mistake on your bill. Press 4 to hear order number 4 4 7 1 again.",
     {"3": "you think there is a mistake on your bill", "4": "hear order number 4 4 7 1 again"}),
    ("Thank you for holding. To keep your place in line and be called back, press 1. To continue holding, do nothing.",
     {"1": "keep your place in line and be called back"}),
    ("you entered five five five one two three four if this is correct press one to enter it again press two",
     {"1": "this is correct", "2": "enter it again"}),
]  # fmt: skip

OTHER_LANGUAGES = [
    ("por favor tenga a la mano su tarjeta para activar su tarjeta presione 1 para cambiar su nip presione 2",
     {"1": "activar su tarjeta", "2": "cambiar su nip"}),
    ("para consultar su saldo marque uno nuestras oficinas están abiertas de lunes a viernes para hablar con un asesor marque dos",
     {"1": "consultar su saldo", "2": "hablar con un asesor"}),
    ("Si huele a gas, salga de inmediato y pulse 1. Si tiene problemas con su línea, pulse 2.",
     {"1": "huele a gas", "2": "problemas con su linea"}),
    ("Si conoce la extensión, márquela. Si no, para ventas marque 1 y para soporte marque 2.", {"1": "ventas", "2": "soporte"}),
    ("Para español, oprima uno. For English, press dos.", {"1": "espanol", "2": "english"}),
    ("wenn sie gasgeruch bemerken legen sie auf und rufen sie die störungsnummer an für neukunden "
     "drücken sie die 1 für umzüge drücken sie die 2",
     {"1": "neukunden", "2": "umzuge"}),
    ("bitte halten sie ihre steuernummer bereit für die einkommensteuer drücken sie die 1 für firmen drücken sie die 2 "
     "unsere büros sind geöffnet",
     {"1": "die einkommensteuer", "2": "firmen"}),
    ("Im Notfall drücken Sie die 1. Zur Anmeldung gelangen Sie mit der 5.", {"1": "notfall", "5": "anmeldung"}),
    ("Wenn es sich um einen Schaden handelt, drücken Sie die 1. Für Rezepte drücken Sie die 2.", {"1": "einen schaden", "2": "rezepte"}),
    ("Taste 1: Verkauf. Taste 2: Service. Taste 3: Buchhaltung.", {"1": "verkauf", "2": "service", "3": "buchhaltung"}),
    ("wenn sie die durchwahl kennen wählen sie diese jetzt für den einkauf drücken sie die 2", {"2": "den einkauf"}),
    ("bienvenue chez alto mobile vous souhaitez changer de forfait tapez 1 vous avez une question sur votre facture tapez 2",
     {"1": "changer de forfait", "2": "votre facture"}),
    ("merci d'avoir appelé en cas de panne faites le 1 au sujet de votre facture faites le 2 consultez aussi notre site",
     {"1": "panne", "2": "votre facture"}),
    ("pour un rendez-vous tapez 1 nos bureaux sont ouverts de 9 heures à 18 heures pour une facture tapez 2",
     {"1": "un rendez vous", "2": "une facture"}),
    ("pour une question au sujet de votre facture tapez 1 pour de l'aide en cas de panne tapez 2",
     {"1": "votre facture", "2": "de l'aide en cas de panne"}),
    ("Wenn Ihr Anruf eine Rechnung betrifft, drücken Sie die 1.", {"1": "eine rechnung"}),
    ("Avez-vous déjà un compte ? Tapez 1. Tapez 2 pour annuler un rendez-vous.", {"1": "deja un compte", "2": "annuler un rendez vous"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "options"), OTHER_LANGUAGES)
def test_other_languages_say_other_things_beside(text: str, options: dict[str, str]) -> None:
    assert {option.digits: option.label for option in parse_menu(text).options} == options


@pytest.mark.parametrize(("text", "options"), BESIDE)
def test_a_label_is_told_from_what_is_said_beside_it(text: str, options: dict[str, str]) -> None:
    assert {option.digits: option.label for option in parse_menu(text).options} == options
