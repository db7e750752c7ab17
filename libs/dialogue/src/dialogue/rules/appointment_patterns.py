"""The words by which each intent that concerns an appointment is known."""

from dialogue.intents import Intent

APPOINTMENT_PATTERNS: dict[Intent, tuple[str, ...]] = {
    Intent.ANY_TIME: (
        r"\b(?:either|any(?: of (?:them|those|these)| one| time| day| works| is fine|$)|whichever|whatever"
        r"|both (?:work|are fine|fit|are good)|does not matter|do not (?:care|mind)"
        r"|no preference|up to you|you (?:choose|pick|decide)|all (?:work|fine|good)|surprise me)\b",
    ),
    Intent.NO_OFFERED_TIME: (
        r"\b(?:neither|(?:both|they|those|these|all) (?:are|is) (?:bad|no good|terrible|impossible|out|wrong)"
        r"|none(?: of)?|no(?:ne|t one) of|not (?:either|any)|(?:those|these|they|both|that|it"
        r"|none)(?: \w+){0,2} (?:do not|does not|will not|would not|are not|is not|are no) (?:work|fit|suit|good"
        r"|possible|ideal)"
        r"|cannot (?:make|do) (?:any|either|those|these|that|it|them)|do you have (?:any(?:thing)? else|something else"
        r"|other|another|more|anything)|any(?:thing)? (?:other|else|later|earlier)|something (?:else|later|earlier)"
        r"|(?:another|other|different) (?:day|days|time|times|slot|slots|options?|week))\b",
    ),
    Intent.OTHER_OFFERED_TIME: (r"\bthe other (?:one|time|option)\b",),
    Intent.LATER: (
        r"\b(?:bit|little|much|any(?:thing)?|something|even|slightly|somewhat) later\b"
        r"|\blater (?:on (?!one)|in the|than|that|if)|\btoo early\b",
    ),
    Intent.EARLIER: (
        r"\b(?:bit|little|much|any(?:thing)?|something|even|slightly|somewhat) (?:earlier|sooner)\b"
        r"|\b(?:earlier|sooner) (?:on (?!one)|in the|than|that|if)|\btoo late\b",
    ),
    Intent.BUSY_THEN: (
        r"\b(?:busy|out of town|away then|conflict|cannot (?:make|do) (?:it|that)|(?:have|got|am|is|work|working)\b"
        r".{1,30}\b(?:that day|then|that time|that morning|that afternoon|at that hour))\b",
    ),
    Intent.CANCEL: (r"\bcancel",),
}

APPOINTMENT_QUESTIONS: dict[Intent, tuple[str, ...]] = {
    Intent.ASKS_WHEN_IT_IS: (
        r"\b(?:what|which) (?:time|day|date)\b.{0,12}\b(?:again|was|is|did)\b|\bwhat was (?:it|that)(?: time)? again\b"
        r"|\bwhat (?:was|is) the (?:time|day|date)\b|\bwhen (?:is|was) (?:it|that|the|my)\b|\b(?:repeat|say"
        r"|tell me) the (?:time|date|day)\b",
    ),
    Intent.ASKS_WHO_COMES: (
        r"\bwho (?:is|will|would|do|am|are)\b.{0,15}\b(?:com\w+|meet\w*|visit\w*|see|seeing|be there|call\w*"
        r"|show\w*)\b",
    ),
    Intent.ASKS_WHAT_IT_COSTS: (
        r"\b(?:is|are) (?:it|that|this|the \w+(?: \w+)?) (?:\w+ ){0,2}free\b|\bfree of charge\b"
        r"|\bcost me anything\b"
        r"|\b(?:do|would|will) i (?:have to|need to)? ?pay (?:for|anything)\b|\bany (?:charge|cost|obligation|catch)\b"
        r"|\b(?:what|how much) (?:does|will|is) (?:it|that|the \w+(?: \w+)?) cost\b",
    ),
    Intent.ASKS_HOW_LONG_IT_TAKES: (
        r"\bfor how long\b|^how long$|\bhow (?:long|much time) (?:will|does|would|is|do)\b.{0,20}(?:take|last|need|be"
        r"|\bit|visit|appointment)\b",
    ),
    Intent.ASKS_FOR_CONFIRMATION: (
        r"\b(?:confirmation|reminder|confirm (?:it|that) (?:by|via|in)|calendar invite|invitation)\b",
    ),
    Intent.ASKS_FOR_OTHER_FORM: (
        r"\b(?:over|by|on) (?:the )?(?:phone|video|zoom|teams)\b|\bvirtual(?:ly)?\b|\bonline\b|\bremote(?:ly)?\b",
    ),
    Intent.ASKS_WHAT_TO_PREPARE: (r"\b(?:prepare|ready|bring|have at hand|have to be home|be at home)\b",),
}
"""Matched against what the caller asks alone."""
