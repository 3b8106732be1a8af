#!/usr/bin/env python3
"""Times `yugu backtest` beside statsforecast's AutoETS on the same cutoffs, in one run.

    pip install polars pandas statsforecast
    python3 benches/backtest_vs_autoets.py FOLDER FROM..TO [PAIRS]

FOLDER is a data folder with `sales.csv.gz` (or .csv); at every cutoff AutoETS (season 12) is fitted to each series as
far as it is known and forecasts two months, on all cores and with everything compiled beforehand; yugu reads the
folder, fits everything at every cutoff and writes its forecasts. Prints both times (the median of the pairs for yugu,
AutoETS once: it takes minutes) and their ratio.
"""
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import pandas as pd
from statsforecast import StatsForecast
from statsforecast.models import AutoETS

HERE = pathlib.Path(__file__).resolve().parent.parent


def long(folder: pathlib.Path) -> pd.DataFrame:
    """Series x month, zeros where a month has no row after a series has begun."""
    path = next(p for p in (folder / "sales.csv.gz", folder / "sales.csv") if p.exists())
    rows = pd.read_csv(path, dtype={"region": str, "product": str})
    rows["unique_id"] = rows["region"] + "|" + rows["product"]
    rows["ds"] = pd.to_datetime(rows["month"].astype(str) + "-01")
    table = rows.pivot_table(index="ds", columns="unique_id", values="units", aggfunc="sum")
    table = table.asfreq("MS")
    begun = table.notna().cumsum() > 0
    table = table.fillna(0.0).where(begun)
    out = table.reset_index().melt(id_vars="ds", value_name="y").dropna()
    return out[["unique_id", "ds", "y"]]


def autoets(data: pd.DataFrame, cutoffs: list) -> float:
    model = StatsForecast(models=[AutoETS(season_length=12)], freq="MS", n_jobs=os.cpu_count())
    few = data["unique_id"].unique()[:4]
    model.forecast(df=data[data["unique_id"].isin(few)], h=2)  # compiles
    begin = time.perf_counter()
    for cutoff in cutoffs:
        model.forecast(df=data[data["ds"] <= cutoff], h=2)
    return time.perf_counter() - begin


def yugu(folder: pathlib.Path, span: str) -> float:
    with tempfile.TemporaryDirectory() as out:
        command = [HERE / "target/release/yugu", "backtest", folder, "--cutoffs", span, "--out", f"{out}/bt.csv"]
        begin = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return time.perf_counter() - begin


def main() -> None:
    folder, span = pathlib.Path(sys.argv[1]), sys.argv[2]
    pairs = int(sys.argv[3]) if len(sys.argv) > 3 else 5
    subprocess.run(["cargo", "build", "--release", "--quiet"], cwd=HERE, check=True)
    first, last = (pd.Timestamp(f"{month}-01") for month in span.split(".."))
    cutoffs = list(pd.date_range(first, last, freq="MS"))
    data = long(folder)
    before = [yugu(folder, span) for _ in range(pairs)]
    ets = autoets(data, cutoffs)
    after = [yugu(folder, span) for _ in range(pairs)]
    ours = statistics.median(before + after)
    print(f"{folder.name}, {len(cutoffs)} cutoffs, {data['unique_id'].nunique()} series")
    print(f"AutoETS    {ets:8.2f} s (fitting and forecasting alone)")
    print(f"yugu       {ours:8.3f} s (reading, everything fitted, writing; {min(before + after):.3f} to {max(before + after):.3f})")
    print(f"ratio      {ets / ours:8.0f}")


if __name__ == "__main__":
    main()
