"""Makes the goldens again, or with --check says which numbers differ from those that are stored.

    python3 test/goldens/make/make.py [--check] [name ...]      # a name is a path below test/goldens, without .json

The libraries go into a virtual environment in out/goldens-venv, made at the first run (needs the network).
A maker gets the stored golden and returns the numbers that follow from its inputs, in the same shape. A stored number
within the golden's `tolerance` of the one made stays as it is, so that another machine changes no bytes.
"""

import json
import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path

HERE = Path(__file__).resolve().parent
GOLDENS = HERE.parent
ENVIRONMENT = GOLDENS.parent.parent / "out" / "goldens-venv"
REQUIREMENTS = HERE / "requirements.txt"


def enter_environment() -> None:
    """Runs this script again with the Python of the environment, which is made anew when the requirements change."""
    if Path(sys.prefix).resolve() == ENVIRONMENT.resolve():
        return
    python = ENVIRONMENT / "bin" / "python"
    installed = ENVIRONMENT / "requirements.txt"
    if not installed.exists() or installed.read_text() != REQUIREMENTS.read_text():
        subprocess.run([sys.executable, "-m", "venv", "--clear", ENVIRONMENT], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "-r", REQUIREMENTS], check=True)
        installed.write_text(REQUIREMENTS.read_text())
    os.execv(python, [str(python), __file__, *sys.argv[1:]])


def merged(stored, made, tolerance: float, at: str, differences: list[str]):
    """What is stored, with the made value wherever it differs by more than the tolerance; lists those places."""
    if isinstance(made, dict) and isinstance(stored, dict):
        added = {key: merged(stored.get(key), value, tolerance, f"{at}.{key}", differences) for key, value in made.items()}
        return {**stored, **added}
    if isinstance(made, list) and isinstance(stored, list) and len(made) == len(stored):
        pairs = enumerate(zip(stored, made))
        return [merged(old, new, tolerance, f"{at}[{i}]", differences) for i, (old, new) in pairs]
    is_number = isinstance(made, (int, float)) and isinstance(stored, (int, float))
    if stored == made or (is_number and abs(stored - made) <= tolerance):
        return stored
    differences.append(f"{at}: stored {stored}, made {made}")
    return made


def plain(value, digits: int):
    """Numpy's numbers and arrays as those of JSON, floats to so many decimals and NaN as null."""
    if isinstance(value, dict):
        return {key: plain(item, digits) for key, item in value.items()}
    if hasattr(value, "tolist"):
        return plain(value.tolist(), digits)
    if isinstance(value, (list, tuple)):
        return [plain(item, digits) for item in value]
    return value if not isinstance(value, float) else None if value != value else round(value, digits)


def text_of(golden: dict) -> str:
    """JSON with a list of plain values on one line where it fits."""
    def one_line(found: re.Match) -> str:
        indent = " " * (len(found["indent"]) + 2)
        joined = " ".join(found["list"].split()).replace("[ ", "[").replace(" ]", "]")
        return found["indent"] + textwrap.fill(joined, 110, subsequent_indent=indent, break_on_hyphens=False)

    flat_list = r'^(?P<indent> *)(?P<list>("[^"\n]*": )?\[\n[^\[\]{}"]*\],?)$'
    return re.sub(flat_list, one_line, json.dumps(golden, indent=2), flags=re.MULTILINE) + "\n"


def main() -> int:
    check = "--check" in sys.argv
    wanted = [name for name in sys.argv[1:] if name != "--check"]
    # They need the environment.
    import detection, fidelity, images, labels, numerics, scores, tokens

    makers = {k: v for module in (detection, fidelity, images, labels, numerics, scores, tokens) for k, v in module.MAKERS.items()}
    stored = {path.relative_to(GOLDENS).with_suffix("").as_posix(): path for path in sorted(GOLDENS.rglob("*.json"))}
    failed = 0
    for name in wanted or stored.keys() | makers.keys():
        if name not in stored or name not in makers:
            print(f"{name}: there is no {'golden' if name in makers else 'maker'}")
            failed += 1
    for name, path in stored.items():
        if name not in makers or (wanted and name not in wanted):
            continue
        golden = json.loads(path.read_text())
        made = makers[name](golden)
        if made is None:
            print(f"{name}: not made, its data are not here")
            continue
        differences: list[str] = []
        result = merged(golden, plain(made, 10 if golden["tolerance"] >= 1e-9 else 16), golden["tolerance"], name, differences)
        print(*(differences or [f"{name}: agrees"]), sep="\n")
        failed += check and bool(differences)
        if differences and not check:
            path.write_text(text_of(result))
    return int(failed > 0)


if __name__ == "__main__":
    enter_environment()
    sys.exit(main())
