"""Who the caller is and who decides."""

import re

from dialogue.analysis import Authority

_RELATIVE = (
    r"(?:wife|husband|partner|spouse|girlfriend|boyfriend|fianc[eé]e?|co-?founder|co-?owner|business partner"
    r"|family|parents|mother|father|mom|dad|brother|sister|son|daughter|better half|significant other|other half|ex"
    r"|ex wife|ex husband|(?:mother|father|brother|sister)s? in law|in laws|grand(?:mother|father|parents|ma|pa)"
    r"|uncle|aunt|cousin|friend|siblings|kids|children|roommate)"
)
_SUPERIOR = (
    r"(?:boss|manager|ceo|cfo|cto|director|board|management|owner|supervisor|head of \w+|chief|team lead|landlord"
    r"|committee|council|congregation|trustees|association|hoa|headquarters|head office|leadership|vp|procurement"
    r"|finance(?: team| department)?|upper management|superior|higher ups?)"
)
_PATTERNS: tuple[tuple[Authority, re.Pattern[str]], ...] = (
    ("recommends", re.compile(
            rf"\b(?:(?:hoa|it|legal|council|association|congregation|insurance|lender|{_SUPERIOR}) (?:\w+ )?(?:has"
            rf"|have|needs?|must"
            rf"|will have|wants?)(?: to)? (?:approve|agree|sign|okay|vote|look)\w*|i (?:would |can |will |only |just "
            rf"|usually )*(?:recommend|suggest|advise|propose|evaluate"
            rf"|research|put together|collect|prepare|shortlist|look into)|need(?:s)? (?:\w+ )?(?:approval|sign ?off"
            rf"|permission|the okay|an okay|the go ahead)|(?:{_SUPERIOR}) (?:has|have|needs?|will have"
            rf"|must) to (?:sign|approve|agree|okay|decide on what)|(?:goes|has to go|have to go|go) (?:through|by"
            rf"|past) (?:the |our |my )?{_SUPERIOR}|sign(?:s|ed)? off|(?:get|have) (?:approval"
            rf"|it approved)|run (?:it|this|that) (?:by|past) (?:my |the |our )?{_SUPERIOR}|(?:ask|check with|talk to"
            rf"|speak (?:to|with)|consult) (?:my |the |our |with my )+{_SUPERIOR}|present (?:it|this) to)\b")),
    ("somebody_else", re.compile(
            rf"\b(?:(?:my |the |our )?{_SUPERIOR} (?:\w+ )?(?:decides?|makes? (?:the|that|those|all)|handles?"
            rf"|is the one|does|signs?|votes?|owns?)|(?:my )?{_RELATIVE} (?:\w+ )?(?:decides(?! (?:too|also|as well"
            rf"|with))|makes (?:the|that|those"
            rf"|all)|handles"
            rf"|is the one|(?:is )?the boss|takes care|looks after|wears the pants|deals with"
            rf"|is in charge|does (?:that|this|all|the)"
            rf"|owns)"
            rf"|(?:bank|parents|company|school|city|church) (?:\w+ )?owns?|belongs to (?:my|the|our|his|her)|landlord"
            rf"|(?:that|it) (?:is|would be|will be) my {_RELATIVE} (?:decision|call|choice|house|home|place)"
            rf"|not (?:the )?right person|(?:he|she|they) decides?|^(?:\w+ )?(?:the |my |our ){_SUPERIOR}$|not (?:my"
            rf"|mine) (?:decision|call|to make|house|home|place)|(?:i do not"
            rf"|i cannot|not me who) (?:decide|make (?:the|that|those|any)|own)|not up to me"
            rf"|not (?:the )?(?:decision maker|owner|one who decides)|someone else (?:decides|does|makes)"
            rf"|somebody else (?:decides|does|makes)|no (?:say|authority)|i (?:rent|am renting|am a tenant"
            rf"|am (?:just|only) (?:an? |the )?(?:assistant|intern|tenant|renter|secretary|receptionist|treasurer"
            rf"|employee|nurse"
            rf"|clerk|temp))|we (?:rent(?! it out| out)|are renting"
            rf"|are tenants)|it is a rental|above my pay ?grade)\b")),
    ("together", re.compile(
            rf"\b(?:^(?!you )[a-z]+ and (?:me|i|myself)\b|^(?:just )?me and [a-z]+$"
            rf"|(?:(?:my|the) {_RELATIVE} and (?:i|me|myself))|my and my {_RELATIVE}"
            rf"|(?:me|i|myself) and (?:my )?(?:{_RELATIVE})|(?:with|ask"
            rf"|talk to|talk with|discuss (?:it )?with|check with|consult|speak (?:to|with)|talk (?:it|this"
            rf"|that) over with|run (?:it|this|that) (?:by|past)) (?:it with )?(?:my |the )?{_RELATIVE}|both (?:of us"
            rf"|decide)|(?:we|us) (?:both|two|always)? ?(?:decide|own|make|choose|would decide"
            rf"|will decide)?(?: (?:it|that|this|the \w+|these things))? ?(?:together|jointly)|jointly|joint decision"
            rf"|the two of us|together (?:with|as)|as a (?:couple|family|team)|my {_RELATIVE} (?:too|also|as well"
            rf"|has a say|wants? to|would|will|needs|and|decides (?:with|too|also|as well)|is involved|gets a vote)"
            rf"|two of us"
            rf"|my (?:{_RELATIVE})$|we (?:both )?decide|{_RELATIVE} and i|my {_RELATIVE} .{{0,40}}(?:weigh in"
            rf"|have a say|on board|involved|agrees?|has to like)|shared decision"
            r"|we all (?:decide|vote|agree|have a say)|family (?:decision|thing|matter))\b")),
    ("alone", re.compile(
            r"\b(?:i (?:\w+ )?(?:decide|can decide|make (?:the|that|those|all|my own|these|this) (?:\w+ )?(?:decision"
            r"|decisions|call|calls|choice|choices)|have the (?:final|last) (?:say|word)|call the shots"
            r"|sign the (?:checks|cheques|contracts)|am the (?:only|sole|one who|decision|owner|boss|ceo|homeowner"
            r"|founder)|am in charge|am responsible|own (?:the|my|it|this|our)|am the one)|it is my (?:own )?(?:house"
            r"|home|place)|my name (?:is )?on (?:it|the)|i bought (?:it|the|this)|^(?:yes )?i (?:do|would|will)$"
            r"|^(?:\w+ )?alone$|(?:just|only) (?:me"
            r"|myself)|(?:me|myself) (?:alone|only)|by myself|on my own|my (?:own )?(?:decision|call|choice"
            r"|house alone)|(?:it is|that is|is|that would be|it would be|entirely|all|totally) (?:up to me|me|mine"
            r"|my decision)|up to me|i live alone|i (?:handle|take care of|manage) (?:everything|it|that|this|all)"
            r"|no ?(?:body|one) (?:else|but me)|i am (?:the |an? )?(?:single|homeowner"
            r"|widow(?:er|ed)?|divorced|owner|founder|ceo|president|managing director|sole)|myself|decision maker"
            r"|i do(?: it)? alone|the decision is mine|mine alone|solely|i can (?:sign|approve|say yes))\b")),
)  # fmt: skip
_ROLE = re.compile(
    r"\bi am (?:the |an? |one of the )?((?:\w+ ){0,2}(?:owner|homeowner|founder|ceo|cfo|cto|coo|president|director"
    r"|manager|head of \w+|vp of \w+|office manager|engineer|developer|assistant|tenant|landlord|teacher|nurse"
    r"|accountant|consultant|team lead|supervisor|buyer|partner))\b"
)
_NAME_LEADS = (
    re.compile(
            r"\b(?:my name is|my name's|the name is|name's|you can call me|call me"
            r"|people call me)\s+([^\W\d_][\w'-]+(?:\s+[A-Z][\w'-]+)?)", re.IGNORECASE),
    re.compile(
            r"\b(?:[Tt]his is|[Ii]t's|[Ii]t is|[Ii] am|[Ii]'m"
            r"|[Hh]ere is)\s+([A-Z][a-z'-]+(?:\s+[A-Z][a-z'-]+)?)(?=[\s,.!?]|$)"),
    re.compile(r"\b([A-Z][a-z'-]+(?:\s[A-Z][a-z'-]+)?) (?:here|speaking)\b"),
)  # fmt: skip
_NO_NAMES = frozenset([
    "a", "about", "actually", "after", "again", "all", "already", "also", "american", "an", "and", "any", "anymore",
    "april", "around", "at", "august", "back", "because", "before", "both", "busy", "but", "calling", "considering",
    "correct", "crazy", "december", "doctor", "driving", "english", "ever", "february", "fine", "friday", "from",
    "glad", "good", "great", "happy", "hello", "her", "here", "hey", "hi", "his", "home", "how", "i", "if", "in",
    "interested", "is", "it", "it's", "january", "july", "june", "just", "later", "looking", "march", "may", "maybe",
    "monday", "my", "names", "next", "nice", "no", "not", "november", "october", "okay", "on", "only", "our", "owner",
    "perfect", "ready", "really", "right", "saturday", "september", "so", "solar", "sometime", "sorry", "still",
    "sunday", "sure", "that", "the", "thinking", "this", "thursday", "today", "tomorrow", "tonight", "too", "tuesday",
    "very", "we", "wednesday", "well", "what", "when", "whenever", "who", "with", "wrong", "yes", "you", "your",
])  # fmt: skip


_LEFT_TO_ME = re.compile(
    r"\b(?:(?:leaves?|left|leaving) (?:\w+ ){0,3}(?:up )?to me"
    r"|(?:lets?|let us) me (?:decide|handle|choose|pick|deal|do|make)"
    r"|(?:wife|husband|partner|he|she|they) does not (?:really )?(?:care|mind|get involved)"
    r"|trusts? me (?:with|on|to)|it is (?:still |only |all |just )?my (?:decision|call|choice)"
    r"|but (?:in the end |ultimately |really |usually )?"
    r"(?:i (?:am the one who )?(?:\w+ )?(?:decide|make|handle|choose|run)"
    r"|(?:the )?(?:final )?(?:decision|call) is mine)|i have the (?:final|last) (?:say|word)"
    r"|i do not (?:have to|need to) ask|i wear the pants)\b(?! (?:and (?:my|his|her)|together|with))"
)
_JOINTLY = re.compile(r"\b(?:(?:decide|decision\w*|do) (?:\w+ )?(?:together|jointly)|we both decide|we decide)\b")
_OWNED_TOGETHER = re.compile(
    r"\bwe (?:both )?(?:bought|built|own|have) (?:it|the|this|that|our)\b|\bit is (?:ours|our)\b"
    r"|\bboth (?:own|have)\b"
)


def find_authority(text: str) -> Authority | None:
    """Returns who decides by a plain text, or None."""
    if _LEFT_TO_ME.search(text) and not _JOINTLY.search(text):
        return "alone"
    matches = {name: match for name, pattern in _PATTERNS if (match := pattern.search(text))}
    if not matches:
        return "together" if _OWNED_TOGETHER.search(text) else None
    if "together" in matches and re.search(
        r"\b(?:do not|no|not) (?:have|need)(?: \w+)? (?:to )?(?:ask|a \w+|my)", text
    ):
        return "alone"
    for name in ("somebody_else", "recommends", "together", "alone"):
        if name in matches:
            return name
    return None


def find_role(text: str) -> str | None:
    """Returns the role the caller claims in a plain text, for example "office manager"."""
    match = _ROLE.search(text)
    return match[1].strip() if match else None


def find_name(utterance: str) -> str | None:
    """Returns the caller's name from an utterance as transcribed (its capitals matter), or None."""
    for pattern in _NAME_LEADS:
        match = pattern.search(utterance)
        if not match:
            continue
        parts = [part for part in match[1].split() if part.lower().strip("'") not in _NO_NAMES]
        if parts and match[1].split()[0].lower() not in _NO_NAMES and len(parts[0]) > 1:
            return " ".join(part[:1].upper() + part[1:] for part in parts[:2])
    return None
