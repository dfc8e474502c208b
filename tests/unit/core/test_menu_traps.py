"""Numbers that are no keys, sentences that are no labels, and what recognisers do to both."""

from __future__ import annotations

import pytest
from call_engine.core.menu import parse_menu
from call_engine.core.menus.spans import Cut, Spans

TRAPS = [
    # Numbers of telephones, emergencies, hours and rankings name no key.
    ("For orders dial 1-800-555-0199. For parts, press 2.", {"2": "parts"}),
    ("To hear more dial 911 for help. For parts, press 1.", {"1": "parts"}),
    ("Voted number 1 in the valley. For parts, press 1. For repairs, press 2.", {"1": "parts", "2": "repairs"}),
    ("If you'd like to text us instead, our number is 650-1379. Press 1 for parts. Press 2 for repairs.", {"1": "parts", "2": "repairs"}),
    ("For parts, press 1. For visits, press 2, between 2 and 4 p.m. For bills, press 3.", {"1": "parts", "2": "visits", "3": "bills"}),
    # What is used, tapped or said is not always a key.
    ("We use 2 factor authentication to keep your account safe.", {}),
    ("To pay your bill use one of our many payment locations.", {}),
    ("Tap one of the links in the message that we sent you. For parts, press 1.", {"1": "parts"}),
    ("Please say one word to describe your problem.", {}),
    ("You can use three different cards to pay. For parts, press 1.", {"1": "parts"}),
    ("Selecting one of the following options helps us. For parts, press 1.", {"1": "parts"}),
    ("You are dialing one of our partner numbers.", {}),
    ("If you use 2 or more products, press 1.", {"1": "you use 2 or more products"}),
    ("for parts say one for repairs say two", {"1": "parts", "2": "repairs"}),
    ("parts use 1 repairs use 2", {"1": "parts", "2": "repairs"}),
    ("To make a claim, press 1. If you've made one and want to know more, press 2. If you don't need one, press 3.",
     {"1": "make a claim", "2": "made one and want to know more", "3": "you don't need one"}),
    ("For monthly parking, press 3. If you paid twice, press 4. You're in garage number 7.",
     {"3": "monthly parking", "4": "you paid twice"}),
    # Whole sentences around the keys.
    ("To check your case online, go to our website. To order forms, press 1. For hours, press 2.", {"1": "order forms", "2": "hours"}),
    ("So we can send you to the right team, press 1 for ovens, press 2 for dryers.", {"1": "ovens", "2": "dryers"}),
    ("To enrol, press 1 and have your passport ready. To cancel, press 2.", {"1": "enrol", "2": "cancel"}),
    ("For classes, press 4 and then dial the teacher's room number. For lunch, press 5.", {"4": "classes", "5": "lunch"}),
    ("To order a cake, we need two days, press 1. For bread, press 2.", {"1": "order a cake", "2": "bread"}),
    ("Use our keypad to enter your account number now. Otherwise, press 1 for loans, 2 for cards.", {"1": "loans", "2": "cards"}),
    ("Press 1 if this call is about bills. Press 2 if this call is about repairs.", {"1": "bills", "2": "repairs"}),
    # What is done with somebody is no greeting that has lost its first words.
    ("For booking with a doctor, press 1. For results, press 2.", {"1": "booking with a doctor", "2": "results"}),
    ("For living with diabetes press 1. For other topics press 2.", {"1": "living with diabetes", "2": "other topics"}),
    ("for banking with Sunrise Union. For loans, press 1. For cards, press 2.", {"1": "loans", "2": "cards"}),
    ("for banking with Sunrise press 1 for loans press 2 for cards", {"1": "loans", "2": "cards"}),
    # Keys of several digits, spoken or written.
    ("For pools, press 11. For spas, press 12. To reach Dave, dial 101.", {"11": "pools", "12": "spas", "101": "reach dave"}),
    ("For parking, press oh one. For lost items, press oh two.", {"01": "parking", "02": "lost items"}),
    # A number said twice, and numbers that count.
    ("orders one one returns two gift cards three", {"1": "orders", "2": "returns", "3": "gift cards"}),
    ("say sales or press one one say service or press two", {"1": "sales", "2": "service"}),
    ("reservations 1 housekeeping 2 maintenance 3 or hold for the desk", {"1": "reservations", "2": "housekeeping", "3": "maintenance"}),
    ("trade accounts number 1 repairs number 2 for a person press 0", {"1": "trade accounts", "2": "repairs", "0": "a person"}),
    # Languages mixed in one menu.
    ("For English, press one. Para español, oprima el two.", {"1": "english", "2": "espanol"}),
    ("Tapez deux le service technique. Tapez trois une panne.", {"2": "le service technique", "3": "une panne"}),
    # Marks that end no sentence, words with digits.
    ("To see Dr. Hale at 9:30 a.m., press 1. For a 401k, press 2.", {"1": "see dr hale at 9 30 am", "2": "a 401k"}),
    ("If you are a member of the press, press 3. For tickets, press 4.", {"3": "a member of the press", "4": "tickets"}),
    ("For tickets, press 1. The press two of whom write about us may call later. For parking, press 3.", {"1": "tickets", "3": "parking"}),
    ("Members of the press two days before the show. For tickets, press 1. For bars, press 2.", {"1": "tickets", "2": "bars"}),
    ("for members of the press one for patients two", {"1": "members of the press", "2": "patients"}),
    # … and where keys are pressed, no newspapers are followed by one: "the" is left of an option that was broken off.
    ("the press 1 for frames. Press 2 for lenses.", {"1": "frames", "2": "lenses"}),
    ("about the Press one for frames. Press two for lenses.", {"1": "frames", "2": "lenses"}),
    ("For lenses, press 2. about the press 1", {"1": "", "2": "lenses"}),
    # … but a number that goes on counts something, and a year is no key.
    ("rated by the press 5 stars. For tickets, press 1. For bars, press 2.", {"1": "tickets", "2": "bars"}),
    ("Loved by the press four stars from critics. For tickets, press 1.", {"1": "tickets"}),
    ("Praised by the press 2019 and 2020. For tickets, press 1.", {"1": "tickets"}),
    ("Praised by the press 2019. For tickets, press 1.", {"1": "tickets"}),
    ("Since the press 3 different shows opened. For tickets, press 1.", {"1": "tickets"}),
    ("The press one article at a time. For tickets, press 1.", {"1": "tickets"}),
    ("For the press 2 tickets are free. For bars, press 2.", {"2": "bars"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "options"), TRAPS)
def test_only_what_is_offered_is_an_option(text: str, options: dict[str, str]) -> None:
    assert {option.digits: option.label for option in parse_menu(text).options} == options


LED_TO = [
    ("If you've lost your card, press 1.", "lost your card"),
    ("For anything to do with repairs, press 1.", "repairs"),
    ("If the reason for your call is a refund, press 1.", "a refund"),
    ("Should you have a question about a refund, press 1.", "a refund"),
    ("Callers with questions about refunds, press 1.", "refunds"),
    ("To speak with one of our bankers, press 1.", "bankers"),
    ("If your issue concerns a printer, press 1.", "a printer"),
    ("En caso de fuga de gas, oprima uno.", "fuga de gas"),
    ("Si su llamada tiene que ver con facturas, oprima uno.", "facturas"),
    ("En cas de panne, tapez 1.", "panne"),
    ("Pour toute demande concernant un devis, tapez 1.", "un devis"),
    ("Benötigen Sie ein Rezept, drücken Sie die 1.", "ein rezept"),
    ("Wenn Sie eine Frage zu Verträgen haben, drücken Sie die 1.", "vertragen"),
    ("Sie möchten einen Schaden melden? Dann drücken Sie die 1.", "einen schaden melden"),
    ("Sofern Sie einen Termin ändern wollen, wählen Sie bitte die 1.", "einen termin andern"),
    ("Rufen Sie wegen einer Rechnung an, drücken Sie die 1.", "rechnung"),
    ("Um zum Hauptmenü zurückzukehren, drücken Sie die 1.", "zum hauptmenu zuruckzukehren"),
    ("Para facturación, elija la opción 1.", "facturacion"),
    ("Pour la livraison, merci de taper 1.", "la livraison"),
    ("Gift cards can be reached by pressing 1.", "gift cards"),
    ("For gift cards, press 1 on your telephone keypad.", "gift cards"),
]


@pytest.mark.parametrize(("text", "label"), LED_TO)
def test_a_label_is_what_the_key_is_for(text: str, label: str) -> None:
    assert [option.label for option in parse_menu(text).options] == [label]


@pytest.mark.parametrize(
    ("text", "complete"),
    [
        ("For parts, press 1. Or just hold and we'll be right with you.", True),
        ("For parts, press 1. For anything else, say agent.", True),
        ("If this is your number, press 1. Otherwise, enter your number now.", True),
        ("For parts, press 1. If you're calling for results, please ring after 2 p.m.", True),
        ("For parts, press 1. For any other reason, hold the line please.", True),
        ("For parts, press 1. For repairs, press", False),
        ("For parts, press 1. If you", False),
    ],
)
def test_whether_a_menu_was_heard_to_its_end(text: str, complete: bool) -> None:
    assert parse_menu(text).complete is complete


def test_nothing_said_is_no_menu() -> None:
    assert parse_menu("").options == ()
    assert not parse_menu("").complete


def test_a_recogniser_that_repeats_itself_costs_no_more_than_its_length(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at = 0
    look = Spans._cut

    def counted(spans: Spans, start: int, end: int, right: bool, left: bool) -> Cut:
        nonlocal looked_at
        looked_at += end - start
        return look(spans, start, end, right, left)

    monkeypatch.setattr(Spans, "_cut", counted)
    counts = []
    for times in (20, 40):
        looked_at = 0
        parse_menu("or one two three " * times)
        counts.append(looked_at)
    assert counts[1] < 2.5 * counts[0]
