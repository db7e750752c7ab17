"""Which Python `make` takes, when it makes the environment anew, and what it says where it cannot."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

MAKEFILE = Path(__file__).parents[2] / "Makefile"
TOOLS = [
    "bash",
    "cat",
    "chmod",
    "cp",
    "dirname",
    "grep",
    "head",
    "mkdir",
    "rm",
    "sed",
    "sh",
    "tee",
    "touch",
    "yes",
    "true",
]
NEEDS = "Callwright needs Python 3.11 or 3.12 with venv: "
# Answers what the Makefile asks of a Python, and makes environments in which such a Python lies.
PYTHON = """#!/bin/sh
case "$1 $2" in
"-c "*) printf '{identity}' ;;
"-m venv") {venv}; mkdir -p "$3/bin" && cp '{path}' "$3/bin/python" ;;
"-m pip") cd "$(dirname "$0")" && printf '#!/bin/sh\\n' | tee uv >pip && chmod +x uv pip ;;
esac
"""


class Checkout:
    """A folder with the Makefile and what it installs from, and a path on which nothing but Pythons made here lies."""

    def __init__(self, root: Path) -> None:
        self.folder = root / "checkout"
        self.programs = root / "programs"
        self.environment = self.folder / ".venv"
        self.programs.mkdir(parents=True)
        for tool in TOOLS:
            found = shutil.which(tool)
            assert found is not None
            (self.programs / tool).symlink_to(found)
        text = MAKEFILE.read_text(encoding="utf-8")
        [packages] = [part for part in text.replace("\\\n", " ").splitlines() if part.startswith("PACKAGES := ")]
        for package in packages.split()[2:]:
            (self.folder / package).mkdir(parents=True)
            (self.folder / package / "pyproject.toml").touch()
        for name in ["pyproject.toml", "requirements.lock", "requirements-dev.lock", "requirements-installer.lock"]:
            (self.folder / name).touch()
        shutil.copy(MAKEFILE, self.folder)

    def add_python(self, name: str, version: str, *, kind: str = "Python", venv: str = ":", whole: bool = True) -> Path:
        path = self.programs / name
        identity = f"{kind} {version} " + (f"{path}\\n" if whole else "")
        path.write_text(PYTHON.format(identity=identity, path=path, venv=venv), encoding="utf-8")
        path.chmod(0o755)
        return path

    def make(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        make = shutil.which("make")
        assert make is not None
        return subprocess.run(
            [make, "--no-print-directory", *arguments],
            cwd=self.folder,
            env={"PATH": str(self.programs), **variables},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def setup(self, *arguments: str, **variables: str) -> str:
        """Returns what `make setup` says."""
        done = self.make("setup", *arguments, **variables)
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


def test_an_environment_is_made_once(checkout: Checkout) -> None:
    checkout.add_python("python3.11", "3.11")
    assert checkout.setup() == "Creating .venv with python3.11\nInstalling the locked packages\n"
    assert checkout.setup() == ""
    checkout.add_python("python3.12", "3.12")
    assert checkout.setup() == ""
    assert checkout.setup(PYTHON="python3.11") == ""


def test_the_first_python_that_fits_is_taken(checkout: Checkout) -> None:
    checkout.add_python("python3.12", "3.12", whole=False)
    checkout.add_python("python3.11", "3.13")
    checkout.add_python("python3", "3.11")
    assert checkout.setup().startswith("Creating .venv with python3\n")


@pytest.mark.parametrize("target", ["setup", "setup-dev", "demo", "run", "test"])
@pytest.mark.parametrize(
    ("name", "version", "kind", "whole", "problem"),
    [
        ("python3.13", "3.13", "Python", True, "python3.13 is Python 3.13"),
        ("python3.10", "3.10", "Python", True, "python3.10 is Python 3.10"),
        ("python3.1", "3.1", "Python", True, "python3.1 is Python 3.1"),
        ("python2", "2.7", "Python", False, "python2 is Python 2.7"),
        ("pypy3.11", "3.11", "PyPy", True, "pypy3.11 is PyPy 3.11"),
        ("python3.12", "3.12", "Python", False, "python3.12 cannot make environments (python3-venv is missing)"),
    ],
)
def test_a_wrong_python_is_refused_before_anything_is_made(
    checkout: Checkout, target: str, name: str, version: str, kind: str, whole: bool, problem: str
) -> None:
    checkout.add_python("python3.11", "3.11")
    checkout.add_python(name, version, kind=kind, whole=whole)
    for done in (checkout.make(target, f"PYTHON={name}"), checkout.make(target, PYTHON=name)):
        assert done.returncode != 0
        assert done.stderr.splitlines()[0] == NEEDS + problem
        assert len(done.stderr.splitlines()) == 2  # the other one is make's own
        assert not checkout.environment.exists()


@pytest.mark.parametrize("name", ["python3.13", "/gone/python", "true", "yes", "cat", "grep", "/", "python 3"])
def test_what_is_no_python_is_refused(checkout: Checkout, name: str) -> None:
    checkout.add_python("python3.12", "3.12")
    assert "Creating" in checkout.setup()
    refused = checkout.make("setup", PYTHON=name)
    assert refused.stderr.splitlines()[0] == f"{NEEDS}{name} is no Python that starts"
    assert checkout.setup() == ""


def test_a_machine_without_python_is_told_what_to_install(checkout: Checkout) -> None:
    for variables in ({}, {"PYTHON": ""}):
        missing = checkout.make("demo", **variables)
        assert missing.stderr.startswith(NEEDS + "install it, or name it with make PYTHON=/path/to/python\n")
    assert not checkout.environment.exists()


def test_help_needs_no_python(checkout: Checkout) -> None:
    (checkout.programs / "expand").symlink_to(shutil.which("expand") or "")
    told = checkout.make("help", PYTHON="python3.13").stdout
    assert {"demo", "run", "call", "test", "setup", "setup-dev"} <= {line.split()[1] for line in told.splitlines()}


def test_another_python_than_that_of_the_environment_rebuilds_it(checkout: Checkout) -> None:
    checkout.add_python("python3.11", "3.11")
    checkout.add_python("python3.12", "3.12")
    checkout.setup("PYTHON=python3.11")
    (checkout.environment / "left over").touch()
    said = "Creating .venv with python3.12\nInstalling the locked packages\n"
    assert checkout.setup("PYTHON=python3.12") == said
    assert not (checkout.environment / "left over").exists()
    assert checkout.setup("PYTHON=python3.12") == ""
    assert checkout.setup() == ""


@pytest.mark.parametrize(
    "damage",
    [
        lambda environment: (environment / "bin" / "python").unlink(),
        lambda environment: (environment / "bin" / "python").write_text("#!/gone/python\n"),
        lambda environment: (environment / ".python").unlink(),
        lambda environment: (environment / ".python").write_text(""),
        lambda environment: environment.rename(environment.with_name("moved")),
        shutil.rmtree,
    ],
    ids=["no Python", "Python of a Python that is gone", "made by others", "half made", "moved away", "removed"],
)
def test_a_broken_environment_is_made_anew(checkout: Checkout, damage: object) -> None:
    checkout.add_python("python3.12", "3.12")
    checkout.setup()
    assert callable(damage)
    damage(checkout.environment)
    assert checkout.setup() == "Creating .venv with python3.12\nInstalling the locked packages\n"
    assert checkout.setup() == ""


def test_an_environment_that_was_moved_is_made_anew(checkout: Checkout) -> None:
    checkout.add_python("python3.12", "3.12")
    checkout.setup()
    checkout.folder = checkout.folder.rename(checkout.folder.with_name("elsewhere"))
    assert checkout.setup() == "Creating .venv with python3.12\nInstalling the locked packages\n"


def test_an_interrupted_making_is_begun_anew(checkout: Checkout) -> None:
    checkout.add_python("python3.12", "3.12", venv='mkdir -p "$3/bin"; exit 1')
    assert checkout.make("setup").returncode != 0
    assert checkout.environment.exists()
    checkout.add_python("python3.12", "3.12")
    assert checkout.setup() == "Creating .venv with python3.12\nInstalling the locked packages\n"


def test_new_locks_are_installed_into_the_environment_that_is_there(checkout: Checkout) -> None:
    checkout.add_python("python3.12", "3.12")
    checkout.setup()
    later = (checkout.environment / ".runtime").stat().st_mtime + 10
    os.utime(checkout.folder / "requirements.lock", (later, later))
    assert checkout.setup() == "Installing the locked packages\n"


@pytest.mark.parametrize(
    ("listed", "given", "passed_on"),
    [
        ("", {}, {}),
        ("global.index-url='http://a/simple'", {}, {"UV_DEFAULT_INDEX": "http://a/simple"}),
        ("global.cert='/etc/ca.pem'", {}, {"SSL_CERT_FILE": "/etc/ca.pem"}),
        (":env:.cert='/my/ca.pem'\nglobal.cert='/etc/ca.pem'", {}, {"SSL_CERT_FILE": "/my/ca.pem"}),
        ("global.index-url='a'\ninstall.index-url='b'", {}, {"UV_DEFAULT_INDEX": "b"}),
        (
            "global.index-url='a'\nglobal.cert='/etc/ca.pem'",
            {"UV_DEFAULT_INDEX": "mine", "SSL_CERT_FILE": "/mine.pem"},
            {"UV_DEFAULT_INDEX": "mine", "SSL_CERT_FILE": "/mine.pem"},
        ),
    ],
)
def test_index_and_certificate_that_pip_knows_are_passed_on_to_uv(
    checkout: Checkout, listed: str, given: dict[str, str], passed_on: dict[str, str]
) -> None:
    checkout.add_python("python3.12", "3.12")
    checkout.setup()
    (checkout.environment / "bin" / "pip").write_text(f'#!/bin/sh\ncat <<"END"\n{listed}\nEND\n')
    noted = checkout.folder / "noted"
    (checkout.environment / "bin" / "uv").write_text(
        f'#!/bin/sh\necho "UV_DEFAULT_INDEX=$UV_DEFAULT_INDEX SSL_CERT_FILE=$SSL_CERT_FILE" >{noted}\n'
    )
    later = (checkout.environment / ".runtime").stat().st_mtime + 10
    os.utime(checkout.folder / "requirements.lock", (later, later))
    checkout.setup(**given)
    assert dict(word.split("=") for word in noted.read_text().split() if not word.endswith("=")) == passed_on


def test_a_certificate_that_only_the_system_is_told_is_passed_on_to_pip(checkout: Checkout) -> None:
    noted = checkout.folder / "noted"
    path = checkout.add_python("python3.12", "3.12")
    path.write_text(path.read_text().replace('"-m pip") ', f'"-m pip") echo "$PIP_CERT" >{noted};'))
    checkout.setup(SSL_CERT_FILE="/mine.pem")
    assert noted.read_text() == "/mine.pem\n"
