"""Where the outside world is bound to the ports."""
