"""How sure something must be to count, in one place for all that is understood; confidences are 0 to 1."""

POSSIBLE = 0.35
"""From here on something grave may be meant: it is asked before it is done."""
SAID_AGAIN = 0.44
"""From here on what was asked for once, and denied, counts when it is said again."""
NOTED = 0.3
"""From here on a fact is noted; what commits nothing may be doubtful, and is said back so."""
LIKELY = 0.5
"""From here on an intent or an objection counts as meant, and a fact is no longer doubtful."""
CLEAR = 0.6
"""Above this something was plainly said, whatever else it sounded like."""
