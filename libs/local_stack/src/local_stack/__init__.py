"""The local stack: all of Callwright on one machine, a simulated Twilio and its callers."""
