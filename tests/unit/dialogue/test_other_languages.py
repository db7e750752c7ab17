# ruff: noqa: RUF001
"""Callers who speak another language than the agents, and those who only sound so."""

import pytest

from dialogue import Intent, initial_state
from dialogue.languages import known_languages
from fakes.spoken_calls import MONDAY, RULES, SOLAR, SpokenCall, at_once
from vocabulary.enums import Expectation, TransitionTrigger
from vocabulary.turns import EndCall, Transfer, Utterance

ENGLISH_ALONE = SOLAR.model_copy(update={"languages": ("en",), "translations": {}})
FOREIGN = [
    ("fr", "bonjour"), ("fr", "Allô ?"), ("fr", "Bonjour madame, c'est à quel sujet ?"),
    ("fr", "Excusez-moi, je ne comprends pas ce que vous dites"), ("fr", "Mon mari n'est pas à la maison"),
    ("fr", "Est-ce que quelqu'un parle français chez vous ?"),
    ("de", "Guten Tag"), ("de", "Ich verstehe Sie leider nicht"), ("de", "Mit wem spreche ich bitte?"),
    ("de", "Können wir das auf Deutsch machen?"), ("de", "Mein Mann ist gerade nicht zu Hause"),
    ("es", "Hola"), ("es", "¿Bueno? ¿Quién habla?"), ("es", "Disculpe, no le entiendo, ¿habla usted español?"),
    ("es", "Mi esposo no está en la casa ahorita"), ("es", "oiga señorita, de parte de quién"),
    ("it", "Buongiorno"), ("it", "Mi scusi, non capisco quello che dice"), ("it", "Mio marito non è in casa adesso"),
    ("pt", "Bom dia"), ("pt", "Desculpe, eu não entendi o que você falou"), ("pt", "Meu marido não está em casa agora"),
    ("nl", "Goedemorgen"), ("nl", "Sorry, ik versta u niet zo goed"), ("nl", "Mijn man is nu niet thuis hoor"),
    ("pl", "Dzień dobry"), ("pl", "Przepraszam, nie rozumiem co pani mówi"), ("pl", "Męża nie ma teraz w domu"),
    ("tr", "Merhaba"), ("tr", "Kusura bakmayın, sizi anlamıyorum"), ("tr", "Eşim şu anda evde değil"),
    ("ru", "Здравствуйте, я вас не понимаю"), ("vi", "Xin lỗi, tôi không hiểu tiếng Anh"),
    ("zh", "对不起，我听不懂英语"),
]  # fmt: skip
ENGLISH = [
    "si", "no", "Si.", "yeah", "uh huh", "mm-hm", "okay okay", "righty-ho", "aye go on then", "nah mate", "yup yup",
    "haha okay", "José", "Pierre", "Giovanni Russo", "It's Wolfgang.", "Consuelo Hernandez speaking",
    "this is Jean-Luc Beaumont", "van der Berg, V-A-N", "O'Brien", "my name is Nguyen", "Ana María Delgado here",
    "I'm in San Antonio", "we live in La Quinta", "Des Moines, Iowa", "Baton Rouge", "one eighty", "twenty k",
    "one two three four", "zero zip nada", "ciao for now", "et cetera et cetera", "yes sir", "a la carte",
    "deja vu", "t dot okoro at example dot org", "two mil", "pro bono", "alrighty", "uh eleven no twelve",
    "The casa on El Camino Real", "taco tuesday is fine",
]  # fmt: skip


def analysed(text: str) -> "tuple[str | None, bool]":
    found = at_once(RULES.analyse(ENGLISH_ALONE, initial_state("c1"), Utterance(text), now=MONDAY))
    return found.language, found.has(Intent.OTHER_LANGUAGE)


@pytest.mark.parametrize(("language", "text"), FOREIGN)
def test_another_language_is_known(language: str, text: str) -> None:
    assert analysed(text) == (language, True)


@pytest.mark.parametrize(
    "text",
    [
        "Does anybody there speak Polish?", "Could we do this in Hindi please?", "I only talk in Tagalog",
        "is there someone who knows Korean", "Do you understand German?", "can we go on in French instead",
    ],
)  # fmt: skip
def test_a_language_is_asked_for_by_its_name(text: str) -> None:
    assert analysed(text) == (None, True)


@pytest.mark.parametrize("text", ENGLISH)
def test_fillers_names_and_loan_words_are_no_other_language(text: str) -> None:
    assert analysed(text) == (None, False)


@pytest.mark.parametrize("language", [name for name, known in known_languages().items() if known.only and name != "en"])
def test_it_is_answered_in_the_language_and_a_human_is_offered(language: str) -> None:
    call = SpokenCall(ENGLISH_ALONE)
    call.say("It came to two hundred dollars.")
    text = next(text for name, text in FOREIGN if name == language)
    reply = call.say(text)
    apology = known_languages()[language].apology(("en",))
    assert apology is not None
    assert apology.split(".")[0] in reply.text
    assert reply.trigger is TransitionTrigger.OTHER_LANGUAGE
    assert reply.asks is not None
    assert reply.asks.expectation is Expectation.HUMAN_OFFER
    assert "a colleague who speaks his language" in reply.state.requests
    again = call.say("Здравствуйте, я вас не понимаю")
    assert any(isinstance(action, Transfer) for action in again.actions)


@pytest.mark.parametrize("text", [text for known in known_languages().values() for text in known.no])
def test_who_declines_a_human_in_his_language_is_let_go(text: str) -> None:
    call = SpokenCall(ENGLISH_ALONE)
    call.say("Mi scusi, non capisco quello che dice")
    reply = call.say(text)
    assert not any(isinstance(action, Transfer) for action in reply.actions)
    assert any(isinstance(action, EndCall) for action in reply.actions)


@pytest.mark.parametrize(
    "text", ["Não, obrigado, eu ligo depois", "Nein danke, auf Wiederhören", "Non merci, au revoir"]
)
def test_a_kind_no_in_his_language_is_no_yes(text: str) -> None:
    call = SpokenCall(ENGLISH_ALONE)
    call.say("Mi scusi, non capisco quello che dice")
    assert not any(isinstance(action, Transfer) for action in call.say(text).actions)


@pytest.mark.parametrize(
    "text", ["Perdón, mi inglés no es muy bueno, ¿habla español?", "no hablo bien inglés, ¿español?"]
)
def test_of_two_languages_the_last_is_wanted(text: str) -> None:
    assert SpokenCall().say(text).state.language == "es"


def test_a_language_without_words_is_answered_in_that_of_the_call() -> None:
    reply = SpokenCall(ENGLISH_ALONE).say("Здравствуйте, я вас не понимаю")
    assert "English" in reply.text
    assert reply.trigger is TransitionTrigger.OTHER_LANGUAGE


@pytest.mark.parametrize("text", [one for known in known_languages().values() for one in known.stop])
def test_who_is_not_to_be_called_is_heeded_in_his_language(text: str) -> None:
    assert SpokenCall(ENGLISH_ALONE).say(f"{text}, {text}").trigger is TransitionTrigger.DO_NOT_CALL


@pytest.mark.parametrize("text", ["I'll leave you for a bit", "I will go now and say", "I'm going to leave you for it"])
def test_a_call_does_not_begin_with_a_parting_that_is_none(text: str) -> None:
    reply = SpokenCall(ENGLISH_ALONE).say(text)
    assert reply.trigger is TransitionTrigger.NOT_UNDERSTOOD
    assert not any(isinstance(action, EndCall) for action in reply.actions)


@pytest.mark.parametrize("text", ["Bye now.", "Sorry, I have to run.", "Goodbye", "No time, I need to go", "Hang on."])
def test_a_plain_parting_or_pause_may_come_first(text: str) -> None:
    assert SpokenCall(ENGLISH_ALONE).say(text).trigger is not TransitionTrigger.NOT_UNDERSTOOD
