"""What the two services agree on: flows, plans, call events, and the gRPC stubs."""
