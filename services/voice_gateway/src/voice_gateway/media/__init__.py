"""The phone line and the speech of a call: audio in, words out, and back; knows nothing of the conversation."""
