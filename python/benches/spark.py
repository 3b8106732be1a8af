"""Spark beside one machine on the same data: the time of each.

    python python/benches/spark.py [ROWS] [REGIONS] [SERIES]

10 million rows of 300,000 series in 100 regions by default, as Parquet. The program (the one that YUGU names) plans the
folder; Spark in `local-cluster[2,1,2048]` plans the same Parquet and writes the forecast. The forecasts are compared.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def write(folder, rows, regions, series):
    """sales.parquet, sorted by region: every series has about the same number of months up to 2023-12."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    months = -(-rows // series)
    products = series // regions
    rng = np.random.default_rng(1)
    dates = pa.array([f"{2023 - (months - 1 - t) // 12}-{(11 - (months - 1 - t)) % 12 + 1:02d}-01" for t in range(months)])
    dates = dates.cast(pa.date32())
    names = pa.array([f"P{p:05d}" for p in range(products)])
    schema = pa.schema([("month", pa.date32()), ("region", pa.string()), ("product", pa.string()), ("units", pa.int64())])
    left = rows
    with pq.ParquetWriter(folder / "sales.parquet", schema) as out:
        for region in range(regions):
            s = np.repeat(np.arange(products), months)
            t = np.tile(np.arange(months), products)
            level = np.repeat(rng.gamma(1.5, 20, products), months)
            units = rng.poisson(level * (1 + 0.3 * np.sin(t * np.pi / 6)))
            # The oldest months of the last series are left out, so that the number of rows is the one asked for.
            take = np.arange(len(s)) if region + 1 < regions else np.arange(len(s))[-min(left, len(s)):]
            left -= len(take)
            columns = [dates.take(pa.array(t[take])), pa.array([f"R{region:03d}"] * len(take)),
                       names.take(pa.array(s[take])), pa.array(units[take])]
            out.write_table(pa.table(columns, schema=schema))


def main():
    import pyarrow.parquet as pq
    from pyspark.sql import SparkSession

    import yugu.spark

    numbers = [int(text.replace(",", "")) for text in sys.argv[1:]]
    rows, regions, series = (numbers + [10_000_000, 100, 300_000][len(numbers):])[:3]
    with tempfile.TemporaryDirectory() as scratch:
        folder, out = Path(scratch, "data"), Path(scratch, "out")
        folder.mkdir()
        write(folder, rows, regions, series)
        kept = pq.read_metadata(folder / "sales.parquet").num_rows
        print(f"{kept:,} rows, {series:,} series in {regions} regions", flush=True)

        begun = time.perf_counter()
        command = [os.environ.get("YUGU", "yugu"), "plan", folder, "--as-of", "2023-12", "--format", "parquet", "--out", out]
        subprocess.run(list(map(str, command)), check=True, stdout=subprocess.DEVNULL)
        print(f"the program: {time.perf_counter() - begun:.1f} s", flush=True)

        os.environ["PYSPARK_PYTHON"] = sys.executable
        spark = SparkSession.builder.master("local-cluster[2,1,2048]").appName("yugu")
        spark = spark.config("spark.ui.enabled", "false").config("spark.executor.memory", "2g").getOrCreate()
        spark.sparkContext.setLogLevel("ERROR")
        begun = time.perf_counter()
        plan = yugu.spark.plan(spark.read.parquet(str(folder / "sales.parquet")), as_of="2023-12", parts=2)
        plan.write.parquet(str(Path(scratch, "spark")))
        print(f"Spark, two workers: {time.perf_counter() - begun:.1f} s", flush=True)
        spark.stop()

        key = [(name, "ascending") for name in ("region", "product", "month")]
        ours = pq.read_table(out / "forecast.parquet").sort_by(key)
        theirs = pq.read_table(Path(scratch, "spark")).sort_by(key)
        worst = 0.0
        for name in ("units", "units_exact", "low80", "high80", "low95", "high95"):
            a, b = ours[name].to_numpy(), theirs[name].to_numpy()
            worst = max(worst, float((abs(a - b) / abs(a).clip(1)).max()))
        print(f"{len(ours):,} forecasts, the furthest apart by {worst:.1e}")


if __name__ == "__main__":
    main()
