"""Objections that callers raise everywhere, and those of the campaign."""

import re

from callwright_common.campaign import Campaign
from dialogue.analysis import FoundConcern
from dialogue.rules.matching import phrase_strength

_COMMON: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (concern, re.compile(pattern))
    for concern, pattern in (
        (
            "too_expensive",
            r"\b(?:too|so|very|really|pretty|quite|way too|kind of|bit|little) (?:expensive|pricey|costly|steep"
            r"|much money|high a price)\b|\b(?:that is|it is|sounds|seems|is|looks) (?:expensive|pricey|steep"
            r"|a lot(?: of money)?|a fortune|a rip ?off)\b|\bcannot (?:afford|swing)\b"
            r"|\bcosts? (?:too much|a fortune|an arm)\b"
            r"|\bout of (?:my|our) (?:budget|price range|league)\b|\bmore than (?:i|we) (?:can|want to|wanted to"
            r"|expected to) (?:spend|pay)\b|\b(?:do not|not) have (?:the|that|that kind of|enough|much|any) money\b"
            r"|\bmoney is tight\b|\bcheaper (?:elsewhere|somewhere|option|one|offer)\b|\bthat (?:much|is too much)\b$"
            r"|\b(?:is|are|sounds) (?:way |far |a bit |just )?too much\b|\btoo rich for\b|\bprices? (?:is|are|seems?"
            r"|sounds?) (?:\w+ )?(?:high|insane|crazy|steep|outrageous"
            r"|ridiculous)\b|\boverpriced\b",
        ),
        (
            "has_provider",
            r"\b(?:already|currently) (?:have|has|got|with|work(?:ing)? with|us(?:e|ing)|had"
            r"|signed)\b.{0,30}\b(?:provider|supplier|vendor|company|solution|system|tool|software|contract|somebody"
            r"|someone|one|that|it|quote|offer)\b|\b(?:happy|satisfied|fine|good) with (?:it|them|what (?:i|we) have"
            r"|my|our"
            r"|the (?:current|one))\b|\b(?:another|other|different) (?:offer|quote|quotes|company|companies|vendor"
            r"|vendors|provider|supplier)\b|\blooking at (?:your )?competitors?\b|\bshopping around\b"
            r"|\bunder contract\b|\bwe use (?:something|someone) else\b",
        ),
        (
            "send_email",
            r"\b(?:send|email|mail|text|e-mail|forward|shoot)\b(?: \w+){0,3} (?:information|info|details|brochure"
            r"|something|material|materials|an? e-?mail|e-?mail|in writing|it|that|a quote|stuff|the price|link"
            r"|documents?)\b|\b(?:send|put) (?:it|that|something|me something)\b.{0,20}\b(?:in writing|mail|e-?mail"
            r"|writing)\b|\b(?:just )?e-?mail me\b|\bby e-?mail\b",
        ),
        (
            "needs_to_think",
            r"\b(?:think (?:about|on|it over|this over|that over)|sleep on (?:it|this|that)|think (?:it|this"
            r"|that) (?:over|through)|mull it over|need (?:some |more |a little |a bit of )?time(?: to (?:think"
            r"|decide|consider))?|not ready(?: to (?:decide|commit|buy|sign))?|consider (?:it|my options|this)"
            r"|weigh (?:my|our|the) options|get back to you|call you back|(?:check|talk|speak|discuss it"
            r"|run it) (?:with|by|to) my \w+ first|not (?:so |really )?(?:convinced|sold)|have (?:my"
            r"|some) doubts|have to think)\b",
        ),
        (
            "no_trust",
            r"\b(?:(?:is|sounds|seems|smells|looks) (?:\w+ ){0,3}(?:scam|fraud|fishy|shady|sketchy|spam)|(?:do not"
            r"|not|cannot|hard to) (?:really )?trust|too good to be true|(?:a|another) (?:scam|rip ?off|con|catch)"
            r"|scammers?|are you (?:a )?(?:scam|legit|legitimate|for real)|how do i know|what is the catch"
            r"|where is the catch|telemarketers?|spam(?:mers?)?|suspicious|horror stor(?:y|ies)|bad (?:things"
            r"|reviews)|(?:go|going|goes|went) (?:bust|bankrupt|under|out of business)|been burned|bad experiences?"
            r"|ripped off)\b",
        ),
        (
            "not_now",
            r"\b(?:not|is not|am not) (?:right now|now|today|yet|at the moment|this year|the right time|a priority"
            r"|ready yet|urgent)\b|\bmaybe (?:next year|later|some other time|another time|some day)\b|\b(?:too early"
            r"|too soon|bad timing|other priorities|later in the year|down the road|in the future maybe)\b"
            r"|\b(?:rather|better|want to) wait\b|\bwait (?:till|until|for) (?:the )?(?:price|cost|rate)"
            r"|\bno time (?:for|to)\b|\b(?:do not|not) have (?:the |any |much |a lot of )?time\b",
        ),
        (
            "too_many_questions",
            r"\b(?:too many|so many|enough|all these|all the|more|another) questions?\b(?!.{0,12}(?:i|for you))"
            r"|\bhow (?:much longer|many more)\b|\b(?:takes|taking) (?:too|so) long\b|\bget to the point\b"
            r"|\binterrogat\w+\b|\bhurry (?:it )?up\b",
        ),
    )
)  # fmt: skip
_SURE = 0.9
_QUESTION_OF_PRICE = re.compile(r"\bhow (?:expensive|pricey|much)\b")
_RESOLVED = re.compile(r"\b(?:not|is not|was not|never) (?:too|so|that|very|really) (?:expensive|pricey|much|steep)\b")


def find_concern(campaign: Campaign, clauses: tuple[str, ...], text: str) -> FoundConcern | None:
    """Returns the objection that an utterance raises, or None; the campaign's own ones come first."""
    found: tuple[float, FoundConcern] | None = None
    for objection in campaign.objections:
        for phrase in objection.phrases:
            strength = phrase_strength(phrase, text)
            if strength >= 1 and (found is None or strength > found[0]) and not _denied(phrase, text):
                found = (strength, FoundConcern(objection.id, _SURE, text))
    if found:
        return found[1]
    for concern, pattern in _COMMON:
        for clause in (*clauses, text):
            if pattern.search(clause) and not (_QUESTION_OF_PRICE.search(clause) or _RESOLVED.search(clause)):
                return FoundConcern(concern, _SURE, clause)
    return None


def _denied(phrase: str, text: str) -> bool:
    """Whether a phrase is only named to deny it: "it is not too expensive"."""
    head = phrase.split(maxsplit=1)[0]
    return (
        head not in {"not", "do", "cannot"}
        and re.search(rf"\bnot (?:that |really )?{re.escape(phrase)}", text) is not None
    )
