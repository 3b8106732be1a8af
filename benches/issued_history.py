#!/usr/bin/env python3
"""Issues the forecasts of past months one after another and compares them with what came.

    python3 benches/issued_history.py FOLDER FROM..TO

Copies FOLDER, then for every month M of the span runs `yugu plan --as-of M` and `yugu issue --as-of M`, as a planner
would have at its close; then `yugu accuracy`, whose page is printed. Checks that every `stat` in the ledger is the number
that `yugu backtest` gives for the same cutoff, month, region and product, to the bit, and prints WAPE of lag 1, lag 2,
`stat`, `final` and naive at every level.
"""
import csv
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent.parent
YUGU = HERE / "target/release/yugu"


def months(span: str) -> list:
    first, last = ([int(part) for part in month.split("-")] for month in span.split(".."))
    count = (last[0] - first[0]) * 12 + last[1] - first[1]
    return [f"{first[0] + (first[1] - 1 + n) // 12}-{(first[1] - 1 + n) % 12 + 1:02}" for n in range(count + 1)]


def yugu(*args) -> str:
    done = subprocess.run([YUGU, *args, "--lang", "en"], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"yugu {' '.join(map(str, args))}: {done.stderr}")
    return done.stdout


def stat_is_the_backtest(folder: pathlib.Path, span: str) -> None:
    """Compares the shortest decimals of both files, which name one double each."""
    tested = folder.parent / "backtest.csv"
    yugu("backtest", folder, "--cutoffs", span, "--out", tested)
    expected = {}
    with open(tested, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            expected[row["origin"], row["month"], row["region"], row["product"]] = row["forecast"]
    compared, other, largest = 0, 0, 0.0
    for path in sorted((folder / "ledger").glob("*.csv")):
        with open(path, newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                key = row["made"], row["month"], row["region"], row["product"]
                if row["source"] == "stat" and key in expected:
                    compared += 1
                    if row["units"] != expected[key]:
                        other += 1
                        largest = max(largest, abs(float(row["units"]) - float(expected[key])))
    print(f"stat against the backtest: {compared} numbers compared, {other} differ (largest difference {largest:g})")
    if other or not compared:
        sys.exit("stat is not the backtest's number")


def summary(folder: pathlib.Path) -> None:
    figures = json.loads(yugu("accuracy", folder, "--json"))["figures"]
    wape = {(f["section"], f["name"], f["level"], f["lag"]): f["value"] for f in figures
            if f["section"] in ("accuracy", "step") and f["measure"] == "wape"}
    print(f"{'WAPE':18}{'lag':>4}{'naive':>9}{'stat':>9}{'final':>9}{'final/naive':>13}{'final/stat':>12}")
    for level in ("region x product", "region", "product", "company"):
        for lag in (1, 2):
            naive, stat = wape["step", "naive", level, lag], wape["step", "stat", level, lag]
            final = wape["accuracy", "issued", level, lag]
            print(f"{level:18}{lag:4}{naive:9.4f}{stat:9.4f}{final:9.4f}{final / naive:13.3f}{final / stat:12.4f}")
        one, two = wape["accuracy", "issued", level, 1], wape["accuracy", "issued", level, 2]
        print(f"{level:18} lag 1 {'beats' if one < two else 'DOES NOT beat'} lag 2")


def main() -> None:
    source, span = pathlib.Path(sys.argv[1]), sys.argv[2]
    subprocess.run(["cargo", "build", "--release", "--quiet"], cwd=HERE, check=True)
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary) / source.name
        shutil.copytree(source, folder)
        for month in months(span):
            yugu("plan", folder, "--as-of", month)
            yugu("issue", folder, "--as-of", month)
        print(yugu("accuracy", folder))
        stat_is_the_backtest(folder, span)
        summary(folder)


if __name__ == "__main__":
    main()
