"""EventStoreDB for this project: the client both services use, and an embedded single-node server."""
