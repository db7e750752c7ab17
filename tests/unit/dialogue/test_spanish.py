"""Calls in Spanish: what is understood and answered in it, and what its folder must hold."""

from datetime import time, timedelta
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

import dialogue
from callwright_common.campaign import CampaignError, Factor, on_the_telephone, parse_campaign
from callwright_common.campaign.translations import Language
from dialogue import Analysis, Cancel, DialogueState, Intent, Reply
from dialogue.language import FIRST_LANGUAGE, WORDINGS, speaking
from dialogue.spoken import spoken_date, spoken_text, spoken_time
from dialogue.state import ABOUT_TIMES
from fakes.spoken_calls import MONDAY, RULES, SOLAR, SpokenCall, at_once
from vocabulary.enums import Expectation, TransitionTrigger
from vocabulary.turns import EndCall, Transfer, Utterance

HERE = Path(__file__).parent
PACKAGE = Path(str(dialogue.__file__)).parent
CAMPAIGN = (HERE.parents[2] / "campaigns" / "sunline-solar.yaml").read_text(encoding="utf-8")
FILES = sorted(str(path.relative_to(PACKAGE / "es").with_suffix("")) for path in PACKAGE.glob("es/**/*.yaml"))
CLOSED_FORMS = {
    "counts", "currencies", "emails", "numbers", "periods", "phones", "sums", "timelines/calendar", "timelines/fixed",
    "timelines/occasions", "told_numbers",
    "times", "parts_of_day", "unclear_times", "zones", "zones_said", "names", "clock_times", "dates", "relative_days",
    "parts_of_months", "figures_written", "places", "holidays",
}  # fmt: skip
"""What is read in the words of the first language."""
OF_THE_FIRST_ALONE = {"back_channel", "hearing", "doubts"}
"""What is heard on the telephone, where the first language is spoken alone, and what the classifier learned."""
NOTED = ("wordings.request.", "wordings.summary.")
"""What is noted for humans in the first language."""
GRAVE = (
    Intent.DO_NOT_CALL, Intent.WANTS_ERASURE, Intent.WANTS_HUMAN, Intent.WRONG_NUMBER, Intent.NOT_INTERESTED,
    Intent.CALL_LATER,
)  # fmt: skip
OTHER_MATTERS = (Intent.SUPPORT, Intent.OTHER_MATTER, Intent.DISTRESS, Intent.EMERGENCY, Intent.CHILD)
ASKED = {"sum": "monthly_bill", "budget": "budget", "timeline": "start"}


def told(name: str) -> dict[str, Any]:
    """Returns the lines of a file beside this one."""
    read: dict[str, Any] = yaml.safe_load((HERE / f"{name}.yaml").read_text(encoding="utf-8"))
    return read


CANCELLING = [(kind, text) for kind, texts in told("spanish_cancelling").items() for text in texts]
LINES = [(kind, text) for kind, texts in told("spanish_lines").items() for text in texts]
FORMS = [(kind, str(text), meant) for kind, forms in told("spanish_forms").items() for text, meant in forms.items()]


def analysed(text: str, *, asked: str | None = None, expecting: Expectation | None = None) -> Analysis:
    state = DialogueState(call_id="c1", language="es", turns=3, pending=asked)
    state.expecting = Expectation.ANSWER if asked else expecting
    return at_once(RULES.analyse(SOLAR, state, Utterance(text), now=MONDAY))


@pytest.mark.parametrize(("kind", "text"), LINES)
def test_what_is_done_is_understood(kind: str, text: str) -> None:
    found = analysed(text)
    match kind:
        case "yes" | "no":
            assert found.polarity is (kind == "yes")
        case "none":
            assert not found.has(*GRAVE, Intent.GOODBYE)
        case "no_matter":
            assert not found.has(*OTHER_MATTERS)
        case _:
            assert found.has(Intent(kind))


@pytest.mark.parametrize(("kind", "text", "meant"), FORMS)
def test_closed_forms_are_understood(kind: str, text: str, meant: Any) -> None:
    if kind == "moment":
        day, hour = meant
        moment = analysed(text, expecting=Expectation.SLOT_CHOICE).moment
        at = time.fromisoformat(hour) if hour else time(10)
        fitting = [at_day for at_day in map(_day(at), range(20)) if moment.fits(at_day)]
        assert fitting[0].day == day
        assert (moment.at is not None) is (hour is not None)
        return
    asked = ASKED.get(kind)
    facts = {fact.name: fact for fact in analysed(text, asked=asked).told}
    if asked is None:
        assert facts["caller_name" if kind == "name" else kind].value == meant
    elif meant is None:
        assert asked not in facts
    else:
        assert facts[asked].number == pytest.approx(meant, abs=0.6 if kind == "timeline" else 1e-6)


def _day(at: time) -> Any:
    return lambda days: (MONDAY + timedelta(days=days)).replace(hour=at.hour, minute=at.minute)


def test_a_lead_qualifies_and_books() -> None:
    call = SpokenCall()
    lines = (
        "Buenas tardes, es que nos llega muy alto el recibo de la luz",
        "Como ciento ochenta dólares al mes",
        "La casa es mía, yo decido solo",
        "En unos dos meses",
        "Unos quince mil dólares",
        "El primero",
        "Sí, por favor",
    )
    replies = [call.say(line) for line in lines]
    assert replies[1].text.startswith("Un recibo de unos ciento ochenta dólares al mes")
    assert replies[-1].state.booked is not None
    assert "mañana, martes, a las nueve de la mañana" in replies[-1].text
    for told in ("Me llamo Jorge Ramírez", "Al dos cero dos, cinco cinco cinco, cero uno cuatro cuatro"):
        call.say(told)
    read_back = call.say("Es jorge guion bajo ramirez arroba example punto org")
    assert "cero uno cuatro cuatro, correo jorge guion bajo ramirez arroba example punto org" in read_back.text
    assert call.say("No, el correo está mal").state.pending == "email"
    assert "jorge punto ramirez arroba" in call.say("Es jorge punto ramirez arroba example punto org").text
    agreed = call.say("Sí, así es").state
    assert agreed.facts["email"].value == "jorge.ramirez@example.org"
    assert set(agreed.agreed) == {"caller_name", "phone", "email"}
    last = call.say("No, eso es todo, gracias")
    assert any(isinstance(action, EndCall) for action in last.actions)


def test_when_to_call_back_is_said_in_the_language_and_noted_in_the_first() -> None:
    call = SpokenCall()
    call.say("Hola, buenas tardes")
    reply = call.say("Ahorita estoy manejando, llámeme mañana después de las cinco")
    assert "mañana, martes, después de las cinco de la tarde" in reply.text
    assert reply.state.facts["callback_time"].value == "tomorrow, Tuesday, after five in the afternoon"


WITHDRAWN = {
    Factor.BUDGET: (
        "Ya me gasté los ahorros",
        "El crédito no me lo dieron",
        "Pues a decir verdad solo tengo dos mil",
        "La verdad ya no tenemos dinero",
        "El banco nos dijo que no",
        "Olvide esa cifra, son tres mil dólares",
        "Pensándolo bien solo puedo gastar cinco mil",
        "No podemos gastar ni un peso",
        "Me equivoqué, mi presupuesto es de cuatro mil dólares",
    ),
    Factor.TIMELINE: (
        "La fecha no la sé, no me tome la palabra",
        "Eso de los dos meses olvídelo",
        "Lo dejamos para dentro de varios años",
        "Olvide lo de los dos meses",
        "Para serle sincera, será dentro de varios años",
        "No sabría decirle cuándo",
        "En realidad no será este año",
    ),
    Factor.AUTHORITY: (
        "Le mentí, el que decide es mi jefe",
        "Perdón, la casa está a nombre de mi papá, él decide",
        "En realidad la casa es de mi hermana, ella decide",
        "Debo decirle que mi jefe es quien decide",
    ),
    Factor.NEED: (
        "Viéndolo bien, el recibo es bajísimo",
        "Me equivoqué, el recibo es de sesenta dólares al mes",
        "La verdad casi no usamos luz",
    ),
    Factor.INTENT: (
        "Ando cotizando nada más",
        "Era pura curiosidad",
        "Ya no tengo ganas",
        "Ya no estoy tan convencida",
        "Solo estaba mirando",
        "Se me quitaron las ganas",
        "Cambié de opinión, no quiero comprar nada",
    ),
}
ANSWERS = (
    "Nos llega muy alto el recibo de la luz",
    "Como ciento ochenta dólares al mes",
    "La casa es mía, yo decido solo",
    "En unos dos meses",
    "Unos quince mil dólares",
)


@pytest.mark.parametrize(("factor", "said"), [(factor, said) for factor, lines in WITHDRAWN.items() for said in lines])
def test_what_is_taken_back_counts_less(factor: Factor, said: str) -> None:
    call = SpokenCall()
    call.say(*ANSWERS)
    before = call.factor(factor)
    call.say(said)
    after = call.factor(factor)
    assert after.value * after.confidence < before.value * before.confidence


@pytest.mark.parametrize(
    "said", ["El miércoles a la una, que mi mujer estará", "La segunda", "Mejor el jueves", "No hay prisa, el martes"]
)
def test_whoever_picks_a_time_takes_nothing_back(said: str) -> None:
    call = SpokenCall()
    call.say(*ANSWERS)
    before = call.score
    call.say(said)
    assert call.score.overall >= before.overall


@pytest.mark.parametrize(("kind", "said"), CANCELLING)
def test_an_appointment_is_cancelled_by_whoever_means_it(kind: str, said: str) -> None:
    call = SpokenCall()
    call.say(*ANSWERS, "El primero")
    booked = call.say("Sí, por favor").state.booked
    assert booked is not None
    reply = call.say(said)
    assert (Cancel() in reply.actions) == (kind == "cancel")
    assert call.state.booked == (None if kind == "cancel" else booked)
    if kind != "wonders":
        assert (call.state.expecting is Expectation.CANCELLATION_CHECK) == (kind == "asked")
        assert (call.state.expecting in ABOUT_TIMES) == (kind == "moves")


def test_the_hours_of_a_calendar_are_told_in_the_language() -> None:
    call = SpokenCall()
    for line in ("Quiero bajar mi recibo de luz", "Unos 180 dólares al mes", "La casa es mía, yo decido",
                 "En dos meses", "Unos 15 mil dólares"):  # fmt: skip
        call.say(line)
    reply = call.say("¿Tienen algo el domingo?")
    assert "de lunes a viernes, entre las nueve de la mañana y las cinco de la tarde" in reply.text
    assert "Cuente con estar presente" in call.say("¿Tengo que estar en casa?").text


def test_a_child_fetches_somebody() -> None:
    call = SpokenCall()
    call.say("Hola, buenas tardes")
    assert call.say("Mi mamá no está, tengo ocho años").state.matter == "child"
    assert call.say("Sí, le paso a mi papá").trigger is TransitionTrigger.WAIT_REQUESTED


@pytest.mark.parametrize("wish", ["¿Habla español?", "Do you speak Spanish?", "Hola, hablo muy poco inglés", "Hola"])
def test_the_language_changes_and_changes_back(wish: str) -> None:
    call = SpokenCall()
    changed = call.say(wish)
    assert changed.state.language == "es"
    assert "¿" in changed.text
    back = call.say("Sorry, let us continue in English please")
    assert back.state.language == "en"
    assert back.trigger is TransitionTrigger.OTHER_LANGUAGE
    assert "¿" not in back.text


@pytest.mark.parametrize("text", ["Yes.", "Okay.", "No.", "okay thanks", "Denver, Colorado", "María Elena Ruiz"])
def test_short_words_and_names_change_no_language(text: str) -> None:
    assert analysed(text).language is None


def test_whoever_speaks_little_english_is_offered_the_other_language() -> None:
    reply = SpokenCall().say("sorry my english is not so good")
    assert "español" in reply.text
    assert reply.state.language == "en"


def test_a_third_language_is_answered_with_both() -> None:
    reply = SpokenCall().say("Bonjour madame, c'est à quel sujet ?")
    assert "l'anglais et l'espagnol" in reply.text


def test_a_language_without_words_is_not_answered_as_if_there_were_only_one() -> None:
    reply = SpokenCall().say("Is there somebody who talks Tamil?")
    assert reply.trigger is TransitionTrigger.OTHER_LANGUAGE
    assert "English" not in reply.text
    assert "español" not in reply.text


def test_a_human_is_connected_in_the_language() -> None:
    call = SpokenCall()
    call.say("Hola, buenas tardes")
    reply = call.say("Prefiero hablar con una persona")
    assert "no cuelgue" in reply.text
    assert any(isinstance(action, Transfer) for action in reply.actions)
    assert not reply.may_be_reworded


def test_no_model_words_a_reply_in_spanish() -> None:
    call = SpokenCall()
    spanish: Reply = call.say("Quiero ahorrar en el recibo de la luz")
    assert not spanish.may_be_reworded
    assert SpokenCall().say("My electric bill is too high.").may_be_reworded


def test_each_folder_is_a_language_of_campaigns() -> None:
    folders = {path.parent.name for path in PACKAGE.glob("*/wordings.yaml")}
    assert folders == set(get_args(Language))


def test_the_folder_has_every_file_but_those_of_the_first_language_alone() -> None:
    first = {str(path.relative_to(PACKAGE / "en").with_suffix("")) for path in PACKAGE.glob("en/**/*.yaml")}
    of_models = {name for name in first if name.startswith(("model/", "claims/"))}
    assert set(FILES) == first - CLOSED_FORMS - of_models - OF_THE_FIRST_ALONE


@pytest.mark.parametrize("name", FILES)
def test_each_file_has_the_entries_of_the_first_language(name: str) -> None:
    first, own = (_entries(folder, name) for folder in (FIRST_LANGUAGE, "es"))
    kept = "wordings." if name == "values" else NOTED
    assert {entry for entry in first - own if not entry.startswith(kept)} == set()
    assert {entry for entry in own - first if not entry.startswith("parts.")} == set()


def _entries(folder: str, name: str) -> set[str]:
    """Returns the entries that stand in a file; replacements are named by what they put."""
    groups: dict[str, Any] = yaml.safe_load((PACKAGE / folder / f"{name}.yaml").read_text(encoding="utf-8"))
    deeds = {f"wordings.{deed}.{one}" for deed, named in groups.pop("wordings", {}).items() for one in named}
    return deeds | {f"{group}.{one}" for group, named in groups.items() if group != "replacements" for one in named}


def test_what_is_noted_for_humans_is_in_the_first_language() -> None:
    state = DialogueState(call_id="c1", language="es")
    for what in (deed.removeprefix("request.") for deed in WORDINGS if deed.startswith("request.")):
        state.requests = []
        with speaking("es"):
            state.request(what)
            assert state.requested(what)
        assert state.requests == list(WORDINGS[f"request.{what}"])
        assert state.requested(what)


def test_wordings_are_filled_in_alike() -> None:
    for deed in WORDINGS:
        names = []
        for spoken in ("en", "es"):
            with speaking(spoken):
                texts = dict(WORDINGS).get(deed, ())
                names.append({part.split("}")[0] for text in texts for part in text.split("{")[1:]})
        assert not names[1] - names[0] - {"company", "agent", "product", "appointment", "whom"}, deed


def test_figures_are_spoken_in_the_language() -> None:
    with speaking("es"):
        assert spoken_text("$180 al mes") == "ciento ochenta dólares al mes"
        assert spoken_text("$1, $21 y 50%") == "un dólar, veintiún dólares y cincuenta por ciento"
        assert spoken_time(time(15, 30)) == "las tres y media de la tarde"
        assert spoken_time(time(12)) == "las doce del mediodía"
        days = [spoken_date((MONDAY + timedelta(days=ahead)).date(), MONDAY.date()) for ahead in (1, 3, 8)]
        assert days == ["mañana", "el jueves", "el martes primero de diciembre"]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("languages: [en, es]", "languages: [en, fr]", "languages[1]: must be 'en' or 'es'"),
        ("languages: [en, es]", "languages: [en]", "translations.es: is no language of languages but the first"),
        ("languages: [en, es]", "languages: [en, es, es]", "languages: es stands there twice"),
        (
            "      - id: budget\n        label: su",
            "      - id: money\n        label: su",
            "questions: budget is missing",
        ),
        (
            "          - value: a quote\n            spoken",
            "          - value: quote\n            spoken",
            "interest.choices",
        ),
        ("      still_there: ¿Sigue ahí?\n", "", "translations.es.prompts.still_there: is missing"),
        ("      did_not_hear: Perdone", "      did_not_heer: Perdone", "translations.es.prompts.did_not_heer"),
        ("Gracias por llamar a {company}. Le", "Gracias {compania}. Le", "translations.es.opening: the placeholder"),
    ],
)
def test_what_is_wrong_in_a_translation_is_named(old: str, new: str, problem: str) -> None:
    assert old in CAMPAIGN
    with pytest.raises(CampaignError) as error:
        parse_campaign(CAMPAIGN.replace(old, new), "solar.yaml")
    assert problem in str(error.value)


def test_on_the_telephone_the_first_language_is_spoken_alone() -> None:
    campaigns = on_the_telephone({SOLAR.id: SOLAR})
    assert campaigns[SOLAR.id].languages == ("en",)
    assert SpokenCall(campaigns[SOLAR.id]).say("Hola, buenas tardes").state.language == "en"
    spanish = SOLAR.in_language("es")
    with pytest.raises(CampaignError, match=r"languages\[0\]: must be en"):
        on_the_telephone({spanish.id: spanish})


def test_a_campaign_changes_its_language_and_back() -> None:
    spanish = SOLAR.in_language("es")
    assert (spanish.language, spanish.in_language("en"), spanish.in_language("es")) == ("es", SOLAR, spanish)
    assert spanish.spoken_value("lower bills") == "un recibo más bajo"
