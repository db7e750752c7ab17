"""Generates the Python code of the contracts; with `--check` proves that it is current, linted and compatible.

`baseline.binpb` is the descriptor image of the last released contracts; `--release` writes it anew.
"""

import argparse
import filecmp
import subprocess
import sys
import tempfile
from importlib.resources import files
from pathlib import Path

from google.type import money_pb2
from grpc_tools import protoc

PROTOS = Path(__file__).resolve().parent
GENERATED = PROTOS.parent / "libs" / "common" / "src"
BASELINE = PROTOS / "baseline.binpb"
BUF = Path(sys.executable).with_name("buf")


def run_protoc(*outputs: str) -> None:
    """Runs protoc over all contracts; ends the program if it fails."""
    includes = [PROTOS, files("grpc_tools") / "_proto", Path(money_pb2.__file__).parents[2]]
    sources = sorted(str(path.relative_to(PROTOS)) for path in PROTOS.rglob("*.proto"))
    if protoc.main(["protoc", *(f"-I{path}" for path in includes), *outputs, *sources]) != 0:
        sys.exit("protoc failed")


def generate(target: Path) -> None:
    """Writes the Python modules, their stubs and the package files below `target`."""
    scripts = Path(sys.executable).parent
    plugins = [f"--plugin={name}={scripts / name}" for name in ("protoc-gen-mypy", "protoc-gen-mypy_grpc")]
    run_protoc(
        *plugins,
        f"--python_out={target}",
        f"--grpc_python_out={target}",
        f"--mypy_out={target}",
        f"--mypy_grpc_out={target}",
    )
    for folder in {path.parent for path in (target / "callwright").rglob("*.py")}:
        for package in (folder, *folder.parents):
            if package == target:
                break
            (package / "__init__.py").touch()


def write_image(path: Path) -> None:
    """Writes the descriptor image, with comments and imports, that buf reads without a network."""
    run_protoc(f"--descriptor_set_out={path}", "--include_imports", "--include_source_info")


def differences(left: Path, right: Path) -> list[str]:
    """Names the files below `callwright` that differ between two trees or are in one of them only."""
    found = []
    names = {
        path.relative_to(root)
        for root in (left, right)
        for path in (root / "callwright").rglob("*")
        if path.is_file() and path.suffix in {".py", ".pyi"}
    }
    for name in sorted(names):
        pair = (left / name, right / name)
        if not all(path.exists() for path in pair) or not filecmp.cmp(*pair, shallow=False):
            found.append(str(name))
    return found


def check() -> None:
    """Ends the program with a reason if the code is stale, buf's lint objects or a released contract broke."""
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder)
        generate(fresh)
        if stale := differences(fresh, GENERATED):
            sys.exit(f"generated code is not current, run `make protos`: {', '.join(stale)}")
        image = fresh / "image.binpb"
        write_image(image)
        subprocess.run([BUF, "lint", image, "--config", "buf.yaml"], check=True, cwd=PROTOS)
        subprocess.run([BUF, "breaking", image, "--against", BASELINE, "--config", "buf.yaml"], check=True, cwd=PROTOS)


def main() -> None:
    """Runs what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--release", action="store_true")
    arguments = parser.parse_args()
    if arguments.check:
        check()
        return
    generate(GENERATED)
    if arguments.release:
        write_image(BASELINE)


if __name__ == "__main__":
    main()
