"""One file for each kind of node: what the company does while the call is there."""
