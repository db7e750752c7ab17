"""Who decides, and the role that a caller claims."""

from callwright_common.campaign import Authority
from dialogue.grammar.words import Words, plain_words
from dialogue.language import language

_HEARD = language("people").patterns
_DECIDES = (Authority.SOMEBODY_ELSE, Authority.RECOMMENDS, Authority.TOGETHER, Authority.ALONE)


def find_authority(text: str) -> Authority | None:
    """Returns who decides by a plain text, or None."""
    text = _HEARD["of_the_dead"].sub("", text)
    if _HEARD["left_to_me"].search(text) and not _HEARD["jointly"].search(text):
        return Authority.ALONE
    if _HEARD["denied_other"].search(text):
        return find_authority(_HEARD["denied_other"].sub("", text).strip()) or Authority.ALONE
    if _HEARD["self_and_other"].search(text):
        return Authority.TOGETHER
    found = [name for name in _DECIDES if _HEARD[name].search(text)]
    if not found:
        return Authority.TOGETHER if _HEARD["owned_together"].search(text) else None
    return Authority.ALONE if Authority.TOGETHER in found and _HEARD["asks_nobody"].search(text) else found[0]


def names_who(utterance: str) -> bool:
    """Whether it is said of whom it is not to decide, or of who decides as one: nothing else is meant."""
    text = plain_words(utterance).text
    return any(_HEARD[name].search(text) for name in ("denied_other", "self_and_other"))


def without_questions_about_it(words: Words) -> str:
    """Returns a plain text without the clauses that ask why it is asked who decides, or whether it matters."""
    kept = [clause for clause in words.clauses if not _HEARD["asks_about_it"].search(clause)]
    return words.text if len(kept) == len(words.clauses) else " ".join(kept)


def find_role(text: str) -> str | None:
    """Returns the role the caller claims in a plain text, for example "office manager"."""
    match = _HEARD["role"].search(text)
    return match["role"].strip() if match else None
