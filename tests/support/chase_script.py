"""The design document's bank, as a script: press 3 for account services, then 1 for disputes, hold, a human."""

from __future__ import annotations

from call_contract.call_events import DiscoveryMade

from tests.support.scripted_call import Node, music, pause, say

MAIN = "For checking and savings, press 1. For credit cards, press 2. For account services, press 3. To repeat these options, press 9."
SUB = "For disputes, press 1. To change your address, press 2. To return to the main menu, press star."


def chase(**changes: Node) -> dict[str, Node]:
    nodes = {
        "start": Node([pause(1.5), say("Thank you for calling Chase Bank.")], then="main"),
        "main": Node([pause(0.6), say(MAIN)], keys={"1": "dead", "2": "dead", "3": "sub", "9": "main"}),
        "sub": Node([pause(0.5), say(SUB)], keys={"1": "notice", "2": "dead", "*": "main"}),
        "dead": Node([say("Please visit our website for that. Goodbye.")], hangs_up=True),
        "notice": Node([pause(0.5), say("Please hold while I transfer you to the next available specialist.")], then="hold"),
        "hold": Node(
            [
                music(12), say("All of our representatives are busy. Please stay on the line and your call will be answered."),
                music(15), say("Thank you for your patience. Your call is important to us."), music(10), pause(0.8),
            ],
            then="agent",
        ),
        "agent": Node([say("Thank you for calling Chase disputes, this is Mary, how can I help you today?"), pause(40)], hangs_up=True),
    }  # fmt: skip
    nodes.update(changes)
    return nodes


def discoveries(call) -> list:
    return [event.discovery for event in call.of(DiscoveryMade)]
