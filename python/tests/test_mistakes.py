"""What is wrong is said at once, at its place, and nothing is written."""

import datetime

import pandas as pd
import polars as pl
import pytest

import yugu


def sales(**columns):
    rows = {"month": ["2024-01", "2024-02"], "region": ["a", "a"], "product": ["x", "x"], "units": [1.0, 2.0]}
    return pl.DataFrame({**rows, **columns})


def problems(*args, **kwargs):
    with pytest.raises(yugu.DataError) as caught:
        yugu.Folder(*args, **kwargs)
    return [(p.file, p.line, p.column, p.kind) for p in caught.value.problems if p.severity == "error"]


def test_every_mistake_has_its_table_row_and_column():
    wrong = sales(month=["2024-01", "2024-13"], units=[float("nan"), 1e300])
    assert problems(tables={"sales": wrong}) == [
        ("sales", 1, 4, "bad_number"), ("sales", 2, 1, "bad_month"), ("sales", 2, 4, "bad_number")]
    products = pd.DataFrame({"product": ["x"], "price": ["many"]})
    assert problems(tables={"sales": sales(), "products": products}) == [("products", 1, 2, "bad_number")]
    named = [("sales", 1, 1, "bad_month")]
    utc = datetime.datetime(2024, 1, 31, 16, tzinfo=datetime.timezone.utc)
    later = datetime.datetime(2024, 3, 1, tzinfo=datetime.timezone.utc)
    assert problems(tables={"sales": sales(month=[utc, later])}) == named


def test_a_part_of_a_table_is_named():
    wrong = sales(region=["a", None])
    assert problems(tables={"sales": [sales(month=["2023-01", "2023-02"]), wrong]}) == [("sales/2", 2, 2, "empty_cell")]


def test_files_have_lines(tmp_path):
    (tmp_path / "sales.csv").write_text("month,region,product,units\n2024-01,a,x,1\n2024-02,a,x,lots\n")
    assert problems(tmp_path) == [("sales.csv", 3, 13, "bad_number")]


def test_the_exception_carries_words_in_both_languages(tmp_path):
    (tmp_path / "sales.csv").write_text("month,region,product,units\n2024-01,a,x,lots\n")
    with pytest.raises(yugu.DataError, match="sales.csv:2:13: 'lots' is not a number"):
        yugu.Folder(tmp_path)
    with pytest.raises(yugu.Error, match="不是数字") as caught:
        yugu.Folder(tmp_path, lang="zh")
    assert "不是数字" in caught.value.problems[0].message


def test_what_cannot_be_done_is_an_error(tmp_path, gas):
    with pytest.raises(yugu.Error, match="no folder"):
        yugu.Folder(tmp_path / "nowhere")
    with pytest.raises(ValueError, match="did you mean 'sales'"):
        yugu.Folder(tables={"sale": sales()})
    with pytest.raises(TypeError, match="list|int|no Arrow table"):
        yugu.Folder(tables={"sales": 3})
    with pytest.raises(TypeError):
        yugu.Folder()
    folder = yugu.Folder(tables={"sales": sales()}, as_of="2024-02")
    with pytest.raises(yugu.Error, match="communit"):
        folder.communities()
    with pytest.raises(yugu.Error, match="nowhere"):
        folder.explain("nowhere", "x", "2024-03")
    with pytest.raises(ValueError, match="csv"):
        folder.plan().write(tmp_path / "out", format="xml")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    with pytest.raises(FileExistsError, match="mine.txt"):
        folder.plan().write(tmp_path / "out")
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["mine.txt"]


def test_warnings_are_listed():
    folder = yugu.Folder(tables={"sales": sales(note=["a", "b"])})
    assert [(w.kind, w.severity) for w in folder.warnings] == [("unused_columns", "warning")]
    assert folder.warnings[0].treatment and "note" in str(folder.warnings[0])


def test_a_frame_in_the_place_of_a_path_is_told_where_it_goes():
    with pytest.raises(TypeError, match="a DataFrame is no path.*tables="):
        yugu.Folder(pd.DataFrame({"month": ["2024-01"]}))


def test_thousands_of_mistakes_are_counted():
    wrong = sales(month=["2024-13"] * 500, region=["a"] * 500, product=["x"] * 500, units=[1.0] * 500)
    with pytest.raises(yugu.DataError) as caught:
        yugu.Folder(tables={"sales": wrong})
    assert len(caught.value.problems) == 100 and caught.value.errors == 500
    assert caught.value.more == ["sales: 400 more like this: " + caught.value.problems[0].message]
    lines = str(caught.value).splitlines()
    assert len(lines) == 22 and lines[-1].startswith("errors: 500,")


def test_months_of_pandas():
    months = pd.period_range("2022-01", periods=26, freq="M")
    frame = pd.DataFrame({"month": months, "region": "a", "product": "x", "units": 100.0})
    texts = frame.assign(month=months.astype(str))
    forecasts = [yugu.Folder(tables={"sales": f}).plan().forecast.to_pandas() for f in (frame, texts)]
    pd.testing.assert_frame_equal(*forecasts)
    ahead = forecasts[0]
    assert (ahead["month"] == "2024-03-01").any() and ahead["month"].dt.year.eq(2024).all()
    # A quarter is no month.
    quarters = frame.assign(month=pd.period_range("2016Q1", periods=26, freq="Q"))
    assert problems(tables={"sales": quarters})[0][3] == "bad_month"
    html = yugu.Folder(tables={"sales": frame}).plan().forecast._repr_html_()
    assert "<table" in html and "2024-03-01" in html
