"""A simulated Twilio: signs webhooks, follows TwiML and carries a call over a media WebSocket in real time."""
