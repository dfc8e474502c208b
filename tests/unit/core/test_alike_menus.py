"""Menus of one company are worded alike: what tells them apart, and what the steps of a flow share."""

from __future__ import annotations

import msgspec
import pytest
from call_contract.call_events import DigitsSent, DriftFound
from call_contract.step_metadata import StepMetadata
from call_engine.core import happenings as hp
from call_engine.core.brain import Brain
from call_engine.core.dtmf.cut_turn import since_press
from call_engine.core.dtmf.delivery import LADDER, Delivery, Moment, Reaction
from call_engine.core.dtmf.read_on import PlayedPrompt
from call_engine.core.effects import DtmfProfile, Record
from call_engine.core.facts import Turn
from call_engine.core.flows.flow_map import FlowMap
from call_engine.core.flows.replay import Match, compare
from call_engine.core.flows.same_menu import same_menu
from call_engine.core.happenings import Word
from call_engine.core.outbox import Outbox
from call_engine.core.plan import Follow, Plan
from call_engine.core.utterance import understand
from line_audio.segments import Label, SegmentOpened

from tests.support.chase_flow import MAIN_OPTIONS, flow, prompt, step
from tests.support.chase_script import MAIN
from tests.support.scripted_call import WordSimilarity

CARDS = (
    "For a higher credit limit, please press 1. For a charge you do not recognize, please press 2. "
    "For a lost or stolen card, please press 3."
)
FEWER_CARDS = "For a charge you do not recognize, please press one. For a lost or stolen card, please press two."
GIFTS = "For a gift card that does not work, press one. For gift card balances, press two."
GIFTS_ANEW = "For help with a gift card that does not work, press 1. For help with the balance of a gift card, press 2."


def turn(text: str, *, recording_id: str = "", cut: bool = False) -> Turn:
    return Turn(number=1, start=0, end=80_000, text=text, utterance=understand(text), recording_id=recording_id, cut=cut)


def reaction(pressed_on: Turn, heard: Turn, *, into: bool = False) -> Reaction:
    delivery = Delivery(Outbox())
    delivery.press("1", prompt=pressed_on, into=into)
    return delivery.judge(heard)


def test_a_new_menu_that_is_a_part_of_the_old_one_by_its_words_is_a_change() -> None:
    assert reaction(turn(CARDS), turn(FEWER_CARDS)) is Reaction.CHANGED


def test_a_menu_that_has_half_of_its_keys_in_common_and_something_else_on_the_other_half_is_another() -> None:
    first = "If you are calling about gift card balances, press 1. If you are calling about a gift card that does not work, press 2."
    second = "If you are calling about missing or broken items, press 1. If you are calling about a gift card that does not work, press 2."
    misheard = "If you are calling about gift guard ballots, press 1. If you are calling about a gift card that does not work, press 2."
    assert reaction(turn(first), turn(second)) is Reaction.CHANGED
    assert reaction(turn(first), turn(misheard)) is Reaction.UNCHANGED


def test_keys_that_every_menu_has_do_not_make_two_menus_one_though_a_word_of_them_is_lost() -> None:
    main = (
        "If this is about appointments, press 1 now. If this is about the pharmacy, press 2 now. If this is about claims and coverage, "
        "press 3 now. To speak with a representative, press 0. To hear the menu once more, press star."
    )
    sub = (
        "if this is about claim status press three now if this is about what your plan covers press five now if this is about appealing a "
        "denial press eight now to speak with a representative press zero. To hear menu once more, press star."
    )
    assert reaction(turn(main), turn(sub)) is Reaction.CHANGED
    assert reaction(turn(main), turn(main.replace("hear the menu", "hear menu"))) is Reaction.UNCHANGED


def test_menus_without_a_key_for_a_topic_in_common_are_two() -> None:
    service = "To speak with a representative, press 0. To hear the menu once more, press star."
    main = f"If this is about appointments, press 1. If this is about the pharmacy, press 2. {service}"
    sub = f"If this is about appealing a denial, press 5. If this is about the paperwork, press 8. {service}"
    assert reaction(turn(main), turn(sub)) is Reaction.CHANGED
    assert reaction(turn(main), turn(main.replace("press 2", "press"))) is Reaction.UNCHANGED


def test_the_end_of_the_prompt_that_was_pressed_into_is_none() -> None:
    tail = "charge you do not recognize, please press 2. For a lost or stolen card, please press 3."
    assert reaction(turn(CARDS), turn(tail, cut=True), into=True) is Reaction.UNCHANGED
    assert reaction(turn(CARDS), turn("press three.", cut=True), into=True) is Reaction.UNCHANGED
    assert reaction(turn(CARDS), turn("for lost or stolen card please press three", cut=True), into=True) is Reaction.UNCHANGED
    assert reaction(turn(f"{CARDS} To speak with the desk."), turn("to speak with desk", cut=True), into=True) is Reaction.UNCHANGED
    assert reaction(turn(CARDS), turn("Thank you.", cut=True), into=True) is Reaction.CHANGED


def test_so_is_the_end_that_begins_behind_a_pause_in_which_the_key_was_pressed() -> None:
    outbox = Outbox()
    delivery = Delivery(outbox)
    outbox.now = 320_000
    delivery.press("1", prompt=turn(CARDS))
    delivery.next_try()
    delivery.retry(LADDER[1], over_at=400_000)
    tail = "charge you do not recognize, please press 2. For a lost or stolen card, please press 3."
    assert delivery.judge(msgspec.structs.replace(turn(tail), start=319_400, end=400_000)) is Reaction.UNCHANGED
    assert delivery.judge(msgspec.structs.replace(turn(tail), start=330_000, end=400_000)) is Reaction.UNCHANGED
    delivery.retry(LADDER[1])
    assert delivery.judge(msgspec.structs.replace(turn(tail), start=319_400, end=400_000)) is Reaction.UNCHANGED


def test_what_is_said_after_the_prompt_that_was_pressed_into_is_not_its_end() -> None:
    pressed_on = turn(GIFTS, recording_id="step:gifts")
    delivery = Delivery(Outbox())
    delivery.press("1", prompt=pressed_on, into=True)
    again = msgspec.structs.replace(turn(GIFTS_ANEW, cut=True), start=80_000, end=160_000)
    assert delivery.judge(again) is Reaction.CHANGED
    tail = msgspec.structs.replace(turn("gift card balances, press two."), start=70_000)
    assert delivery.judge(tail) is Reaction.UNCHANGED


@pytest.mark.parametrize(("second", "reacted"), [
    ("damaged bags, press 2.", Reaction.CHANGED), ("cancellations, press 2.", Reaction.UNCHANGED),
    ("council nations, press 2.", Reaction.UNCHANGED),
])  # fmt: skip
def test_nor_is_a_menu_that_begins_with_the_same_option_and_then_has_a_topic_of_its_own(second: str, reacted: Reaction) -> None:
    asked = (
        "If you are calling about seat assignments, press 1. If you are calling about cancellations, press 2. "
        "If you are calling about refunds, press 3."
    )
    delivery = Delivery(Outbox())
    delivery.press("1", prompt=turn(asked, recording_id="step:seats"), into=True)
    heard = turn(f"If you are calling about seat assignments, press 1. If you are calling about {second}")
    assert delivery.judge(msgspec.structs.replace(heard, start=40_000, end=85_000)) is reacted


def test_a_prompt_that_was_broken_off_is_no_sign_that_the_key_was_lost() -> None:
    """Some companies read on for a second and a half before they take it."""
    delivery = Delivery(Outbox())
    delivery.press("1", prompt=turn(CARDS, recording_id="step:cards"), into=True)
    broken_off = msgspec.structs.replace(turn("charge you do not recognize", cut=True), start=0, end=14_000)
    assert delivery.judge(broken_off) is Reaction.CHANGED
    heard_out = msgspec.structs.replace(turn("charge you do not recognize", cut=True), start=66_000, end=79_000)
    assert delivery.judge(heard_out) is Reaction.UNCHANGED


def test_a_key_that_was_pressed_into_its_prompt_in_vain_is_pressed_the_same_way_behind_it() -> None:
    delivery = Delivery(Outbox())
    delivery.press("1", prompt=turn(GIFTS), into=True, profile="rfc4733")
    behind = delivery.next_try()
    assert behind is not None
    assert (behind.profile, behind.moment) == (DtmfProfile.RFC4733, Moment.AFTER)
    delivery.retry(behind)
    another = delivery.next_try()
    assert another is not None
    assert another.profile is DtmfProfile.RFC4733_SLOW


def test_another_menu_behind_the_same_greeting_is_not_answered_with_the_learned_key() -> None:
    greeting = "This is First Harbor Credit Union. Our lines are open around the clock. Calls may be monitored for training."
    learned = f"{greeting} For home loans press 1. For help with the website or mobile app, press 2. For credit cards, press 3."
    options = {"1": "home loans", "2": "help with the website or mobile app", "3": "credit cards"}
    heard = turn(
        f"{greeting} For help with applying for a home loan, press 1. For help with your escrow account, press 2. "
        "For help with the payoff amount press 3"
    )
    verdict = compare(msgspec.convert(prompt(learned, options), StepMetadata), heard, "1", "home loans")
    assert (verdict.match, verdict.digits) == (Match.DRIFTED, None)


def test_a_prompt_known_by_its_sound_and_not_recognised_now_is_another_one() -> None:
    assert reaction(turn(GIFTS, recording_id="step:gifts"), turn(GIFTS_ANEW)) is Reaction.CHANGED
    assert reaction(turn(GIFTS), turn(GIFTS_ANEW)) is Reaction.UNCHANGED
    assert reaction(turn(GIFTS, recording_id="step:gifts"), turn(GIFTS.replace("one", "1"))) is Reaction.UNCHANGED
    other_label = GIFTS.replace("gift card balances", "store opening hours")
    assert reaction(turn(GIFTS, recording_id="step:gifts"), turn(other_label)) is Reaction.CHANGED


def test_a_moved_key_is_seen_where_the_old_key_s_new_label_would_pass_too() -> None:
    metadata = msgspec.convert(
        prompt("Press 1 for new appointments. Press 2 for help with cancelling an appointment.", {"1": "new appointments"}), StepMetadata
    )
    heard = turn("Press 1 for cancelling an appointment. Press 2 for new appointments.")
    verdict = compare(metadata, heard, "2", "help with cancelling an appointment")
    assert (verdict.match, verdict.digits) == (Match.DRIFTED, "1")


def test_an_inserted_key_with_a_like_label_does_not_take_the_place_of_the_learned_one() -> None:
    learned = "For updating the mailing address, press 1. For transferring service to another address, press 2."
    options = {"1": "updating the mailing address", "2": "transferring service to another address"}
    metadata = msgspec.convert(prompt(learned, options), StepMetadata)
    heard = turn(
        "For help with our mailing address, press one. For help with updating a mailing address, press two. "
        "For help with transferring service to another address, press three."
    )
    verdict = compare(metadata, heard, "1", "updating the mailing address")
    assert (verdict.match, verdict.digits) == (Match.DRIFTED, "2")


def test_an_option_that_was_always_there_does_not_take_the_place_of_the_learned_one() -> None:
    """Though the learned label, of which more was not heard, is as near to it."""
    learned = "for paying your bill please press 1 for an amount that seems wrong please press 2 for more time to pay please press 3"
    metadata = msgspec.convert(
        prompt(learned, {"1": "paying your bill", "2": "an amount that seems wrong", "3": "pay"}), StepMetadata
    )  # fmt: skip
    heard = turn(
        "Press 1 for paying your bill. Press 2 for our mailing address. Press 3 for an amount that seems wrong. "
        "Press 4 for more time to pay."
    )
    verdict = compare(metadata, heard, "3", "pay")
    assert (verdict.match, verdict.digits) == (Match.DRIFTED, "4")
    gone = compare(metadata, turn("Press 1 for paying your bill. Press 3 for an amount that seems wrong."), "3", "pay")
    assert (gone.match, gone.digits) == (Match.DRIFTED, None)


def test_two_answers_to_one_prompt_share_its_recording() -> None:
    known = FlowMap(
        flow(
            step("new", "LISTEN", "hold", "3", metadata=prompt(MAIN, MAIN_OPTIONS)),
            step("hold", "HOLD"),
            step("old", "LISTEN", "hold", "2", metadata=prompt(MAIN, MAIN_OPTIONS)),
            step("moved", "LISTEN", "hold", "2", metadata=prompt(MAIN, {**MAIN_OPTIONS, "3": "credit cards", "2": "account services"})),
        )
    )
    new, old, moved = known.listening()
    assert known.prompts.id_of(old) == known.prompts.id_of(new) == "step:new"
    assert known.prompts.id_of(moved) == "step:moved"
    assert known.prompts.answering("step:new") == [new, old]


def test_words_of_the_old_prompt_are_not_part_of_the_next_one() -> None:
    spoken = ["For", "Press", "1", "for", "seats.", "Press", "2", "for", "bags."]
    words = list(zip((29.9, 30.3, 30.5, 30.7, 30.9, 31.4, 31.7, 31.9, 32.1), spoken, strict=True))
    heard = Turn(
        number=1, start=239_200, end=260_000, text=" ".join(word for _, word in words), utterance=understand("For Press 1 for seats."),
        words=tuple(Word(text=word, start_sample=int(at * 8000), end_sample=int(at * 8000) + 800, probability=0.9) for at, word in words),
    )  # fmt: skip
    cleared = since_press(heard, pressed_at=240_000)
    assert cleared.text == "Press 1 for seats. Press 2 for bags."
    assert cleared.start == int(30.3 * 8000)
    assert [(one.digits, one.label) for one in cleared.utterance.menu.options] == [("1", "seats"), ("2", "bags")]
    assert since_press(heard, None) is heard
    assert since_press(heard, pressed_at=100_000) is heard


@pytest.mark.parametrize(("quiet_ms", "start_ms"), [(300, 0), (700, 700)])
def test_a_turn_begins_with_its_first_word_and_not_with_what_a_key_left_of_the_prompt_before(quiet_ms: int, start_ms: int) -> None:
    """What of its sound is kept would else begin with that prompt."""
    began = 240_000 + quiet_ms * 8
    words = tuple(Word(text, began + at * 4000, began + at * 4000 + 3000, 0.9) for at, text in enumerate(ASKED.split()))
    heard = Turn(number=1, start=240_000, end=300_000, text=ASKED, words=words, cut=True, utterance=understand(ASKED))
    since = since_press(heard, pressed_at=240_000)
    assert (since.start, since.text) == (240_000 + start_ms * 8, ASKED)
    assert since.utterance is heard.utterance
    assert since_press(msgspec.structs.replace(heard, cut=False), pressed_at=240_000).start == 240_000


@pytest.mark.parametrize(("begun", "rest", "then", "left"), [
    ("two", "for trouble with the mobile app", "press 1 for a charge you do not recognize Press 2 for password resets.", False),
    ("one", "for trouble with the mobile app", "press 1 for a charge you do not recognize Press 2 for password resets.", True),
    ("two", "for", "If you have lost your password, press 1.", False), ("two", "for", "if you have lost your password press 1", True),
])  # fmt: skip
def test_the_rest_of_a_sentence_in_whose_middle_the_key_was_pressed_is_none_of_the_next_menu(
    begun: str, rest: str, then: str, left: bool
) -> None:
    """Though the recogniser heard no stop behind it, or it was broken off."""
    asked = "press 1 for password resets press 2 for trouble with the mobile app press 0 to speak with an operator"
    began = 240_000 - asked.find("for trouble") * 570
    spoken = [begun, *rest.split(), *then.split()]
    words = tuple(Word(text, 239_500 + at * 3000, 242_000 + at * 3000, 0.9) for at, text in enumerate(spoken))
    heard = Turn(number=1, start=239_500, end=320_000, text=" ".join(spoken), words=words, cut=True, utterance=understand(" ".join(spoken)))
    playing = PlayedPrompt(asked, began, began + len(asked) * 570)
    assert since_press(heard, 239_500, playing).text == (f"{rest} {then}" if left else then)


def test_nor_is_what_began_right_behind_the_key_in_a_pause_of_its_prompt() -> None:
    """Too soon to be the effect of the key."""
    spoken = ["To", "For", "seats,", "press", "1.", "For", "bags,", "press", "2."]
    words = tuple(Word(text, 240_400 + at * 4000, 243_000 + at * 4000, 0.9) for at, text in enumerate(spoken))
    heard = Turn(number=1, start=240_400, end=280_000, text=" ".join(spoken), words=words, utterance=understand(" ".join(spoken)))
    cleared = since_press(heard, pressed_at=240_000)
    assert (cleared.text, cleared.start) == ("For seats, press 1. For bags, press 2.", 244_400)
    assert since_press(heard, pressed_at=238_000) is heard


ASKED = "For insurance claims, press 1. For the pharmacy, press 2."
CLAIMS = "For claim status, press 1. For what your plan covers, press 2. For a denied claim, press 3."


@pytest.mark.parametrize(
    "sorry", ["Sorry, we did not get your response.", "We did not receive your selection,", "I am sorry, I did not hear anything."]
)
@pytest.mark.parametrize(("behind_it", "late_ms", "changed"), [
    (CLAIMS, 100, True), (CLAIMS, 2000, False), (ASKED, 100, False), ("Connecting you to a specialist.", 100, True),
    ("Connecting you to a specialist.", 2000, False), ("Please try again.", 100, False),
])  # fmt: skip
def test_a_key_that_came_as_the_company_said_that_it_missed_it_was_taken_if_something_else_follows(
    sorry: str, behind_it: str, late_ms: int, changed: bool
) -> None:
    outbox = Outbox()
    delivery = Delivery(outbox)
    outbox.now = 160_000
    delivery.press("1", prompt=turn(ASKED))
    spoken, begins = f"{sorry} {behind_it}".split(), 160_000 + late_ms * 8
    words = tuple(Word(text, begins + at * 3000, begins + at * 3000 + 2000, 0.9) for at, text in enumerate(spoken))
    heard = Turn(number=2, start=begins, end=300_000, text=" ".join(spoken), words=words, utterance=understand(" ".join(spoken)))
    since = delivery.since_press(heard)
    assert (delivery.judge(since) is Reaction.CHANGED) is changed
    assert (since.text == behind_it) is changed


@pytest.mark.parametrize(("began_ms", "left"), [(140, True), (900, False)])
def test_a_word_that_was_begun_before_the_key_could_be_heard_is_left_of_the_old_prompt(began_ms: int, left: bool) -> None:
    outbox = Outbox()
    delivery = Delivery(outbox)
    outbox.now = 160_000
    delivery.press("1", prompt=turn(ASKED))
    start = 160_000 + began_ms * 8
    words = (Word("To", start, start + 1600, 0.9),)
    assert delivery.is_read_on(Turn(number=2, start=start, end=start + 1600, text="To", words=words, utterance=understand("To"))) is left


SUB_MENU = "For disputes, press 1. For credit cards of the family, press 2."


@pytest.mark.parametrize(("lower", "kept"), [("For disputes", ""), ("For", "credit cards, press 2 ")])
def test_what_follows_a_full_stop_begins_a_sentence_though_its_first_letter_is_small(lower: str, kept: str) -> None:
    """As a recogniser writes what is cut off and what follows it."""
    asked, pressed_at = "For disputes, press 1. For credit cards, press 2. For all else, press 3.", 240_000
    began = pressed_at + 1600 - asked.find("credit cards") * 570
    text = f"credit cards, press 2{'' if kept else '.'} {SUB_MENU.replace(lower, lower.lower())}"
    words = tuple(Word(one, pressed_at + 1600 + at * 3000, pressed_at + 4000 + at * 3000, 0.9) for at, one in enumerate(text.split()))
    heard = Turn(number=1, start=pressed_at, end=300_000, text=text, words=words, cut=True, utterance=understand(text))
    playing = PlayedPrompt(asked, began, began + len(asked) * 570)
    assert since_press(heard, pressed_at, playing).text == kept + SUB_MENU.replace(lower, lower.lower())


@pytest.mark.parametrize(("read_on", "kept"), [("press 2. For", ""), ("cards, press 2. For all", ""), ("For", "For "), ("", "")])
@pytest.mark.parametrize("seconds_too_late", [0.0, 1.2])
def test_nor_are_those_that_a_company_reads_on_that_reacts_late(read_on: str, kept: str, seconds_too_late: float) -> None:
    """ "press 2. For For disputes, press 1" would bind a key to the label of another."""
    asked, pressed_at = "For disputes, press 1. For credit cards, press 2. For all else, press 3.", 240_000
    began = pressed_at + 1600 - asked.find(read_on or "For all") * 570 + round(seconds_too_late * 8000)
    playing = PlayedPrompt(asked, began, began + len(asked) * 570)
    spoken = [*read_on.split(), *SUB_MENU.split()]
    words = tuple(Word(text, pressed_at + 1600 + at * 3000, pressed_at + 4000 + at * 3000, 0.9) for at, text in enumerate(spoken))
    heard = Turn(
        number=1, start=pressed_at, end=300_000, text=" ".join(spoken), words=words, cut=True, utterance=understand(" ".join(spoken))
    )  # fmt: skip
    assert since_press(heard, pressed_at, playing).text == kept + SUB_MENU


@pytest.mark.parametrize(("read_on", "again", "kept"), [
    ("address, press 1. For help", True, ""), ("address, press 1. For help", False, "address, press 1. For help "),
    ("For help with banking, press 2.", True, ""),
    ("For help with our mailing address,", True, "For help with our mailing address, "),
    ("For help with our mailing address, press 1.", True, ""),
    ("response. For help with", True, ""), ("response. four help with", True, ""),
    ("did not", True, ""), ("did not", False, "did not "),
    ("your selection.", True, ""), ("your selection.", False, "your selection. "),
    ("response. For help with banking, press 2.", True, ""),
])  # fmt: skip
def test_where_a_prompt_is_read_again_without_its_greeting_the_words_alone_tell(read_on: str, again: bool, kept: str) -> None:
    greeting = "Thanks for calling Northgate Bank, where we have new choices for you."
    asked = f"{greeting} For help with our mailing address, press 1. For help with banking, press 2."
    playing = PlayedPrompt(asked, 232_000, 232_000 + len(asked) * 570, again=again)
    spoken = [*read_on.split(), *SUB_MENU.split()]
    words = tuple(Word(text, 241_600 + at * 3000, 244_000 + at * 3000, 0.9) for at, text in enumerate(spoken))
    heard = Turn(
        number=1, start=240_000, end=300_000, text=" ".join(spoken), words=words, cut=True, utterance=understand(" ".join(spoken))
    )  # fmt: skip
    assert since_press(heard, 240_000, playing).text == kept + SUB_MENU


@pytest.mark.parametrize(("late_ms", "kept"), [(0, False), (-100, False), (1500, True)])
def test_so_it_is_where_the_prompt_began_anew_just_as_the_key_was_pressed(late_ms: int, kept: bool) -> None:
    outbox = Outbox()
    delivery = Delivery(outbox)
    outbox.now = 240_000
    delivery.press("1", prompt=turn("Thanks for calling Homestead Electric. For English, press 1. Para español oprima el dos."))
    read_on, began = "For English, press 1. Para", 240_000 + late_ms * 8
    spoken = [*read_on.split(), *SUB_MENU.split()]
    words = tuple(Word(text, began + at * 3000, began + at * 3000 + 2400, 0.9) for at, text in enumerate(spoken))
    heard = Turn(number=2, start=began, end=400_000, text=" ".join(spoken), words=words, utterance=understand(" ".join(spoken)))
    assert delivery.since_press(heard).text == (" ".join(spoken) if kept else SUB_MENU)


CARE = "For cancelling an appointment, please press 1. For new appointments, please press 2."


@pytest.mark.parametrize(("read_on", "kept"), [
    ("Press 2 for doctors and nurses.", ""), ("in claims. Press 2", ""), ("claims, pressed 2 for doctor", ""),
    ("Press 3 for doctors and nurses.", "Press 3 for doctors and nurses. "), ("Press 2 for", "Press 2 for "),
    ("Press 4 for visits.", "Press 4 for visits. "),
])  # fmt: skip
def test_an_option_of_the_menu_before_whose_key_is_then_named_for_something_else_is_none(read_on: str, kept: str) -> None:
    """Though a word of it was misheard, and wherever it stands in the prompt that is read again; also behind a pause."""
    asked = (
        "Thanks for calling Valley Health, open around the clock. Press 1 for pharmacy and claims. Press 2 for doctors and nurses. "
        "Press 4 for visits. Press star to hear this again."
    )
    playing = PlayedPrompt(asked, 232_000, 232_000 + len(asked) * 570, again=True)
    spoken = [*read_on.split(), *CARE.split()]
    words = tuple(Word(text, 241_600 + at * 3000, 244_000 + at * 3000, 0.9) for at, text in enumerate(spoken))
    heard = Turn(
        number=1, start=240_000, end=300_000, text=" ".join(spoken), words=words, cut=True, utterance=understand(" ".join(spoken))
    )  # fmt: skip
    assert since_press(heard, 240_000, playing).text == kept + CARE
    later = msgspec.structs.replace(heard, start=241_000, cut=False)
    assert since_press(later, 233_000, playing).text == kept + CARE
    assert since_press(later, 222_000, playing) is later


@pytest.mark.parametrize(("read_on", "then", "kept"), [
    ("Press 1 for", "Connecting you to a specialist.", ""), ("To speak with a representative,", "If you ask for refunds, press 1.", ""),
    ("Press 1 for", "Refunds. Press 2 for rewards.", "Press 1 for "), ("Press 1 for", "Refunds.", "Press 1 for "),
    ("To speak with a representative,", "Press 1. For refunds, press 2.", "To speak with a representative, "),
    ("To speak", "If you ask for refunds, press 1.", "To speak "),
])  # fmt: skip
def test_a_sentence_that_is_broken_off_behind_the_key_is_of_the_prompt_that_has_it_there(read_on: str, then: str, kept: str) -> None:
    """Also behind a pause, unless it may begin what follows."""
    asked = f"Welcome to Coastline Air. {read_on} cancelling a trip, dial 4. And then there is more to choose from."
    playing, pressed_at = PlayedPrompt(asked, 200_000, 200_000 + len(asked) * 570), 208_000
    spoken = [*read_on.split(), *then.split()]
    words = tuple(Word(text, 214_600 + at * 3000, 217_000 + at * 3000, 0.9) for at, text in enumerate(spoken))
    heard = Turn(number=1, start=214_500, end=300_000, text=" ".join(spoken), words=words, utterance=understand(" ".join(spoken)))
    assert since_press(heard, pressed_at, playing).text == kept + then


KEYS_LAST = "For cable problems, press one. For our mailing address, press two For slow internet, press three."
KEYS_FIRST = "Press 1 for your meter. Press 2 for stopping service."


@pytest.mark.parametrize("behind_ms", [1700, 2600])
@pytest.mark.parametrize(("said", "then", "left"), [
    ("Press nine", KEYS_LAST, False), ("Press nine for", KEYS_LAST, False), ("To speak with", KEYS_FIRST, False),
    ("Press nine", "For cancelling a trip, please press 1. For damaged bags, please press 2.", False),
    ("To speak with", f"{KEYS_FIRST} Press 0 to speak with the front desk.", False),
    ("Press nine", "For cable problems. Press one for our mailing address. Press two for slow internet.", True),
    ("Press nine", "for cable problems. Press one for our mailing address. Press two", True),
    ("To speak with", "Press one. For cable problems, press two.", True), ("For cable", KEYS_FIRST, True),
])  # fmt: skip
def test_a_sentence_that_was_broken_off_is_none_of_a_menu_that_is_whole_without_it(
    said: str, then: str, left: bool, behind_ms: int
) -> None:
    asked = "You have reached us. Press one for technical support. Press nine for your bill. To speak with an operator, press zero."
    playing, at = PlayedPrompt(asked, 200_000, 200_000 + len(asked) * 570), 200_000 + max(0, asked.find(said)) * 570
    spoken = [*said.split(), *then.split()]
    words = tuple(Word(text, at + place * 3000, at + 2400 + place * 3000, 0.9) for place, text in enumerate(spoken))
    heard = Turn(number=1, start=at, end=300_000, text=" ".join(spoken), words=words, utterance=understand(" ".join(spoken)))
    assert since_press(heard, at - behind_ms * 8, playing).text == (f"{said} {then}" if left else then)
    assert since_press(heard, at - 3500 * 8, playing) is heard


@pytest.mark.parametrize(("read_on", "behind_ms", "left"), [
    ("Press star to", 1500, True), ("Press star", 1500, False), ("Press star to", 2500, False), ("Press star for more.", 1500, False),
    ("Press star to repeat these choices.", 1500, False),
])  # fmt: skip
def test_nor_is_it_anything_where_nothing_follows(read_on: str, behind_ms: int, left: bool) -> None:
    outbox = Outbox()
    delivery = Delivery(outbox)
    asked = "Press 1 for refunds. Press 2 for choosing a seat. Press star to repeat these choices."
    prompt = Turn(number=1, start=160_000, end=160_000 + len(asked) * 570, text=asked, utterance=understand(asked))
    start = 160_000 + asked.find("Press star") * 570
    outbox.now = start - behind_ms * 8
    delivery.press("2", prompt=prompt, into=True)
    words = tuple(Word(text, start + at * 3000, start + at * 3000 + 2000, 0.9) for at, text in enumerate(read_on.split()))
    heard = Turn(number=2, start=start, end=words[-1].end_sample, text=read_on, words=words, utterance=understand(read_on))
    assert delivery.is_read_on(heard) is left


@pytest.mark.parametrize(("read_on", "again", "kept"), [
    ("a visit press 2 now if this is", True, ""), ("a visit press 2 now", True, ""),
    ("a visit press 2", True, "a visit press 2 "), ("if this is about a visit press 2 now", True, "if this is about a visit press 2 now "),
    ("about claims and coverage of all", True, "about claims and coverage of all "), ("about a visit press 2 now", False, ""),
    ("is about a visit", False, "is about a visit "), ("this is about a visit", False, ""),
])  # fmt: skip
def test_what_is_read_on_is_told_in_words_without_stops(read_on: str, again: bool, kept: str) -> None:
    asked = "If this is about a visit, press 2 now. If this is about claims and coverage of all, press 4 now. If it is urgent, press 9 now."
    then = "if you are calling about refills press 3 if you are calling about a pharmacist press 4"
    began = 240_000 - (asked.replace(",", "").lower().replace(".", "").find(read_on) * 570 if not again else 0)
    playing = PlayedPrompt(asked, began, began + len(asked) * 570, again=again)
    spoken, behind = [*read_on.split(), *then.split()], 241_600 if not again else 420_000
    words = tuple(Word(text, behind + at * 3000, behind + 2000 + at * 3000, 0.9) for at, text in enumerate(spoken))
    heard = Turn(number=1, start=behind, end=600_000, text=" ".join(spoken), words=words, cut=True, utterance=understand(" ".join(spoken)))
    assert since_press(heard, behind - 1600, playing).text == kept + then


@pytest.mark.parametrize("punctuated", [True, False])
def test_a_menu_that_names_its_keys_first_keeps_the_first_of_them(punctuated: bool) -> None:
    """ "Press 1 for" stands near there in the menu before it, too."""
    asked = "Press 1 for mortgages. Press 2 for credit cards. Press 3 for help with the website. Press star to hear this again."
    text = asked if punctuated else asked.lower().replace(".", "").replace("star", "*")
    playing = PlayedPrompt(text, 232_000, 232_000 + len(asked) * 570)
    spoken = ["Press", "1", "for", "mobile", "app", "problems.", "Press", "9", "for", "password", "resets."]
    words = tuple(Word(word, 241_600 + at * 3000, 244_000 + at * 3000, 0.9) for at, word in enumerate(spoken))
    heard = Turn(number=1, start=240_000, end=300_000, text=" ".join(spoken), words=words, cut=True, utterance=understand(" ".join(spoken)))
    assert since_press(heard, 240_000, playing) is heard


@pytest.mark.parametrize(("asked", "said"), [
    ("For bills, please press one, For moving or new address, please press two.", "Press 1 for moving to a new home. Press 2 for rest."),
    ("Press 3 for orders. Press 9 for gift card balances and problems.", "For gift card balances, please press 1. For the rest, press 2."),
])  # fmt: skip
def test_so_does_one_behind_a_menu_that_names_them_otherwise(asked: str, said: str) -> None:
    playing = PlayedPrompt(asked, 226_000, 226_000 + len(asked) * 570, again=True)
    spoken = said.split()
    words = tuple(Word(word, 241_600 + at * 3000, 244_000 + at * 3000, 0.9) for at, word in enumerate(spoken))
    heard = Turn(number=1, start=240_000, end=300_000, text=" ".join(spoken), words=words, cut=True, utterance=understand(" ".join(spoken)))
    assert since_press(heard, 240_000, playing) is heard


def test_what_another_menu_says_in_the_words_of_the_one_before_is_its_own() -> None:
    """Elsewhere: "For disputes, press 1" stands at the beginning of both, and the key was pressed into the end of the first."""
    asked = "For disputes, press 1. For credit cards, press 2. For all else, press 3."
    playing = PlayedPrompt(asked, 200_000, 200_000 + len(asked) * 570)
    spoken = SUB_MENU.split()
    words = tuple(Word(text, 236_600 + at * 3000, 239_000 + at * 3000, 0.9) for at, text in enumerate(spoken))
    heard = Turn(number=1, start=235_000, end=300_000, text=SUB_MENU, words=words, cut=True, utterance=understand(SUB_MENU))
    assert since_press(heard, 235_000, playing) is heard


STORE = (
    "For help with gift cards, press one. For help with returns and exchanges, press two. "
    "For help with orders and deliveries, press three. To speak with an operator, press zero. To hear the menu once more, press star."
)
STORE_CARDS = (
    "For help with gift card balances, press 1. For help with a gift card that does not work, press 2. "
    "To speak with an operator, press 0. To hear the menu once more, press star."
)


def test_keys_that_every_menu_of_a_company_has_do_not_make_two_menus_one() -> None:
    """Half of the keys for what is wanted stand for something else; those for the operator and for once more tell nothing."""
    one, other = turn(STORE), turn(STORE_CARDS)
    assert not same_menu(other.text, other.utterance.menu.options, one.text, one.utterance.menu.options)
    assert reaction(one, other) is Reaction.CHANGED
    misheard = turn(STORE.replace("returns and exchanges", "returns an exchange is").replace("gift cards", "give cards"))
    assert same_menu(misheard.text, misheard.utterance.menu.options, one.text, one.utterance.menu.options)


def test_a_step_that_knows_only_the_words_of_its_prompt_finds_its_key_in_them() -> None:
    """As the learner makes them of discoveries without options: neither its description nor a changed order is taken for the label."""
    words = "for claims press 1 for outages press 2"
    listen = step("menu_2", "LISTEN", None, "2", text="Listen to the menu, then press 2", metadata={"prompt": {"transcript": words}})
    known = FlowMap(flow(listen))
    digits, label = known.response(listen)
    assert (digits, label) == ("2", "outages")
    same = compare(known.metadata(listen), turn("For claims, press 1. For outages, press 2."), digits, label)
    assert (same.match, same.digits) == (Match.MATCHED, "2")
    rebound = compare(known.metadata(listen), turn("For claims. Press 1 for outages. Press 2."), digits, label)
    assert (rebound.match, rebound.digits) == (Match.MATCHED, "2")
    moved = compare(known.metadata(listen), turn("For outages, press 1. For claims, press 2."), digits, label)
    assert (moved.match, moved.digits) == (Match.DRIFTED, "1")


def test_what_a_prompt_says_behind_its_known_beginning_is_no_drift() -> None:
    words, options = "press 1 for billing", [{"digits": "1", "label": "billing"}]
    for known_options in (options, []):
        metadata = msgspec.convert({"prompt": {"transcript": words, "cut": True}, "options": known_options}, StepMetadata)
        whole = compare(metadata, turn("Press 1 for billing. Press 2 for cards. Press 3 for anything else."), "1", "billing")
        assert (whole.match, whole.digits) == (Match.MATCHED, "1")
        moved = compare(metadata, turn("Press 1 for cards. Press 2 for billing."), "1", "billing")
        assert (moved.match, moved.digits) == (Match.DRIFTED, "2")
        other = compare(metadata, turn("Please enter your account number, followed by the pound key."), "1", "billing")
        assert other.match is Match.DRIFTED


def test_the_label_of_a_response_is_what_was_chosen_then_what_the_step_says() -> None:
    chosen = step("a", "LISTEN", None, "3", metadata={"chosen_label": "disputes", "options": [{"digits": "3", "label": "hours"}]})
    by_hand = step("b", "DTMF", None, "3", text="Press 3 for account services")
    silent = step("c", "LISTEN", "b")
    told_first = step("d", "LISTEN", None, "4", text="Wait for the menu, press 4")
    known = FlowMap(flow(chosen, by_hand, silent, told_first))
    assert [known.response(one)[1] for one in (chosen, silent, told_first)] == ["disputes", "account services", ""]


@pytest.mark.parametrize("order", [("step:main", "step:twin"), ("step:twin", "step:main")])
def test_of_two_prompts_that_begin_alike_the_expected_one_is_answered(order: tuple[str, str]) -> None:
    """As long as it has not gone on otherwise."""
    twin_text = MAIN.replace("credit cards", "mortgages and loans")
    what = flow(
        step("main", "LISTEN", "twin", "3", metadata=prompt(MAIN, MAIN_OPTIONS)),
        step("twin", "LISTEN", None, "1", metadata=prompt(twin_text, {**MAIN_OPTIONS, "2": "mortgages and loans"})),
    )
    brain = Brain(Plan(goal=Follow(flow=what)), call_id="c", similarity=WordSimilarity())
    brain.start()
    effects = [*brain.feed(8000, hp.Ringing()), *brain.feed(16_000, hp.Answered(codec="PCMU"))]
    effects += brain.feed(25_000, SegmentOpened(label=Label.SPEECH, start_sample=24_000, at_sample=25_000))
    for recording_id in order:
        heard = hp.RecordingRecognised(recording_id=recording_id, start_sample=24_000, position_ms=1500, score=0.9)
        effects += brain.feed(36_000, heard)
    for at in range(36_000, 120_000, 800):
        effects += brain.feed(at, hp.Tick())
    events = [effect.event for effect in effects if isinstance(effect, Record)]
    assert not [event for event in events if isinstance(event, DriftFound)]
    assert [event.step_id for event in events if isinstance(event, DigitsSent)] == ["main"]
