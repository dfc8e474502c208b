"""What a human may have said is sealed: none of it stands in an event that everybody may read."""

from __future__ import annotations

import msgspec
import pytest
from call_contract.call_events import CallOutcome, DiscoveryMade, DriftFound, UtteranceHeard
from call_engine.core import effects as fx
from call_engine.core.brain import Brain
from call_engine.core.facts import Turn
from call_engine.core.kit import make_kit
from call_engine.core.menu import Menu, Option
from call_engine.core.navigation.menu_walk import MenuWalk
from call_engine.core.navigation.replies import Replies
from call_engine.core.plan import Explore, Follow, Plan
from call_engine.core.settings import CoreSettings, HumanSetting
from call_engine.core.understanding.asked_aloud import is_asked_aloud
from call_engine.core.understanding.choice import Choice
from call_engine.core.utterance import Utterance
from call_engine.core.vocabulary import phrases

from tests.support.chase_flow import learned
from tests.support.chase_script import chase
from tests.support.scripted_call import Node, ScriptedCall, WordSimilarity, pause, say


def follow(nodes: dict[str, Node]) -> ScriptedCall:
    plan, settings = Plan(goal=Follow(flow=learned())), CoreSettings(human=HumanSetting.NEVER_FALSE_RING)
    return ScriptedCall(Brain(plan, call_id="c", similarity=WordSimilarity(), settings=settings), nodes).run()


def open_words(call: ScriptedCall) -> str:
    return msgspec.json.encode([one.event for one in call.effects if isinstance(one, fx.Record)]).decode()


@pytest.mark.parametrize("said", ["I am going to check that.", "Let me just look at that for you.", "Can you hear me?"])
def test_where_a_human_may_have_spoken_instead_of_the_prompt(said: str) -> None:
    call = follow(chase(start=Node([pause(1), say(said), pause(60)], hangs_up=True)))
    assert [(one.text, one.speaker) for one in call.of(UtteranceHeard)] == [("", "unknown")]
    assert len(call.of(DriftFound)) == 1
    assert said not in open_words(call)


QUESTIONS = [
    "Can I have your date of birth please?", "Could you give me your account number?", "What's your account number?",
    "May I have your name and the last four digits of your social?", "Before I put you through, can I take your postcode?",
    "What is your date of birth? I just need to type it in.", "What's your account number, so that I can enter it?",
    "What's your card number? Let me quickly key that in for you.",
]  # fmt: skip


@pytest.mark.parametrize("said", QUESTIONS)
@pytest.mark.parametrize("explores", [True, False])
def test_where_data_is_asked_for_as_people_do(said: str, explores: bool) -> None:
    nodes = chase(start=Node([pause(1), say(said), pause(60)], hangs_up=True))
    if explores:
        plan, settings = Plan(goal=Explore(phone_number="+18005551234", intent="cards")), CoreSettings(human=HumanSetting.NEVER_FALSE_RING)
        call = ScriptedCall(Brain(plan, call_id="c", similarity=WordSimilarity(), settings=settings), nodes).run()
    else:
        call = follow(nodes)
    assert said not in open_words(call)
    assert said in [one.seal.text for one in call.effects if isinstance(one, fx.Record) and one.seal is not None]


@pytest.mark.parametrize(
    "said",
    [
        "Please enter your account number.", "May I have your account number? Please say or enter it now.",
        "Please tell me your account number.", "You can get your balance online. What is your reason for calling?",
    ],
)  # fmt: skip
def test_but_not_where_a_recording_does(said: str) -> None:
    assert not is_asked_aloud(said)


@pytest.mark.parametrize(
    "said",
    [
        "Dürfte ich Ihr Geburtsdatum haben?", "Darf ich bitte Ihre Kundennummer haben?", "Kann ich bitte Ihren Namen haben?",
        "Könnten Sie mir Ihre Adresse nennen?", "¿Me puede dar su número de cuenta?", "Puis-je avoir votre nom ?",
    ],
)  # fmt: skip
def test_so_it_is_in_other_languages(said: str) -> None:
    assert is_asked_aloud(said)


ASKED = [
    "Your postcode?", "And the postcode?", "And your postcode.", "Postcode?", "Could I grab your surname?",
    "Can I just grab your account number?", "Okay, and your date of birth?", "Lovely, and the first line of your address?",
    "Your full name, please.", "Name and date of birth, please?", "And the name on the account?",
    "Thanks. And your email address please.", "May I know your name?", "Can we take a contact number?", "What was the postcode again?",
    "What's the best number to reach you on?", "I just need your date of birth.", "I'll need to take your name.",
    "Let me just get your policy number.", "Would you mind confirming your zip code?", "If I could just take your booking reference.",
    "Have you got your policy number there?", "When were you born?", "And how do you spell your surname?", "Right, date of birth?",
    "And the last four digits of your social?", "And your membership number is?", "If you could confirm your address for me.",
    "I have Smith down as your surname, and your postcode?", "Gut, Herr Klein, das habe ich, und Ihre Postleitzahl?",
    "Wie ist Ihr Geburtsdatum?", "Ihre Postleitzahl bitte", "Und die Postleitzahl?", "Und Ihre Kundennummer?", "Ihr Name, bitte.",
    "Wie lautet denn Ihre Adresse?", "Ich bräuchte noch Ihr Geburtsdatum.", "Darf ich kurz nach Ihrem Namen fragen?", "Wie heißen Sie?",
    "Ihr Geburtsdatum noch bitte?", "Wann sind Sie geboren?", "Wie war noch Ihre Hausnummer?",
    "Haben Sie Ihre Versichertennummer zur Hand?", "Votre date de naissance ?", "Et votre code postal ?", "Votre nom, s'il vous plaît.",
    "Quelle est votre adresse ?", "Et l'adresse ?", "C'est quoi votre numéro de client ?", "J'ai besoin de votre numéro de contrat.",
    "Vous pouvez me donner votre prénom ?", "Il me faudrait votre date de naissance.", "Comment vous appelez-vous ?",
    "Je peux prendre votre nom ?", "¿Me dice su fecha de nacimiento?", "¿Su código postal?", "¿Y su apellido?",
    "Su nombre completo, por favor.", "¿Cuál es su dirección?", "¿Me da su número de cliente?", "Necesito su fecha de nacimiento.",
    "¿Me podría confirmar su domicilio?", "¿Cómo se llama usted?", "¿Y el código postal?", "¿Me regala su nombre?",
]  # fmt: skip


@pytest.mark.parametrize("said", ASKED)
def test_however_it_is_asked_for(said: str) -> None:
    assert is_asked_aloud(said)


ONLY_TOLD = [
    "To change your address, press 2.", "For questions about your account number, press 3.", "You can change your address online.",
    "Please have your account number ready.", "Have your policy number and date of birth ready for the next agent.",
    "Your account number is printed on your statement.", "We will never ask for your password.", "Change of address?",
    "Is this about your order?", "Are you calling about your policy?", "What is your call about?",
    "How can I help you with your account today?", "Your call is important to us.", "Your call may be recorded.", "Enter your zip code.",
    "Please say your date of birth.", "If you know your party's extension, dial it now.", "Do you have a policy with us?",
    "Your postcode? Please say it now.", "For billing, your account, or your address, say which you would like.",
    "Would you like to change your name, your password, and your address?",
    "Your claim has been received.", "And the menu has changed.", "Your date of birth has been verified.",
    "Thank you. Your name and address have been updated.", "What is the reason for your call?", "Please tell me your account number.",
    "And the number of callers ahead of you is four.", "For all other enquiries, please hold.",
    "I need the last six months of statements.", "Um Ihre Adresse zu ändern, drücken Sie die 2.",
    "Bitte halten Sie Ihre Kundennummer bereit.", "Ihre Kundennummer steht auf der Rechnung.", "Was ist Ihr Anliegen?",
    "Ihr Anruf ist uns wichtig.", "Für Adressänderungen wählen Sie die 3.", "Bitte sagen Sie Ihr Geburtsdatum.",
    "Ihre Nummer in der Warteschlange ist drei.", "Nennen Sie bitte nach dem Ton Ihren Namen.", "Wie können wir Ihnen helfen?",
    "Pour changer votre adresse, faites le 2.", "Quel est le motif de votre appel ?", "Votre appel est important pour nous.",
    "Munissez-vous de votre numéro de client.", "Votre adresse a été modifiée.",
    "Donnez-moi votre numéro de client.", "Tapez votre code postal.",
    "Dites votre nom après le bip.", "Para cambiar su dirección, oprima 2.", "¿Cuál es el motivo de su llamada?",
    "Su llamada es importante.", "Tenga a mano su número de cliente.", "Su número de cuenta aparece en la factura.",
    "Marque su código postal.", "Diga su nombre después del tono.",
]  # fmt: skip


@pytest.mark.parametrize("said", ONLY_TOLD)
def test_what_is_only_told_of_it_is_open(said: str) -> None:
    assert not is_asked_aloud(said)


def test_where_a_human_may_have_spoken_behind_a_key() -> None:
    said = "I am going to check that, it is not valid."
    call = follow(chase(sub=Node([pause(1), say(said), pause(60)], hangs_up=True)))
    assert said not in open_words(call)


def test_the_words_of_another_prompt_are_open() -> None:
    other = "For hours and locations, press 7. For gift cards, press 8."
    call = follow(chase(start=Node([pause(1), say(other), pause(60)], hangs_up=True)))
    assert [one.heard for one in call.of(DriftFound)] == [other]


def test_where_a_human_may_have_said_what_explains_the_end() -> None:
    said = "Hello? Mary speaking, this is Mary from billing. Who am I speaking with? May I have your name? We are closed now."
    plan, settings = Plan(goal=Explore(phone_number="+18005551234", intent="cards")), CoreSettings(human=HumanSetting.NEVER_FALSE_RING)
    brain = Brain(plan, call_id="c", similarity=WordSimilarity(), settings=settings)
    call = ScriptedCall(brain, {"start": Node([pause(1), say(said)], hangs_up=True)}).run()
    assert [(one.text, one.speaker) for one in call.of(UtteranceHeard)] == [("", "unknown")]
    assert said not in open_words(call)
    assert call.events[-1].outcome is CallOutcome.CLOSED


def asked_by_a_human() -> Turn:
    """Somebody who may be a human offers a key, and what is heard as its label is part of what was said."""
    said = "Hi, this is Mary, could you enter your account number for me and then press pound?"
    menu = Menu(options=(Option("#", "enter your account number for me"),))
    return Turn(number=1, start=0, end=40_000, text=said, utterance=Utterance(phrases.HUMAN, 0.6, menu))


@pytest.mark.parametrize("how", ["skipped", "chosen", "noted", "answered"])
def test_where_a_human_may_have_offered_a_key(how: str) -> None:
    turn = asked_by_a_human()
    kit = make_kit(Plan(goal=Explore(phone_number="+18005551234", intent="cards")), CoreSettings(), WordSimilarity(), "", "")
    walk = MenuWalk(kit, "enter your account number", "", ())
    if how == "skipped":
        Replies(kit, walk.keys, "cards").skip_data(turn)
    elif how == "chosen":
        walk.choose(turn)
    elif how == "noted":
        Replies(kit, walk.keys, "cards").note(turn)
    else:
        walk.keys.discover(turn, "", Choice("#", turn.utterance.menu.options[0].label, 1.0, "learned"), dtmf="#", waits=False)
    kit.discoveries.close()
    effects = kit.outbox.take()
    events = [effect for effect in effects if isinstance(effect, fx.Record)]
    (discovery,) = [one for one in events if isinstance(one.event, DiscoveryMade)]
    assert "account" not in msgspec.json.encode([one.event for one in events]).decode()
    assert discovery.seal is not None
    assert discovery.seal.text == turn.text
    assert not [one for one in effects if isinstance(one, fx.KeepRecording)]
