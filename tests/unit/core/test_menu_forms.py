"""Every way in which a menu says which key is for what."""

from __future__ import annotations

import pytest
from call_engine.core.menu import parse_menu

FORMS = [
    ("Press 1 for billing. Press 2 for sales.", {"1": "billing", "2": "sales"}),
    ("To pay a bill, press 1. To reach sales, press two.", {"1": "pay a bill", "2": "reach sales"}),
    ("For billing, please press one. For sales, please press the number two.", {"1": "billing", "2": "sales"}),
    ("Billing, press 1. Sales, press 2.", {"1": "billing", "2": "sales"}),
    ("If you'd like to make a payment, press 4. If you want sales, press 5.", {"4": "make a payment", "5": "sales"}),
    ("For billing, say billing or press 1. For sales, say sales or press 2.", {"1": "billing", "2": "sales"}),
    ("Press 1 or say billing. Press 2 or say sales.", {"1": "billing", "2": "sales"}),
    ("Press 1 for billing, 2 for sales, 3 for repairs, or 0 for an operator.",
     {"1": "billing", "2": "sales", "3": "repairs", "0": "an operator"}),
    ("One. Billing. Two. Sales. Three. Repairs.", {"1": "billing", "2": "sales", "3": "repairs"}),
    ("For parts, press 10. For service, press 1 1.", {"10": "parts", "11": "service"}),
    ("For sales press 1. To hear this menu again, press star. To go back, press the pound key.",
     {"1": "sales", "*": "hear this menu again", "#": "go back"}),
    ("Para facturación, oprima uno. Para ventas, marque el número dos.", {"1": "facturacion", "2": "ventas"}),
    ("Pour la facturation, appuyez sur le 1. Pour les ventes, faites le deux.", {"1": "la facturation", "2": "les ventes"}),
    ("Für Rechnungen drücken Sie die Eins. Für den Verkauf wählen Sie bitte die 2.", {"1": "rechnungen", "2": "den verkauf"}),
    ("For English, press 1. Para español, oprima el dos.", {"1": "english", "2": "espanol"}),
    # What leads to the topic is no part of it.
    ("If you have questions about tolls, press 1. For assistance with refunds, press 2. For information on permits, press 3.",
     {"1": "tolls", "2": "refunds", "3": "permits"}),
    ("Press 1 to speak with someone about a claim. Press 2 if you are looking to rent a car.", {"1": "a claim", "2": "rent a car"}),
    ("Si tiene preguntas sobre multas, oprima el 1. Para asuntos de impuestos, oprima el 2.", {"1": "multas", "2": "impuestos"}),
    ("Si vous avez une question sur les impôts, tapez 1. Pour toute question sur la voirie, tapez 2.",
     {"1": "les impots", "2": "la voirie"}),
    ("Bei Fragen zu Steuern drücken Sie die 1. Zur Auswahl von Kindergeld drücken Sie die 2.", {"1": "steuern", "2": "kindergeld"}),
    ("If this concerns a refund, press 1. If you're trying to find a store, press 2. Should you need a copy, press 3. "
     "Do you have a question about your bill? Press 4.", {"1": "a refund", "2": "find a store", "3": "a copy", "4": "your bill"}),
    ("Si se trata de un pago, marque 2. Si tiene que ver con tarjetas, marque 3. Si le interesa un crédito, marque 4.",
     {"2": "un pago", "3": "tarjetas", "4": "un credito"}),
    ("Choisissez une option. Tapez 1 pour un rendez-vous. S'il s'agit d'un colis, tapez 3.", {"1": "un rendez vous", "3": "colis"}),
    ("Handelt es sich um einen Notfall, drücken Sie die 3.", {"3": "einen notfall"}),
    ("Thanks for reaching Old Mill. Press 2 for branch hours. Press 4 to update your details.",
     {"2": "branch hours", "4": "update your details"}),
    ("Opening times: press 1. Takeaway orders: press 2.", {"1": "opening times", "2": "takeaway orders"}),
    ("This conversation may be monitored for training. Training, press 1. Renewals, press 2.", {"1": "training", "2": "renewals"}),
    ("If your printer is offline, press 1. If it won't print, press 2. If it doesn't scan, press 3. If that can't wait, press 4.",
     {"1": "your printer is offline", "2": "won't print", "3": "doesn't scan", "4": "can't wait"}),
    ("Thanks for calling. Hablamos español. Press 1 for visiting hours. Press 2 for billing. Press 0 at any time to reach a nurse.",
     {"1": "visiting hours", "2": "billing", "0": "reach a nurse"}),
    ("Para citas, presione el 5. Si no, espere en la línea, por favor. Para escuchar de nuevo, marque asterisco.",
     {"5": "citas", "*": "escuchar de nuevo"}),
    ("Für Umzug drücken Sie die 1. Um Ihren Zählerstand melden zu können, drücken Sie die 2.",
     {"1": "umzug", "2": "ihren zahlerstand melden"}),
    ("For emergencies, hang up and dial 911. Press 1 for repairs. Press 2 for questions for the pharmacist. Press 3 for billing.",
     {"1": "repairs", "2": "questions for the pharmacist", "3": "billing"}),
    ("Press 1 for refills. Press 2 for questions for the pharmacist. Press 3 for questions about your bill.",
     {"1": "refills", "2": "questions for the pharmacist", "3": "your bill"}),
    ("Si llama porque no tiene luz, pulse 1. Si llama por una factura, pulse 2.", {"1": "porque no tiene luz", "2": "una factura"}),
    ("¿Quiere pedir para llevar? Marque 1. ¿Tiene una reserva para hoy? Marque 2. ¿Necesita una factura? Marque 3.",
     {"1": "pedir para llevar", "2": "una reserva para hoy", "3": "una factura"}),
    ("Did you get a letter from us? If you did, press 1. Were you visited by one of our people? Press 2. For all else, press 3.",
     {"1": "get a letter from us", "2": "visited by one of our people", "3": "all else"}),
    ("Option 1 is for prescriptions. Option 2 is to see a nurse. Option 3 is for everything else.",
     {"1": "prescriptions", "2": "see a nurse", "3": "everything else"}),
    ("Customers with an order should press 1. Suppliers must press 2. All other callers can press 3.",
     {"1": "customers with an order", "2": "suppliers", "3": "all other callers"}),
    ("Clientes con cita, pulsen 1. Proveedores, marquen 2.", {"1": "clientes con cita", "2": "proveedores"}),
    ("If you're calling to say someone will be absent, press 1. Say billing or press 2.",
     {"1": "say someone will be absent", "2": "billing"}),
    ("Need to book? Press 1. Have a bill? Press 2. Got an emergency? Press 3. To have a guide mailed to you, press 4.",
     {"1": "book", "2": "a bill", "3": "an emergency", "4": "have a guide mailed to you"}),
    ("If you've been here before, press 1. If you've never been to either, press 2.",
     {"1": "been here before", "2": "never been to either"}),
    ("¿Es usted cliente? Si lo es, pulse 1. Si no lo es, pulse 2.", {"1": "cliente", "2": "no lo es"}),
    ("For all queries regarding bins, press 1. For matters pertaining to rent, press 2. Should you require assistance with a form, "
     "press 3. If your concern is about noise, press 4. If you could use help with a bill, press 5. If you're wanting to book, press 6.",
     {"1": "bins", "2": "rent", "3": "a form", "4": "noise", "5": "a bill", "6": "book"}),
    ("If one of our drivers hit your car, press 1. To speak to one of our agents, press 2. "
     "If you don't know which option to choose, press 3.",
     {"1": "one of our drivers hit your car", "2": "agents", "3": "you don't know which option to choose"}),
    ("Si gusta pagar, marque 1. Si precisa una grúa, marque 2. Si el motivo de su llamada es un robo, marque 3. "
     "Si su duda es sobre una multa, marque 4.", {"1": "pagar", "2": "una grua", "3": "un robo", "4": "una multa"}),
    ("Please press 1 now to report a defect. Please press 5 now for training.", {"1": "report a defect", "5": "training"}),
    ("choose option 5 to add a channel choose option 6 for missing channels for anything else hold",
     {"5": "add a channel", "6": "missing channels"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "options"), FORMS)
def test_each_form(text: str, options: dict[str, str]) -> None:
    assert {option.digits: option.label for option in parse_menu(text).options} == options


TRAPS = [
    # "for" written as a digit of the key before it.
    ("You can also find answers on our website, our lines are open now. Press 1 for refunds. Press 2 for baggage, Press 3 four changes.",
     {"1": "refunds", "2": "baggage", "3": "changes"}),
    ("Press 1 for refunds. Press 2 for baggage. Press 3 4 for a change.", {"1": "refunds", "2": "baggage", "34": "a change"}),
    ("Press one four stopping service Press two for automatic payments Press three for reporting an outage. Press four for your meter.",
     {"1": "stopping service", "2": "automatic payments", "3": "reporting an outage", "4": "your meter"}),
    ("Press 24 repairs. Press 3 for sales.", {"2": "repairs", "3": "sales"}),
    ("Press 1 4 a downed power line. Press 2 for an outage. Press star two repeat these choices.",
     {"1": "a downed power line", "2": "an outage", "*": "repeat these choices"}),
    ("For sales press one four. For service press one five.", {"14": "sales", "15": "service"}),
    ("Press 14 for sales. Press 3 for service.", {"14": "sales", "3": "service"}),
    ("Press 1 for sales. Press 24 repairs. Press 35 service.", {"1": "sales", "24": "repairs", "35": "service"}),
    # The recogniser put its full stops after the keys of a label-first menu, or before the labels of it.
    ("For existing bookings. Press 2 for new bookings. Press 3. For inquiries, press 4.",
     {"2": "existing bookings", "3": "new bookings", "4": "inquiries"}),
    ("For billing press 1 for sales press 2 for repairs press 3", {"1": "billing", "2": "sales", "3": "repairs"}),
    ("Press 1 for billing press 2 for sales press 3 for repairs", {"1": "billing", "2": "sales", "3": "repairs"}),
    ("For sales, press to. For repairs, press 3. For billing, press for.", {"2": "sales", "3": "repairs", "4": "billing"}),
    ("For sales, pressed won. For returns, press ate.", {"1": "sales", "8": "returns"}),
    ("Our offices are open Monday through Friday, 9 am to 5 pm. For directions, press 1.", {"1": "directions"}),
    ("You are number 3 in line. For a call back press 1.", {"1": "a call back"}),
    ("to be called back press 1 you will keep your place in line you are caller number 3 in the queue", {"1": "be called back"}),
    ("press 2 to be called back you are currently caller number two in line please continue to hold", {"2": "be called back"}),
    ("to be called back press 1 your position in the queue is number 6", {"1": "be called back"}),
    ("para que le devolvamos la llamada oprima 1 usted es el numero 3 en la fila", {"1": "le devolvamos la llamada"}),
    ("Please enter your 16 digit card number followed by the pound key.", {}),
    ("Thank you for calling Acme. For quality this call may be recorded. For sales press 1.", {"1": "sales"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "options"), TRAPS)
def test_each_trap(text: str, options: dict[str, str]) -> None:
    assert {option.digits: option.label for option in parse_menu(text).options} == options


@pytest.mark.parametrize(
    ("text", "complete"),
    [
        ("For billing, press 1. For sales, press 2.", True),
        ("For billing, press 1. For sales, press", False),
        ("For billing, press 1. For sales", False),
        ("Press 1 for billing. Press 2 for", False),
        ("For billing, press 1. Otherwise, stay on the line.", True),
    ],
)
def test_completeness(text: str, complete: bool) -> None:
    assert parse_menu(text).complete is complete


def test_a_repeated_menu_says_so() -> None:
    menu = parse_menu("For billing, press 1. For sales, press 2. For billing, press 1. For sales, press 2.")
    assert menu.repeats
    assert len(menu.options) == 2


def test_staying_on_the_line_is_kept_with_what_it_is_for() -> None:
    assert parse_menu("For billing, press 1. For all other questions, stay on the line.").stay == "all other questions"


@pytest.mark.parametrize("language", ["en-US", "EN", "it", "xx"])
def test_a_language_is_a_hint_and_no_condition(language: str) -> None:
    menu = parse_menu("Press 1 for sales. Press 2 for support.", language)
    assert [(one.digits, one.label) for one in menu.options] == [("1", "sales"), ("2", "support")]
    assert menu.language == "en"
