"""What a caller means by one utterance: its words, numbers, times, people, intents and objections."""
