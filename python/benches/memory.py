"""How much memory planning from a table in memory needs on top of the table.

    python python/benches/memory.py [ROWS] [KIND ...]

36 million rows by default: a million series of 36 months. A KIND is how the same table lies in memory: `text` (pyarrow
with strings, as it reads a CSV file), `view` (polars with strings), `codes` (pyarrow with dictionaries and dates: the
smallest there is). Each is planned in a process of its own; the peak is what Linux counts, from the table on.
"""

import subprocess
import sys
import time

MONTHS, REGIONS = 36, 100


def table(rows, kind):
    import numpy as np
    import polars as pl

    series = rows // MONTHS
    products = -(-series // REGIONS)
    rng = np.random.default_rng(1)
    s, m = np.repeat(np.arange(series, dtype=np.int32), MONTHS), np.tile(np.arange(MONTHS, dtype=np.int32), series)
    level = np.repeat(rng.gamma(1.5, 20, series), MONTHS)
    units = rng.poisson(level * (1 + 0.3 * np.sin(m * np.pi / 6)))
    months = pl.Series([f"{2021 + t // 12}-{t % 12 + 1:02d}" for t in range(MONTHS)])
    regions = pl.Series([f"R{r:03d}" for r in range(REGIONS)])
    names = pl.Series([f"P{p:06d}" for p in range(products)])
    if kind == "codes":
        months = months.str.to_date("%Y-%m")
        regions, names = regions.cast(pl.Categorical), names.cast(pl.Categorical)
    frame = pl.DataFrame({"month": months[m], "region": regions[s // products], "product": names[s % products],
                          "units": units})
    del s, m, level, units
    if kind == "view":
        return frame
    return frame.to_arrow(compat_level=pl.CompatLevel.oldest())


def status(what):
    with open("/proc/self/status") as lines:
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(what))


def measure(rows, kind):
    import ctypes

    import yugu

    given = table(rows, kind)
    size = given.estimated_size() if kind == "view" else given.nbytes
    # What making the table left behind goes back to the system, and the peak begins anew.
    ctypes.CDLL(None).malloc_trim(0)
    before = status("VmRSS")
    with open("/proc/self/clear_refs", "w") as reset:
        reset.write("5")
    begun = time.perf_counter()
    folder = yugu.Folder(tables={"sales": given}, as_of="2023-12-31")
    read = (time.perf_counter() - begun, status("VmHWM") - before)
    plan = folder.plan()
    done = (time.perf_counter() - begun, status("VmHWM") - before)
    mb = 1 << 20
    print(f"{kind:6} {rows:,} rows, {size / mb:,.0f} MB ({size / rows:.1f} bytes a row), process {before / mb:,.0f} MB; "
          f"read {read[0]:.1f} s, +{read[1] / mb:,.0f} MB; planned {done[0]:.1f} s, +{done[1] / mb:,.0f} MB: "
          f"{done[1] / size:.2f} times the table (for {', '.join(plan.months)})", flush=True)


if __name__ == "__main__":
    arguments = sys.argv[1:]
    if arguments[:1] == ["--one"]:
        measure(int(arguments[1]), arguments[2])
    else:
        rows = int(arguments[0].replace(",", "")) if arguments else 36_000_000
        for kind in arguments[1:] or ["text", "view", "codes"]:
            subprocess.run([sys.executable, __file__, "--one", str(rows), kind], check=True)
