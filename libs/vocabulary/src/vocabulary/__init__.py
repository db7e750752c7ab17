"""The values of a conversation, each with its wire form beside it.

* `enums`: the closed sets, and the codec of each.
* `qualification`: score, factors, captured facts.
* `turns`: what the caller did, what the agent says and asks, what was heard, what follows.
* `exchange`: what the gateway and the orchestrator tell each other of a call.
* `call_events` and `call_record`: what is recorded of a call.
* `callers`: the rules for callers' numbers and Twilio's ids.
"""
