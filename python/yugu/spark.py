"""Forecasts of a Spark DataFrame: the numbers of one machine, region by region on a cluster.

    import yugu.spark

    sales = spark.read.parquet("s3a://bucket/sales")        # month, region, product, units
    forecast = yugu.spark.plan(sales, tables={"products": products}, as_of="2024-02")
    forecast.write.parquet("s3a://bucket/forecast")

Regions are dealt to parts. The rows of a part are packed once, near where they lie, into a few chunks of compressed Arrow
(a byte or two a row); only these move, to the one place where the part is worked on. What crosses regions (growth of the
company, its target, pooled seasons, the weights of the fitted forecast) is added up in rounds: each is one job in which
every part gives its share of the next sums, which the driver adds up and sends along with the next. A part is a function
of its rows and the sums so far, so a worker that dies costs a retry and no number.

What is packed again after a worker died holds the same rows. They stand in the same order where the source gives its rows
in one order (files do); where it does not, numbers of rows that are added up may differ in their last bits, which is what
1e-9 allows for. The chunks of a part are put in the order of their bytes, whichever comes first.

Spark's own part is to move rows and to run functions; so the same code runs on whatever speaks its interface.
"""

import uuid
import weakref
from datetime import date

from ._yugu import add, begin, is_last, part, region_codes

__all__ = ["plan", "backtest"]

_PART = "yugu_part"
_PACKED = f"{_PART} int, rows binary"
_SHARE = f"{_PART} int, share binary"
_FORECAST = (
    "region string, product string, month date, lag long, mode string, made date, units double, units_exact double, "
    "revenue double, low80 double, high80 double, low95 double, high95 double"
)
# Bytes of rows that are packed at a time: far from the 2 GB at which a cell ends, few enough to hold in a worker.
_CHUNK = 64 << 20


def plan(df, *, tables=None, settings=None, as_of=None, parts=None, today=None, region="region"):
    """The forecast of the next two months and, during a month, its landing: the columns of forecast.csv.

    df: sales, a row for each month (or day), region and product, with columns as in sales.csv. tables: the other tables,
    by name, as Arrow tables or data frames (or of Spark, if they are small); settings: the text of a yugu.toml or a
    dictionary of its sections; as_of: a day, or a month as "2024-02": nothing later is seen. parts: how many parts the
    regions are dealt to, by default one for each core of the cluster. today: the day of the run. region: the name of the
    column that holds regions.

    Units are units, revenue is in the money of the settings and null without prices. The last round runs when the result
    is used; rows stay packed as long as the result is held. Raises what Spark raises; where the data are wrong the message
    lists every problem.
    """
    given = _given(tables)
    packed = _Packed(df, given, settings, parts, region)
    try:
        found = _run(packed, given, settings, as_of, today)
    except BaseException:
        packed.end()
        raise
    packed.end_with(found)
    return found


def backtest(df, cutoffs, *, tables=None, settings=None, parts=None, today=None, region="region"):
    """Past months forecast with nothing but what was visible then: `plan` at the end of each of the cutoffs (months as
    "2024-02"), with a column cutoff (a date: its first day) and actual, the units that came (null where there is no row).
    For sales by month, whose column month is a date.
    """
    from pyspark.sql import functions as f

    came = df.groupBy(f.col(region).alias("region"), "product", f.trunc("month", "month").alias("month"))
    came = came.agg(f.sum("units").alias("actual"))
    given = _given(tables)
    packed = _Packed(df, given, settings, parts, region)
    made = None
    try:
        for cutoff in cutoffs:
            one = _run(packed, given, settings, cutoff, today).withColumn("cutoff", f.lit(f"{cutoff}-01").cast("date"))
            made = one if made is None else made.unionByName(one)
        made = made.join(came, ["region", "product", "month"], "left")
    except BaseException:
        packed.end()
        raise
    packed.end_with(made)
    return made


class _Packed:
    """The rows of sales, packed by part and kept by the workers."""

    def __init__(self, df, given, settings, parts, region):
        sizes = {row[0]: row[1] for row in df.groupBy(region).count().collect() if row[0] is not None}
        if not sizes:
            raise ValueError(f"no row has a {region}")
        # What is written in two ways is one region.
        names = list(sizes)
        codes = dict(zip(names, region_codes(given, settings, [str(name) for name in names])))
        of_code = {}
        for name in names:
            of_code[codes[name]] = of_code.get(codes[name], 0) + sizes[name]
        count = max(1, min(parts or _cores(df.sparkSession), len(of_code)))
        dealt = _deal(of_code, count)
        packed = df.mapInArrow(_packer({name: dealt[codes[name]] for name in names}, region), _PACKED)
        self.rows = _by_part(packed, count).persist()

    def end(self):
        try:
            self.rows.unpersist()
        except Exception:  # The session is over, and everything it kept with it.
            pass

    def end_with(self, found):
        """Lets go of the rows when nobody holds a result any more; one derived from it packs them again."""
        weakref.finalize(found, self.end).atexit = False


def _by_part(packed, count):
    """As many tasks as parts: by hash, two parts may meet in one."""
    from pyspark.errors import UnsupportedOperationException

    try:
        rows = packed.repartitionById(count, _PART)
        rows.select(_PART).schema  # Asked for, so that who does not know it says so here.
        return rows
    except (AttributeError, UnsupportedOperationException):
        # Before Spark 4.1 and on Sail: by range. Rows are packed twice, as Spark looks first how the parts lie.
        return packed.repartitionByRange(count, _PART)


def _run(packed, given, settings, as_of, today, work=part):
    """The rounds of one forecast; the last is left to whoever uses it."""
    rest = (settings, as_of, today or date.today())
    name = uuid.uuid4().hex
    totals = begin()
    while not is_last(totals):
        shares = packed.rows.mapInArrow(_worker(work, given, rest, totals, name), _SHARE).collect()
        totals = add(totals, [bytes(row[1]) for row in sorted(shares, key=lambda row: row[0])])
    return packed.rows.mapInArrow(_worker(work, given, rest, totals, name), _FORECAST)


def _packer(dealt, region):
    """What runs where the rows lie: rows in, chunks out, each with the part it is of."""

    def run(batches):
        held, size = [], 0
        for batch in batches:
            held.append(batch)
            size += batch.nbytes
            if size >= _CHUNK:
                yield pack(held)
                held, size = [], 0
        if held:
            yield pack(held)

    def pack(held):
        import pyarrow as pa
        import pyarrow.compute as pc

        rows = pa.Table.from_batches(held).combine_chunks()
        at = pc.index_in(rows[region], value_set=pa.array(list(dealt), rows.schema.field(region).type))
        # A row without a region goes to the first part, which names it.
        of = pc.fill_null(pa.array(list(dealt.values()), pa.int32()).take(at.combine_chunks()), 0)
        order, ends = pc.sort_indices(of), pc.value_counts(of).to_pylist()
        parts, chunks, begins = [], [], 0
        for found in sorted(ends, key=lambda found: found["values"]):
            own = order.slice(begins, found["counts"])
            begins += found["counts"]
            parts.append(found["values"])
            chunks.append(_bytes(rows.take(own)))
        return pa.record_batch([pa.array(parts, pa.int32()), pa.array(chunks, pa.binary())], names=[_PART, "rows"])

    return run


def _bytes(rows):
    """Rows as a stream of Arrow, compressed, each text once."""
    import pyarrow as pa

    for i, field in enumerate(rows.schema):
        if pa.types.is_string(field.type) or pa.types.is_large_string(field.type):
            rows = rows.set_column(i, field.name, rows[i].combine_chunks().dictionary_encode())
    out = pa.BufferOutputStream()
    with pa.ipc.new_stream(out, rows.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as stream:
        stream.write_table(rows)
    return out.getvalue().to_pybytes()


def _worker(work, given, rest, totals, name):
    """What runs where a part lies: its chunks in, its share or its forecast out."""

    def run(batches):
        import pyarrow as pa

        chunks = {}
        for batch in batches:
            for part, rows in zip(batch[0].to_pylist(), batch[1].to_pylist()):
                chunks.setdefault(part, []).append(rows)
        for part in sorted(chunks):
            def tables():
                return {**given, "sales": [pa.ipc.open_stream(rows).read_all() for rows in sorted(chunks[part])]}

            found = work(tables, *rest, totals, f"{name}/{part}")
            if isinstance(found, bytes):
                share = [pa.array([part], pa.int32()), pa.array([found], pa.binary())]
                yield pa.record_batch(share, names=[_PART, "share"])
                continue
            table = pa.table(found)
            if "revenue" not in table.column_names:
                table = table.append_column("revenue", pa.nulls(len(table), pa.float64()))
            yield from table.select([column.split()[0] for column in _FORECAST.split(", ")]).to_batches()

    return run


def _deal(sizes, count):
    """Regions to parts of about as many rows: the largest first, each to the part that has the least so far."""
    full, dealt = [0] * count, {}
    for name in sorted(sizes, key=lambda name: (-sizes[name], name)):
        least = full.index(min(full))
        dealt[name] = least
        full[least] += sizes[name]
    return dealt


def _given(tables):
    """Tables as they can be sent to workers."""
    import pyarrow as pa

    def local(table):
        if hasattr(table, "toArrow"):
            return table.toArrow()
        return pa.table(table) if hasattr(table, "__arrow_c_stream__") else table

    return {name: local(table) for name, table in (tables or {}).items()}


def _cores(spark):
    try:
        return spark.sparkContext.defaultParallelism
    except Exception:  # A session that is only a client knows no cores.
        return 8
