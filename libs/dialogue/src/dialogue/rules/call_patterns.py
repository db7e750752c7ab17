"""The words by which each intent that concerns the call itself is known; they are matched against plain words."""

from dialogue.intents import Intent

MACHINE = (
    r"robots?|robo ?calls?|robotic|machine|computer|bots?|chat ?bot|ai|a i|automated|a (?:recording|program)"
    r"|pre ?recorded|recorded (?:message|voice)|chat ?gpt|artificial(?: intelligence)?|siri|alexa|synthetic"
    r"|(?:virtual|voice|digital) (?:assistant|agent)"
)
PERSON = (
    r"human(?: being)?|(?:real|actual|live|living) (?:\w+ )?(?:person|people|human|guy|man|woman|lady|girl|someone"
    r"|somebody|agent|voice|one)|flesh and blood|(?:a |an? actual )person"
)

CALL_PATTERNS: dict[Intent, tuple[str, ...]] = {
    Intent.DO_NOT_CALL: (
        r"\bdo not use (?:it|this|that|my)(?: number| phone)?\b",
        r"\b(?:(?:if|when|next time) (?:you|anyone|anybody|somebody|they) (?:people |guys )?(?:ever )?(?:call|calls"
        r"|bother"
        r"|contact)\w*(?: \w+){0,3} again|(?:sue|suing|report) you|my (?:lawyer|attorney)|legal action|harass(?:ing"
        r"|ment))\b",
        r"\b(?:do not|never|stop|quit|no more) (?:you )?(?:ever )?(?:call|calling|contact|contacting|phone|phoning"
        r"|ring"
        r"|ringing|bother|bothering|harass|harassing)(?: (?:me|us|here|this|my|again|anymore|calls?)| *$)",
        r"\b(?:take|remove|delete|get|strike|scratch) (?:me|my (?:\w+ )?(?:number|name)|us"
        r"|this number)\b.{0,15}\b(?:list|lists|database|system|records|file)\b",
        r"\bdo not call list\b|\b(?:lose|delete|forget) (?:my|this) number\b|\bunsubscribe\b|\bno more calls\b"
        r"|\b(?:keep|kept) (?:on )?calling\b|\btime (?:that )?you (?:people |guys )?(?:have )?call(?:ed)?\b"
        r"|\b(?:remove|delete|erase) (?:me|my (?:\w+ )?number|our number|this number)(?: please)?$"
        r"|\bstop (?:calling|it with the calls)\b",
    ),
    Intent.WRONG_NUMBER: (
        r"\b(?:wrong|incorrect) (?:number|person|company)\b|\bmis ?dial(?:l?ed)?\b|\bdialed (?:the )?wrong\b"
        r"|\b(?:called|dialed|call) (?:you )?by (?:mistake|accident)\b|\bi think i have the wrong\b"
        r"|\b(?:(?:was|am|were|are) trying to (?:reach|call|phone|get (?:a )?hold of)|meant to (?:call|reach|dial))\b"
        r"(?! (?:you|someone|somebody|sales|an?|one of)\b)",
    ),
    Intent.ABUSE: (
        r"\b(?:f+u+c+k+\w*|f\*+\w*|sh[i*]t(?:ty|head)?|bullsh[i*]t|assholes?|a\*+hole|bitch|bastards?|motherf\w+|cunt"
        r"|dickhead|piss off|screw you|go to hell|(?<!not )shut up(?! about)|idiots?|moron|stupid (?:robot|machine"
        r"|bot|thing|computer"
        r"|idiot)|dumb (?:robot|machine|bot|ass|thing)|you suck|you are (?:so )?(?:stupid|useless|an? idiot|dumb)"
        r"|piece of (?:garbage|trash|junk|crap))\b",
    ),
    Intent.CALL_LATER: (
        r"\b(?:mom|mommy|mum|mummy|dad|daddy|parents|mother|father|wife|husband|boss|he|she|they) (?:is"
        r"|are) (?:not (?:at )?"
        r"(?:home|here|in|available|around)|at work|out|away|sleeping|asleep)\b|\bi am (?:just |only )?(?:a kid"
        r"|a child"
        r"|[5-9]|1[0-5]|five|six|seven|eight|nine|ten|eleven|twelve)(?: years old)?$",
        r"\bcall (?:me |us )?(?:back|later|another|tomorrow|again (?:later|tomorrow|another|next|in))\b(?! number)",
        r"\b(?:not|is not|it is not) a (?:good|great|convenient) (?:time|moment)\b|\bbad (?:time|moment|timing)\b"
        r"|\b(?:can|could) (?:you|we|i) (?:call|talk|speak|do this|try|ring)\b.{0,20}\b(?:later|back|another (?:time"
        r"|day)|tomorrow|tonight|next week)\b",
        r"\bi am (?:(?!not)\w+ ){0,2}(?:busy|driving|in a (?:meeting|hurry|rush)|at work|cooking|on my way out"
        r"|running late"
        r"|in the middle of)\b|\b(?:have|get) (?:someone|somebody|a colleague|them|him|her) (?:to )?call me\b"
        r"|\bgive me a (?:call|ring) (?:back|later|tomorrow)\b|\bcannot (?:talk"
        r"|speak) (?:right )?now\b|\b(?:talk|speak) (?:to you )?(?:some other time|another time)\b"
        r"|\btry me (?:again )?(?:later|tomorrow|next)\b|\bring me back\b",
    ),
    Intent.REPEAT: (
        r"\b(?:repeat|rephrase|say)\b(?: \w+){0,3} (?:again|that|once more|one more time|slower)\b(?<!say that)"
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
        r"^(?:hello|hello hello|hello anyone|you there|still there)$|\b(?:is anybody|are you even"
        r"|are you) listening\b|\b(?:can|do) you (?:still )?hear me\b|\bare you (?:still )?(?:there|here|listening)\b"
        r"|\b(?:anybody|anyone"
        r"|is someone|is anyone) (?:there|home)\b|\bhello hello\b|\btesting one two\b",
    ),
    Intent.ARE_YOU_HUMAN: (
        rf"\b(?:are|r) (?:you|u|we|this|i)\b.{{0,25}}\b(?:{MACHINE}|{PERSON}|real|alive|person)\b",
        rf"\bis there (?:an? )?(?:{PERSON}) (?:on|at|behind)\b|\bis (?:an? )?(?:{PERSON}) (?:there|here)\b",
        rf"\bthere is no (?:{PERSON}) (?:here|there|on|at|behind)\b",
        rf"\bthought (?:you|this|it) (?:were|was) (?:an? )?(?:{MACHINE}|{PERSON}|person)\b",
        rf"\b(?:is this|this is|is that|that is|is it|it is|(?:(?:talk|speak|chatt)ing|do i (?:talk|speak))"
        rf" (?:to|with))\b.{{0,18}}"
        rf"\b(?:{MACHINE}|{PERSON})\b",
        rf"^(?:(?:so|wait|hey|but|and|sorry|hold on|is) )*you (?:an? |like an? |some )?(?:{MACHINE}|{PERSON}|real)\b",
        rf"\byou (?:do not |really )?(?:sound|seem|talk|feel)(?: (?:very|so|like|too))* (?:an? )?"
        rf"(?:real )?(?:{PERSON}|person)\b",
        rf"^(?:an? )?(?:real )?(?:{MACHINE}|{PERSON}) or (?:an? )?(?:real )?(?:{MACHINE}|{PERSON})$",
        r"\b(?:another|just a|stupid|a damn) (?:robot|bot|machine|computer|recording)$",
        rf"\b(?:you|this|that|it)(?: \w+){{0,2}} (?:sounds?|seems?|talks?|feels?)(?: like)? (?:an? )?(?:\w+ )?"
        rf"(?:{MACHINE})\b"
        rf"|\byou are (?:\w+ )?(?:not (?:an? )?(?:real|{PERSON})|(?:an? |some )?(?:\w+ )?(?:{MACHINE}))\b",
    ),
    Intent.WHO_ARE_YOU: (
        r"\bwho (?:are you|is (?:this|that|calling|speaking)|am i (?:talking|speaking)|do you work for"
        r"|i am (?:talking|speaking))\b|\bwhat is your name\b|\b(?:what|which) (?:company|business|firm"
        r"|organization) (?:is this|are you|do you)\b|\byour name(?: again)?$|\bname of your company\b"
        r"|\bwho did you say\b|^(?:(?:hey|hi|hello|yes) )*is this (?!(?:a|an|the|call|being|really|for|your|my|some"
        r"|just|even|still|going"
        r"|free)\b)\w+(?: \w+)?$|\bwhat is this(?: company| call)?(?: about)?$|\bwhat is it about\b"
        r"|\bwho wants to know\b|\bis this (?:the )?(?:\w+ ){0,3}(?:company|people|office|place|clinic|shop|store"
        r"|line|hotline)\b|\b(?:but )?you called me$|\bright (?:number|place|company)\b|\b(?:have i"
        r"|did i) (?:reach|reached|call"
        r"|called)\b|\byour name (?:was|is)\b|\bwhat was your name\b",
    ),
    Intent.HOW_ARE_YOU: (
        r"\bhow are (?:you|things|we)(?! (?:able|going to|different|better|so))\b|\bhow is (?:it going|your day"
        r"|everything|life)\b|\bhow (?:do you do|have you been|you doing)\b|\bwhat is up\b",
    ),
    Intent.RECORDING: (
        r"\b(?:is|are|was|being|you) (?:this |the |you |it )?(?:call |conversation )?(?:being )?(?:recorded"
        r"|recording)\b|\bwhat (?:do|happens|will happen) (?:you do )?(?:with|to) my (?:data|information|details)\b"
        r"|\bprivacy\b",
    ),
    Intent.WHERE_FROM: (
        r"\bhow you (?:guys |people )?got (?:my|this|our)\b|\bhow did you (?:guys |people )?get (?:my|this) (?:number"
        r"|name|details|contact)\b|\bwhere did you (?:get|find) my\b"
        r"|\bwho gave you (?:my|this|our)\b",
    ),
    Intent.WHAT_TIME: (r"\bwhat (?:time|day|date) is it\b|\bwhat is (?:the|today|todays) (?:time|date|day)\b",),
    Intent.WAIT: (
        r"\bplease hold\b|\bhold please\b|\bput (?:my \w+|him|her) on\b|\bhand (?:you|the phone) (?:over )?to\b"
        r"|\b(?:get|fetch) my (?:glasses|wife"
        r"|husband|papers|pen)\b",
        r"\b(?:hold|hang) on\b|\b(?<!got )(?<!have )(?:just |give me |wait )?(?:a|one|two|half a) (?:sec|second"
        r"|seconds|moment|minute"
        r"|min|tick)s?(?: please)?$|\bwait (?:a|one|for|here|please)\b|^(?:just )?wait$|\bbear with me\b"
        r"|\bone moment\b|\blet me (?:check|look|see|find|grab|get|ask|think)\b(?! (?:about|with|my))"
        r"|\bjust a (?:second|moment"
        r"|minute|sec)\b|\bgive me a (?:second|moment|minute|sec)\b|\bsomeone is at the door\b",
    ),
    Intent.GOODBYE: (
        r"^(?:(?:cool|okay|ok|alright|all right|alrighty|thanks|great|fine|well) )*"
        r"(?:later|laters|peace|toodles|take it easy|toodle ?oo|i am (?:off|done|out)(?: here)?)(?: then| now)?$",
        r"\b(?:good ?bye|bye(?: bye)?|see you(?: later| soon| then| around| on| there| next)?"
        r"|talk (?:to you )?(?:later|soon)|take care|have a (?:good|great|nice|lovely|wonderful) (?:day|one|evening"
        r"|night|afternoon|weekend|rest)|good night|so long|cheerio|farewell|catch you later|ciao)\b",
        r"\bi (?:have to|need to|must|should|got to|will|am going to|had better) (?:go|run|leave|hang up|get going"
        r"|let you go|end (?:this|the) call)\b(?! (?:with|ahead|for|to (?:my|the) (?:bank|wife|husband|boss)|through"
        r"|(?:it|this|that) (?:by|past)|over|and (?:think|check|ask)))"
        r"|\bi am hanging up\b|\bend (?:the|this) call\b|\bthat (?:is|will be|would be"
        r"|was) (?:all|everything|it)(?: for (?:now|today)| i need(?:ed)?| from me| thanks?| thank you|$)",
    ),
    Intent.THANKS: (
        r"\b(?:thanks|thank you|thx|cheers|much appreciated|appreciate (?:it|that|you|your)|very kind)\b",
    ),
    Intent.GREETING: (
        r"^(?:hello|hi|hey|howdy|greetings|good (?:morning|afternoon|evening|day)|hiya|yo|hey there|hi there"
        r"|hello there)\b",
    ),
    Intent.IN_A_HURRY: (
        r"\b(?:(?:make|keep) (?:it|this) (?:quick|short|brief|fast)|be (?:quick|brief)|(?:only|just) (?:have"
        r"|got) (?:a|one|two|five|a few|a couple of)"
        r" (?:minutes?|seconds?|secs?)|hurry(?: it)? up|get to the point)\b",
    ),
    Intent.IS_BACK: (
        r"\b(?:i am back|okay back|ok back|here i am|back now|sorry (?:about|for) (?:that|the wait)"
        r"|i am here(?: again| now)?)\b|^back(?: again)?$",
    ),
    Intent.OTHER_LANGUAGE: (
        r"\b(?:hola|espa(?:ñ|n)ol|spanish|habla[sn]?|hablo|ingl(?:é|e)s|entiendo|por favor|puedo|gracias|fran(?:ç"
        r"|c)ais|parlez|bonjour|deutsch"
        r"|sprechen|portugu(?:ê|e)s|mandarin|cantonese|vietnamese|tagalog|korean|arabic|polski)\b"
        r"|\b(?:no|not (?:much|good|speak)) english\b|\benglish (?:is )?(?:no|not) (?:good|very|so)\b"
        r"|\bdo not speak english\b",
    ),
    Intent.VOICEMAIL: (
        r"\b(?:leave (?:me )?(?:a|your) (?:\w+ )?(?:message|name)|after the (?:beep|tone)|at the tone"
        r"|record your message|reached the"
        r" (?:voice ?mail|mailbox)|voice ?mail(?:box)? (?:of|for|is|has)|mailbox is full|cannot (?:come"
        r"|get) to the phone|forwarded to"
        r" (?:an? )?(?:automatic|automated|voice)\b)",
    ),
    Intent.SUPPORT: (
        r"\b(?:have|had|made|booked) an appointment (?:already|with you|and|on|for|tomorrow|today)\b"
        r"|\balready have an appointment\b|\bmy (?:invoice|account|order)\b"
        r"|\b(?:change|cancel|move|confirm) my (?:existing )?appointment\b",
        r"\b(?:existing (?:installation|customer|account|system|order|client|patient)|(?:already|am) (?:a|your"
        r"|an existing) (?:customer|client"
        r"|patient)|(?:have|make|file) a complaint|to complain|need a repair|(?:stopped|quit|is not|are not) working"
        r"|error (?:on|message|code)"
        r"|warranty claim|(?:want|need|get) (?:a|my) (?:refund|money back)|emergency|bleeding|(?:terrible|awful"
        r"|so much|a lot of|in) pain"
        r"|hurts (?:so|really|very|like)|you (?:installed|sold me|charged me)|cancel my (?:contract|subscription"
        r"|order|account))\b",
    ),
    Intent.OTHER_MATTER: (
        r"\b(?:(?:are|is) (?:you|your company)(?: guys)? hiring|job (?:opening|application|offer)s?|apply for|(?:am"
        r"|i am) a (?:journalist|reporter"
        r"|student)|(?:sells?|selling|offer(?:ing)?) (?:you )?(?:\w+ )?leads|(?:we|i) (?:sell|represent"
        r"|help (?:companies|businesses))|accounts"
        r" (?:payable|receivable)|police|calling on behalf|press inquiry|survey)\b",
    ),
    Intent.OFF_TOPIC: (
        r"\b(?:joke|sing(?: me)?(?: a)? song|poem|riddle|meaning of life|sky blue|your favou?rite|do you (?:love"
        r"|dream|eat|sleep|have feelings)"
        r"|marry me|weather (?:like|today|tomorrow)|who won|the president|what is \w+ (?:plus|times|minus)"
        r"|what are you wearing|are you single)\b",
    ),
}  # fmt: skip
