"""Understanding by rules and by a classifier that learned from examples, each a second opinion on the other.

The rules alone understand closed forms: sums, times, counts, names, picks. Of what callers do, the classifier finds
what no pattern was written for, and takes back what only looked like something: an intent of the rules that the
classifier gives next to no chance does not count. Without the classifier the rules stand alone.
"""
