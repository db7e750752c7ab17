"""Yes and no in all wordings."""

import re

_NO = re.compile(
    r"^(?:(?:oh|well|ah|and|but|so|okay|ok|sorry|i am sorry|actually|hey) )*(?:no(?! (?:problem|worries|doubt|rush"
    r"|hurry|one|idea|matter|more|question|issue|wonder|trouble))|nope|nah|naw|negative|never"
    r"|not (?:really|at all|exactly|yet|now|today|particularly|quite|necessarily|in the least|that i know|so much"
    r"|for now|right now|this time|ideal)"
    r"|i (?:do not|am not|have not|cannot|would not|did not|will not|could not)(?: (?:think|believe) so| really"
    r"| actually)?$|i (?:do not|would not) (?:think|believe|say) so|i (?:am )?afraid not|afraid not"
    r"|i would rather not|rather not|i doubt it|of course not"
    r"|absolutely not|definitely not|certainly not|probably not|hardly|unfortunately not|unfortunately no|hell no"
    r"|no way|(?:we|they) (?:do not|are not|cannot)$|(?:that|it|this) (?:does not|will not|would not|is not) (?:work"
    r"|right|correct|good|fit|suit|true|possible|going to work)\b.*)(?=\s|$)"
)
_YES = re.compile(
    r"^(?:(?:oh|well|ah|and|but|so|i mean|hey|i guess|i think|i suppose) )*(?:yes|yeah|yep|yup|yea|yah|ye|yessir|si"
    r"|sí|sure"
    r"|of course|absolutely|definitely|certainly|right|correct|exactly|indeed|ok|okay|okey|alright|all right"
    r"|affirmative|totally|gladly|fine"
    r"|perfect|great|good|wonderful|excellent|awesome|cool|lovely|fantastic|please(?: do)?|by all means|why not"
    r"|go ahead|go for it|deal|agreed|you bet|for sure|naturally|obviously|no (?:problem|worries|doubt|question)"
    r"|i guess so|i think so|i suppose so|i believe so|i would say so|sounds (?:good|great|fine|perfect|about right"
    r"|right|like a plan|okay)"
    r"|(?:that|it|this|which|either) (?:should (?:work|do|be (?:fine|good|okay|ok|possible|great|perfect))|works"
    r"|is (?:fine|good|great|perfect|right|correct|okay|ok|true|alright|it)"
    r"|would (?:be (?:fine|good|great|perfect|nice|lovely|wonderful|okay)|work|do|suit)|will (?:do|work|be fine)"
    r"|suits|sounds (?:good|great|fine|perfect|right))|works (?:for|with)|i (?:do|am|would|can|will|have|could)$"
    r"|i (?:would (?:like|love) (?:that|to|it)|confirm|agree|accept|can do that|can make (?:it|that)|am (?:okay|fine"
    r"|good|happy) with)|we (?:do|are|can|will|would|have)$|let us do (?:it|that)|book it|do it|confirmed?|lock it in"
    r"|make it so|count me in|it is$|that is right)(?=\s|$)"
)


def find_polarity(clauses: tuple[str, ...]) -> bool | None:
    """Returns True for yes, False for no, None for neither; of "no, yes" and "yes, no" the later counts."""
    polarity: bool | None = None
    for clause in clauses[:4]:
        if _NO.search(clause):
            polarity = False
        elif _YES.search(clause):
            polarity = True
    return polarity
