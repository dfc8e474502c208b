"""What phone systems of several countries say around their keys."""

from __future__ import annotations

import pytest
from call_engine.core.menu import parse_menu

ENGLISH = [
    # Keys by other names, and keys that were told before.
    ("To hear this again, press the number sign. For sales, press 1.", {"#": "hear this again", "1": "sales"}),
    ("For sales, press 1. You may return to the main menu at any time by pressing star.", {"1": "sales", "*": "return to the main menu"}),
    ("for billing press 1 we close at 6 but you can leave a message at any time by pressing 5", {"1": "billing", "5": "leave a message"}),
    ("Reach our billing team by pressing 1, or our support team by dialing 2.", {"1": "reach our billing team", "2": "our support team"}),
    # What comes of pressing.
    ("this is about an outage, press 1, and we'll page the engineer. If this is about a bill, press 2.", {"1": "an outage", "2": "a bill"}),
    ("for a callback press 1 and we'll call you back within the hour for sales press 2", {"1": "a callback", "2": "sales"}),
    ("if you're locked out press 1 and let it ring if you want to move press 2", {"1": "locked out", "2": "move"}),
    # What else is to be done first.
    ("If you smell gas, leave the building, leave the door open, and press 1. For bills, press 2.", {"1": "you smell gas", "2": "bills"}),
    ("For cards, press 1. If you know the ward, say it after the tone or press 0 for the switchboard.",
     {"1": "cards", "0": "the switchboard"}),
    ("For sales, press 1. To speak to an agent, stay on the line or press 0.", {"1": "sales", "0": "agent"}),
    ("Press 1 to file a complaint or leave a compliment. Press 2 for fares.",
     {"1": "file a complaint or leave a compliment", "2": "fares"}),
    # Names that begin like something else.
    ("for lumber press 1 for garden press 2 key cutting press 3", {"1": "lumber", "2": "garden", "3": "key cutting"}),
    ("garden 1 tool rental 2 key cutting 3 or stay on the line", {"1": "garden", "2": "tool rental", "3": "key cutting"}),
    ("If you don't recognize one or more of them, press 2. If one or both are lost, press 3.",
     {"2": "you don't recognize one or more of them", "3": "one or both are lost"}),
    ("if you would like us to call you back press 1 to keep holding press 2", {"1": "us to call you back", "2": "keep holding"}),
    ("If your query relates to a recent order, press 1. If it relates to something else, press 2.",
     {"1": "a recent order", "2": "something else"}),
]  # fmt: skip

GERMAN = [
    ("Für Verkauf drücken Sie die 1. Zum Wiederholen drücken Sie die Rautentaste.", {"1": "verkauf", "#": "wiederholen"}),
    ("tierklinik am park im notfall drücken sie die 1 für termine drücken sie die 2", {"1": "notfall", "2": "termine"}),
    ("personalservice fragen zur abrechnung drücken sie die 1 fragen zum urlaub drücken sie die 2", {"1": "abrechnung", "2": "urlaub"}),
    ("sonnenklar reisen sie wollen verreisen dann wählen sie die 1 sie haben schon gebucht dann wählen sie die 2",
     {"1": "verreisen", "2": "schon gebucht"}),
    ("willkommen bei fernstrom ist ihr internet ausgefallen drücken sie die 1 geht es um ihre rechnung drücken sie die 2",
     {"1": "ihr internet ausgefallen", "2": "ihre rechnung"}),
    ("Suchen Sie eine Wohnung? Dann. Drücken Sie die 1 möchten Sie kündigen? Dann. Drücken Sie die 2.",
     {"1": "eine wohnung", "2": "kundigen"}),
    ("Interessieren Sie sich für einen Neuwagen, drücken Sie die 1. Suchen Sie Ersatzteile, drücken Sie die 2.",
     {"1": "einen neuwagen", "2": "ersatzteile"}),
    ("Der Verkauf ist die 1. Der Service ist die 2.", {"1": "der verkauf", "2": "der service"}),
    ("Wenn Sie Rauch sehen, schließen Sie die Türen, verlassen Sie das Gebäude und drücken Sie die 1. Für Wartung drücken Sie die 2.",
     {"1": "rauch sehen", "2": "wartung"}),
    ("für die einkommensteuer drücken sie die 1 für die kfz steuer ist der zoll zuständig für die kasse drücken sie die 2",
     {"1": "die einkommensteuer", "2": "die kasse"}),
]  # fmt: skip

SPANISH = [
    ("Para repetir, marque el signo de número. Para ventas, marque 1.", {"#": "repetir", "1": "ventas"}),
    ("Ventas, una. Soporte, dos. Cobranza, tres.", {"1": "ventas", "2": "soporte", "3": "cobranza"}),
    ("Para ventas, presione la tecla 1; para soporte, la tecla 2.", {"1": "ventas", "2": "soporte"}),
    ("Si huele a gas, cierre la llave, abra las ventanas y marque 1. Para pagos, marque 2.", {"1": "huele a gas", "2": "pagos"}),
]

ADDRESSED = [
    ("Si recibe una carta, pulse 1. Si está pensando en irse, pulse 2. Marque 3 para más.",
     {"1": "recibe una carta", "2": "pensando en irse", "3": "mas"}),
    ("Con el 1 ventas, con el 2 servicio, con el 3 cobranza.", {"1": "ventas", "2": "servicio", "3": "cobranza"}),
    ("Unter der 1 erreichen Sie den Verkauf, unter der 2 den Service.", {"1": "den verkauf", "2": "den service"}),
    ("Mit der Taste 1 gelangen Sie zum Verkauf, mit der Taste 2 zum Service.", {"1": "verkauf", "2": "service"}),
    ("Wurde Ihre Karte gestohlen, drücken Sie die 1. Wünschen Sie einen Rückruf, drücken Sie die 2.",
     {"1": "ihre karte gestohlen", "2": "einen ruckruf"}),
    ("To reach sales, tap 1. If you're ringing to pay, press 2.", {"1": "reach sales", "2": "pay"}),
    ("do you already have an account press 1 are you new to us press 2", {"1": "already have an account", "2": "new to us"}),
]  # fmt: skip

FRENCH = [
    ("Si vous sortez de l'hôpital, tapez 1. Pour un rendez-vous, tapez 2.", {"1": "vous sortez de l'hopital", "2": "un rendez vous"}),
    ("Pour une panne, un. Pour une facture, deux. Pour un rendez-vous, trois.",
     {"1": "une panne", "2": "une facture", "3": "un rendez vous"}),
    ("pour une panne un pour une facture deux pour un contrat trois", {"1": "une panne", "2": "une facture", "3": "un contrat"}),
    ("L'atelier, c'est le 1. Pour les ventes, c'est la touche 2.", {"1": "l'atelier", "2": "les ventes"}),
    ("si vous sentez une odeur de gaz fermez le robinet sortez et tapez 1 pour une facture tapez 2",
     {"1": "vous sentez une odeur de gaz", "2": "une facture"}),
    ("Si votre demande concerne une facture, tapez 1. Si elle concerne un contrat, tapez 2.", {"1": "une facture", "2": "un contrat"}),
]  # fmt: skip


HEARD = [
    # Where the name of the company ends, without any mark.
    ("thank you for calling big yellow trucks reservations is 1 roadside assistance is 2",
     {"1": "reservations", "2": "roadside assistance"}),
    ("you've reached green basket market the deli is 1 the bakery is 2 floral is 3", {"1": "the deli", "2": "the bakery", "3": "floral"}),
    ("vielen dank für ihren anruf bei autohaus brandt werkstatt drücken sie die 1 neuwagen drücken sie die 2",
     {"1": "werkstatt", "2": "neuwagen"}),
    ("wenn es brennt oder jemand in gefahr ist wählen sie 112 bei einer störung drücken sie die 1 für termine drücken sie die 2",
     {"1": "storung", "2": "termine"}),
    ("for billing press won won for cards press 2", {"1": "billing", "2": "cards"}),
    ("to report a leak press won on your keypad to stop service press 2 on your keypad", {"1": "report a leak", "2": "stop service"}),
    ("can press three for emergencies you can press six for orthodontics", {"3": "emergencies", "6": "orthodontics"}),
    ("have 3 choices licensing press 1 enforcement press 2", {"1": "licensing", "2": "enforcement"}),
    ("press 5 if you have a permit press 6 if you have questions about recycling all others please hold",
     {"5": "a permit", "6": "recycling"}),
    ("if you're having trouble paying we can help press 1 if you're moving press 2", {"1": "having trouble paying", "2": "moving"}),
    # Full stops where no sentence ends.
    ("You can skip this message by. Pressing pound. For sales. Press one.", {"#": "skip this message", "1": "sales"}),
    ("Si huele a gas, salga de inmediato y. Pulse 1 para una lectura. Pulse 2 para contratar. Pulse 3.",
     {"1": "huele a gas", "2": "una lectura", "3": "contratar"}),
    # What is said behind a key.
    ("for new patients press 1 new patients must bring id for existing patients press 2", {"1": "new patients", "2": "existing patients"}),
    ("to report a theft press won and an officer will take your details for lost items press 2",
     {"1": "report a theft", "2": "lost items"}),
    ("if you are an agent press three ask us about our offers for the club press four", {"3": "an agent", "4": "the club"}),
    ("say one for sales two for service or three for parts", {"1": "sales", "2": "service", "3": "parts"}),
]  # fmt: skip

CLAUSES = [
    # A verb that closes a clause within the label belongs to it; that of "wenn sie …" does not.
    ("Wenn Sie wissen möchten, ob wir geöffnet haben, drücken Sie die 1. Für den Verkauf drücken Sie die 2.",
     {"1": "wissen mochten ob wir geoffnet haben", "2": "den verkauf"}),
    ("Für Fragen zu Waren, die Sie bestellt haben, drücken Sie die 1. Wenn Sie Hilfe brauchen, drücken Sie die 2.",
     {"1": "waren die sie bestellt haben", "2": "hilfe"}),
    ("Wenn Ihre Heizung nicht geht, drücken Sie die 1. Wenn es um Ihre Rechnung geht, drücken Sie die 2.",
     {"1": "ihre heizung nicht geht", "2": "ihre rechnung"}),
    ("Rufen Sie von einer Apotheke an, drücken Sie die 1. Wenn Sie eine Stelle suchen, drücken Sie die 2.",
     {"1": "von einer apotheke", "2": "eine stelle"}),
    ("To join, press 1. If you'd rather not, press 2. If you're calling to say you're late, press 3.",
     {"1": "join", "2": "you'd rather not", "3": "say you're late"}),
    ("If you're looking for work or want to retrain, press 1. If you're looking for workers, press 2.",
     {"1": "looking for work or want to retrain", "2": "workers"}),
    ("Para pagos, marque 1. Para cualquier otra opción, marque 2. Para hablar con un asesor en cualquier momento, marque 0.",
     {"1": "pagos", "2": "cualquier otra opcion", "0": "hablar con un asesor"}),
    ("en caso de emergencia marque 1 para citas marque 2", {"1": "emergencia", "2": "citas"}),
    ("bienvenido a banco tres ríos si perdió su tarjeta o si se la robaron marque 1 para pagos marque 2",
     {"1": "perdio su tarjeta o si se la robaron", "2": "pagos"}),
    # What the company asks names a key only if no answer is asked for.
    ("Is your boiler under 5 years old? Press 1 is it over 5 years old? Press 2 to book a service. Press 3.",
     {"1": "is your boiler under 5 years old", "2": "over 5 years old", "3": "book a service"}),
    ("Is this a home? Press 1 for a house. Press 2 for a flat.", {"1": "a house", "2": "a flat"}),
    ("is your phone switched on press 1 for yes press 2 for no", {"1": "yes", "2": "no"}),
    # What a key leads to is said of it, and another option turns up in the same breath.
    ("if your alarm rings press 1 to reach the engineer on duty if you're moving press 2 for sales press 3",
     {"1": "your alarm rings", "2": "moving", "3": "sales"}),
    ("if your lift is stuck press 1 for a recorded message to order spare parts press 2 for sales press 3",
     {"1": "your lift is stuck", "2": "order spare parts", "3": "sales"}),
    ("if it leaks press 1 to pay or if you're worried about paying press 2 for sales press 3",
     {"1": "it leaks", "2": "pay or if you're worried about paying", "3": "sales"}),
    ("orders for home one orders for work two catering three anything else press zero",
     {"1": "orders for home", "2": "orders for work", "3": "catering", "0": "anything else"}),
    ("welcome to lendwell if you're late or about to be press 1 to pay press 2", {"1": "late or about to be", "2": "pay"}),
    ("To book a room. Press 1 to change an existing one. Press 2 to be connected to a guest. Press 3 for weddings, or meetings. Press 4.",
     {"1": "book a room", "2": "change an existing one", "3": "be connected to a guest", "4": "weddings or meetings"}),
]  # fmt: skip

NOTICED = [
    ("por su seguridad nunca le pediremos su clave para pagos marque 1 para citas marque 2", {"1": "pagos", "2": "citas"}),
    ("si ya es socio digite su número de cédula seguido de la tecla numeral para pagos marque 1 para citas marque 2",
     {"1": "pagos", "2": "citas"}),
    ("Pagos. Marque 1 citas. Marque 2 cuartos. Marque 3 seguido del número de piso.", {"1": "pagos", "2": "citas", "3": "cuartos"}),
    ("vous êtes en relation avec la clinique du parc pour un rendez-vous faites le 1 pour une facture faites le 2",
     {"1": "un rendez vous", "2": "une facture"}),
    ("guten tag bei stadtbus wenn sie eine karte verloren haben drücken sie die 1 für fahrpläne drücken sie die 2",
     {"1": "eine karte verloren", "2": "fahrplane"}),
    ("please tell us if you're a tenant or an owner for tenants press 1 for owners press 2", {"1": "tenants", "2": "owners"}),
    ("we may record calls to help train our team for rents press 1 for repairs press 2", {"1": "rents", "2": "repairs"}),
    ("if you see smoke stay at least ten yards away and press 1 for repairs press 2", {"1": "you see smoke", "2": "repairs"}),
    ("for security purposes please enter your account number followed by the pound key if you don't have one press star for sales press 2",
     {"*": "you don't have one", "2": "sales"}),
    ("For sales, press 1. For service, press 2. If you don't know the extension, press 0 for reception.",
     {"1": "sales", "2": "service", "0": "reception"}),
    ("talleres rivera 1 para ventas 2 para servicio 3 para refacciones 0 para la operadora",
     {"1": "ventas", "2": "servicio", "3": "refacciones", "0": "la operadora"}),
    ("willkommen bei der stadtbank zur sperrung ihrer karte drücken sie die 1 für kredite drücken sie die 2",
     {"1": "sperrung ihrer karte", "2": "kredite"}),
    ("you've called metro bus for trip planning say trip or press 1 for lost property say lost or press 2",
     {"1": "trip planning", "2": "lost property"}),
    ("If this is an emergency, hang up and. Dial 911 if you are calling to make an appointment. Press 1 if you are calling about a bill. "
     "Press 2 if you are calling about a visit. Press 3 if you are calling", {"1": "make an appointment", "2": "a bill", "3": "a visit"}),
    ("Si es una emergencia médica, cuelgue y. Marque el 911 para agendar una cita. Oprima el 1 para cancelar una cita. Oprima el 2 "
     "para resultados. Oprima el 3 si desea que le atienda una operadora, espere en la línea",
     {"1": "agendar una cita", "2": "cancelar una cita", "3": "resultados"}),
    ("For sales. Dial extension 21, for service. Dial extension 22, for the parts counter. Dial extension 23 for the operator. Press 0.",
     {"21": "sales", "22": "service", "23": "the parts counter", "0": "the operator"}),
    ("willkommen bei alpenwind sprechen sie deutsch drücken sie die 1 for english press 2", {"1": "sprechen sie deutsch", "2": "english"}),
    ("elektro huber ihr fachbetrieb seit 40 jahren notdienst drücken sie die 1 rechnungen drücken sie die 2",
     {"1": "notdienst", "2": "rechnungen"}),
    ("you've reached the help desk if you're calling about email there's no need to wait for a locked account press one for a printer "
     "press two", {"1": "a locked account", "2": "a printer"}),
    ("to Seaview. If you're a guest, press 1. To book, press 2.", {"1": "a guest", "2": "book"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "options"), [*ENGLISH, *GERMAN, *SPANISH, *FRENCH, *ADDRESSED, *HEARD, *CLAUSES, *NOTICED])
def test_each_key_keeps_its_own_name(text: str, options: dict[str, str]) -> None:
    assert {option.digits: option.label for option in parse_menu(text).options} == options
