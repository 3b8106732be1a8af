#!/usr/bin/env python3
"""Times `yugu accuracy` on a ledger of a million rows against polars reading and grouping the same files.

    python3 benches/accuracy_vs_polars.py [PAIRS]

Makes a folder of 200 regions x 50 products, 38 months of sales and 25 issued forecasts of two months each, as `yugu issue`
writes them (a statistical number, a final one with its bounds; now and then a front-line answer and what it changed).
polars reads `sales.csv` and every file of `ledger/` and sums the units of each by its keys. Both run as whole processes,
in turn; prints medians, the ratio of each pair and the largest memory of each. polars is installed into a temporary
environment if missing.
"""
import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from plan_vs_polars import python_with_polars, run  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent.parent
REGIONS, PRODUCTS, MONTHS, FIRST_ISSUE, ISSUES = 200, 50, 38, 11, 25
HEADER = ("made,version,mode,as_of,month,lag,region,product,source,units,low80,high80,low95,high95,cover,norm,passed,by,"
          "reason,place\n")
READ_AND_GROUP = """
import sys
import polars as pl
folder = sys.argv[1]
sales = pl.read_csv(folder + "/sales.csv").group_by("region", "product", "month").agg(pl.col("units").sum())
types = dict.fromkeys(["units", "low80", "high80", "low95", "high95"], pl.Float64)
ledger = pl.read_csv(folder + "/ledger/*.csv", schema_overrides=types)
ledger = ledger.group_by("month", "lag", "region", "product", "source").agg(pl.col("units").sum())
print(sales.height, ledger.height)
"""


def month(t: int) -> str:
    return f"{2020 + t // 12}-{t % 12 + 1:02}"


def last_day(t: int) -> str:
    return f"{month(t)}-{[31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][t % 12]}"


def make(folder: pathlib.Path) -> int:
    """Writes the folder; how many rows the ledger has."""
    rng = random.Random(11)
    series = [(f"r{r:03}", f"p{p:02}") for r in range(REGIONS) for p in range(PRODUCTS)]
    mean = [rng.lognormvariate(4.0, 1.0) for _ in series]
    with open(folder / "sales.csv", "w", encoding="utf-8") as file:
        file.write("month,region,product,units\n")
        for t in range(MONTHS):
            for (region, product), x in zip(series, mean):
                file.write(f"{month(t)},{region},{product},{round(rng.gauss(x, x / 5)) if x > 0 else 0}\n")
    (folder / "ledger").mkdir()
    rows = 0
    for t in range(FIRST_ISSUE, FIRST_ISSUE + ISSUES):
        lines = [HEADER]
        for lag in (1, 2):
            head = f"{month(t)},1,close,{last_day(t)},{month(t + lag)},{lag}"
            said = {f"r{r:03}" for r in range(REGIONS) if rng.random() < 0.05}
            for region in sorted(said):
                units = round(sum(x for (r, _), x in zip(series, mean) if r == region))
                lines.append(f"{head},{region},,front,{units},,,,,,,,by {region},promotion,frontline.csv:{rows % 900}\n")
            for (region, product), x in zip(series, mean):
                stat = rng.gauss(x, x / 7)
                lines.append(f"{head},{region},{product},stat,{stat!r},,,,,,,,,,\n")
                if region in said:
                    stat *= 1.04
                    lines.append(f"{head},{region},{product},combined,{stat!r},,,,,,,,,,\n")
                bounds = ",".join(repr(max(0.0, stat * (1 + k / 5))) for k in (-1.28, 1.28, -1.96, 1.96))
                lines.append(f"{head},{region},{product},final,{round(stat)},{bounds},,,,,,\n")
        rows += len(lines) - 1
        (folder / "ledger" / f"{month(t)}.csv").write_text("".join(lines), encoding="utf-8")
    return rows


def main() -> None:
    pairs = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    subprocess.run(["cargo", "build", "--release", "--quiet"], cwd=ROOT, check=True)
    with tempfile.TemporaryDirectory() as temporary:
        python = python_with_polars(os.path.join(temporary, "venv"))
        folder = pathlib.Path(temporary) / "made"
        folder.mkdir()
        rows = make(folder)
        size = sum(path.stat().st_size for path in folder.rglob("*.csv")) / 1e6
        print(f"{rows} rows of the ledger, {REGIONS * PRODUCTS * MONTHS} of sales, {size:.0f} MB")
        ours = [str(ROOT / "target/release/yugu"), "accuracy", str(folder), "--as-of", month(MONTHS - 1)]
        theirs = [python, "-c", READ_AND_GROUP, str(folder)]
        run(ours), run(theirs)
        times = [(run(ours), run(theirs)) for _ in range(pairs)]
    ratios = [a[0] / b[0] for a, b in times]
    for name, i in (("yugu accuracy", 0), ("polars", 1)):
        walls = [pair[i][0] for pair in times]
        memory = max(pair[i][1] for pair in times)
        print(f"{name:14} {statistics.median(walls):7.3f} s ({min(walls):.3f} to {max(walls):.3f}), {memory:.0f} MB")
    print(f"ratio          {statistics.median(ratios):7.2f} ({min(ratios):.2f} to {max(ratios):.2f})")


if __name__ == "__main__":
    main()
