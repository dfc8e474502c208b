"""Where the name of an option begins and ends, with the full stops of the menu and without them."""

from __future__ import annotations

import pytest
from call_engine.core.menu import parse_menu

LABELS = [
    # One key, however it is said.
    ("Say or press one if you're moving, two for billing, or just stay on the line.", {"1": "moving", "2": "billing"}),
    ("Für Fundsachen sagen Sie eins oder drücken Sie die 1. Für Auskunft sagen Sie zwei oder drücken Sie die 2.",
     {"1": "fundsachen", "2": "auskunft"}),
    ("Do you need to report a claim? If so, press 1 now. If you need roadside help, press 2.",
     {"1": "report a claim", "2": "roadside help"}),
    ("si huele a gas marque uno de inmediato para pedir un tanque marque dos", {"1": "huele a gas", "2": "pedir un tanque"}),
    ("Dispatch is extension 10. Safety is extension 20. Or press 0 for the front office.",
     {"10": "dispatch", "20": "safety", "0": "the front office"}),
    ("press one business accounts press two sales", {"1": "business accounts", "2": "sales"}),
    # Cut off before a key: the verb tells the direction.
    ("to pay your bill press 1 to report an outage press 2 to move your service press", {"1": "pay your bill", "2": "report an outage"}),
    ("press 1 to pay your bill press 2 to report an outage press", {"1": "pay your bill", "2": "report an outage"}),
    # What else is to be done, and what is said beside.
    ("For the status of a shipment, have your number ready and press 2. For a home visit, call before noon and press 4.",
     {"2": "the status of a shipment", "4": "a home visit"}),
    ("Press 1 for sales. Press 2 for parts. Please note that our office closes at 5.", {"1": "sales", "2": "parts"}),
    ("press 1 for sales we accept visa and mastercard press 2 to schedule service press 3 for parts an agent will be with you shortly",
     {"1": "sales", "2": "schedule service", "3": "parts"}),
    ("for sales press 1 a nurse will return your call by the end of the day to schedule service press 2",
     {"1": "sales", "2": "schedule service"}),
    ("for rooms press 1 if you are staying with us press 2 to be connected to the front desk for dining press 3",
     {"1": "rooms", "2": "staying with us", "3": "dining"}),
    ("Visit us at acme dot com for answers to common questions. Press 1 for sales. Press 2 for parts.", {"1": "sales", "2": "parts"}),
    ("If you are hearing impaired, please dial 711. For sales, press 1. For parts, press 2.", {"1": "sales", "2": "parts"}),
    ("Press 1 for sales, our team is here until noon. Press 2 if you'd like a quote, someone will call you back. Press 3 for parts.",
     {"1": "sales", "2": "a quote", "3": "parts"}),
    ("Press 1 for billing or say billing. Press 2 for sales or say sales.", {"1": "billing", "2": "sales"}),
    ("For billing, press #1. To stay on the line for an agent, press #2.", {"1": "billing", "2": "stay on the line for an agent"}),
    ("Press 1 for yes. Otherwise, just hang up.", {"1": "yes"}),
    ("If you are locked out, press 1. Otherwise, press 2 to check on a ticket or press 3 to open a new one.",
     {"1": "locked out", "2": "check on a ticket", "3": "open a new one"}),
    ("for sales press 1 otherwise press 2 to repeat press 3", {"1": "sales", "2": "otherwise", "3": "repeat"}),
    ("Press 1. I want to cancel. Press 2. My bill is wrong.", {"1": "i want to cancel", "2": "my bill is wrong"}),
    ("Press 1. My bill is wrong.", {"1": "my bill is wrong"}),
    ("If you are unable to use our app, press 1 for help with an order, press 2 for help with a return, or press 3 for help with a login.",
     {"1": "an order", "2": "a return", "3": "a login"}),
    ("Patients, please press 1 to book or cancel an exam, press 2 for instructions, or press 3 for your bill. Doctors, press 4.",
     {"1": "book or cancel an exam", "2": "instructions", "3": "your bill", "4": "doctors"}),
    ("Marque 1 para ventas. Marque 2 si necesita cambiar su cita para otro día. Marque 3 para otro asunto.",
     {"1": "ventas", "2": "cambiar su cita para otro dia", "3": "otro asunto"}),
    # The first label, without full stops.
    ("welcome to the arena box office for concerts press 1 for hockey press 2 for family shows press 3 for suites and premium",
     {"1": "concerts", "2": "hockey", "3": "family shows"}),
    ("you may qualify for a free device to hear more press 1 to continue press 2", {"1": "hear more", "2": "continue"}),
    ("thanks for for calling northwind for sales press 1 for parts press 2", {"1": "sales", "2": "parts"}),
    ("to metro storage if you are a current tenant press 1 for directions press 2", {"1": "a current tenant", "2": "directions"}),
    ("to acme plumbing press 1 for sales press 2 for lettings press 3 for repairs", {"1": "sales", "2": "lettings", "3": "repairs"}),
    ("to acme plumbing press 1 for sales press 2 for parts press 3 for repairs or hold to speak to reception",
     {"1": "sales", "2": "parts", "3": "repairs"}),
    ("to winterize a boiler press 1 to buy parts press 2 for repairs press 3",
     {"1": "winterize a boiler", "2": "buy parts", "3": "repairs"}),
    ("you for calling the benefits office to certify for this week press 1 to reopen a claim press 2 for the status of a claim press 3",
     {"1": "certify for this week", "2": "reopen a claim", "3": "the status of a claim"}),
    # Within a label.
    ("If you can wait for a call back, press 1. To check if your order is ready, press 2. Carriers looking for loads, press 3.",
     {"1": "wait for a call back", "2": "check if your order is ready", "3": "carriers looking for loads"}),
    ("for billing press 1 for more time 2 pay press 2 for outages press 3", {"1": "billing", "2": "more time 2 pay", "3": "outages"}),
    ("If you are 65 or older, press 1. If you are under 65, press 2.", {"1": "65 or older", "2": "under 65"}),
    # After a key: nouns and clauses that an order is about are no statements.
    ("Press 1 to check your open orders. Press 2 to see all open positions. Press 3 to get your May statement.",
     {"1": "check your open orders", "2": "see all open positions", "3": "get your may statement"}),
    ("press 1 to check your open orders press 2 to close your open account press 3 to open your account",
     {"1": "check your open orders", "2": "close your open account", "3": "open your account"}),
    ("Press 1 to report your card has been stolen. Press 2 to tell us this bill is wrong. Press 3 to report a person who may be missing.",
     {"1": "report your card has been stolen", "2": "tell us this bill is wrong", "3": "report a person who may be missing"}),
    ("Press 1 to cancel an appointment you can not keep. Press 2 to change an order you may have placed. Press 3 if all these are wrong.",
     {"1": "cancel an appointment you can not keep", "2": "change an order you may have placed", "3": "all these are wrong"}),
    ("Press 1 to track a package. You can also visit our website. Press 2 to schedule a pickup.",
     {"1": "track a package", "2": "schedule a pickup"}),
    ("Press 1 for a gas emergency. Hang up and dial 911. Press 2 for sales.", {"1": "a gas emergency", "2": "sales"}),
    ("Press 1 to order checks, visit a branch, or dispute a charge. Press 2 for loans.",
     {"1": "order checks visit a branch or dispute a charge", "2": "loans"}),
    ("If you are, press 1. If you are not, press 2.", {"1": "you are", "2": "not"}),
    ("For the wards, press 4. If you know the extension you want, press 5. For the switchboard, press 0.",
     {"4": "the wards", "5": "know the extension you want", "0": "the switchboard"}),
    ("If you know the name of the person you need, press 1. If you know their extension, dial it now. For all others, press 2.",
     {"1": "know the name of the person you need", "2": "all others"}),
    ("for the wards press 4 if you know your party's extension dial it now press 1 for sales press 2 for parts",
     {"4": "the wards", "1": "sales", "2": "parts"}),
    ("For opening hours, press 1. In a crisis, such as a need for shelter, press 2. For the office, press 3.",
     {"1": "opening hours", "2": "in a crisis such as a need for shelter", "3": "the office"}),
    ("for hours press 1 for repairs such as a part for a boiler press 2 for the office press 3",
     {"1": "hours", "2": "repairs such as a part for a boiler", "3": "the office"}),
    # What a negation belongs to stays.
    ("If you've not yet enrolled, press 1. If you've already enrolled, press 2.",
     {"1": "you've not yet enrolled", "2": "already enrolled"}),
    # Spanish that says "tú".
    ("Si tu router no enciende, pulsa 1. Si quieres cambiar de tarifa, pulsa 2. ¿Deseas cancelar? Pulsa 3. Para todo lo demás, pulsa el 4.",
     {"1": "tu router no enciende", "2": "cambiar de tarifa", "3": "cancelar", "4": "todo lo demas"}),
    ("pulsa uno para ventas pulsa dos si tienes una factura pendiente digita tres para soporte",
     {"1": "ventas", "2": "una factura pendiente", "3": "soporte"}),
    ("En una emergencia, llama al 112. Si necesitas una cita, marca 1. Si llamas por una factura, marca 2.",
     {"1": "una cita", "2": "una factura"}),
    # German that says "du", French that says "tu".
    ("Wenn du Kunde bist, drücke die 1. Für deine Rechnung drücke die 2. Um zu kündigen, drücke die 3. Wenn du umgezogen bist, drücke 4.",
     {"1": "kunde", "2": "deine rechnung", "3": "zu kundigen", "4": "umgezogen"}),
    ("Drücke die 1, wenn du eine Störung melden willst. Drücke die 2, wenn du einen Termin brauchst. Wähle die 3 für alles andere.",
     {"1": "eine storung melden", "2": "einen termin", "3": "alles andere"}),
    ("für deine rechnung drücke die 1 wenn du deinen vertrag ändern möchtest drücke die 2 für alles andere drücke die 3",
     {"1": "deine rechnung", "2": "deinen vertrag andern", "3": "alles andere"}),
    ("Pour ta facture, appuie sur 1. Si tu veux résilier, appuie sur le 2. Si tu es client, appuie sur 3. Pour du matériel, appuie sur 4.",
     {"1": "ta facture", "2": "resilier", "3": "client", "4": "du materiel"}),
    # What leads to a topic.
    ("If you are inquiring about a loan, press 1. If you have a question or concern about a bill, press 2. If it was damaged, press 3.",
     {"1": "a loan", "2": "a bill", "3": "damaged"}),
    ("Si vous appelez au sujet d'un colis, tapez 1. Si vous avez besoin d'aide, tapez 2.", {"1": "colis", "2": "aide"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "options"), LABELS)
def test_each_label_is_what_the_key_is_for(text: str, options: dict[str, str]) -> None:
    assert {option.digits: option.label for option in parse_menu(text).options} == options
