"""Whatever a campaign file holds, it is a campaign or refused in bounded lines that begin with the file's name."""

import copy
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from callwright_common.campaign import CampaignError, load_campaign, load_campaigns, parse_campaign

SOLAR = (Path(__file__).parents[3] / "campaigns" / "sunline-solar.yaml").read_text(encoding="utf-8")
ROOM = 256 * 1024 - len(SOLAR.encode()) - 100
"""How many bytes may be added to the campaign before the file is too large."""

# A file that hangs takes longer than any machine is slow.
pytestmark = pytest.mark.timeout(20)

BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
REFUSED_IN_A_LINE = {
    "bomb of aliases": (BOMB, "line 1: a text that begins with &, * or !"),
    "alias of itself": (f"id: &a [*a]\n{SOLAR}", "line 1: a text that begins with &, * or !"),
    "alias of a field around it": ("&top\nid: *top\n", "line 1: a text that begins with &"),
    "alias of nothing": ("id: *nothing\n", "line 1: a text that begins with &"),
    "tag of a Python object": ("id: !!python/object/apply:os.system [true]\n", "line 1: a text that begins with &"),
    "tag of another language": ("id: !ruby/object:A {}\n", "line 1: a text that begins with &"),
    "binary tag": ("id: !!binary aGVsbG8=\n", "line 1: a text that begins with &"),
    "named key": ("&a id: x\n", "line 1: the name of a field must be a word"),
    "list as a key": ("? [id]\n: x\n", "line 1: the name of a field must be a word"),
    "endless key": (f"{'k' * 1000}: x\n", "line 1: the name of a field must have 1 to 64 characters"),
    "key without a name": ('"": x\n', "line 1: the name of a field must have 1 to 64 characters"),
    "key twice": (f"{SOLAR}\nid: again\n", "the key id stands twice"),
    "key twice, written otherwise": ('id: a\n"id": b\n', "line 2: the key id stands twice"),
    "key twice deep inside": ("company:\n  name: a\n  name: b\n", "line 3: the key name stands twice"),
    "deep brackets": ("id: " + "[" * 200_000, "line 1: is nested too deeply"),
    "deep braces": ("{a: " * 50_000, "line 1: is nested too deeply"),
    "deep dashes": ("- " * 100_000, "line 1: is nested too deeply"),
    "deep groups": ("\n".join(" " * depth + "a:" for depth in range(40)), "is nested too deeply"),
    "two documents": (f"{SOLAR}\n---\n{SOLAR}", "a second document begins here"),
    "a second, empty document": ("id: a\n---\n", "line 2: a second document begins here"),
    "tab": ("company:\n\tname: a\n", "line 2: is not valid YAML"),
    "NUL": ("id: a\ncompany: \0\n", "line 2: holds a control character"),
    "escaped NUL": ('id: a\nopening: "hello\\0"\n', "line 2: holds a control character"),
    "escaped escape in a key": ('id: a\n"\\e": b\n', "line 2: holds a control character"),
    "reversed writing": ("id: a\nopening: hello \u202eolleh\n", "line 2: holds a control character"),
    "bell": ("id: a\nopening: hello\x07\n", "line 2: holds a control character"),
    "lines in a placeholder": (SOLAR.replace("{agent}", "{a\n  b\n\n  c}", 1), "the placeholder {a b c} is unknown"),
    "lines in a key": (SOLAR + '"a\\nb": c\n', "a b: is not a field of a campaign file"),
    "half a character": ("id: a\nopening: hello \ud83d\n", "line 2: holds a control character"),
    "escaped half a character": ('id: a\nopening: "hello \\ud83d"\n', "line 2: is not valid YAML"),
    "open quote": ('id: a\nopening: "hello\n', "is not valid YAML"),
    "question mark within brackets": ("id: a\nfacts: [why?]\n", "line 2: a text with a ? must stand in quotes"),
    "question mark within braces": ("id: a\ncompany: {name: why?}\n", "line 2: a text with a ? must stand in quotes"),
    "open bracket": ("id: a\nfacts: [\n", "is not valid YAML"),
    "colon in a text": ("id: a\nopening: Well: hello: you\n", "line 2: is not valid YAML"),
    "brace at the start of a text": ("id: a\nopening: {company} speaks\n", "is not valid YAML"),
    "backtick": ("id: `a`\n", "line 1: is not valid YAML"),
    "unknown version": ("%YAML 3.0\n---\nid: a\n", "line 1: is not valid YAML"),
    "merge marks of version control": (f"<<<<<<< ours\n{SOLAR}\n=======\n", "is not valid YAML"),
    "HTML": ("<!DOCTYPE html><html><body>Sign in</body></html>", "must hold fields such as id"),
    "XML": ("<?xml version='1.0'?>\n<campaign/>", "must hold fields such as id"),
    "empty": ("", "must hold fields such as id"),
    "comments alone": ("# later\n", "must hold fields such as id"),
    "nothing in a document": ("---\n...\n", "must hold fields such as id"),
    "number": ("42", "must hold fields such as id"),
    "list": (f"- {SOLAR.splitlines()[1]}\n", "must hold fields such as id"),
    "JSON of another kind": ('{"name": "callwright", "version": "1"}', "name: is not a field of a campaign file"),
    "merge key": (f"<<: {{id: a}}\n{SOLAR}", "<<: is not a field of a campaign file"),
    "unknown fields without end": (
        SOLAR + "".join(f"a{number}: 1\n" for number in range(ROOM // 11)),
        "is more than the 1000 entries",
    ),
    "many unknown fields": (SOLAR + "".join(f"a{number}: 1\n" for number in range(900)), "and 840 more problems"),
    "too many questions": ("questions: [" + "{}, " * 100 + "]", "more problems"),
    "questions without end": ("questions:\n" + "- {id: a}\n" * (ROOM // 10), "line 1002: is more than the 1000"),
    "phrases without end": (f"facts:\n- topics: [{'a,' * (ROOM // 2)}]\n", "line 2: is more than the 1000 entries"),
    "many lists of phrases": ("facts:" + f"\n- topics: [{'a,' * 999}]" * (ROOM // 2013), "facts[0].topics[0]: "),
    "numbers without end": (
        SOLAR.replace("numbers: []", "numbers:\n" + "".join(f"- +1202555{n:04}\n" for n in range(9999))),
        "is more than the 1000 entries",
    ),
    "nothing without end": ("- \n" * (ROOM // 3), "line 1001: is more than the 1000 entries"),
    "placeholders without end": (SOLAR + "extra: '" + "{nobody}" * (ROOM // 8) + "'\n", "and "),
    "a name that grows": (
        f"company: {{name: {'n' * (ROOM // 2)}}}\nopening: '" + "{company}" * (ROOM // 24) + "'\n",
        "company.name: is too long, at most 1000 characters",
    ),
    "a long name filled in often": (
        SOLAR.replace("name: Sunline Solar", f"name: {'n' * 1000}").replace("Thanks for", "{company}" * 900),
        "opening: is too long",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "message"), REFUSED_IN_A_LINE.values(), ids=REFUSED_IN_A_LINE)
def test_an_odd_text_is_refused_by_file_and_place(text: str, message: str) -> None:
    with pytest.raises(CampaignError) as caught:
        parse_campaign(text, "campaigns/odd.yaml")
    lines = str(caught.value).splitlines()
    assert any(message in line for line in lines)
    assert len(lines) <= 61
    assert all(line.startswith("campaigns/odd.yaml: ") and len(line) < 400 for line in lines)


def _bytes(content: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content)


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(os.path.relpath(path))


ODD_FILES: dict[str, tuple[Callable[[Path], object], str]] = {
    "too large": (_bytes(b"#" * (256 * 1024 + 1)), "is larger than 256 KiB"),
    "endless": (lambda path: path.symlink_to("/dev/zero"), "is not a file"),
    "Latin-1": (_bytes(f"id: a\ncompany: {{name: Café}}\n{SOLAR}".encode("latin-1")), "line 2: is not UTF-8"),
    "UTF-16": (_bytes(SOLAR.encode("utf-16")), "line 1: is not UTF-8"),
    "picture": (_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), "line 1: is not UTF-8"),
    "archive": (_bytes(b"PK\x03\x04" + bytes(100)), "line 1: holds a control character"),
    "folder": (Path.mkdir, "is not a file"),
    "pipe": (os.mkfifo, "is not a file"),
    "socket": (_socket, "is not a file"),
    "link to nothing": (lambda path: path.symlink_to("gone"), "cannot be read (No such file or directory)"),
    "link to itself": (lambda path: path.symlink_to(path.name), "cannot be read (Too many levels of symbolic links)"),
}


@pytest.mark.parametrize(("make", "message"), ODD_FILES.values(), ids=ODD_FILES)
def test_an_odd_file_stops_the_start_by_name(
    make: Callable[[Path], object], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a-good-one.yml").write_text(SOLAR, encoding="utf-8")
    make(tmp_path / "odd.yaml")
    with pytest.raises(CampaignError) as caught:
        load_campaigns(tmp_path)
    assert str(caught.value).startswith(f"{tmp_path / 'odd.yaml'}: {message}")


def test_a_folder_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for name, reason in [("gone", "No such file or directory"), ("file", "Not a directory")]:
        with pytest.raises(CampaignError) as caught:
            load_campaigns(tmp_path / name)
        assert str(caught.value) == f"CAMPAIGNS_DIR: {tmp_path / name}: cannot be read ({reason})"


def test_two_wrong_files_are_both_named(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text("id: 7\n")
    with pytest.raises(CampaignError) as caught:
        load_campaigns(tmp_path)
    assert {line.partition(":")[0] for line in str(caught.value).splitlines()} == {
        str(tmp_path / "a.yaml"),
        str(tmp_path / "b.yaml"),
    }


def test_other_files_of_the_folder_are_left_alone(tmp_path: Path) -> None:
    for name in ["README.md", "solar.yaml~", "._solar.yaml", ".#solar.yaml"]:
        (tmp_path / name).write_bytes(b"\0\xff")
    (tmp_path / "solar.YAML").write_text("\ufeff" + SOLAR.replace("\n", "\r\n"), encoding="utf-8")
    assert load_campaigns(tmp_path)["sunline-solar"] == parse_campaign(SOLAR, "solar")


@pytest.mark.parametrize(
    ("before", "after", "field", "value"),
    [
        ("agent_name: Jamie", "agent_name: 2026-11-01", "company.agent_name", "2026-11-01"),
        ("agent_name: Jamie", "agent_name: yes", "company.agent_name", "yes"),
        ("agent_name: Jamie", "agent_name: 0x7", "company.agent_name", "0x7"),
        ("name: home solar", "name: 08:00", "product.name", "08:00"),
        ("name: free home visit", "name: 1.50", "appointment.name", "1.50"),
        ('number: "+13035550142"', "number: +13035550142", "handoff.number", "+13035550142"),
        ('number: "+13035550142"', "number:", "handoff.number", None),
        ('number: "+13035550142"', "number: ~", "handoff.number", None),
        ('per_call: "0.60"', "per_call: 0.60", "budget.per_call", 600_000),
        ('per_call: "0.60"', "per_call: 1", "budget.per_call", 1_000_000),
        ("lease_seconds: 60", "lease_seconds: 060", "budget.lease_seconds", 60),
        ("threshold: 0.7", 'threshold: "0.7"', "scoring.threshold", 0.7),
        ("threshold: 0.7", "threshold: 1", "scoring.threshold", 1.0),
    ],
)
def test_a_value_is_what_its_author_wrote(before: str, after: str, field: str, value: object) -> None:
    assert before in SOLAR
    read: object = parse_campaign(SOLAR.replace(before, after, 1), "solar")
    for name in field.split("."):
        read = getattr(read, name)
    assert read == value


NO_ZONE = "must be an IANA time zone, for example America/New_York"
NO_HOURS = "must be a span of hours, for example 09:00-12:00"
NO_AMOUNT = "is not a decimal number; write it like 0.60"
NO_WORD = "must hold a word or a number"
ODD_FIELDS: list[tuple[str, object, str]] = [
    *(("product.pitch", text, NO_WORD) for text in ("...", "?", "\u200b", "\U0001f600")),
    ("company.name", "-", NO_WORD),
    ("questions.0.ask", "...", NO_WORD),
    ("questions.0.ask", "", "must not be empty"),
    ("facts.0.topics", ["price", "??"], NO_WORD),
    ("opening", "This is {company", "holds a brace that belongs to no placeholder"),
    ("opening", "This is {{company}}", "holds a brace that belongs to no placeholder"),
    ("opening", "This is {company.name}", "the placeholder {company.name} is unknown"),
    *(("company.timezone", zone, NO_ZONE) for zone in ("localtime", "../../etc/passwd", "America", "america/denver")),
    *(("budget.per_day", amount, NO_AMOUNT) for amount in ("\u0663", "0_1", "1e-999999999", "nan", "1,50")),
    ("budget.per_day", "-1", "must be a finite amount that is not negative"),
    ("budget.per_day", "9" * 500, "is too large"),
    ("budget.per_day", "0", "per_call must not be above per_day"),
    *(("voices.premium.speed", speed, "must be ") for speed in ("nan", "inf", "-1", "yes")),
    *(("scoring.threshold", share, "must be ") for share in ("nan", "1.01", "-0.1", "1e999", "0x1")),
    *(("limits.max_call_seconds", seconds, "must be ") for seconds in ("nan", "0", "08:00", "2026-11-01")),
    *(
        ("calendar.hours.monday", [span], NO_HOURS)
        for span in (
            "12:00-09:00",
            "09:00-12:00-13:00",
            "09:00-12:00+01:00",
            "09:00Z-12:00",
            "09:00-24:00",
            "9-12",
            "\u0660\u0669:00-12:00",
        )
    ),
    ("numbers", ["+12025550123", "+12025550123"], "+12025550123 stands there twice"),
    ("dispositions", [], "one must be for 'abandoned'"),
    ("dispositions", [{"id": "won", "label": "Won", "when": "booked"}], "one must be for 'abandoned'"),
    (
        "dispositions",
        [{"id": "won", "label": "Won", "when": "sold"}],
        "when: must be 'voicemail', 'wants_erasure', 'opted_out'",
    ),
    (
        "dispositions",
        [{"id": one, "label": "Lost", "when": "abandoned"} for one in "ab"],
        "abandoned stands there",
    ),
    ("numbers", ["2025550123"], "must be a phone number in E.164 form"),
]


@pytest.mark.parametrize(("field", "value", "message"), ODD_FIELDS)
def test_an_odd_value_is_refused_by_its_field(field: str, value: object, message: str) -> None:
    *groups, name = field.split(".")
    campaign: Any = yaml.safe_load(SOLAR)
    group = campaign
    for key in groups:
        group = group[int(key) if key.isdigit() else key]
    group[name] = value
    with pytest.raises(CampaignError) as caught:
        parse_campaign(yaml.safe_dump(campaign), "odd.yaml")
    [line] = str(caught.value).splitlines()
    assert line.startswith(f"odd.yaml: {field.split('.', maxsplit=1)[0]}")
    assert message in line


ODD_VALUES = [
    *("", "~", "yes", "no", "0", "-1", "1e999", "nan", ".inf", "2026-11-01", "08:00", "0o17", "1_000", "é", "{nobody}"),
    *("[]", "{}", "[[]]", "[a, b]", "{a: b}", "&a x", "*a", "!!int 3", "|\n  text", "- x", "? x", "%", "'", '"'),
    *("\t", "\0", "\u2028", "a" * 2000),
]


def taken_or_refused(load: Callable[[], object], source: str) -> None:
    problems = []
    try:
        load()
    except CampaignError as error:
        problems = str(error).splitlines()
    assert all(problem.startswith(f"{source}: ") for problem in problems)


@settings(max_examples=300)
@given(line=st.integers(0, SOLAR.count("\n")), value=st.sampled_from(ODD_VALUES))
def test_an_odd_value_in_any_field_is_taken_or_refused(line: int, value: str) -> None:
    lines = SOLAR.split("\n")
    name, colon, _ = lines[line].partition(": ")
    text = "\n".join([*lines[:line], name + colon + value, *lines[line + 1 :]])
    taken_or_refused(lambda: parse_campaign(text, "odd.yaml"), "odd.yaml")


@settings(max_examples=150)
@given(place=st.integers(0, len(SOLAR)), length=st.integers(0, 40), text=st.text(max_size=20))
def test_a_damaged_text_is_taken_or_refused(place: int, length: int, text: str) -> None:
    damaged = SOLAR[:place] + text + SOLAR[place + length :]
    taken_or_refused(lambda: parse_campaign(damaged, "odd.yaml"), "odd.yaml")


@settings(max_examples=100)
@given(place=st.integers(0, len(SOLAR)), content=st.binary(min_size=1, max_size=20))
def test_a_damaged_file_is_taken_or_refused(
    place: int, content: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "damaged.yaml"
    path.write_bytes(SOLAR.encode()[:place] + content + SOLAR.encode()[place:])
    taken_or_refused(lambda: load_campaign(path), str(path))


def test_what_is_wrong_in_a_file_is_told_at_once_whatever_kind_it_is_of() -> None:
    campaign: Any = yaml.safe_load(SOLAR)
    campaign["opening"] = "{nobody} speaks"
    campaign["scoring"]["threshold"] = 5
    campaign["questions"] += [copy.deepcopy(campaign["questions"][0])]
    campaign["limits"] = {"silence_prompt_seconds": 60, "silence_hangup_seconds": 30}
    campaign["languages"] = ["en", "es"]
    campaign.pop("translations", None)
    campaign["calendar"]["hours"]["monday"] = ["09:00-12:00", "11:00-13:00", "12:30-14:00"]
    text = yaml.safe_dump(campaign) + "id: again\n"
    with pytest.raises(CampaignError) as caught:
        parse_campaign(text, "odd.yaml")
    told = str(caught.value)
    for part in (
        "the key id stands twice", "the placeholder {nobody} is unknown", "scoring.threshold: must be at most 1",
        "stands there twice", "silence_hangup_seconds must be above", "es needs the texts of translations.es",
        "09:00-12:00 and 11:00-13:00 overlap", "11:00-13:00 and 12:30-14:00 overlap",
    ):  # fmt: skip
        assert part in told, told
    assert len(told.splitlines()) == len({*told.splitlines()}) == 8


def test_a_list_of_wrong_entries_is_not_told_to_be_too_short() -> None:
    campaign: Any = yaml.safe_load(SOLAR)
    campaign["questions"] = [{**campaign["questions"][0], "ask": ""}]
    with pytest.raises(CampaignError) as caught:
        parse_campaign(yaml.safe_dump(campaign), "odd.yaml")
    assert "questions: needs" not in str(caught.value)
