"""On Spark, and on whatever speaks its interface: the numbers of one machine, also where a worker dies."""

import os
import shutil
import signal
import sys
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc
import pytest

import yugu
import yugu.spark
from conftest import GAS
from yugu._yugu import part

AS_OF = "2014-06-30"
TODAY = date(2014, 7, 10)
SETTINGS = (GAS / "yugu.toml").read_text(encoding="utf-8")
KEY = ["region", "product", "month"]


@pytest.fixture(scope="module")
def given(tables):
    """The example folder without what needs all regions in one place."""
    names = ["sales", "regions", "products", "aliases", "growth", "targets", "factors"]
    return {name: tables[name] for name in names}


@pytest.fixture(scope="module")
def alone(given):
    return yugu.Folder(tables=given, settings=SETTINGS, as_of=AS_OF).plan().forecast.to_arrow()


def same(found, alone):
    """The same rows, whole units alike, everything else to 1e-9."""
    found, alone = found.sort_by([(name, "ascending") for name in KEY]), alone.sort_by([(name, "ascending") for name in KEY])
    assert set(found.column_names) == set(alone.column_names)
    for name in alone.column_names:
        ours, theirs = found[name].to_pylist(), alone[name].to_pylist()
        if isinstance(theirs[0], float) and name != "units":
            assert ours == pytest.approx(theirs, rel=1e-9, abs=1e-9), name
        else:
            assert ours == theirs, name


def rest_of(given):
    return {name: table for name, table in given.items() if name != "sales"}


def test_parts_in_a_loop_give_the_numbers_of_one_machine(given, alone):
    sales, rest = given["sales"], rest_of(given)
    regions = sorted(set(sales["region"].to_pylist()))
    parts = [sales.filter(pc.is_in(sales["region"], pa.array(regions[i::3]))) for i in range(3)]
    read = []

    def work(i, totals):
        def given():
            read.append(i)
            return {**rest, "sales": parts[i]}

        return part(given, SETTINGS, AS_OF, TODAY, totals, f"part {i}")

    totals, rounds = yugu._yugu.begin(), 0
    while not yugu._yugu.is_last(totals):
        shares = [work(i, totals) for i in range(3)]
        totals, rounds = yugu._yugu.add(totals, shares), rounds + 1
    assert len(read) == 3 * rounds
    same(pa.concat_tables([pa.table(work(i, totals)) for i in range(3)]), alone)
    # Whoever was the last to be worked on here is not read again.
    pa.table(work(2, totals))
    assert len(read) == 3 * (rounds + 1)
    with pytest.raises(ValueError, match="do not fit together"):
        yugu._yugu.add(totals, [shares[0]])


def test_regions_are_dealt_by_rows():
    dealt = yugu.spark._deal({"a": 5, "b": 3, "c": 3, "d": 1}, 2)
    assert dealt == {"a": 0, "b": 1, "c": 1, "d": 0}


def test_a_region_written_in_two_ways_is_one():
    regions = pa.table({"region": ["n", "s"], "name": ["North", "South"]})
    aliases = pa.table({"kind": ["region"], "old": ["nn"], "new": ["n"], "from": ["2024-01"]})
    codes = yugu._yugu.region_codes({"regions": regions, "aliases": aliases}, None, ["n", " North", "nn", "s", "new"])
    assert codes == ["n", "n", "n", "s", "new"]


def test_rows_are_packed_by_part():
    batch = pa.record_batch({"region": ["b", "a", None, "a"], "product": ["p", "q", "p", "p"], "units": [1, 2, 3, 4]})
    chunks = pa.Table.from_batches(yugu.spark._packer({"a": 1, "b": 0}, "region")([batch, batch]))
    read = {part: pa.ipc.open_stream(rows).read_all() for part, rows in zip(*(column.to_pylist() for column in chunks))}
    # A row without a region goes where it is named.
    assert read[0]["units"].to_pylist() == [1, 3, 1, 3] and read[1]["units"].to_pylist() == [2, 4, 2, 4]
    assert read[1]["product"].to_pylist() == ["q", "p", "q", "p"]
    assert read[0].schema.field("product").type == pa.dictionary(pa.int32(), pa.string())


@pytest.fixture(scope="module")
def spark():
    """Two workers, each a process of its own with one core."""
    session = pytest.importorskip("pyspark.sql").SparkSession
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        pytest.skip("Spark needs Java")
    os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    settings = {"spark.ui.enabled": "false", "spark.sql.shuffle.partitions": "2", "spark.executor.memory": "1g",
                "spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
    builder = session.builder.master("local-cluster[2,1,2048]").appName("yugu")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


def frame(spark, given):
    return spark.createDataFrame(given["sales"])


def test_two_workers_give_the_numbers_of_one_machine(spark, given, alone):
    found = yugu.spark.plan(frame(spark, given), tables=rest_of(given), settings=SETTINGS, as_of=AS_OF, today=TODAY)
    same(found.toArrow(), alone)


@pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.skipif(sys.platform != "linux", reason="/proc"))])
def test_a_worker_that_dies_costs_a_retry(spark, given, alone, tmp_path, whole):
    mark = tmp_path / "died"

    def die():
        if whole:
            # The executor above this Python worker and its daemon, with all that it has kept.
            with open(f"/proc/{os.getppid()}/stat") as daemon:
                executor = int(daemon.read().rpartition(")")[2].split()[1])
            with open(f"/proc/{executor}/cmdline") as command:
                assert "CoarseGrainedExecutorBackend" in command.read()
            os.kill(executor, signal.SIGKILL)
        os._exit(1)

    def work(tables, settings, as_of, today, totals, name):
        # In the fourth round one dies, once.
        if int.from_bytes(totals[:4], "little") == 4:
            try:
                os.close(os.open(mark, os.O_CREAT | os.O_EXCL))
            except FileExistsError:
                pass
            else:
                die()
        return part(tables, settings, as_of, today, totals, name)

    packed = yugu.spark._Packed(frame(spark, given), rest_of(given), SETTINGS, 2, "region")
    found = yugu.spark._run(packed, rest_of(given), SETTINGS, AS_OF, TODAY, work).toArrow()
    packed.end()
    assert mark.exists()
    same(found, alone)


def test_wrong_data_are_named(spark, given):
    rest = {**rest_of(given), "channel_stock": pa.table({"month": ["2014-05"], "region": ["gaoxin"], "product": ["stove"], "tier": ["dealer"], "units": [3]})}
    with pytest.raises(Exception, match="'channel_stock' is not forecast region by region"):
        yugu.spark.plan(frame(spark, given), tables=rest, settings=SETTINGS, as_of=AS_OF, today=TODAY)


def test_past_months_beside_what_came(spark, given):
    months = [date.fromisoformat(f"{month}-01") for month in given["sales"]["month"].to_pylist()]
    typed = given["sales"].set_column(given["sales"].column_names.index("month"), "month", pa.array(months))
    tested = yugu.spark.backtest(spark.createDataFrame(typed), ["2014-03"], tables=rest_of(given), settings=SETTINGS, today=TODAY)
    tested = tested.toArrow().to_pandas()
    alone = yugu.Folder(tables={**given, "sales": typed}, settings=SETTINGS, as_of="2014-03-31").plan().forecast.to_arrow().to_pandas()
    assert len(tested) == len(alone) and set(tested["cutoff"]) == {date(2014, 3, 1)}
    both = tested.merge(alone, on=KEY, suffixes=("", "_alone"))
    assert both["units_exact"].to_list() == pytest.approx(both["units_exact_alone"].to_list(), rel=1e-9)
    came = typed.to_pandas().groupby(KEY)["units"].sum()
    one = tested.dropna(subset="actual").iloc[0]
    assert one["actual"] == came[(one["region"], one["product"], one["month"])]


def test_the_same_on_sail(given, alone):
    server = pytest.importorskip("pysail.spark")
    session = pytest.importorskip("pyspark.sql").SparkSession
    server = server.SparkConnectServer("127.0.0.1", 0)
    server.start()
    spark = session.builder.remote(f"sc://127.0.0.1:{server.listening_address[1]}").create()
    try:
        found = yugu.spark.plan(frame(spark, given), tables=rest_of(given), settings=SETTINGS, as_of=AS_OF, today=TODAY, parts=3)
        same(found.toArrow(), alone)
    finally:
        spark.stop()
        server.stop()
