"""The OpenAPI 3.1 document of this API. ``tests`` check that it and the routes say the same."""
