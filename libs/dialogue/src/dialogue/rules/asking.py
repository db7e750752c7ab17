"""Tells the clauses that ask something from those that state something."""

from dialogue.language import language

_HEARD = language("answers").patterns


def question_clauses(clauses: tuple[str, ...], asks: bool) -> tuple[str, ...]:
    """Returns the clauses that ask something; `asks` tells that a question mark was heard."""
    plain = tuple(clause for clause in clauses if not _HEARD["tag"].search(clause))
    asking = tuple(clause for clause in plain if _HEARD["question"].search(clause))
    if asking or not asks or not plain or len(plain) < len(clauses):
        return asking
    last = plain[-1]
    return (last,) if " " in last and not _HEARD["small_talk"].search(last) else ()
