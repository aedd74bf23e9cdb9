#!/usr/bin/env python3
"""Holds the schema of scenarios against an independent validator.

usage: scripts/schema.py GOSSIM    (the program to ask for its schema)

Every scenario of the repository and what `gossim init` writes must pass Python's
jsonschema (draft-07). Each bad scenario of tests/data/bad_scenarios.toml must fail
with an error that names the key that is to blame, and gossim must refuse it with
exit code 2 and that key. jsonschema comes from PyPI into an environment of its own
where it is missing. Exit code 1: something does not hold.
"""

import json
import os
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def with_jsonschema():
    """Starts again in an environment that has jsonschema, where this one has not."""
    try:
        import jsonschema  # noqa: F401
    except ImportError:
        if os.environ.get("SCHEMA_PY_AGAIN"):
            sys.exit("jsonschema cannot be imported, though it was installed")
        folder = Path(tempfile.mkdtemp(prefix="gossim-schema-"))
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        python = folder / "bin" / "python"
        install = [python, "-m", "pip", "install", "--quiet", "jsonschema==4.*"]
        subprocess.run(install, check=True)
        environment = {**os.environ, "SCHEMA_PY_AGAIN": "1"}
        done = subprocess.run([python, *sys.argv], env=environment)
        subprocess.run(["rm", "-r", folder])
        sys.exit(done.returncode)


def names(error, key):
    """Does the error point at the key, or at its table while it says its name?"""
    path = ".".join(str(part) for part in error.absolute_path if not isinstance(part, int))
    parent, _, last = key.rpartition(".")
    if path == key or path.endswith("." + key):
        return True
    is_at_table = path == parent or path.split(".")[0] == "sweep"
    return is_at_table and (f"'{last}'" in error.message or f"'{key}'" in error.message)


def refuses(gossim, text, key):
    """gossim's exit code is 2, and its message has the key."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bad.toml"
        path.write_text(text)
        done = subprocess.run([gossim, "check", path], capture_output=True, text=True)
        return done.returncode == 2 and key in done.stderr


def main():
    gossim = Path(sys.argv[1]).resolve() if len(sys.argv) == 2 else sys.exit(__doc__)
    with_jsonschema()
    from jsonschema import Draft7Validator

    printed = subprocess.run([gossim, "schema"], capture_output=True, check=True)
    schema = json.loads(printed.stdout)
    Draft7Validator.check_schema(schema)
    validator = Draft7Validator(schema)
    wrong = []

    good = sorted((ROOT / "scenarios").glob("*.toml"))
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder) / "my.toml"
        subprocess.run([gossim, "-q", "init", written], check=True)
        assert json.loads((Path(folder) / "gossim.schema.json").read_text()) == schema
        for path in [*good, written]:
            for error in validator.iter_errors(tomllib.loads(path.read_text())):
                wrong.append(f"{path.name} is valid, but: {list(error.absolute_path)}: {error.message}")

    data = tomllib.loads((ROOT / "tests/data/bad_scenarios.toml").read_text())
    base = data["base"]
    wrong += [f"the base is valid, but: {error.message}" for error in validator.iter_errors(tomllib.loads(base))]
    for before, after, key in data["bad"]:
        text = base.replace(before, after, 1)
        errors = list(validator.iter_errors(tomllib.loads(text)))
        if not any(names(error, key) for error in errors):
            said = "; ".join(f"{list(e.absolute_path)}: {e.message[:200]}" for e in errors)
            wrong.append(f"{after!r}: no error names {key}: {said}")
        if not refuses(gossim, text, key):
            wrong.append(f"{after!r}: gossim does not refuse {key}")

    print(f"{len(good) + 1} good scenarios, {len(data['bad'])} bad ones, {len(wrong)} wrong answers")
    print("\n".join(wrong), end="\n" if wrong else "")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
