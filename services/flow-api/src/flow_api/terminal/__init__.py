"""``callflow``: the REST API for people in a terminal."""
