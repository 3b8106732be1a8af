"""The program and the package give the same numbers, whatever the tables come from."""

import csv
import io
from datetime import date

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import yugu
from conftest import program

AS_OF = "2014-07-10"
# They name the files and lines that numbers come from.
NAMING = {"run.json", "warnings.csv", "exceptions.csv"}


def test_the_same_folder_gives_the_same_bytes(gas, printed, tmp_path):
    names = yugu.Folder(gas, as_of=AS_OF).plan().write(tmp_path / "out", workbook=False, page=False)
    written = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir() if path.name != ".yugu"}
    assert sorted(names) == sorted(written)
    assert written == printed


def test_the_workbook_and_the_page_are_the_programs(gas, tmp_path):
    program("plan", gas, "--as-of", AS_OF, "--frontline", "--out", tmp_path / "program")
    names = yugu.Folder(gas, as_of=AS_OF).plan().write(tmp_path / "package", frontline=True)
    made = {str(path.relative_to(tmp_path / "program")) for path in (tmp_path / "program").rglob("*") if path.is_file() and path.name != ".yugu"}
    assert set(names) == made and {"plan.xlsx", "plan.html"} < made and any(name.startswith("frontline/") for name in made)
    for name in made:
        assert (tmp_path / "package" / name).read_bytes() == (tmp_path / "program" / name).read_bytes(), name


PRODUCERS = {
    "pyarrow": lambda table: table,
    "pyarrow in batches": lambda table: pa.Table.from_batches(table.to_batches(max_chunksize=100), table.schema),
    "pyarrow dictionaries": lambda table: pa.table(
        {n: c.dictionary_encode() if pa.types.is_string(c.type) else c for n, c in zip(table.column_names, table.columns)}
    ),
    "pandas": lambda table: table.to_pandas(),
    "pandas categories": lambda table: table.to_pandas(strings_to_categorical=True),
    "polars": lambda table: pl.from_arrow(table),
    "polars categories": lambda table: pl.from_arrow(table).with_columns(pl.col(pl.String).cast(pl.Categorical)),
    "duckdb": lambda given: duckdb.sql("from given"),
    "parts": lambda table: [table.slice(0, len(table) // 2), table.slice(len(table) // 2)],
    "a record batch": lambda table: table.combine_chunks().to_batches()[0] if len(table) else table,
}


@pytest.mark.parametrize("producer", PRODUCERS)
def test_tables_in_memory_give_the_bytes_of_the_folder(producer, gas, tables, printed, tmp_path):
    given = {name: PRODUCERS[producer](table) for name, table in tables.items()}
    folder = yugu.Folder(tables=given, settings=(gas / "yugu.toml").read_text(encoding="utf-8"), as_of=AS_OF)
    folder.plan().write(tmp_path / "out")
    for name, expected in printed.items():
        if name not in NAMING:
            assert (tmp_path / "out" / name).read_bytes() == expected, name


def test_months_may_be_dates_and_times(tables, printed, gas, tmp_path):
    sales = pl.from_arrow(tables["sales"]).with_columns(pl.col("month").str.to_date("%Y-%m"))
    for month in [pl.Date, pl.Datetime("ns")]:
        given = {**tables, "sales": sales.with_columns(pl.col("month").cast(month))}
        settings = (gas / "yugu.toml").read_text(encoding="utf-8")
        forecast = yugu.Folder(tables=given, settings=settings, as_of=AS_OF).plan().forecast
        rows = list(csv.DictReader(io.StringIO(printed["forecast.csv"].decode())))
        assert forecast.to_arrow()["units_exact"].to_pylist() == [float(row["units_exact"]) for row in rows]


def test_results_have_types_and_go_into_every_library(gas, printed):
    plan = yugu.Folder(gas, as_of=AS_OF).plan()
    assert plan.months == ["2014-07", "2014-08", "2014-09"]
    table = plan.forecast
    rows = list(csv.DictReader(io.StringIO(printed["forecast.csv"].decode())))
    assert len(table) == len(rows) and table.column_names == list(rows[0])
    arrow = pa.table(table)
    assert arrow.schema.field("month").type == pa.date32() and arrow.schema.field("lag").type == pa.int64()
    units = [float(row["units"]) for row in rows]
    assert arrow["units"].to_pylist() == units
    assert arrow["month"][0].as_py() == date(2014, 7, 1)
    assert pl.DataFrame(table)["units"].to_list() == units
    assert table.to_pandas()["units"].tolist() == units
    results = table.to_arrow()
    assert duckdb.execute("select sum(units) from results").fetchall()[0][0] == sum(units)
    assert plan["regions"].to_polars().height > 0 and plan.stock is not None
    with pytest.raises(KeyError, match="forecast"):
        plan["nothing"]
    with pytest.raises(AttributeError):
        plan.nothing


def test_every_file_of_the_plan_is_a_table_of_it(gas, printed):
    plan = yugu.Folder(gas, as_of=AS_OF).plan()
    for name, text in printed.items():
        if name.endswith(".csv"):
            rows = list(csv.reader(io.StringIO(text.decode())))
            table = plan[name.removesuffix(".csv")]
            assert (table.column_names, len(table)) == (rows[0], len(rows) - 1), name
    assert plan.run["months"] and plan.made == "2014-07"


def test_parquet_out_and_in_again(gas, printed, tmp_path):
    yugu.Folder(gas, as_of=AS_OF).plan().write(tmp_path / "out", format="parquet")
    rows = list(csv.DictReader(io.StringIO(printed["forecast.csv"].decode())))
    units = [float(row["units_exact"]) for row in rows]
    assert pq.read_table(tmp_path / "out" / "forecast.parquet")["units_exact"].to_pylist() == units
    assert pl.read_parquet(tmp_path / "out" / "forecast.parquet")["units_exact"].to_list() == units
    assert pd.read_parquet(tmp_path / "out" / "forecast.parquet")["region"].tolist() == [r["region"] for r in rows]
    assert {p.suffix for p in (tmp_path / "out").iterdir() if p.name != ".yugu"} == {".parquet", ".json", ".xlsx", ".html"}


def test_the_other_commands_say_what_the_program_says(gas, tmp_path):
    folder = yugu.Folder(gas, as_of=AS_OF)
    common = [gas, "--as-of", AS_OF]
    key = ("gaoxin", "ST-B2", "2014-08")
    explained = folder.explain(*key)
    page = program("explain", *common, "--region", key[0], "--product", key[1], "--month", key[2]).decode()
    assert str(explained).strip() == page.strip()
    # Whole units add up to the group's, so that one may lie on the other side of the nearest.
    assert explained.to_dict()["exact"] == explained.exact and abs(explained.exact - explained.units) < 1

    def rows(table):
        return len(table), table.column_names

    def csv_rows(*arguments):
        text = list(csv.reader(io.StringIO(program(*arguments, *common, "--csv").decode())))
        return len(text) - 1, text[0]

    assert rows(folder.communities()["centres"]) == csv_rows("communities")
    assert rows(folder.stock()["stock"]) == csv_rows("stock")
    tested = folder.backtest(("2013-12", "2014-02"))
    assert rows(tested["rows"]) == csv_rows("backtest", "--cutoffs", "2013-12..2014-02")
    assert {figure["level"] for figure in tested.figures["accuracy"]} >= {"company"}
    assert rows(folder.accuracy()["figures"]) == csv_rows("accuracy")
    folder.communities().write(tmp_path / "communities")
    program("communities", *common, "--out", tmp_path / "printed")
    for name in ["communities.csv", "centres.csv", "learned.csv"]:
        assert (tmp_path / "communities" / name).read_bytes() == (tmp_path / "printed" / name).read_bytes()


def test_settings_are_text_or_a_dictionary(tables):
    of = lambda settings: yugu.Folder(tables={"sales": tables["sales"]}, settings=settings, as_of=AS_OF).plan()
    text = '[fiscal]\nstart = 7\n[fit]\nlearn = false\n[reasons]\n"typhoon" = "-"\n[columns]\n"Qty" = "units"\n'
    given = {"fiscal": {"start": 7}, "fit": {"learn": False}, "reasons": {"typhoon": "-"}, "columns": {"Qty": "units"}}
    assert of(text).run["settings"] == of(given).run["settings"] != of("").run["settings"]
