"""What becomes of the call: its states, the transfer to the person, the recording, its end and its limits."""
