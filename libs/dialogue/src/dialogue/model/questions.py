"""Which question a model's own question asks: the caller's next words are taken as the answer to that one."""

from callwright_common.campaign import Campaign, ChoiceQuestion, Question
from dialogue.grammar.words import plain_words
from dialogue.language import language
from dialogue.model.statements import SILENT_WORDS, stems
from dialogue.turns import Reply
from vocabulary import turns
from vocabulary.enums import Expectation, TransitionTrigger

_PATTERNS = language("model/questions").patterns
_SILENT = frozenset().union(*map(stems, SILENT_WORDS))


def asked_by(campaign: Campaign, reply: Reply, sentence: str) -> turns.Question | None:
    """Returns what a question of a model's in place of a reply asks, None where its answer tells nothing.

    Without clear signs of another, that is what the rules ask. A question back after words that were not understood is
    about what is open.
    """
    words = plain_words(sentence).text
    if _PATTERNS["checks_back"].search(words):
        return reply.asks if reply.trigger is TransitionTrigger.NOT_UNDERSTOOD else None
    scores = {question.id: _score(campaign, question, words) for question in campaign.questions}
    of_rules = reply.asks.question_id if reply.asks else ""
    best = max(scores, key=scores.__getitem__, default="")
    if best and best != of_rules and scores[best] > scores.get(of_rules, 0):
        return turns.Question(Expectation.ANSWER, best)
    return reply.asks


def _score(campaign: Campaign, question: Question, words: str) -> int:
    """Returns how much words sound like a question: they are of its kind, and have words that only it has."""
    if not _PATTERNS[question.kind].search(words):
        return 0
    others = frozenset().union(*(_words_of(one) for one in campaign.questions if one.id != question.id))
    return 1 + len(stems(words) & (_words_of(question) - others - _SILENT))


def _words_of(question: Question) -> frozenset[str]:
    choices = [choice.value for choice in question.choices] if isinstance(question, ChoiceQuestion) else []
    return stems(" ".join((question.label, question.ask, question.ask_again, *choices)))
