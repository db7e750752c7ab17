"""Finds what a caller does and means in his words, as learned from the lines in `utterances/` and `options/`.

`IntentClassifier` is the packaged network: an encoder that reads the agent's question and the caller's words as a pair,
and tells for each `Label` how probable it is, and for each `Option` of a campaign how probable it is that it is meant.
`training/train.py` makes it.
"""

from intent_classifier.classifier import IntentClassifier
from intent_classifier.labels import Label
from intent_classifier.tokens import Option

__all__ = ["IntentClassifier", "Label", "Option"]
