"""What a menu tells beside its options: sentences with a subject and a verb, orders after a key, other ways than pressing, answers."""

from __future__ import annotations

import pytest
from call_engine.core.menu import parse_menu

TOLD = [
    # Sentences that say something of something.
    ("To reach a room, press 1. Calls to patient rooms are not put through after 10 p.m. For visitors, press 2.",
     {"1": "reach a room", "2": "visitors"}),
    ("si es empleador marque 4 todos los servicios son gratuitos para repetir estas opciones marque numeral",
     {"4": "empleador", "#": "repetir estas opciones"}),
    ("we are open late we accept most insurance plans sales department press 1 parts press 2", {"1": "sales department", "2": "parts"}),
    ("your bill of $112 is past due to pay it press 1 for something else press 2", {"1": "pay it", "2": "something else"}),
    # … but names that are sentences stay names.
    ("Where is my order? Press 1. I was charged twice. Press 2. My card is lost. Press 3.",
     {"1": "where is my order", "2": "i was charged twice", "3": "my card is lost"}),
    ("If you're in labor, your water has broken, or you have heavy bleeding, press 1. For the nurse, press 2.",
     {"1": "in labor your water has broken or you have heavy bleeding", "2": "the nurse"}),
    # Other ways than pressing.
    ("If you need a flu shot, walk in or press 4. For refills, press 5.", {"4": "a flu shot", "5": "refills"}),
    ("Möchten Sie mit Frau Kern sprechen, wählen Sie deren Durchwahl oder drücken Sie die 0.", {"0": "mit frau kern sprechen"}),
    ("Press 1 for an order, and if you ordered through an app, call them instead. Press 2 for hours. Or hang tight.",
     {"1": "an order", "2": "hours"}),
    ("Press 4 for admissions. Press 5 for the bursar, and if you want a teacher, please email us.", {"4": "admissions", "5": "the bursar"}),
    # Answers, and what is said to be pressed in other words.
    ("Is this the parcel you're calling about? If it is, press 1. If you've received it, press 2.",
     {"1": "the parcel you're calling about", "2": "received it"}),
    ("Si tienes una avería, di avería o pulsa 1. Si es por otra cosa, di otra cosa o pulsa 2.", {"1": "una averia", "2": "otra cosa"}),
    ("Bei Gasgeruch drücken Sie sofort die 1. Ziehen Sie um, drücken Sie die 2.", {"1": "gasgeruch", "2": "ziehen sie um"}),
    ("For wills, press 1. For everything else there's 0.", {"1": "wills", "0": "everything else"}),
    ("For Anytime Teller, press 1. If you want one at a different address, press 2.",
     {"1": "anytime teller", "2": "one at a different address"}),
    ("Do you have a gift card? Press 1. If you got a letter that says we need something from you, press 2.",
     {"1": "a gift card", "2": "you got a letter that says we need something from you"}),
    # What is to be done behind a key, and remarks about it.
    ("if you have a claim number press three then enter it for glass only press four", {"3": "a claim number", "4": "glass only"}),
    ("if you want a school press 1 and select the school from the list for employment press 2", {"1": "a school", "2": "employment"}),
    ("für rezepte drücken sie die 1 und sprechen sie nach dem ton für absagen drücken sie die 2", {"1": "rezepte", "2": "absagen"}),
    ("for visits press 1 for results press 2 after midday only if you need a note press 3 for vaccines press 4",
     {"1": "visits", "2": "results", "3": "a note", "4": "vaccines"}),
    ("para citas pulse 1 para pruebas pulse 2 para un paciente pulse 3 solo familiares para urgencias pulse 4",
     {"1": "citas", "2": "pruebas", "3": "un paciente", "4": "urgencias"}),
    ("Para consultar su caso, necesita su NIE, pulse 3.", {"3": "consultar su caso"}),
    ("for parking fines you can pay online or press two for potholes press three", {"2": "parking fines", "3": "potholes"}),
    ("for statements visit our website or press 4 if you have a complaint press 5", {"4": "statements", "5": "a complaint"}),
    ("marque uno para ventas dos para caja tres para citas cero para asistencia si su llamada es sobre empleo visite nuestra página",
     {"1": "ventas", "2": "caja", "3": "citas", "0": "asistencia"}),
    ("if you had symptoms stay home and press one for certificates press two", {"1": "you had symptoms", "2": "certificates"}),
    ("para boletos marque dos si perdió algo marque tres recuerde llegar media hora antes para facturas marque cuatro",
     {"2": "boletos", "3": "perdio algo", "4": "facturas"}),
    ("pour un colis tapez 1 pour un échange présentez-vous en magasin pour une facture tapez 2", {"1": "un colis", "2": "une facture"}),
    ("if you're running late press 2 to order food press 3 or order online and skip the line for parties press 4",
     {"2": "running late", "3": "order food", "4": "parties"}),
    ("for vaccines press 1 clinics are held every week for inspections press 2", {"1": "vaccines", "2": "inspections"}),
    ("technicians are setting up if you're scheduled for a study tonight press 1 for results press 2",
     {"1": "scheduled for a study tonight", "2": "results"}),
    ("for everything else press five to leave a message press star", {"5": "everything else", "*": "leave a message"}),
    ("Is that right? If so, press 1. To report a lost card, press 3.", {"1": "is that right", "3": "report a lost card"}),
    ("To leave halls, press 3. In an emergency, contact security on extension 2222. To pay rent, press 4.",
     {"3": "leave halls", "4": "pay rent"}),
    ("If you know your party's extension, dial 8 and then the extension. For sales, press 1.",
     {"8": "your party's extension", "1": "sales"}),
    ("Hatten Sie gerade einen Unfall, drücken Sie die 1. Für Hausrat drücken Sie die 2.", {"1": "gerade einen unfall", "2": "hausrat"}),
    # … which are all there is of a name where the key opens the sentence.
    ("Press 1 and follow the prompts to pay. Press 2 and enter your pin to hear your balance. Press 3 for sales.",
     {"1": "follow the prompts to pay", "2": "enter your pin to hear your balance", "3": "sales"}),
    ("Press 1 and leave a message for the office. Press 2 and leave a message for the clinic.",
     {"1": "leave a message for the office", "2": "leave a message for the clinic"}),
    # The name of a department is not cut in two.
    ("Our billing department is option 1, our sales department is option 2.",
     {"1": "billing department is", "2": "sales department is"}),
    ("press won to track a package you can also visit our website press 2 for claims", {"1": "track a package", "2": "claims"}),
    ("press 4 for refunds and one of our team will help press 5 for orders", {"4": "refunds", "5": "orders"}),
    ("for refills press 4 for billing call 888-555-0136 or press 5 to repeat press star", {"4": "refills", "5": "billing", "*": "repeat"}),
    ("fragen zur rechnung die 1 umzug die 2 bei gasgeruch rufen sie bitte sofort die 0800 1 10 22 33 an", {"1": "rechnung", "2": "umzug"}),
    ("Press 1 through 5 now. To repeat the question, press star. To skip it, press pound.",
     {"*": "repeat the question", "#": "skip it"}),
    ("For insurance waivers, the deadline is September 5; press 5. Parents, press 6.", {"5": "insurance waivers", "6": "parents"}),
    ("For refills, have your pharmacy send us a request, or press 3. For appointments, press 4.", {"3": "refills", "4": "appointments"}),
    ("Für Züge, die heute fahren, sagen Sie heute oder drücken Sie die 1.", {"1": "zuge die heute fahren"}),
    ("to order contacts press three glasses take about a week for billing press four", {"3": "order contacts", "4": "billing"}),
    ("para citas marque 3 el horario de oficina es de ocho a tres para pagos marque 4", {"3": "citas", "4": "pagos"}),
    ("para una habitación marque 4 y después el número de la habitación si necesita factura marque 5",
     {"4": "una habitacion", "5": "factura"}),
    ("Si es una emergencia, cuelgue y marque 911. Si tiene una emergencia dental, pulse 1. Para citas, pulse 2.",
     {"1": "una emergencia dental", "2": "citas"}),
    ("Para padrón, pulse 1. Para otra información, manténgase a la espera o pulse 2.", {"1": "padron", "2": "otra informacion"}),
    ("If you have a question for one of our bankers, tell us what it's about: savings, press 1; loans, press 2.",
     {"1": "savings", "2": "loans"}),
    # "For that" is for what was named before.
    ("We can text you a link to our site. Press 1 for that. If you'd rather talk to us, press 2.",
     {"1": "text you a link to our site", "2": "talk to us"}),
    ("Would you like a call back? To do so, press 1. To leave a message, press 2.", {"1": "a call back", "2": "leave a message"}),
    # Two conditions are hardly one name, and "if you don't" refuses nothing.
    ("welcome to grant advertising if you know who you want say their name if you're here about a job press 1 for london press 2",
     {"1": "a job", "2": "london"}),
    ("for your balance press 1 to pay press 2 there is no charge if you pay online if you've lost your card press 3",
     {"1": "your balance", "2": "pay", "3": "lost your card"}),
    ("if you have your number press 1 if you don't press 2 for compounding press 3",
     {"1": "your number", "2": "you don't", "3": "compounding"}),
    ("For anything else or if you're not sure, press 5. For pools, press 6.", {"5": "anything else or if you're not sure", "6": "pools"}),
    ("store hours are seven am to eight pm contractors and trade accounts press one lumber yard press two",
     {"1": "contractors and trade accounts", "2": "lumber yard"}),
    ("If you're returning a missed call from us, press 3. If you need a note, use our online form or press 4.",
     {"3": "returning a missed call from us", "4": "a note"}),
    ("Do you drive for us? Press 4. Would you like to drive for us? Press 5.", {"4": "drive for us", "5": "drive for us"}),
    # What a recogniser puts before a key is no name.
    ("To report a lost card, press 2. For account services. I'll Press 3. For all other questions, press 0.",
     {"2": "report a lost card", "3": "account services", "0": "all other questions"}),
    # One label of two purposes.
    ("welcome to transit to plan a trip or for the next bus press 1 for fares press 2",
     {"1": "plan a trip or for the next bus", "2": "fares"}),
    ("for electoral services or to register to vote press 1 for bins press 2",
     {"1": "electoral services or to register to vote", "2": "bins"}),
    ("vous partez dans moins de 3 jours tapez 1 vous venez d'arriver tapez 2",
     {"1": "vous partez dans moins de 3 jours", "2": "vous venez d'arriver"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "options"), TOLD)
def test_what_is_told_beside_is_no_name(text: str, options: dict[str, str]) -> None:
    assert {option.digits: option.label for option in parse_menu(text).options} == options
