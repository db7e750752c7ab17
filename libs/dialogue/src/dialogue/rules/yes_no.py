"""Yes and no in all wordings."""

from dialogue.language import language

_HEARD = language("answers").patterns


def find_polarity(clauses: tuple[str, ...]) -> bool | None:
    """Returns True for yes, False for no, None for neither; of "no, yes" and "yes, no" the later counts."""
    polarity: bool | None = None
    for clause in clauses[:4]:
        if _HEARD["no_answer"].search(clause):
            polarity = False
        elif _HEARD["yes_answer"].search(clause):
            polarity = True
    return polarity
