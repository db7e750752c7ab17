"""The voice gateway: carries phone calls between Twilio, the voices and the agents."""
