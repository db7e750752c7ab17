"""Tells the clauses that ask something from those that state something."""

import re

_QUESTION_START = re.compile(
    r"^(?:(?:and|but|so|well|okay|ok|yes|no|oh|hey|hi|hello|right|now|also|sorry|actually|first|wait|then|because"
    r"|alright|please|yeah|sure|just) )*"
    r"(?:what|whats|how|why|when(?! (?:the|my|our|we|i|he|she|they|it|hell|you|this|that|everything) )|where|which"
    r"|who|whose|is|are|do(?! not (?!you))|does|did|can|could|would|will|should|may|have you"
    r"|has|am i|was|were|tell me|explain|any (?:chance|idea)|what about|how about|i (?:was )?wonder(?:ing)?"
    r"|i would like to know|i want to know|do not you|does not|is not|are not|can not you|cannot you|could you"
    r"|you (?:offer|have(?! been)|do|sell|accept|take))\b"
)
_QUESTION_INSIDE = re.compile(
    r"\b(?:what is|what are|what about|how much|how many|how long|how does|how do|how is|how big|how soon|how often"
    r"|what happens|what if|do you (?:have|offer|do|also|take|accept|work|know|guys|give|provide|sell|serve|cover"
    r"|install|support)|can (?:i|you|we|it)|(?<!that )(?<!this )(?<!it )(?<!which )is (?:it|there|that|this)"
    r"|are there|i (?:have|had|got) (?:a|another|one"
    r"|one more|some) questions?|question about|(?<!wife )(?<!husband )(?<!she )(?<!he )(?<!who )does (?:it|that|this"
    r"|the)|tell me (?:about|how|what|more)"
    r"|want to (?:know|ask)|wonder(?:ing)? (?:if|how|what|whether|about)|would like to (?:know|ask)|i (?:only "
    r"|just )(?:want|need) (?:(?:a|the|your|to know|some) )*(?:price|cost|quote|address|hours|info)|curious (?:about"
    r"|how|what|if)|where (?:are|is|do)|when (?:do|does|are|is|can|could|would)|what (?:kind|sort|does|do|would"
    r"|type))\b"
)
_TAG = re.compile(r"^(?:is|are|do|does|will|would|can) (?:not )?(?:it|you|they|we|that)$|^right$")
_SMALL = re.compile(
    r"^(?:hello|hi|hey|good (?:morning|afternoon|evening)|yes|no|okay|ok|right|sorry|really|what|huh)\b"
)


def question_clauses(clauses: tuple[str, ...], asks: bool) -> tuple[str, ...]:
    """Returns the clauses that ask something; `asks` tells that a question mark was heard."""
    plain = tuple(clause for clause in clauses if not _TAG.search(clause))
    asks, clauses = asks and len(plain) == len(clauses), plain
    asking = [clause for clause in clauses if _QUESTION_START.search(clause) or _QUESTION_INSIDE.search(clause)]
    if not asking and asks and clauses and len(clauses[-1].split()) > 1 and not _SMALL.search(clauses[-1]):
        return clauses[-1:]
    return tuple(asking)
