"""Writes the small Parquet files that the tests read, as other programs write them.

    python tests/golden/parquet/make.py     # needs pyarrow, pandas and polars

The same six rows in every file of sales; sales.csv holds them as text.
"""

from datetime import date, datetime, timezone
from decimal import Decimal
from pathlib import Path

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

HERE = Path(__file__).parent
MONTHS = [date(2024, 1, 1), date(2024, 1, 1), date(2024, 2, 1), date(2024, 2, 1), date(2024, 3, 1), date(2024, 3, 1)]
REGIONS = ["东", "west", "东", "west", "东", "west"]
PRODUCTS = ["0017", "0017", "0017", "0017", "0017", "0017"]
UNITS = [12, 7, 0, 9, 14, -2]
REVENUE = [120.5, 70.25, None, 90.1, 140.0, None]
DAYS = [None, None, 20, None, None, 1]


def text():
    lines = ["month,region,product,units,revenue,stockout_days"]
    for row in zip(MONTHS, REGIONS, PRODUCTS, UNITS, REVENUE, DAYS):
        lines.append(",".join("" if cell is None else str(cell) for cell in row))
    (HERE / "sales.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def arrow():
    table = pa.table({
        "month": pa.array(MONTHS, pa.date32()),
        "region": pa.array(REGIONS).dictionary_encode(),
        "product": pa.array(PRODUCTS, pa.string()),
        "units": pa.array(UNITS, pa.int16()),
        "revenue": pa.array([None if x is None else Decimal(str(x)) for x in REVENUE], pa.decimal128(12, 2)),
        "stockout_days": pa.array(DAYS, pa.uint8()),
    })
    # Three row groups, snappy.
    pq.write_table(table, HERE / "pyarrow.parquet", row_group_size=2)
    # Plain pages of the second version, gzip, decimals as whole numbers.
    pq.write_table(table, HERE / "pyarrow-v2.parquet", compression="gzip", use_dictionary=False,
                   data_page_version="2.0", store_decimal_as_integer=True)
    # Months as 96-bit times of old clusters, wide decimals, lz4.
    old = table.set_column(0, "month", pa.array([datetime(d.year, d.month, d.day) for d in MONTHS], pa.timestamp("ns")))
    old = old.set_column(4, "revenue", old["revenue"].cast(pa.decimal128(30, 10)))
    pq.write_table(old, HERE / "int96.parquet", compression="lz4", use_deprecated_int96_timestamps=True)


def frames():
    frame = pl.DataFrame({
        "month": MONTHS, "region": pl.Series(REGIONS, dtype=pl.Categorical), "product": PRODUCTS,
        "units": pl.Series(UNITS, dtype=pl.Float64), "revenue": REVENUE, "stockout_days": DAYS,
    })
    frame.write_parquet(HERE / "polars.parquet")
    # Months as 202401, times of pandas, names of columns in Chinese.
    months = [d.year * 100 + d.month for d in MONTHS]
    pd.DataFrame({"月份": months, "区域": REGIONS, "产品": PRODUCTS, "销量": UNITS, "金额": REVENUE, "缺货天数": DAYS}
                 ).to_parquet(HERE / "pandas.parquet")
    pd.DataFrame({"month": pd.to_datetime(MONTHS), "region": pd.Categorical(REGIONS), "product": PRODUCTS,
                  "units": UNITS, "revenue": REVENUE, "stockout_days": DAYS}).to_parquet(HERE / "pandas-time.parquet")


def wrong():
    """A row for each mistake: nothing is guessed."""
    february = datetime(2024, 2, 1, tzinfo=timezone.utc)
    local = datetime(2024, 1, 31, 16, tzinfo=timezone.utc)
    rows = pa.table({
        "month": pa.array([february, local, february, february], pa.timestamp("us", "UTC")),
        "region": pa.array(["east", "east", None, "east"]),
        "product": pa.array(["A", "A", "B", "B"]),
        "units": pa.array([float("nan"), 1.0, 2.0, 3.0]),
        "revenue": pa.array([[1], [2], [3], [4]], pa.list_(pa.int64())),
    })
    pq.write_table(rows, HERE / "wrong.parquet")


if __name__ == "__main__":
    text()
    arrow()
    frames()
    wrong()
