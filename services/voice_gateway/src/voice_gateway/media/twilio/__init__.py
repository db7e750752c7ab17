"""The phone line of a call: Twilio Media Streams read, written and paced."""
