"""Finds what a caller does in his words, as learned from the lines in `utterances/`.

`IntentClassifier` is the packaged network: an encoder that reads the agent's question and the caller's words as a pair,
and tells for each `Label` how probable it is. `training/train.py` makes it.
"""

from intent_classifier.classifier import IntentClassifier
from intent_classifier.labels import Label

__all__ = ["IntentClassifier", "Label"]
