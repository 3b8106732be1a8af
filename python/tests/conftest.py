"""What the tests share: the example folder, its tables as data frames, the program."""

import os
import subprocess
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pytest

ROOT = Path(__file__).resolve().parents[2]
GAS = ROOT / "data" / "gas"
# Codes such as 0017 stay text, and so do the printed figures with a percent sign.
TEXTS = ["product", "region", "community", "parent", "replaces", "like", "growth", "period", "old", "new", "sold",
         "expires", "location", "month", "from", "to", "called", "handover", "contract", "launch", "retire"]


def program(*arguments):
    """Runs the program from source, or the one that YUGU names; what it prints."""
    built = os.environ.get("YUGU")
    command = [built] if built else ["cargo", "run", "--release", "--quiet", "--manifest-path", str(ROOT / "Cargo.toml"), "--"]
    done = subprocess.run([*command, "--lang", "en", *map(str, arguments)], check=True, capture_output=True)
    return done.stdout


@pytest.fixture(scope="session")
def gas():
    return GAS


@pytest.fixture(scope="session")
def tables():
    """Every table of the example folder as a pyarrow table, numbers as numbers."""
    options = pyarrow.csv.ConvertOptions(column_types={name: pa.string() for name in TEXTS}, strings_can_be_null=True)
    read = lambda path: pyarrow.csv.read_csv(path, convert_options=options)
    return {path.stem: read(path) for path in sorted(GAS.glob("*.csv"))}


@pytest.fixture(scope="session")
def printed(tmp_path_factory):
    """The tables and run.json that the program writes of the example folder."""
    out = tmp_path_factory.mktemp("program") / "out"
    program("plan", GAS, "--as-of", "2014-07-10", "--no-page", "--no-workbook", "--out", out)
    return {path.name: path.read_bytes() for path in out.iterdir() if path.name != ".yugu"}
