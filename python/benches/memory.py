"""How much memory planning from a table in memory needs on top of the table.

    python python/benches/memory.py [ROWS] [KIND ...]

36 million rows by default: a million series of 36 months. A KIND is how the same table lies in memory: `text` (strings, as
pyarrow reads a CSV file), `large` (strings as pandas hands them over), `view` (strings as polars does), `codes`
(dictionaries and dates, the smallest there is). The table is made by one process and read and planned by another, so that
all that is there before is the table; the peak is what Linux counts from then on.
"""

import os
import subprocess
import sys
import tempfile
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
    return frame


def write(rows, kind, path):
    import pyarrow as pa

    given = table(rows, kind).to_arrow()
    strings = {"text": pa.string(), "large": pa.large_string(), "view": pa.string_view()}.get(kind)
    if strings:
        given = given.cast(pa.schema([f if f.name == "units" else f.with_type(strings) for f in given.schema]))
    with pa.OSFile(path, "wb") as out, pa.ipc.new_file(out, given.schema) as to:
        to.write_table(given, max_chunksize=1 << 20)


def status(what):
    with open("/proc/self/status") as lines:
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(what))


def measure(kind, path):
    import pyarrow as pa

    import yugu

    with pa.OSFile(path) as file:
        given = pa.ipc.open_file(file).read_all()
    if kind == "view":
        # Files lay views at multiples of 8 bytes and whoever makes them in memory at 64; the first are copied when they are
        # taken over.
        given = given.combine_chunks()
        pa.default_memory_pool().release_unused()
    rows, size = len(given), given.nbytes
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
    if arguments[:1] == ["--write"]:
        write(int(arguments[1]), arguments[2], arguments[3])
    elif arguments[:1] == ["--measure"]:
        measure(arguments[1], arguments[2])
    else:
        rows = int(arguments[0].replace(",", "")) if arguments else 36_000_000
        for kind in arguments[1:] or ["text", "large", "view", "codes"]:
            with tempfile.TemporaryDirectory() as home:
                path = os.path.join(home, "sales.arrow")
                for step in [["--write", str(rows), kind, path], ["--measure", kind, path]]:
                    subprocess.run([sys.executable, __file__, *step], check=True)
