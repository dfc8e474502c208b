"""Keys that a menu names and yet does not offer here, and what follows a key that is offered."""

from __future__ import annotations

import pytest
from call_engine.core.menu import parse_menu

REFUSED = [
    # A key that need not, or must not, be pressed.
    ("Dialing 9 for an outside line is not needed. For sales, press 1. For parts, press 2.", {"1": "sales", "2": "parts"}),
    ("You need not press 1 first. For sales, press 2. For parts, press 3.", {"2": "sales", "3": "parts"}),
    ("If you're calling about a product, do not press 1; call our other line. For a directory, press 1. For parts, press 2.",
     {"1": "a directory", "2": "parts"}),
    ("please do not press any keys until you've heard all of the options for sales press 1 for parts press 2",
     {"1": "sales", "2": "parts"}),
    ("Para ventas, pulse 1. Para repuestos, pulse 2. Para la centralita, no pulse 3.", {"1": "ventas", "2": "repuestos"}),
    ("Il n'est pas nécessaire de taper 1 si vous êtes client. Pour une panne, tapez 1. Pour un retour, tapez 2.",
     {"1": "une panne", "2": "un retour"}),
    ("sie müssen keine taste drücken wenn sie mit der zentrale sprechen möchten für einen antrag drücken sie die 1 für termine drücken sie "
     "die 2", {"1": "einen antrag", "2": "termine"}),
    ("Tapez 1 pour les passeports. Tapez 2 pour les écoles. Pour l'accueil, ne tapez rien et patientez.",
     {"1": "les passeports", "2": "les ecoles"}),
    # A key of another call.
    ("Spa, press 1. Golf, press 2. If you're a registered guest, please hang up and dial 0 from your room phone.",
     {"1": "spa", "2": "golf"}),
    ("if this is a medical emergency hang up and dial 9 1 1 for appointments press 1 for refills press 2",
     {"1": "appointments", "2": "refills"}),
    ("if you are having an emergency hang up dial 9 1 1 press 1 for refills press 2 for billing", {"1": "refills", "2": "billing"}),
    ("If this is an emergency, please hang up and dial 9-1-1. For sales, press 1.", {"1": "sales"}),
    # These are offered.
    ("Si es socio, marque 1. Si no, marque 2.", {"1": "socio", "2": "no"}),
    ("el saldo es correcto sí pulse 1 no pulse 2 para salir pulse 9", {"1": "el saldo es correcto si", "2": "no", "9": "salir"}),
    ("Si es correcto, pulse 1. No pulse 2.", {"1": "correcto", "2": "no"}),
    ("si es correcto marque 1 para no marque 2", {"1": "correcto", "2": "no"}),
    ("no pulse ninguna tecla para ventas pulse 1 para caja pulse 2", {"1": "ventas", "2": "caja"}),
    ("do you have an account if you do press 1 if you do not press 2", {"1": "an account", "2": "you do not"}),
    ("if you have an account press 1 if you don't press 2 for anything else press 3",
     {"1": "an account", "2": "you don't", "3": "anything else"}),
    ("if you can come press 1 if you cannot press 2", {"1": "come", "2": "you cannot"}),
    ("Press 1 if you cannot press keys on your phone. Press 2 otherwise.", {"1": "you cannot press keys on your phone", "2": "otherwise"}),
    ("To end this call, press the number sign. To hear this again, press star.", {"#": "end this call", "*": "hear this again"}),
    ("If you smell gas, do not use your phone inside, and press 1. For bills, press 2.", {"1": "you smell gas", "2": "bills"}),
]  # fmt: skip
FOLLOWING = [
    ("to report an outage press 1 and follow the prompts for billing press 2", {"1": "report an outage", "2": "billing"}),
    ("to reach a guest dial 7 and then the room number for group rates press 3", {"7": "reach a guest", "3": "group rates"}),
    ("if you are on a highway press 1 so that we can prioritize your call for a tow press 2", {"1": "on a highway", "2": "a tow"}),
    ("if you are calling about this incident press 1 to be notified when it is resolved for password resets press 2",
     {"1": "this incident", "2": "password resets"}),
    ("for a death in the family press 1 at any hour for the office press 2", {"1": "a death in the family", "2": "the office"}),
    ("To report an absence, leave your child's name after pressing 1. For the school office, press 2.",
     {"1": "report an absence", "2": "the school office"}),
    ("pour un retour tapez 1 portez un masque pour les resultats tapez 2", {"1": "un retour", "2": "les resultats"}),
    ("pulse 1 si compra un billete pulse 2 si perdió algo en cualquier momento puede decir agente",
     {"1": "compra un billete", "2": "perdio algo"}),
    # What a key leads to is a name where the keys come first.
    ("Press 1 to be notified when it is fixed. Press 2 to be called back.", {"1": "be notified when it is fixed", "2": "be called back"}),
    ("your office is closed if you have an order for an event press 1 if you need a ticket press 2",
     {"1": "an order for an event", "2": "a ticket"}),
]  # fmt: skip
NUMBERS = [
    ("You can reach sales on extension 101, and service on extension 102.", {"101": "sales", "102": "service"}),
    # Numbers without a verb.
    ("Main menu. Sales, 201. Estimating, 202. Payroll, 210. Dial an extension now or press 0 for reception.",
     {"201": "sales", "202": "estimating", "210": "payroll", "0": "reception"}),
    ("Für das Grundbuchamt wählen Sie die 11, für das Nachlassgericht die 12 und für die Zahlstelle die 20.",
     {"11": "das grundbuchamt", "12": "das nachlassgericht", "20": "die zahlstelle"}),
    ("Für Reisen drücken Sie die 1. Für Reisebüros ist es die 2.", {"1": "reisen", "2": "reiseburos"}),
    ("Para ventas, marque 1. Para cancelar, marque 2, de lunes a viernes de 9 a 6.", {"1": "ventas", "2": "cancelar"}),
    ("For fares, press 1. To buy a ticket or change one you've already bought, press 2.",
     {"1": "fares", "2": "buy a ticket or change one you've already bought"}),
    ("for conditions press 1 and then 1 for camping press 2", {"1": "conditions", "2": "camping"}),
    ("Para salir, oprima la tecla de número. Para ventas, oprima 1.", {"#": "salir", "1": "ventas"}),
    ("Press 1 for sales. Press 2 for service, where we've got a special for $39.95. Press 3 for parts.",
     {"1": "sales", "2": "service where we've got a special for 39 95", "3": "parts"}),
    # What else can be done than pressing.
    ("For repairs, submit a request online or press 3. For anything else, press 4.", {"3": "repairs", "4": "anything else"}),
    ("for repairs submit a request online or press 3 for anything else press 4", {"3": "repairs", "4": "anything else"}),
    ("For billing, call 888-555-0136 or press 5.", {"5": "billing"}),
    ("If your card is lost, call the number on the back of it or press 4.", {"4": "your card is lost"}),
    ("If you want your code, text code to 65075 or press 5.", {"5": "your code"}),
    ("If you know the name of the person or department that you want, press 6.",
     {"6": "know the name of the person or department that you want"}),
    ("Press 1 for refunds, and one of our team will help. Press 2 for orders.", {"1": "refunds", "2": "orders"}),
]  # fmt: skip
STAYING = [
    "For sales, press 1. If you cannot press any keys, please stay on the line.",
    "For sales, press 1. To speak to someone, do not press anything, just stay on the line.",
    "for sales press 1 for support press 2 otherwise do not press any key and stay on the line",
    "Para ventas, marque 1. Para la operadora, no marque nada y espere en la línea.",
    "Pour les ventes, tapez 1. Pour un conseiller, ne tapez rien et patientez.",
    "Für Verkauf drücken Sie die 1. Wenn Sie keine Taste drücken können, bleiben Sie am Apparat.",
]
ENDS = [
    ("To give back tickets you can't use, press 5.", "give back tickets you can't use"),
    ("If you don't have either, press 2.", "you don't have either"),
    ("For W-2s and 1099s, press 3.", "w 2s and 1099s"),
    ("Has your windscreen been damaged? Press 2.", "your windscreen been damaged"),
    ("To have your car towed, press 2.", "have your car towed"),
    ("Ist bei Ihnen die Heizung ausgefallen, drücken Sie die 1.", "ihnen die heizung ausgefallen"),
    ("Wenn Sie eine Störung melden möchten, sagen Sie Störung oder drücken Sie die 1.", "eine storung melden"),
]


@pytest.mark.parametrize(("text", "options"), [*REFUSED, *FOLLOWING, *NUMBERS])
def test_a_key_is_an_option_only_where_it_is_offered(text: str, options: dict[str, str]) -> None:
    assert {option.digits: option.label for option in parse_menu(text).options} == options


@pytest.mark.parametrize("text", STAYING)
def test_whoever_is_to_press_no_key_may_be_told_to_stay(text: str) -> None:
    menu = parse_menu(text)
    assert menu.stay is not None
    assert menu.complete


@pytest.mark.parametrize(("text", "label"), ENDS)
def test_a_label_keeps_its_own_words(text: str, label: str) -> None:
    assert [option.label for option in parse_menu(text).options] == [label]


def test_a_word_written_twice_is_read_once() -> None:
    menu = parse_menu("thank thank you for calling calling northwind for sales press 1 for new new accounts press 2")
    assert {option.digits: option.label for option in menu.options} == {"1": "sales", "2": "new accounts"}


def test_a_question_and_its_contrary_are_two_names() -> None:
    menu = parse_menu("Did you buy it on October 2? If so, press 1. If you did not, press 2. If you are unsure, press 3 to hear it again.")
    assert {option.digits: option.label for option in menu.options} == {"1": "buy it on october 2", "2": "you did not", "3": "unsure"}


def test_an_order_right_before_a_key_is_no_name() -> None:
    text = "for adoptions press four for wildlife please contact the state press zero for dispatch"
    assert {option.digits: option.label for option in parse_menu(text).options} == {"4": "adoptions", "0": "dispatch"}
