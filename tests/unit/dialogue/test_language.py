"""The files of the language: what is wrong in one is said by name, and each entry is used by somebody."""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

import dialogue
from callwright_common.campaign import Authority
from dialogue.language import VALUES, WORDINGS, LanguageError, language, speaking

PACKAGE = Path(str(dialogue.__file__)).parent
SOURCES = "\n".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py"))
FILES = sorted(str(path.relative_to(PACKAGE / "en").with_suffix("")) for path in PACKAGE.glob("en/**/*.yaml"))


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """Yields a file of the language named `written` that a test fills."""
    (tmp_path / "en").mkdir()
    monkeypatch.setattr("dialogue.language.files", lambda package: tmp_path)
    language.cache_clear()
    yield tmp_path / "en" / "written.yaml"
    language.cache_clear()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("patterns:\n  hello:\n    - hi(there\n", "en/written.yaml: patterns.hello: is no regular expression"),
        ("patterns:\n  hello:\n    - hi {whom}\n", "en/written.yaml: the language file has no entry whom"),
        ("patterns:\n  hello: hi\n", "en/written.yaml: patterns.hello: Input should be a valid tuple"),
        ("numbers:\n  units:\n    one: uno\n", "en/written.yaml: numbers.units.one: Input should be a valid integer"),
        ("greetings: [hi]\n", "en/written.yaml: greetings: Extra inputs are not permitted"),
        ("patterns:\n  hello: [hi]\n  hello: [hey]\n", "en/written.yaml: line 3: the key hello stands twice"),
    ],
)
def test_what_is_wrong_in_a_file_is_named(written: Path, text: str, problem: str) -> None:
    written.write_text(text, encoding="utf-8")
    with pytest.raises(LanguageError, match=re.escape(problem)):
        language("written")


def test_a_missing_file_or_entry_is_named(written: Path) -> None:
    with pytest.raises(LanguageError, match=r"en/written\.yaml: .*No such file"):
        language("written")
    written.write_text("words:\n  small: [tiny]\n", encoding="utf-8")
    with pytest.raises(LanguageError, match="no entry large, but small"):
        language("written").words["large"]


def test_an_entry_that_a_language_lacks_is_that_of_the_first(written: Path) -> None:
    first = "words:\n  small: [tiny]\n  large: [huge]\nwordings:\n  a: {greet: [hi], part: [bye]}\n"
    written.write_text(first, encoding="utf-8")
    other = written.parents[1] / "es" / written.name
    other.parent.mkdir()
    other.write_text("words:\n  small: [chico]\nwordings:\n  a: {greet: [hola]}\n", encoding="utf-8")
    file = language("written")
    with speaking("es"):
        assert (file.words["small"], file.words["large"]) == (("chico",), ("huge",))
        assert (file.wordings["a.greet"], file.wordings["a.part"]) == (("hola",), ("bye",))
        assert list(file.words) == ["small", "large"]
        with pytest.raises(LanguageError, match="no entry middling"):
            file.words["middling"]
    assert file.words["small"] == ("tiny",)


def test_patterns_stand_at_the_edges_of_words(written: Path) -> None:
    written.write_text(
        "parts:\n  they: [he, she]\npatterns:\n  said:\n    - '{they} (says|said)'\n    - ^well$\n    - '[$€]'\n",
        encoding="utf-8",
    )
    said = language("written").patterns["said"]
    assert said.groups == 0
    assert [bool(said.search(text)) for text in ("so she said", "he saids", "the says", "well", "oh well", "5$")] == [
        True, False, False, True, False, True,
    ]  # fmt: skip


@pytest.mark.parametrize("worded", [WORDINGS, VALUES.wordings])
def test_what_is_said_is_worded_and_each_wording_is_said(worded: Mapping[str, object]) -> None:
    groups = "|".join({deed.partition(".")[0] for deed in worded})
    named = set(re.findall(rf'"((?:{groups})\.[a-z_.{{}}]+)"', SOURCES))
    assert {name for name in named if "{" not in name} <= set(worded)
    said = re.compile("|".join(re.sub(r"\{[\w.]+\}", "[a-z_]+", re.escape(name).replace("\\", "")) for name in named))
    assert [deed for deed in worded if not said.fullmatch(deed)] == []


TAKEN_IN_ORDER = {
    "concerns", "currencies", "holidays", "parts_of_day", "periods", "places", "topics", "timelines/fixed",
    "timelines/occasions", "claims/forbidden", "claims/grounded", "claims/talk", "claims/terms", "model/questions",
}  # fmt: skip


@pytest.mark.parametrize("name", [name for name in FILES if name != "wordings" and not name.startswith("intents/")])
def test_each_entry_of_a_file_is_used(name: str) -> None:
    assert f'"{name}"' in SOURCES
    text = (PACKAGE / "en" / f"{name}.yaml").read_text(encoding="utf-8")
    text = re.sub(r"^replacements:\n(?: .*\n|\n)*", "", text, flags=re.MULTILINE)
    listed = re.search("^(patterns|words|numbers):", text, re.MULTILINE)
    if name in TAKEN_IN_ORDER or listed is None:
        return  # their entries are taken one after the other
    for entry in re.findall(r"^  ([a-z_]+):", text, re.MULTILINE):
        kind = re.sub(r"_[a-z]+(_name)?$", "_{fact}", entry)
        used = re.search(rf"[\"']({entry}|{kind})[\"'.]", SOURCES) or f"{{{entry}}}" in text
        assert used or entry in set(Authority), entry


SYNTAX = re.compile(r"\(\?P<\w+>|\\.|\[[^\]]*\]")
"""What holds letters in a regular expression and stands for none."""


@pytest.mark.parametrize(
    "path", sorted([*PACKAGE.glob("grammar/*.py"), *PACKAGE.glob("rules/*.py")]), ids=lambda path: path.stem
)
def test_what_callers_say_stands_in_the_files_alone(path: Path) -> None:
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    told = {node.value for node in nodes if isinstance(node, ast.Expr)}
    texts = [str(node.value) for node in nodes if isinstance(node, ast.Constant) and node not in told]
    names = re.compile(r"[\w./]*")
    assert [text for text in texts if not names.fullmatch(text) and re.search("[a-z]{2,}", SYNTAX.sub(" ", text))] == []


def test_every_concern_has_an_answer() -> None:
    assert {f"concern.{concern}" for concern in language("concerns").patterns} < set(WORDINGS)
