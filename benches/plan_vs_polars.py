#!/usr/bin/env python3
"""Times `yugu plan` against polars reading the same sales file and grouping it by region, product and month.

    python3 benches/plan_vs_polars.py FOLDER [RUNS]

Both run as whole processes, in turn, on the same two cores where the system lets us choose; medians and the ratio of
each pair are printed, and the largest memory of each. polars is installed into a temporary environment if missing.
"""
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
READ_AND_GROUP = """
import sys
import polars as pl
d = pl.read_csv(sys.argv[1]).group_by("region", "product", "month").agg(pl.col("units").sum())
print(d.height)
"""


def python_with_polars(temporary: str) -> str:
    if subprocess.run([sys.executable, "-c", "import polars"], capture_output=True).returncode == 0:
        return sys.executable
    subprocess.run([sys.executable, "-m", "venv", temporary], check=True)
    python = os.path.join(temporary, "bin", "python")
    subprocess.run([python, "-m", "pip", "install", "--quiet", "polars"], check=True)
    return python


def run(command: list) -> tuple:
    """Wall seconds and peak memory (MB) of one process."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    if status != 0:
        sys.exit(f"{command} failed")
    return wall, usage.ru_maxrss / 1024


def main() -> None:
    folder = os.path.abspath(sys.argv[1])
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 7
    sales = next(os.path.join(folder, n) for n in ("sales.csv.gz", "sales.csv") if os.path.exists(os.path.join(folder, n)))
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:2])
    subprocess.run(["cargo", "build", "--release", "--quiet"], cwd=ROOT, check=True)
    yugu = os.path.join(ROOT, "target", "release", "yugu")
    with tempfile.TemporaryDirectory() as temporary:
        python = python_with_polars(os.path.join(temporary, "venv"))
        out = os.path.join(temporary, "out")
        ours = [yugu, "plan", folder, "--out", out]
        theirs = [python, "-c", READ_AND_GROUP, sales]
        pairs = []
        for turn in range(runs + 1):
            pair = run(ours), run(theirs)
            shutil.rmtree(out, ignore_errors=True)
            if turn:  # the first pair warms the caches
                pairs.append(pair)
    median = lambda values: statistics.median(values)
    print(f"{'':22}{'wall s':>8}{'peak MB':>9}")
    for name, side in (("yugu plan", 0), ("polars read and group", 1)):
        print(f"{name:22}{median(p[side][0] for p in pairs):8.3f}{median(p[side][1] for p in pairs):9.0f}")
    ratios = sorted(a[0] / b[0] for a, b in pairs)
    print(f"ratio of wall times, pair by pair: median {median(ratios):.2f}, {ratios[0]:.2f} to {ratios[-1]:.2f} ({runs} pairs)")


if __name__ == "__main__":
    main()
