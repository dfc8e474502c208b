"""What kind of thing was said."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from call_engine.core.utterance import understand

KINDS = [
    ("menu", "For billing, press 1. For sales, press 2."),
    ("hold_announcement", "All of our agents are busy. Please stay on the line."),
    ("hold_announcement", "You are caller number four in the queue."),
    ("hold_announcement", "Hello, thank you for holding. Your call is important to us."),
    ("callback_offer", "To keep your place in line and have us call you back, press 1."),
    ("transfer_notice", "Please hold while I transfer your call."),
    ("human_greeting", "Thank you for calling Acme, this is Dana, how can I help you?"),
    ("human_greeting", "Hello?"),
    ("human_greeting", "Your call will be taken by the next available agent. Hi, thank you for calling, this is Mark, how can I help?"),
    ("human_other", "Uh, let me just pull up your account, one second."),
    ("voicemail_greeting", "You have reached Dana. Please leave a message after the tone."),
    ("closed_message", "Our offices are currently closed. Please call back during business hours."),
    ("failure_message", "I'm sorry, that is not a valid option."),
    ("data_entry_prompt", "Please enter your account number followed by the pound key."),
    ("confirmation_prompt", "You said billing. Is that correct?"),
    ("open_question", "In a few words, please tell me why you are calling."),
    ("open_question", "Hi, I'm Ava, the virtual assistant."),
    ("open_question", "Hello, this is Max, your automated assistant. What are you calling about?"),
    ("open_question", "Hi, I'm Ava, Acme's digital assistant. How can I help you today?"),
    ("open_question", "Hola, soy Ana, su asistente virtual. ¿En qué le puedo ayudar?"),
    ("human_greeting", "Hi, I'm Ava, the assistant manager. How can I help?"),
    ("human_greeting", "Hi, this is Ava, I'm with the virtual care team. How can I help?"),
    ("recording_notice", "This call may be recorded for quality assurance."),
    ("survey_offer", "After the call, would you take a short survey?"),
    ("hold_announcement", "Su llamada es muy importante para nosotros, permanezca en la línea."),
    ("hold_announcement", "Alle unsere Mitarbeiter sind im Gespräch. Bitte warten Sie."),
]


@pytest.mark.parametrize(("kind", "text"), KINDS)
def test_kind(kind: str, text: str) -> None:
    assert understand(text).kind == kind


class SureOf:
    """A model that finds everything most like one kind."""

    def __init__(self, kind: str) -> None:
        self._kind = kind

    def scores(self, text: str, candidates: Sequence[str]) -> list[float]:
        return [0.0] * len(candidates)

    def kinds(self, text: str, cues: Sequence[float]) -> dict[str, float]:
        return {self._kind: 5.0, "announcement": 0.0}

    def topics(self, text: str, candidates: Sequence[str]) -> list[float]:
        return [0.0] * len(candidates)

    def serving(self, text: str, candidates: Sequence[str]) -> list[float]:
        return [0.0] * len(candidates)

    def remembered(self, text: str, candidates: Sequence[str]) -> list[float]:
        return [0.0] * len(candidates)

    def singled_out(self, text: str, candidates: Sequence[str]) -> list[float]:
        return [0.0] * len(candidates)


@pytest.mark.parametrize(
    ("text", "closed"),
    [
        ("This is Coastline Air. Our lines are open around the clock.", False),
        ("Welcome to Harbor Bank. We are here for you 24 hours a day, seven days a week.", False),
        ("Nuestras líneas están abiertas las 24 horas.", False),
        ("Our offices are currently closed. For emergencies a nurse is there around the clock.", True),
        ("Our office hours are from eight to five.", True),
    ],
)
def test_open_at_all_hours_is_not_closed(text: str, closed: bool) -> None:
    assert (understand(text, similarity=SureOf("closed_message")).kind == "closed_message") is closed


def test_two_keys_for_two_things_are_a_menu_whatever_they_are_about() -> None:
    outage = "for telling us about an outage please press 1 for a meter reading please press 2"
    assert understand(outage, similarity=SureOf("survey_offer")).kind == "menu"
    survey = "To rate this call in a short survey press 1. To decline the survey press 2."
    assert understand(survey, similarity=SureOf("survey_offer")).kind == "survey_offer"


def test_who_says_what_may_be_said_is_no_human() -> None:
    bot = "This is Prairie Gas. How can I help you today? You can say things like, make a payment."
    assert understand(bot, similarity=SureOf("human_greeting")).kind == "open_question"
    human = "Thank you for calling Prairie Gas, this is Tom. How can I help you today?"
    assert understand(human, similarity=SureOf("human_greeting")).kind == "human_greeting"


@pytest.mark.parametrize("offer", ["callback_offer", "survey_offer", "confirmation_prompt"])
@pytest.mark.parametrize(
    "text",
    [
        "For rentals, press 1. For sales, press",
        "for rentals press 1 for sales press",
        "Press 1 for rentals. Press 2",
        "For rentals, press 1. For",
    ],
)
def test_a_menu_cut_off_after_its_first_option_is_no_offer_of_one(text: str, offer: str) -> None:
    assert understand(text, similarity=SureOf(offer)).kind == "menu"


def test_an_offer_that_its_words_tell_stays_one_where_it_is_cut_off() -> None:
    assert understand("To receive a call back, press 1. To keep", similarity=SureOf("callback_offer")).kind == "callback_offer"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Hi, it's Nora. I'm out at the moment, leave your number.", "voicemail_greeting"),
        ("This is Paul, leave me your details and I'll ring you.", "voicemail_greeting"),
        ("Tecleó 4 4 1. Si está bien, pulse 1.", "confirmation_prompt"),
        ("Vous avez tapé 4 4 1. Si c'est bien cela, tapez 1.", "confirmation_prompt"),
    ],
)
def test_what_is_left_and_what_is_confirmed_has_many_names(text: str, kind: str) -> None:
    assert understand(text).votes.get(kind, 0.0) > 0.0


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("You can leave your number and we will call you back without losing your place in line.", "voicemail_greeting"),
        ("Can you leave me your number?", "voicemail_greeting"),
        ("I'm on another call right now, one moment.", "voicemail_greeting"),
        ("Hier sind Sie richtig.", "confirmation_prompt"),
    ],
)
def test_and_what_only_sounds_like_it_is_something_else(text: str, kind: str) -> None:
    assert understand(text).votes.get(kind, 0.0) < 2.0


@pytest.mark.parametrize("text", ["HELLO", "hello", "Hello!", "hello..."])
def test_case_and_punctuation_do_not_hide_a_human(text: str) -> None:
    assert understand(text).is_human


@pytest.mark.parametrize(
    "text",
    [
        "If this is correct, say yes.",
        "Your call is next in line.",
        "After this call there is a survey.",
        "This is a message from our team.",
    ],
)
def test_phrases_that_sounded_human_to_others(text: str) -> None:
    assert not understand(text).is_human


@pytest.mark.parametrize("so_far", [
    "Please remain on the", "Please stay on", "please remain", "Please continue to", "All of our specialists", "All our agents are",
    "Your call will be", "We are currently helping",
])  # fmt: skip
def test_an_announcement_is_told_by_how_it_begins(so_far: str) -> None:
    assert understand(so_far).kind == "hold_announcement"
