"""What callers want, told from plain words by patterns that leave room for how people really speak."""

import re
from enum import StrEnum


class Intent(StrEnum):
    """Something that an utterance does."""

    GREETING = "greeting"
    GOODBYE = "goodbye"
    THANKS = "thanks"
    WAIT = "wait"
    REPEAT = "repeat"
    SLOWER = "slower"
    CAN_YOU_HEAR = "can_you_hear"
    ARE_YOU_HUMAN = "are_you_human"
    WHO_ARE_YOU = "who_are_you"
    HOW_ARE_YOU = "how_are_you"
    WHY_ASKING = "why_asking"
    RECORDING = "recording"
    WHERE_FROM = "where_from"
    WHAT_TIME = "what_time"
    TELL_MORE = "tell_more"
    WANTS_HUMAN = "wants_human"
    WANTS_APPOINTMENT = "wants_appointment"
    RESCHEDULE = "reschedule"
    INTEREST = "interest"
    NOT_INTERESTED = "not_interested"
    DO_NOT_CALL = "do_not_call"
    WRONG_NUMBER = "wrong_number"
    CALL_LATER = "call_later"
    DOES_NOT_KNOW = "does_not_know"
    DECLINES_TO_SAY = "declines_to_say"
    ABUSE = "abuse"
    MANIPULATION = "manipulation"
    CONTACT = "contact"
    CORRECTION = "correction"


_HUMAN = (
    r"(?:(?:real|live|actual|human|proper) (?:person|human|being|agent|people|operator|human being|representative"
    r"|someone|voice|one)"
    r"|human(?: being)?|person|representative|rep|operator|agent|manager|supervisor|salesperson|sales person|sales rep"
    r"|colleague|someone real|somebody real|customer service|your boss|the boss|the owner|an? advis[oe]r"
    r"|someone in (?:sales|charge)"
    r"|someone(?: else)?|somebody(?: else)?|sales(?: team| department)?|your team)"
)

_PATTERNS: dict[Intent, tuple[str, ...]] = {
    Intent.MANIPULATION: (
        r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:instructions?|prompts?|rules|programming"
        r"|guidelines|everything)\b",
        r"\b(?:system prompt|your instructions|your prompt|developer mode|jailbreak|admin mode|debug mode)\b",
        r"\b(?:set|make|change|raise|increase|give|put|mark|boost|bump|bring|max)\b.{0,30}\b(?:score|rating"
        r"|qualification|ranking|qualified|points)\b",
        r"\bscore (?:of|to|is|as|me|at)\b|\bmy (?:lead )?score\b|\bqualif(?:y|ied) me\b|\bas (?:fully )?qualified\b",
        r"\b(?:pretend|act as|you are now|from now on you|roleplay|role play)\b",
        r"\b(?:high|highest|top|perfect|maximum|max|full|good) (?:score|marks|rating|points)\b",
    ),
    Intent.DO_NOT_CALL: (
        r"\b(?:do not|never|stop|quit|no more) (?:ever )?(?:call|calling|contact|contacting|phone|phoning|ring"
        r"|ringing|bother|bothering|harass|harassing)(?: (?:me|us|here|this|my|again|anymore|calls?)| *$)",
        r"\b(?:take|remove|delete|get|strike|scratch) (?:me|my (?:\w+ )?(?:number|name)|us"
        r"|this number)\b.{0,15}\b(?:list|lists|database|system|records|file)\b",
        r"\bdo not call list\b|\b(?:lose|delete|forget) (?:my|this) number\b|\bunsubscribe\b|\bno more calls\b"
        r"|\bstop (?:calling|it with the calls)\b",
    ),
    Intent.WRONG_NUMBER: (
        r"\b(?:wrong|incorrect) (?:number|person|company)\b|\bmis ?dial(?:l?ed)?\b|\bdialed (?:the )?wrong\b"
        r"|\b(?:called|dialed|call) (?:you )?by (?:mistake|accident)\b|\bi think i have the wrong\b",
    ),
    Intent.ABUSE: (
        r"\b(?:f+u+c+k+\w*|f\*+\w*|sh[i*]t(?:ty|head)?|bullsh[i*]t|assholes?|a\*+hole|bitch|bastards?|motherf\w+|cunt"
        r"|dickhead|piss off|screw you|go to hell|shut up|idiots?|moron|stupid (?:robot|machine|bot|thing|computer"
        r"|idiot)|dumb (?:robot|machine|bot|ass|thing)|you suck|you are (?:so )?(?:stupid|useless|an? idiot|dumb)"
        r"|piece of (?:garbage|trash|junk|crap))\b",
    ),
    Intent.NOT_INTERESTED: (
        r"\b(?:not|never) (?:really |at all |that |so |very |all that |even )?interested\b(?! in (?!this|that|it\b"
        r"|any|what|your|buying|solar|the product|the offer|talking))",
        r"\bno interest\b(?! in (?:a|the) )|\b(?:do not|will not|would not) (?:want|need) (?:it|this|any|any of this"
        r"|that|anything|one|to buy(?: anything)?)(?: *$| from| at all| any ?more| thank)",
        r"\bnot for (?:me|us)\b|\bno sale\b|\b(?:leave|let) me alone\b|\bi (?:will|am going to|would rather) pass\b"
        r"|\bhard pass\b|\bi am good thanks?\b",
        r"\b(?:changed my mind|count me out|lost interest|do not bother|not buying|forget (?:it|about it)"
        r"|never ?mind this whole)\b|\bi am all set\b|\bnothing for me\b",
        r"\bnot what i (?:am|was) looking for\b|\bwaste of (?:my )?time\b|\bwasting my time\b",
    ),
    Intent.CALL_LATER: (
        r"\bcall (?:me |us )?(?:back|later|another|tomorrow|again (?:later|tomorrow|another|next|in))\b(?! number)",
        r"\b(?:not|is not|it is not) a (?:good|great|convenient) (?:time|moment)\b|\bbad (?:time|moment|timing)\b"
        r"|\b(?:can|could) (?:you|we|i) (?:call|talk|speak|do this|try|ring)\b.{0,20}\b(?:later|back|another (?:time"
        r"|day)|tomorrow|tonight|next week)\b",
        r"\bi am (?:\w+ ){0,2}(?:busy|driving|in a (?:meeting|hurry|rush)|at work|cooking|on my way out|running late"
        r"|in the middle of)\b|\b(?:have|get) (?:someone|somebody|a colleague|them|him|her) (?:to )?call me\b"
        r"|\bgive me a (?:call|ring) (?:back|later|tomorrow)\b|\bcannot (?:talk"
        r"|speak) (?:right )?now\b|\b(?:talk|speak) (?:to you )?(?:some other time|another time)\b"
        r"|\btry me (?:again )?(?:later|tomorrow|next)\b|\bring me back\b",
    ),
    Intent.WANTS_HUMAN: (
        rf"\b(?:talk|speak|chat|spoke|talking|speaking)(?: \w+)? (?:to|with) (?:an? |the |your |some "
        rf"|one of your )?{_HUMAN}\b(?! about it at home)",
        rf"\b(?:get|give|put|connect|transfer|pass|hand|switch|patch|forward|let)\b(?: me| us)?(?: \w+)?(?: on| over"
        rf"| through)?(?: to| with)? (?:an? |the |your |some )?{_HUMAN}\b",
        r"\b(?:want|need|prefer|would like|rather have|have|get)(?: to have| to get| to)? (?:an? |the |your "
        r"|some )?(?:(?:real|live|actual|human) (?:person|human|agent|operator|voice|being|one)|human(?: being)?"
        r"|person|representative|operator)\b",
        r"\b(?:is there|are there|can i have|do you have|have you got) (?:an? |any )?(?:real |live |actual )?(?:human"
        r"|person|people|someone|somebody|anyone|anybody|representative)\b.{0,25}\b(?:talk|speak|there|available"
        r"|around|i can|help)\b",
        r"\b(?:transfer|connect|put) me\b|\b(?:put|patch) me through\b|\bhuman please\b|\boperator\b(?! system)"
        r"|\b(?:real|actual|live) (?:person|human)\b(?! or)(?= please|$)|^(?:representative|agent|human|a human"
        r"|person|a person|real person)$",
        r"\b(?:do not|will not|hate|cannot|not going to|refuse to) (?:want to |like to |wanna )?(?:talk(?:ing)?"
        r"|speak(?:ing)?) (?:to|with) (?:an? )?(?:\w+ )?(?:robot|machine|computer|bot|ai|recording)s?\b",
    ),
    Intent.RESCHEDULE: (
        r"\bre ?schedul\w*\b|\b(?:move|shift|switch|push|change) (?:it|that|this|me) (?:to|till|until|by|back)\b"
        r"|\b(?:change|move|shift|switch|push) (?:my |the |our |that )?(?:appointment|booking|visit"
        r"|meeting|time|date|slot|demo|call)\b|\b(?:different|another|other|better|later|earlier) (?:day|time|date"
        r"|slot)\b|\bcancel(?:l?ed|ling)? (?:it|that|this)\b|\bcancel (?:my |the |our |that )?(?:appointment|booking"
        r"|visit|meeting|demo)\b",
    ),
    Intent.WANTS_APPOINTMENT: (
        r"\b(?:book|schedule|arrange|set up|make|fix|plan|get)\b.{0,20}\b(?:appointment|visit|meeting|demo"
        r"|consultation|time|slot|date|call|inspection|session)\b",
        r"\b(?:want|like|need|have|get|take|love|can i|could i|could we|can we|do)\b.{0,15}\b(?:an? appointment"
        r"|the appointment|a (?:free )?(?:home )?visit|a demo|a consultation|a meeting|the (?:free )?(?:home )?visit"
        r"|the demo)\b",
        r"\b(?:when (?:can|could|would)) (?:you|someone|somebody|they|we|your \w+|an? \w+) (?:\w+ )?(?:come|visit"
        r"|stop|drop|meet|start|be here|show|get here|talk)\b",
        r"\b(?:come (?:by|over|out|round|around|and (?:see|look|measure))|send (?:someone|somebody|an? \w+)(?: out"
        r"| over| by)?|stop by)\b|\bwhat (?:times|days|slots|appointments|openings) (?:do you|have you|are)\b"
        r"|\bsign me up\b|\bbook me\b|\bschedule (?:it|that|me|one|something)\b|\bnext step\b|\bhow do (?:i"
        r"|we) (?:sign up|get started|proceed|book)\b|\bget (?:this |it |me )?(?:started|going)\b",
    ),
    Intent.REPEAT: (
        r"\b(?:repeat|rephrase|say|come)\b(?: \w+){0,3} (?:again|that|once more|one more time|slower)\b(?<!say that)"
        r"|\bsay (?:that|it) (?:again|one more|once more)\b|\b(?:pardon|come again|once more|one more time|say again"
        r"|repeat)\b",
        r"\b(?:did not|could not|cannot|do not|didn) (?:quite |really |even )?(?:hear|catch|get|understand"
        r"|follow)(?: (?:that|you|it|what|the|a word|your|everything|all)\b|$)|\bmissed (?:that|what)\b"
        r"|\bcut(?:ting)? out\b|\bbreaking up\b|\byou broke up\b",
        r"^(?:what|sorry|huh|excuse me|what was that|sorry what|what sorry|i am sorry|what did you say"
        r"|i beg your pardon|hm what)$",
        r"\bwhat (?:did|do) you (?:just )?(?:say|said|ask|mean)\b|\bwhat was (?:that"
        r"|the question|your question)\b|\bwhat is the question\b",
    ),
    Intent.SLOWER: (
        r"\b(?:slow(?:er| down)|speak up|louder|too fast|too quick(?:ly)?|more slowly|hard to (?:hear|understand))\b",
    ),
    Intent.CAN_YOU_HEAR: (
        r"\b(?:can|do) you (?:still )?hear me\b|\bare you (?:still )?(?:there|here|listening)\b|\b(?:anybody|anyone"
        r"|is someone|is anyone) (?:there|home)\b|\bhello hello\b|\btesting one two\b",
    ),
    Intent.ARE_YOU_HUMAN: (
        r"\b(?:are|r) (?:you|u|we|this|i)\b.{0,25}\b(?:robot|machine|computer|bot|ai|a i|real|human|automated"
        r"|recording|person|chat ?gpt|program|artificial|chatbot)\b",
        r"\b(?:is this|this is|is it|am i (?:talking|speaking) (?:to|with)|talking to|speaking (?:to"
        r"|with))\b.{0,15}\b(?:robot|machine|computer|bot|ai|a i|real person|human|automated|recording|chatbot)\b",
        r"\byou (?:sound|seem|talk) like (?:an? )?(?:\w+ )?(?:robot|machine|computer|bot|ai|recording)\b"
        r"|\byou are (?:not (?:a )?(?:real|human)|an? (?:robot|machine|bot|ai|computer))\b",
    ),
    Intent.WHO_ARE_YOU: (
        r"\bwho (?:are you|is (?:this|that|calling|speaking)|am i (?:talking|speaking)|do you work for"
        r"|i am (?:talking|speaking))\b|\bwhat is your name\b|\b(?:what|which) (?:company|business|firm"
        r"|organization) (?:is this|are you|do you)\b|\byour name(?: again)?$|\bname of your company\b"
        r"|\bwho did you say\b|^is this (?!(?:a|an|the|call|being|really|for|your|my|some|just|even|still|going"
        r"|free)\b)\w+(?: \w+)?$|\bwhat is this (?:company|call)?\b(?: about)?|\bwhat is it about\b",
    ),
    Intent.HOW_ARE_YOU: (
        r"\bhow are (?:you|things|we)(?! (?:able|going to|different|better|so))\b|\bhow is (?:it going|your day"
        r"|everything|life)\b|\bhow (?:do you do|have you been|you doing)\b|\bwhat is up\b",
    ),
    Intent.WHY_ASKING: (
        r"\bwhy (?:do|would|are|did|should|does|is)\b.{0,15}\b(?:you|i|that|it|this)\b.{0,25}\b(?:ask|asking|need"
        r"|want|know|tell|matter|matters|important|relevant|question|questions)\b|\bwhat (?:do|does) (?:you|that|this"
        r"|it) (?:need|want|matter|have to do)\b.{0,25}|\bnone of your business\b.{0,1}\b(?:why)?",
    ),
    Intent.RECORDING: (
        r"\b(?:is|are|was|being|you) (?:this |the |you |it )?(?:call |conversation )?(?:being )?(?:recorded"
        r"|recording)\b|\bwhat (?:do|happens|will happen) (?:you do )?(?:with|to) my (?:data|information|details)\b"
        r"|\bprivacy\b",
    ),
    Intent.WHERE_FROM: (
        r"\bhow did you get (?:my|this) (?:number|name|details|contact)\b|\bwhere did you (?:get|find) my\b"
        r"|\bwho gave you (?:my|this)\b",
    ),
    Intent.WHAT_TIME: (r"\bwhat (?:time|day|date) is it\b|\bwhat is (?:the|today|todays) (?:time|date|day)\b",),
    Intent.TELL_MORE: (
        r"\b(?:tell|explain|describe|give)\b.{0,12}\b(?:more|about (?:it|your|this|the product|what you)|details"
        r"|overview|information|info)\b|\bwhat (?:do|does|exactly do|is it) (?:you|your company|it is you"
        r"|that you) (?:guys )?(?:do|offer|sell|provide|make|have to offer)\b|\bwhat is (?:it|this|that) (?:exactly"
        r"|all about|about)\b|\bwhat are you (?:selling|offering)\b|\bhow can you help\b|\b(?:want|like"
        r"|love) to (?:know|learn|hear|find out|understand) more\b|\bwhat (?:have you got|is on offer)\b",
    ),
    Intent.INTEREST: (
        r"(?<!not )(?<!never )(?<!not really )(?<!not very )(?<!not that )\b(?:very |really |quite |definitely "
        r"|pretty |super |so |seriously )?interested\b|\b(?:sounds|looks|that is|seems|this is) (?:really |very "
        r"|pretty |quite )?(?:good|great|interesting|amazing|perfect|fantastic|awesome|wonderful|nice|promising)\b",
        r"\bi (?:really |definitely |do )?(?:want|would like|would love|need|am looking|am ready|am keen|am thinking"
        r"|am considering|have been (?:thinking|looking|considering|meaning))\b(?! (?:a (?:human|person|real)"
        r"|to (?:talk|speak|think|ask|know|cancel|complain|go|hang|stop|end)|you to|nothing|more time))",
        r"\b(?:let us do it|count me in|i am in|love (?:it|that|to)|excited|can not wait|cannot wait|take my money"
        r"|ready to (?:go|start|buy|move))\b",
    ),
    Intent.DOES_NOT_KNOW: (
        r"\b(?:do not|did not) (?:really |actually |even |exactly )?(?:know|remember|recall|have (?:a|any) (?:idea"
        r"|clue|number|budget|figure))\b|\b(?:no|not a) (?:idea|clue)\b|\b(?:not|am not|un)(?: really| quite"
        r"| entirely| totally)? ?sure\b|\bhard to (?:say|tell)\b|\bcould not (?:say|tell)\b|\bcannot (?:say|tell)\b"
        r"|\bnever (?:checked|thought about|looked)\b|\bwould have to (?:check|look|ask)\b|\bbeats me\b|\bdepends\b"
        r"|\bi have not (?:thought|decided|checked|looked|set|figured)\b|\bhave not (?:really |quite "
        r"|actually )?(?:decided|set|thought|figured)\b",
    ),
    Intent.DECLINES_TO_SAY: (
        r"\b(?:rather|prefer) not\b|\b(?:do not|will not|not going to|not gonna|am not) (?:want to |going to "
        r"|comfortable |willing to |like to )?(?:say|tell|telling|share|sharing|discuss|answer|disclose"
        r"|give (?:you )?(?:that|a number))\b|\bnone of your (?:business|concern)\b|\b(?:that is )?(?:private"
        r"|personal|confidential)\b|\bskip (?:that|this|it|the)\b|\bnext question\b|\bno comment\b",
    ),
    Intent.WAIT: (
        r"\b(?:hold|hang) on\b|\b(?<!got )(?<!have )(?:just |give me |wait )?(?:a|one|two|half a) (?:sec|second"
        r"|seconds|moment|minute"
        r"|min|tick)s?(?: please)?$|\bwait (?:a|one|for|here|please)\b|^(?:just )?wait$|\bbear with me\b"
        r"|\bone moment\b|\blet me (?:check|look|see|find|grab|get|ask|think)\b(?! (?:about|with|my))"
        r"|\bjust a (?:second|moment"
        r"|minute|sec)\b|\bgive me a (?:second|moment|minute|sec)\b|\bsomeone is at the door\b",
    ),
    Intent.GOODBYE: (
        r"\b(?:good ?bye|bye(?: bye)?|see you(?: later| soon| then| around| on| there| next)?"
        r"|talk (?:to you )?(?:later|soon)|take care|have a (?:good|great|nice|lovely|wonderful) (?:day|one|evening"
        r"|night|afternoon|weekend|rest)|good night|so long|cheerio|farewell|catch you later|ciao)\b",
        r"\bi (?:have to|need to|must|should|got to|will|am going to|had better) (?:go|run|leave|hang up|get going"
        r"|let you go|end (?:this|the) call)\b(?! (?:with|ahead|for|to (?:my|the) (?:bank|wife|husband|boss)|through"
        r"|over|and (?:think|check|ask)))|\bi am hanging up\b|\bend (?:the|this) call\b|\bthat (?:is|will be|would be"
        r"|was) (?:all|everything|it)(?: for (?:now|today)| i need(?:ed)?| from me| thanks?| thank you|$)",
    ),
    Intent.THANKS: (
        r"\b(?:thanks|thank you|thx|cheers|much appreciated|appreciate (?:it|that|you|your)|very kind)\b",
    ),
    Intent.GREETING: (
        r"^(?:hello|hi|hey|howdy|greetings|good (?:morning|afternoon|evening|day)|hiya|yo|hey there|hi there"
        r"|hello there)\b",
    ),
    Intent.CONTACT: (
        r"\b(?:my|the|our) (?:e-?mail(?: address)?|number|phone(?: number)?|address|cell|mobile) is\b"
        r"|\bat \w+ dot (?:com|net|org|io)\b|\b\w+ dot (?:com|net|org)\b",
    ),
    Intent.CORRECTION: (
        r"^(?:no|wait|sorry|oh|actually|oops|hold on)? ?(?:\w+ ){0,3}?(?:i (?:said|meant|mean)|that is (?:wrong"
        r"|not (?:right|correct|what i said))|you (?:misheard|misunderstood|got that wrong)|make that|let me correct"
        r"|correction|not what i said)\b|\bactually\b|\bi (?:said|meant|misspoke)\b|\b(?:that is|you are) (?:wrong"
        r"|incorrect|mistaken)\b|\bscratch that\b|\bmake that\b|\bmy mistake\b|\bnot \S+(?: \S+)? but\b"
        r"|\bchange (?:that|my answer)\b",
    ),
}  # fmt: skip
_COMPILED = {intent: tuple(re.compile(pattern) for pattern in patterns) for intent, patterns in _PATTERNS.items()}

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
    r"^(?:(?:oh|well|ah|and|but|so|i mean|hey|i guess|i think|i suppose) )*(?:yes|yeah|yep|yup|yea|yah|ye|yessir|sure"
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
    r"|make it so|count me in|it is|that is right)(?=\s|$)"
)
_HEDGE = re.compile(
    r"\b(?:maybe|perhaps|probably|i guess|i think|i suppose|i believe|possibly|might|not sure|kind of|about|around"
    r"|roughly|somewhere|or so|more or less|approximately|give or take|hopefully|ish|could be|ballpark|hard to say"
    r"|depends)\b"
)
_QUESTION_START = re.compile(
    r"^(?:(?:and|but|so|well|okay|ok|yes|no|oh|hey|hi|hello|right|now|also|sorry|actually|first|wait|then|because"
    r"|alright|please|yeah|sure|just) )*"
    r"(?:what|whats|how|why|when|where|which|who|whose|is|are|do|does|did|can|could|would|will|should|may|have you"
    r"|has|am i|was|were|tell me|explain|any (?:chance|idea)|what about|how about|i (?:was )?wonder(?:ing)?"
    r"|i would like to know|i want to know|do not you|does not|is not|are not|can not you|cannot you|could you"
    r"|you (?:offer|have(?! been)|do|sell|accept|take))\b"
)
_QUESTION_INSIDE = re.compile(
    r"\b(?:what is|what are|what about|how much|how many|how long|how does|how do|how is|how big|how soon|how often"
    r"|what happens|what if|do you (?:have|offer|do|also|take|accept|work|know|guys|give|provide|sell|serve|cover"
    r"|install|support)|can (?:i|you|we|it)|(?<!that )(?<!this )(?<!it )(?<!which )is (?:it|there|that|this)"
    r"|are there|i (?:have|had|got) (?:a|another|one"
    r"|one more|some) questions?|question about|does (?:it|that|this|the)|tell me (?:about|how|what|more)"
    r"|want to (?:know|ask)|wonder(?:ing)? (?:if|how|what|whether|about)|would like to (?:know|ask)|curious (?:about"
    r"|how|what|if)|where (?:are|is|do)|when (?:do|does|are|is|can|could|would)|what (?:kind|sort|does|do|would"
    r"|type))\b"
)
_TAG = re.compile(r"^(?:is|are|do|does|will|would|can) (?:not )?(?:it|you|they|we|that)$|^right$")
_SMALL = re.compile(
    r"^(?:hello|hi|hey|good (?:morning|afternoon|evening)|yes|no|okay|ok|right|sorry|really|what|huh)\b"
)
_NOISE = re.compile(
    r"^(?:you|the|a|thanks for watching|thank you for watching|please subscribe|subtitles by.*|music|applause|silence"
    r"|blank audio|inaudible|bye bye bye.*|i|so|and|oh|ah)$"
)


def find_intents(text: str, clauses: tuple[str, ...]) -> frozenset[Intent]:
    """Returns all intents of an utterance in plain words."""
    found = set()
    for intent, patterns in _COMPILED.items():
        if any(_occurs(pattern, text, clauses) for pattern in patterns):
            found.add(intent)
    return frozenset(found)


def _occurs(pattern: re.Pattern[str], text: str, clauses: tuple[str, ...]) -> bool:
    """Whether a pattern stands in an utterance; one that is anchored on both sides has to be all of it."""
    if pattern.search(text):
        return True
    whole = pattern.pattern.startswith("^") and pattern.pattern.endswith("$")
    return not whole and any(pattern.search(clause) for clause in clauses)


def find_polarity(clauses: tuple[str, ...]) -> bool | None:
    """Returns True for yes, False for no, None for neither; of "no, yes" and "yes, no" the later counts."""
    polarity: bool | None = None
    for clause in clauses[:4]:
        if _NO.search(clause):
            polarity = False
        elif _YES.search(clause):
            polarity = True
    return polarity


def is_hedged(text: str) -> bool:
    """Whether the speaker left himself a way out."""
    return _HEDGE.search(text) is not None


def question_clauses(clauses: tuple[str, ...], asks: bool) -> tuple[str, ...]:
    """Returns the clauses that ask something; `asks` tells that a question mark was heard."""
    plain = tuple(clause for clause in clauses if not _TAG.search(clause))
    asks, clauses = asks and len(plain) == len(clauses), plain
    asking = [clause for clause in clauses if _QUESTION_START.search(clause) or _QUESTION_INSIDE.search(clause)]
    if not asking and asks and clauses and len(clauses[-1].split()) > 1 and not _SMALL.search(clauses[-1]):
        return clauses[-1:]
    return tuple(asking)


def is_noise(text: str) -> bool:
    """Whether a transcript is what transcribers make of noise."""
    return not text or _NOISE.fullmatch(text) is not None
