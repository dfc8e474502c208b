"""What follows from recorded events. Every reactor can be run twice."""
