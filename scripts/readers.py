#!/usr/bin/env python3
"""The tables as others read them: pandas, polars, DuckDB and frictionless.

  scripts/readers.py [GOSSIM]     with that program (default: gossim)

Sweeps every shipped scenario and the one that `gossim init` writes, then reads their
tables by the very lines of the README (its python block is taken from there, not
written here again; only directory, table, metric and grouping are put in). All readers
must give each column the type that the manifest says, and for every metric of every
cell the same mean as the others and as summary.csv; frictionless must find each data
package valid.

The readers come from PyPI, in the versions below, into an environment of their own
outside of the source, made once. Exit code 0: all agree; 1: they do not; 2: the
readers, or gossim, are missing.
"""

import json
import math
import os
import re
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

READERS = ["pandas==3.1.1", "polars==2.1.0", "duckdb==2.0.1", "frictionless==5.21.0"]

# Fewer replicates than the file says, where all of them would take more than 5 s to
# sweep and read; every other scenario is read as it is shipped.
REDUCED = {
    "class_room": 20,
    "contact_clocks": 10,
    "contact_probability": 4,
    "contact_samplings": 10,
    "convergence": 4,
    "demers_fixed_point": 40,
    "demers_table1": 20,
    "demers_table2": 20,
    "demers_table3": 20,
    "infect_and_die": 40,
    "quickstart": 40,
    "seed_document": 40,
}

ROOT = Path(__file__).resolve().parent.parent
TABLES = ["runs", "series", "summary", "theory"]
# What the README's lines say, where others are put in.
DIRECTORY, METRIC, GROUPS = "results/my-scenario", "rounds_to_all", ["fanout", "network.loss"]


def environment():
    """The Python that has the readers; made if it is not there yet."""
    place = Path(tempfile.gettempdir()) / ("gossim-" + "-".join(READERS).replace("==", "-"))
    python = place / "bin" / "python"
    if not (place / "complete").exists():
        shutil.rmtree(place, ignore_errors=True)
        try:
            venv.create(place, with_pip=True)
            subprocess.run([python, "-m", "pip", "install", "--quiet", *READERS], check=True)
        except (subprocess.CalledProcessError, OSError) as error:
            print(f"readers.py cannot install the readers: {error}", file=sys.stderr)
            sys.exit(2)
        (place / "complete").touch()
    return python


def lines():
    """The README's lines, by the module that they begin with."""
    text = (ROOT / "README.md").read_text()
    blocks = re.findall(r"```python\n(.*?)```", text, re.S)
    found = {}
    for line in "".join(blocks).splitlines():
        module = line.split(".")[0]
        if f'"{DIRECTORY}/' in line or f"'{DIRECTORY}/" in line:
            assert module not in found, f"two lines of the README read by {module}"
            found[module] = line
    assert sorted(found) == ["duckdb", "pandas", "polars"], sorted(found)
    return found


def put(line, old, new):
    assert old in line, f"the README's line has no {old}: {line}"
    return line.replace(old, new)


class Readers:
    """The README's lines, for other tables."""

    def __init__(self):
        import duckdb
        import pandas
        import polars

        self.lines = lines()
        self.names = {"pandas": pandas, "polars": polars, "duckdb": duckdb}

    def run(self, code):
        return eval(code, dict(self.names))

    def call(self, module):
        """The part of its line that reads a file, as code."""
        line = self.lines[module]
        if module == "duckdb":
            return f'duckdb.sql("SELECT * FROM {re.search(r"FROM (.*?) GROUP", line)[1]}")'
        return re.match(r"[a-z]+\.read_csv\([^)]*\)", line)[0]

    def table(self, module, path):
        """A table as this module reads it, and the kind of each column."""
        code = re.sub(rf"{DIRECTORY}/\w+\.csv", str(path), self.call(module))
        read = self.run(code)
        if module == "duckdb":
            return read, dict(zip(read.columns, map(str, read.types)))
        return read, {name: str(read[name].dtype) for name in read.columns}

    def means(self, module, directory, metric):
        """The mean of each cell by the README's line; none where it is null."""
        line = put(self.lines[module], DIRECTORY, str(directory))
        if module == "pandas":
            found = self.run(put(line, METRIC, metric))
            pairs = zip(found["cell"], found["mean"])
        elif module == "polars":
            line = put(line, f'"{METRIC}"', f'"{metric}"')
            line = put(line, ", ".join(f'"{group}"' for group in GROUPS), '"cell"')
            found = self.run(line)
            pairs = zip(found["cell"], found[metric])
        else:
            found = self.run(put(put(line, METRIC, metric), GROUPS[0], "cell")).fetchall()
            pairs = found
        means = {int(cell): mean for cell, mean in pairs}
        return {k: m for k, m in means.items() if m is not None and not math.isnan(m)}


# What a reader calls the types of the manifest.
KINDS = {
    "integer": ("int64", "Int64", "BIGINT"),
    "number": ("float64", "Float64", "DOUBLE"),
    "string": ("str", "object", "String", "VARCHAR"),
}


def check_types(readers, module, path, resource, complaints):
    read, kinds = readers.table(module, path)
    fields = resource["schema"]["fields"]
    names = [field["name"] for field in fields]
    if list(kinds) != names:
        complaints.append(f"{module} reads {path} with other columns")
    for field in fields:
        kind = kinds.get(field["name"])
        # A column with no value at all has no type that a reader could see.
        if kind not in KINDS[field["type"]] and has_values(module, read, field["name"]):
            why = f"{module} reads {field['name']} of {path} as {kind}, not {field['type']}"
            # pandas knows no whole number that may be absent.
            if not (module == "pandas" and field["type"] == "integer" and kind == "float64"):
                complaints.append(why)


def has_values(module, read, name):
    if module == "duckdb":
        return read.count(f'"{name}"').fetchone()[0] > 0
    column = read[name]
    return (column.notna() if module == "pandas" else column.is_not_null()).any()


def check(readers, directory, complaints):
    """All tables of a results directory; gives the number of means compared."""
    package = json.loads((directory / "datapackage.json").read_text())
    resources = {resource["name"]: resource for resource in package["resources"]}
    for name in TABLES:
        for module in readers.lines:
            if name in resources:
                path = directory / f"{name}.csv"
                check_types(readers, module, path, resources[name], complaints)
    compared = 0
    fields = {field["name"]: field["type"] for field in resources["runs"]["schema"]["fields"]}
    after = list(fields)[list(fields).index("informed"):]
    summary = readers.table("pandas", directory / "summary.csv")[0]
    missing = {(row.cell, row.metric): row.missing for row in summary.itertuples()}
    for metric in after:
        if fields[metric] == "string":
            continue
        means = {module: readers.means(module, directory, metric) for module in readers.lines}
        for cell in set().union(*means.values()):
            # A mean over some of the runs is no mean of the summary.
            modules = ["polars", "duckdb"] + ["pandas"] * (missing[cell, metric] == 0)
            values = [means[module].get(cell, math.nan) for module in modules]
            if not all(math.isclose(value, values[0], rel_tol=1e-9, abs_tol=1e-12) for value in values):
                complaints.append(f"{directory}: {metric} of cell {cell}: {dict(zip(modules, values))}")
            compared += 1
    return compared


def validate(directory, complaints):
    """frictionless holds sizes, hashes, columns and types against the data package."""
    import frictionless

    report = frictionless.validate(str(directory / "datapackage.json"))
    if not report.valid:
        complaints.extend(f"{directory}: {why}" for why in report.flatten(["title", "message"])[:5])


def main(gossim):
    complaints, compared = [], 0
    readers = Readers()
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        subprocess.run([gossim, "--quiet", "init", folder / "my.toml"], check=True)
        scenarios = sorted((ROOT / "scenarios").glob("*.toml"))
        assert set(REDUCED) <= {path.stem for path in scenarios}, "each is a shipped scenario"
        os.chdir(folder)
        for scenario in [folder / "my.toml", *scenarios]:
            # Where the README's lines say, so that they can be run as they are.
            out = folder / (DIRECTORY if scenario.stem == "my" else scenario.stem)
            fewer = REDUCED.get(scenario.stem)
            more = ["--replicates", str(fewer)] if fewer else []
            command = [gossim, "--quiet", "sweep", scenario, "--out", out, *more]
            subprocess.run(command, check=True)
            of_this = check(readers, out, complaints)
            validate(out, complaints)
            print(f"{scenario.stem}: {of_this} means by three readers", flush=True)
            compared += of_this
        for line in readers.lines.values():
            assert len(readers.run(line)) > 0, line
    for complaint in complaints[:20]:
        print(complaint, file=sys.stderr)
    print(f"{compared} means compared, {len(complaints)} complaints")
    return 1 if complaints else 0


if __name__ == "__main__":
    program = sys.argv[1] if len(sys.argv) > 1 else "gossim"
    program = shutil.which(program)
    if program is None:
        print("readers.py needs gossim: name the program", file=sys.stderr)
        sys.exit(2)
    if os.environ.get("GOSSIM_READERS") is None:
        python = environment()
        os.environ["GOSSIM_READERS"] = "1"
        os.execv(python, [python, __file__, str(Path(program).resolve())])
    sys.exit(main(program))
