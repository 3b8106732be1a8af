#!/usr/bin/env python3
"""Times `yugu plan` with its workbook against the same plan without it.

    python3 benches/workbook.py FOLDER [RUNS]

Both run as whole processes, in turn; the median of each, the median of the ratios of the pairs and the largest memory
of each are printed.
"""
import os
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def run(command: list) -> tuple:
    """Wall seconds, CPU seconds and peak memory (MB) of one process."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    if status != 0:
        sys.exit(f"{command} failed")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main() -> None:
    folder = os.path.abspath(sys.argv[1])
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    subprocess.run(["cargo", "build", "--release", "--quiet"], cwd=ROOT, check=True)
    yugu = os.path.join(ROOT, "target", "release", "yugu")
    with tempfile.TemporaryDirectory() as temporary:
        plan = [yugu, "plan", folder, "--out"]
        plain = plan + [os.path.join(temporary, "plain"), "--no-workbook"]
        book = plan + [os.path.join(temporary, "book"), "--workbook"]
        pairs = [(run(plain), run(book)) for _ in range(runs)]
        size = os.path.getsize(os.path.join(temporary, "book", "plan.xlsx")) / 1e6
    for name, side in (("without", 0), ("with", 1)):
        wall, cpu, memory = (statistics.median(pair[side][i] for pair in pairs) for i in range(3))
        print(f"{name:8} {wall:6.2f} s, {cpu:6.2f} s of CPU, {memory:6.0f} MB")
    ratios = [statistics.median(b[i] / a[i] for a, b in pairs) for i in range(2)]
    print(f"ratio    {ratios[0]:6.2f} of the time, {ratios[1]:6.2f} of the CPU; plan.xlsx {size:.1f} MB")


if __name__ == "__main__":
    main()
