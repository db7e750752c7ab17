"""Phone numbers, e-mail addresses and names, made from what is meant and said in many ways."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from num2words import num2words  # type: ignore[import-untyped]

from fakes.spoken_forms import analysis

DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
LEADS = st.sampled_from([
    "", "it's ", "my number is ", "you can reach me on ", "yeah, call me at ", "sure, that's ", "the best number is ",
    "write this down: ",
])  # fmt: skip
TAILS = st.sampled_from(["", " please", ", thanks", ", any time after work", ". Did you get that?"])
NAMES = [
    "Siobhan O'Brien", "José García", "Jan van der Berg", "Ng", "Mary-Kate Dubois", "Nguyen Thi Lan",
    "Maria de la Cruz",
    "Oluwaseun Adeyemi", "Zoë", "Max", "Søren Kierkegaard", "Łukasz Nowak", "Priya Venkataraman", "D'Angelo Russo",
]  # fmt: skip
NO_NAMES = [
    "I'm Canadian", "I'm retired", "none of those", "This is ridiculous", "It's Tuesday", "I am Irish, you know",
    "it's A S A P", "This is not what I asked", "I'm driving", "It's July", "Christmas here is busy", "That is fine",
    "I am Not Interested", "I'm a nurse",
]  # fmt: skip


def told(said: str, name: str) -> str | None:
    return next((fact.value for fact in analysis(said, "interest").facts if fact.name == name), None)


@st.composite
def phones(draw: st.DrawFn) -> tuple[str, str]:
    """Draws a phone number as it is said or written, and as it is dialled."""
    last = draw(st.integers(0, 99))
    groups = ["202", "555", f"01{last:02}"]
    digits = "".join(groups)
    if draw(st.booleans()):
        forms = ["-".join(groups), " ".join(groups), ".".join(groups), digits, f"(202) 555-{groups[2]}",
                 f"+1 {' '.join(groups)}", " ".join(digits), f"1-{'-'.join(groups)}",
                 f"area code 202, {groups[1]} {groups[2]}"]  # fmt: skip
        return draw(st.sampled_from(forms)), f"+1{digits}"
    zero, gap = draw(st.sampled_from(["zero", "oh"])), draw(st.sampled_from([", ", " ", " then ", " dash "]))
    spoken = [[DIGITS[int(digit)] if digit != "0" else zero for digit in group] for group in groups]
    if draw(st.booleans()):
        spoken[1] = ["triple five"]
    if last > 9 and draw(st.booleans()):
        spoken[2][2:] = [str(num2words(last)).replace("-", draw(st.sampled_from(["-", " "])))]
    elif last % 11 == 0 and last and draw(st.booleans()):
        spoken[2][2:] = [f"double {spoken[2][3]}"]
    plus = draw(st.sampled_from(["", "plus one ", "one "]))
    return plus + gap.join(" ".join(group) for group in spoken), f"+1{digits}"


@settings(max_examples=150, deadline=None)
@given(phone=phones(), lead=LEADS, tail=TAILS)
def test_a_phone_number_is_understood_however_it_is_said(phone: tuple[str, str], lead: str, tail: str) -> None:
    assert told(f"{lead}{phone[0]}{tail}", "phone") == phone[1]


@settings(max_examples=75, deadline=None)
@given(phone=phones(), question=st.sampled_from(["budget", "monthly_bill"]))
def test_a_phone_number_is_no_sum(phone: tuple[str, str], question: str) -> None:
    assert question not in {fact.name for fact in analysis(phone[0], question).facts}


@settings(max_examples=100, deadline=None)
@given(
    value=st.one_of(st.integers(1, 999_999), st.integers(1, 3000).map(lambda one: one * 1000)),
    form=st.sampled_from(["{n}", "${n}", "{n} dollars", "about {n}", "between {n} and {n}"]),
)
def test_a_sum_is_no_phone_number(value: int, form: str) -> None:
    assert told(form.format(n=str(num2words(value)).replace(",", "")), "phone") is None
    assert told(form.format(n=f"{value:,}"), "phone") is None


@st.composite
def emails(draw: st.DrawFn) -> tuple[str, str]:
    """Draws an e-mail address as it is said, and as it is written."""
    names = st.sampled_from(["okoro", "maria", "lopez", "info", "kim", "anna", "brown", "sales", "garage"])
    parts, written = [], ""
    for place in range(draw(st.integers(1, 3))):
        if place:
            sign, said = draw(
                st.sampled_from([(".", "dot"), ("_", "underscore"), ("-", "dash"), ("-", "hyphen"), (".", "point")])
            )
            parts.append(said)
            written += sign
        name = draw(st.one_of(names, st.sampled_from("bcdfgjklmt")))
        spelled = len(name) > 1 and draw(st.booleans())
        parts.append(" ".join(name) if spelled else name)
        written += name
    if draw(st.booleans()):
        number = draw(st.integers(1, 99))
        parts.append(draw(st.sampled_from([str(number), str(num2words(number))])))
        written += str(number)
    domain = draw(st.sampled_from([
        ("example dot com", "example.com"), ("example dot co dot uk", "example.co.uk"), ("example.com", "example.com"),
        ("my hyphen site dot example", "my-site.example"), ("mail dot example dot net", "mail.example.net"),
    ]))  # fmt: skip
    return f"{' '.join(parts)} at {domain[0]}", f"{written}@{domain[1]}"


@settings(max_examples=150, deadline=None)
@given(email=emails(), tail=st.sampled_from(["", " please", ", thanks", " if you would"]), lead=st.sampled_from([
    "", "it's ", "my email is ", "send it to ", "yes, the address is ", "you can write to ", "sure, ", "that would be ",
]))  # fmt: skip
def test_an_email_address_is_understood_however_it_is_said(email: tuple[str, str], lead: str, tail: str) -> None:
    assert told(f"{lead}{email[0]}{tail}", "email") == email[1]


@settings(max_examples=75, deadline=None)
@given(name=st.sampled_from(NAMES), form=st.sampled_from([
    "My name is {}", "my name's {}.", "This is {}", "Hi, this is {} speaking", "{} here", "I'm {}, by the way",
    "It's {}",
    "Yes, you can call me {}", "the name is {}", "{} speaking, who is this?",
]))  # fmt: skip
def test_a_name_is_understood(name: str, form: str) -> None:
    assert told(form.format(name), "caller_name") == name


@settings(max_examples=50, deadline=None)
@given(name=st.sampled_from(["Okoro", "Smythe", "Nguyen", "Sims", "Brandt", "Wojcik"]), upper=st.booleans(),
       gap=st.sampled_from([" ", "-", ", ", ". "]), form=st.sampled_from([
    "it's spelled {}", "{named}, that's {}", "{}", "my name is {named}, {}", "spelled {}, okay?",
]))  # fmt: skip
def test_a_spelled_name_is_read(name: str, gap: str, form: str, *, upper: bool) -> None:
    letters = gap.join(name.upper() if upper else name.lower())
    assert told(form.format(letters, named=name), "caller_name") == name


@settings(max_examples=50, deadline=None)
@given(said=st.sampled_from(NO_NAMES))
def test_what_is_no_name_is_taken_for_none(said: str) -> None:
    assert told(said, "caller_name") is None


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("gino at bertolucci masonry dot example dot com", "gino@bertoluccimasonry.example.com"),
        ("lars at example dot dk", "lars@example.dk"),
        ("tobias at example dot se", "tobias@example.se"),
        ("p kim at example dot co dot uk", "pkim@example.co.uk"),
        ("office at example dot dental", "office@example.dental"),
        ("kim at mail dot example dot co dot nz", "kim@mail.example.co.nz"),
        ("siobhan dot gee, that's G double E, at example dot org", "siobhan.gee@example.org"),
        ("kilo india mike at example dot org", "kim@example.org"),
    ],
)
def test_an_address_may_end_in_any_top_level(said: str, address: str) -> None:
    assert told(said, "email") == address


@pytest.mark.parametrize("said", ["twenty five ", "twenty-five ", "thirty one twenty two ", "double two ", "one "])
def test_counting_without_end_is_no_phone_number_and_read_at_once(said: str) -> None:
    assert told(said * 40, "phone") is None
