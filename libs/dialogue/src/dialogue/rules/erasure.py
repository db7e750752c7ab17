"""Whether a caller wants that nothing of him is kept."""

from dataclasses import replace

from dialogue.analysis import Analysis, FoundIntent
from dialogue.confidence import LIKELY, POSSIBLE
from dialogue.contact import PERSONAL
from dialogue.intents import Intent
from dialogue.language import language
from dialogue.rules.utterances import Understanding
from dialogue.state import DialogueState

_HEARD = language("erasure").patterns
_SURE = 0.9


def wants_erasure(said: Understanding, *, is_noted: bool) -> bool:
    """Whether the data about the caller is to be deleted.

    Args:
        said: What the caller said.
        is_noted: Whether he names a detail that is noted in the call: then he means that alone.
    """
    text = said.words.text
    return bool(_HEARD["wants_erasure"].search(text) or (not is_noted and _HEARD["of_a_detail"].search(text)))


def erased(said: Understanding) -> tuple[str, ...]:
    """Returns the details that are not to be kept of a caller who wants his data deleted: all, or the one he names."""
    return tuple(PERSONAL) if _HEARD["wants_erasure"].search(said.words.text) else ()


def meant_by_forgetting(state: DialogueState, said: Understanding, *, forgets: bool) -> list[FoundIntent]:
    """Returns what is meant by a caller who wants his data deleted; who has booked is still talked with."""
    no_calls = not state.may_be_booked or _HEARD["of_calls"].search(said.words.text) is not None
    meant = [Intent.WANTS_ERASURE, *([Intent.DO_NOT_CALL] if no_calls else [])]
    return [FoundIntent(intent, _SURE) for intent in meant] if forgets else []


def as_erasure(found: Analysis, state: DialogueState) -> Analysis:
    """Returns the same with the wish to be called no more as one to be forgotten, where it speaks of what is known.

    It need not be as plain as one that speaks of calls: with either nobody calls any more.
    """
    chance = max((one.confidence for one in found.intents if one.intent is Intent.DO_NOT_CALL), default=0.0)
    deletes = _HEARD["deletes_data"].search(found.words) is not None
    speaks_of_it = deletes or _HEARD["speaks_of_data"].search(found.words) is not None
    if not speaks_of_it or chance < POSSIBLE or found.has(Intent.WANTS_ERASURE) or found.takes_out:
        return found
    sure = max(chance, LIKELY) if deletes else chance
    if sure < LIKELY:
        return replace(found, intents=(*found.intents, FoundIntent(Intent.WANTS_ERASURE, sure)))
    talks_on = state.may_be_booked and not _HEARD["of_calls"].search(found.words)
    meant = [Intent.WANTS_ERASURE] if talks_on else [Intent.WANTS_ERASURE, Intent.DO_NOT_CALL]
    intents = (*found.without(Intent.DO_NOT_CALL).intents, *(FoundIntent(intent, sure) for intent in meant))
    facts = tuple(fact for fact in found.facts if fact.name not in PERSONAL)
    return replace(found, intents=intents, facts=facts, takes_out=tuple(PERSONAL))
