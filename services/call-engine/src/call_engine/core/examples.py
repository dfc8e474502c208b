"""Sentences that stand for what is meant, in everyday words: for kinds of utterances and for concepts of the telephone domain.

Patterns and word lists know only the words in them; a text none of them knows is compared in meaning with these. Data, not logic.
"""

# ruff: noqa: E501

from __future__ import annotations

from call_engine.core import phrases

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

CONCEPTS: dict[str, tuple[str, ...]] = {
    "billing": ("question about my bill", "why is my bill so high", "I was charged too much", "I don't understand a fee", "copy of my invoice", "charged twice"),
    "payment": ("pay what I owe", "make a payment", "set up automatic payments", "my payment didn't go through", "I need more time to pay", "pay over the phone with a card"),
    "dispute": ("I didn't make this purchase", "a charge I don't recognize", "dispute a transaction", "the merchant charged the wrong amount"),
    "fraud": ("someone used my card", "I think I was scammed", "suspicious activity", "somebody stole my identity"),
    "card": ("question about my credit card", "I need a new card", "my card was declined", "raise my limit", "my card doesn't work"),
    "lost": ("I lost my card", "my wallet was stolen", "I can't find my card", "block my card", "my phone was stolen"),
    "account": ("manage my account", "change my details", "add someone to my account", "update my personal information"),
    "balance": ("how much money do I have", "check my balance", "what's in my account", "recent transactions", "how many points do I have"),
    "technical": ("my internet is down", "it stopped working", "the app keeps crashing", "no connection", "help setting up a device", "the screen is frozen", "it won't turn on", "my phone has no signal"),
    "outage": ("the power is out", "no electricity at my house", "is there an outage in my area", "the lights went off", "we have no water"),
    "sales": ("I want to buy something", "get a quote", "sign up for new service", "what does it cost", "I'd like to become a customer", "tell me about your plans"),
    "cancel": ("I want to cancel", "end my contract", "stop my subscription", "I'm leaving you", "close my account", "turn off my service"),
    "booking": ("book an appointment", "I can't make it on Tuesday", "change my appointment", "reserve a table", "see the doctor next week", "move my booking to another day", "reserve a room"),
    "delivery": ("where is my package", "my order hasn't arrived", "track my parcel", "change the delivery date", "the box was empty", "when will it be delivered"),
    "return": ("send something back", "I want my money back", "it doesn't fit", "the item is broken, exchange it", "return a product"),
    "claim": ("I had an accident", "file a claim", "my house was damaged", "somebody hit my car", "status of my claim", "was my treatment paid for", "water damage in the basement"),
    "prescription": ("refill my medicine", "my pills have run out", "is my prescription ready", "talk to a pharmacist"),
    "doctor": ("I feel sick", "speak to a nurse", "find a doctor", "I am calling from a medical office", "my child has a fever"),
    "results": ("get my test results", "did my blood work come back", "the result of my scan"),
    "insurance": ("am I covered for this", "what does my plan cover", "my policy", "change my insurance", "proof of insurance", "new id card for my insurance"),
    "loan": ("I want a mortgage", "refinance my house", "my car loan", "borrow money", "pay off my loan", "interest rates"),
    "password": ("I can't log in", "forgot my password", "locked out of my account", "the website won't let me in", "reset my access"),
    "move": ("I am moving house", "new address", "transfer service to another home", "change where I live"),
    "hours": ("when are you open", "where are you located", "how do I get to you", "the nearest store", "are you open on Sunday"),
    "employment": ("apply for a job", "are you hiring", "verify employment", "my paycheck", "I lost my job"),
    "complaint": ("make a complaint", "I was treated badly", "talk to a supervisor", "I am very unhappy"),
    "travel": ("change my flight", "my suitcase didn't arrive", "I missed my plane", "use my miles", "seat on the plane", "is my flight on time"),
    "warranty": ("is it still under warranty", "extended warranty", "product defect"),
    "tax": ("my tax refund", "tax forms", "I owe taxes", "property tax"),
    "government": ("renew my license", "get a permit", "food stamps", "register to vote", "child support payment", "passport application"),
    "school": ("enroll in a class", "my child is absent today", "pay tuition", "apply for a scholarship", "order a transcript"),
    "meter": ("read my meter", "I smell gas", "my usage is wrong", "gas leak"),
    "vehicle": ("my car broke down", "flat tire", "service my car", "I need a tow truck", "order a car part", "the dead battery"),
    "mobile": ("my phone plan", "activate my phone", "use my phone abroad", "buy more data", "roaming", "new sim card"),
    "tv": ("a channel is missing", "no picture on the tv", "cancel a streaming package", "my remote does not work"),
    "activate": ("activate my new card", "turn on my device", "start using my card"),
    "press": ("I am a journalist", "I am a supplier", "our company sells to you", "investor question"),
}  # fmt: skip
