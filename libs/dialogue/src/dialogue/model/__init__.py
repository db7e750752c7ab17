"""Replies in a model's words: what the model is told, and what of what it writes reaches the voice.

Its raw text goes one way: `answer` takes out what is none of its answer, `sentences` cuts the rest into sentences,
which `lines` makes fit to be spoken, and `gate` lets through what may be said by its `claims`.
"""
