"""Requests in, responses out: the only room that knows HTTP. `app` puts it together."""
