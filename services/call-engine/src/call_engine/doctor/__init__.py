"""Looks at everything the service needs before it is needed. ``finding`` says what a look is, ``report`` runs and prints them all."""
