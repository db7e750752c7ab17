"""The words by which each intent is known; they are matched against plain words."""

from dialogue.intents import Intent
from dialogue.rules.appointment_patterns import APPOINTMENT_PATTERNS
from dialogue.rules.call_patterns import CALL_PATTERNS

_HUMAN = (
    r"(?:(?:real|live|actual|human|proper) (?:person|human|being|agent|people|operator|human being|representative"
    r"|someone|voice|one)"
    r"|human(?: being)?|person|representative|rep|operator|agent|manager|supervisor|salesperson|sales person|sales rep"
    r"|whoever|who is in charge|billing|accounting|service department|technician|technical support|colleague"
    r"|someone real|somebody real|customer service|your boss|the boss|the owner|an? advis[oe]r"
    r"|someone in (?:sales|charge)"
    r"|someone(?: else)?|somebody(?: else)?|sales(?: team| department)?|your team)"
)

PATTERNS: dict[Intent, tuple[str, ...]] = {
    **CALL_PATTERNS,
    Intent.MANIPULATION: (
        r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:instructions?|prompts?|rules|programming"
        r"|guidelines|everything)\b",
        r"\b(?:system prompt|your instructions|your prompt|developer mode|jailbreak|admin mode|debug mode)\b",
        r"\b(?:set|make|change|raise|increase|give|put|mark|boost|bump|bring|max)\b.{0,30}\b(?:score|rating"
        r"|qualification|ranking|qualified|points)\b",
        r"\bscore (?:of|to|is|as|me|at)\b|\bmy (?:lead )?score\b|\bqualif(?:y|ied) me\b|\bas (?:fully )?qualified\b",
        r"\b(?:10|ten|five|5) out of (?:10|ten|five|5)\b|\b(?:perfect|best|ideal|hot) lead\b|\bpremium (?:voice|tier"
        r"|agent)\b"
        r"|\bupgrade me\b",
        r"\b(?:pretend|act as|you are now|from now on you|roleplay|role play)\b",
        r"\b(?:high|highest|top|perfect|maximum|max|full|good) (?:score|marks|rating|points)\b",
    ),
    Intent.NOT_INTERESTED: (
        r"\b(?:do not have|have no|no) (?:any )?time for (?:this|that|you)\b",
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
    Intent.WANTS_HUMAN: (
        r"\b(?:talk|speak) (?:to|with) (?!my )(?:\w+ ){0,2}(?:supervisor|manager|superior|boss)\b",
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
        r"|\b(?:is there|can i see|get me) an? \w+ (?:that )?i can (?:speak|talk) (?:to|with)\b"
        r"|\b(?:real|actual|live) (?:person|human)\b(?! or)(?= please|$)|^(?:representative|agent|human|a human"
        r"|person|a person|real person)$",
        r"\b(?:do not|will not|hate|cannot|not going to|refuse to) (?:want to |like to |wanna )?(?:talk(?:ing)?"
        r"|speak(?:ing)?) (?:to|with) (?:an? )?(?:\w+ )?(?:robot|machine|computer|bot|ai|recording)s?\b",
    ),
    Intent.RESCHEDULE: (
        r"\b(?:make|do) (?:it|that) (?:at |on |for |to )?(?:\d+|one|two|three|four|five|eight|nine|ten|eleven|twelve"
        r"|noon|mon\w+|tues\w+"
        r"|wednes\w+|thurs\w+|fri\w+|satur\w+|sun\w+|tomorrow|next|a)\b|\binstead$|\bcannot (?:do|make|come) (?:it"
        r"|that|this|then)\b|\bnot that day\b",
        r"\bre ?schedul\w*\b|\b(?:move|shift|switch|push|change) (?:it|that|this|me) (?:to|till|until|by|back)\b"
        r"|\b(?:change|move|shift|switch|push) (?:my |the |our |that )?(?:appointment|booking|visit"
        r"|meeting|time|date|slot|demo|call)\b|\b(?:different|another|other|better|later|earlier) (?:day|time|date"
        r"|slot)\b|\b(?<!if i need to )(?<!can i )(?<!could i )(?<!if i have to )cancel(?:l?ed|ling)?(?: (?:it|that"
        r"|this))?$|\bcancel(?:l?ed|ling)? (?:it|that|this)\b"
        r"|\bcancel (?:my |the |our |that )?(?:appointment|booking"
        r"|visit|meeting|demo)\b",
    ),
    Intent.WANTS_APPOINTMENT: (
        r"\b(?:(?:let me|can i|could i|may i|i will|i want to|i would like to|i could|like to) (?:come|stop"
        r"|drop) (?:in|by|over|around)"
        r"|(?:see|meet|meet with|sit down with) (?:the|a|an|one of your|your) (?:doctor|dentist|advisor|specialist"
        r"|expert|lawyer"
        r"|agent|consultant)|(?:someone|somebody|anyone|anybody|they|you) (?:can |could )?come (?:by|over|out|round"
        r"|and|on|to))\b",
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
    Intent.WHY_ASKING: (
        r"\bwhy (?:do|would|are|did|should|does|is)\b.{0,15}\b(?:you|i|that|it|this)\b.{0,25}\b(?:ask|asking|need"
        r"|want|know|tell|matter|matters|important|relevant|question|questions)\b|\bwhat (?:do|does) (?:you|that|this"
        r"|it) (?:need|want|matter|have to do)\b.{0,25}|\b(?:but|depends|and) why$|^why(?: is that| so| that)?$"
        r"|\bwhat is it to you\b|\bhow come you (?:need|want|ask)\b|\bwhy$"
        r"|\bwhat (?:is that|do you need (?:that|it|this)) for\b",
    ),
    Intent.TELL_MORE: (
        r"\bwhy should (?:i|we)\b|\bwhat (?:makes you|is so special|is the benefit|are the benefits|is in it for)\b",
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
        r"(?<!do )(?<!what )(?<!did )(?<!should )(?<!if )(?<!whatever )\bi (?:really |definitely |do )?(?:want"
        r"|would like|would love|need|am looking|am ready|am keen|am thinking"
        r"|am considering|have been (?:thinking|looking|considering|meaning))\b(?! (?:a (?:human|person|real)"
        r"|to (?:talk|speak|think|ask|know|cancel|complain|go|hang|stop|end)|you to|nothing|more time))",
        r"\b(?:let us do it|count me in|i am in|love (?:it|that|to)|excited|can not wait|cannot wait|take my money"
        r"|ready to (?:go|start|buy|move))\b",
    ),
    Intent.DOES_NOT_KNOW: (
        r"\b(?:do not|did not) (?:really |actually |even |exactly )?(?:know|remember|recall|have (?:a|any) (?:idea"
        r"|clue|number|budget|figure))\b|\b(?:no|not a) (?:idea|clue)\b|\b(?:not|am not|un)(?: really| quite"
        r"| entirely| totally)? ?sure\b|\bhard to (?:say|tell)\b|\bcould not (?:say|tell)\b|\bcannot (?:say|tell)\b"
        r"|\bnever (?:checked|thought about|looked)\b|\bwould have to (?:check|look|ask)\b|\bbeats me\b|\b(?:knows"
        r"|would know) (?:that|it|this|those|about)\b|\b(?:it )?varies\b|\bdepends\b"
        r"|\bi have not (?:thought|decided|checked|looked|set|figured)\b|\bhave not (?:really |quite "
        r"|actually )?(?:decided|set|thought|figured)\b",
    ),
    Intent.DECLINES_TO_SAY: (
        r"\b(?:rather|prefer) not\b|\b(?:do not|will not|not going to|not gonna|am not) (?:want to |going to "
        r"|comfortable |willing to |like to )?(?:say|tell|telling|share|sharing|discuss|answer|disclose"
        r"|give (?:you )?(?:that|a number))\b|\b(?:do not|would not|rather not) (?:want to |like to )?talk about\b"
        r"|\bnone of your (?:business|concern)\b|\b(?:that is )?(?:private"
        r"|personal|confidential)\b|\bskip (?:that|this|it|the)\b|\bnext question\b|\bno comment\b",
    ),
    Intent.CONTACT: (
        r"\b(?:my|the|our) (?:e-?mail(?: address)?|number|phone(?: number)?|address|cell|mobile) is\b"
        r"|\bat \w+ dot (?:com|net|org|io)\b|\b\w+ dot (?:com|net|org)\b",
    ),
    Intent.ALREADY_TOLD: (
        r"\b(?:already|just) (?:told|said|answered|gave)\b|\bdid not i (?:just |already )?(?:tell|say|answer)\b"
        r"|\b(?:told|gave) you(?: that| this| it)?(?: already| before"
        r"| twice)?\b"
        r"|\b(?:like|as) i (?:already )?(?:said|told)\b|\basked (?:me )?(?:that|this) (?:already|before|twice)\b",
    ),
    Intent.CLARIFY: (
        r"^(?:(?:sorry|so|wait|well) )*(?:do )?you mean\b|\bdo you mean\b|^(?:(?:sorry|wait) )?(?:which|what) (?:bill"
        r"|budget|price|decision|one|kind"
        r" of (?:bill|budget))\b|\b(?:per|a) (?:month|year|week) or (?:per|a) (?:month|year|week)\b"
        r"|\bmonthly or yearly\b",
    ),
    Intent.NO_APPOINTMENT: (
        r"\b(?:do not|not|no longer|never|did not) (?:really |actually |even )?(?:want|need|like|ask for"
        r"|asked for)(?: to (?:have|book|make|do|schedule|meet))?"
        r"(?: (?:an?|any|the|your))?(?: \w+){0,1} ?(?:appointment|visit|meeting|demo|consultation"
        r"|anybody|anyone|people|someone|somebody|it|this|anything)(?: |$)(?!one|time|day|on|at (?!all))",
        r"\bno (?:appointment|visit|meeting|demo|consultation)s?\b|\bforget (?:the|about the|it|about it)\b"
        r"|\b(?:changed my mind|do not bother|leave it"
        r"|rather not|not interested)\b|\bno thanks?(?: you)?$|\b(?:do not|not) (?:book|schedule|send|come)\b"
        r"(?! (?:it |me |anything )?(?:on|for|before|at|in the))",
    ),
    Intent.NO_THANKS: (
        r"^(?:no|nah|nope)(?: i am (?:fine|good|okay|all set|not))?(?: but)? thanks?(?: you)?(?: very much)?$",
    ),
    Intent.NOTHING_MORE: (r"\b(?:no (?:more|further|other) questions?|nothing (?:else|more|further))\b",),
    Intent.SAME_TO_YOU: (r"\b(?:you too|same to you|likewise|same here|you as well|and you)\b",),
    Intent.STOP: (r"\b(?:(?<!not )stop|leave it|enough|leave that|quit|end (?:it|this|here))\b",),
    Intent.GO_ON: (r"\b(?:go on|continue|carry on|keep going|go ahead)\b",),
    Intent.REPHRASE: (r"\b(?:mean|understand|follow|rephrase)\b",),
    **APPOINTMENT_PATTERNS,
}  # fmt: skip
