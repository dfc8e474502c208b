"""How a flow is learned from what calls found out: pure functions over values. ``call_flow_learner`` is the front door."""
