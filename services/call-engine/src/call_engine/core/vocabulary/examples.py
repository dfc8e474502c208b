"""Sentences that stand for what is meant, in everyday words: for kinds of utterances.

Patterns and word lists know only the words in them; a text none of them knows is compared in meaning with these. Data, not logic.
"""

# ruff: noqa: E501

from __future__ import annotations

from call_engine.core.vocabulary import phrases

KINDS: dict[str, tuple[str, ...]] = {
    phrases.HOLD: (
        "Everyone on our team is helping other callers right now.", "We are receiving more calls than usual, so it may take a while.", "Somebody will be with you as soon as possible.",
        "You have five people ahead of you.", "We have not forgotten you, please keep waiting.", "Thanks for hanging in there, we will get to you soon.", "The wait is about ten minutes.",
        "Please don't hang up, you will lose your place in the queue.", "You can find answers to many questions online at any time.", "We apologize for keeping you waiting.",
        "Todos nuestros asesores están ocupados.", "Gracias por su espera, en breve le atenderemos.", "Tous nos conseillers sont en ligne, merci de patienter.", "Momentan sind alle Leitungen belegt, bitte haben Sie Geduld.",
        "Ask about our new offers when you speak to us.", "Our customers love the new rewards program.",
    ),
    phrases.TRANSFER: (
        "I'll put you through now.", "Hold on while I get someone who can help.", "Your call is on its way to the right department.", "Let me send you over to the billing team.", "We are now placing you in the queue for an agent.",
        "Stand by while we reach someone for you.", "Okay, getting you to a specialist.", "Le paso con un compañero.", "Je vous mets en relation avec un conseiller.", "Ich verbinde Sie mit einem Kollegen.", "You will now speak with a member of our team.",
    ),
    phrases.CALLBACK: (
        "We can ring you when it's your turn so that you don't have to wait.", "Would you like us to phone you later instead of holding?", "Leave your number and we'll call when an agent is free.",
        "Hang up and keep your spot, we'll call you.", "Podemos llamarle cuando haya un agente libre.", "Nous pouvons vous rappeler quand un conseiller sera libre.", "Wir rufen Sie gern zurück.",
    ),
    phrases.GREETING: (
        "Customer care, Sarah speaking, what can I do for you?", "Good afternoon, you're through to James.", "Hi there, thanks for waiting, I'm Anna.", "Hello, who am I speaking with?", "Yes, hello, can you hear me?",
        "Billing department, this is Robert.", "Thanks for your patience, my name is Linda, how are you today?", "Front desk, how may I direct your call?", "Buenas tardes, habla Marta, ¿en qué le ayudo?", "Bonjour, Julie à l'appareil.", "Guten Tag, Sie sprechen mit Frau Weber.",
    ),
    phrases.HUMAN: (
        "Okay, let me have a look at that for you.", "Sorry, could you say that once more?", "Alright, I've got it on my screen now.", "No worries, that happens a lot.", "Can you spell the last name for me?", "Hang on a second, my computer is slow.",
        "Did you get a letter about this?", "I understand, that must be frustrating.", "So you were charged twice, right?", "Sure, I'll take care of that.", "Mm-hmm, and when did you buy it?", "I'll have to ask my supervisor.",
        "Claro, deme un segundo.", "D'accord, je vois votre dossier.", "Ja, ich schaue mal eben nach.", "Great, thanks, anything else?",
    ),
    phrases.VOICEMAIL: (
        "I can't take your call right now, leave your name and number.", "Nobody is here to answer the phone, record a message.", "Please speak after the beep.", "This mailbox belongs to", "Deje su nombre y número después de la señal.", "Laissez-nous un message après le bip sonore.", "Bitte sprechen Sie nach dem Ton.",
    ),
    phrases.CLOSED: (
        "You are calling outside of our business hours.", "We have closed for the day.", "Nobody is in the office today because of the holiday.", "We will be back on Monday morning.", "Our lines are open Monday to Friday from eight to six.",
        "Ya hemos cerrado, llame mañana.", "Nos bureaux sont fermés pour le moment.", "Sie rufen außerhalb unserer Öffnungszeiten an.", "We're closed for lunch and will return at one.", "The clinic is not open on weekends.",
    ),
    phrases.FAILURE: (
        "I'm having difficulty hearing you.", "That choice does not exist.", "Something went wrong on our side.", "The number you dialed does not work.", "Our system is down at the moment.", "We did not get any input.", "Nobody can take your call now, please try later.", "The queue has reached its limit, goodbye.",
        "No he recibido respuesta.", "Votre saisie n'a pas été reconnue.", "Das habe ich leider nicht verstanden.", "You've tried too many times.", "Your call did not go through.",
    ),
    phrases.DATA: (
        "Key in the digits on the front of your card.", "What's the zip code on file? Enter it now.", "Using your keypad, enter your date of birth.", "Please type your PIN.", "Say or enter the phone number linked to your account.", "Enter the extension of the person you are calling.",
        "Marque los dígitos de su cuenta.", "Saisissez votre numéro de client.", "Bitte geben Sie Ihre Kundennummer ein.", "We need your member number to continue.",
    ),
    phrases.CONFIRM: (
        "I think you want to pay a bill, right?", "Just to be sure, you're calling about an order?", "Your number is 555 0100, yes?", "Is that the right account?", "Let me check I understood: you want to cancel.", "¿Ha dicho facturación?", "Vous avez bien dit facture ?", "Sie möchten also kündigen, richtig?", "Shall I go ahead?",
    ),
    phrases.OPEN: (
        "Tell me in your own words what you need.", "What would you like to do today?", "How can I help?", "So, what's the reason for your call?", "You can speak naturally, for instance say pay my bill.", "Describe your problem after the tone.", "Which department do you want?",
        "Dígame qué necesita.", "Dites-moi ce que vous souhaitez faire.", "Was kann ich für Sie tun?", "Say what you're calling about.",
    ),
    phrases.NOTICE: (
        "We record calls to improve our service.", "Conversations are stored for legal reasons.", "By staying on this call you agree to being recorded.", "Our menu is new, so please listen to all of it.", "If it's a medical emergency, dial 911 at once.", "Welcome, and thanks for calling.",
        "Esta conversación se graba.", "Cette conversation est enregistrée.", "Dieses Gespräch wird aufgezeichnet.", "Your information is handled according to our privacy policy.",
    ),
    phrases.SURVEY: (
        "When the call ends, stay on to answer three quick questions.", "We would love your opinion on how we did today.", "Tell us how happy you are on a scale from one to five.", "Give us feedback about your agent.", "Would you help us by taking part in a poll?", "Al terminar, conteste una breve encuesta.", "Donnez-nous votre avis à la fin de l'appel.", "Nehmen Sie an unserer kurzen Umfrage teil.", "How well did the representative solve your problem?",
    ),
}  # fmt: skip
