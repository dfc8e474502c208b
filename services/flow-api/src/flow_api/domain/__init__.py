"""What call flows are and how they change: pure functions over values."""
