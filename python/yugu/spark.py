"""Forecasts of a Spark DataFrame: the numbers of one machine, region by region on a cluster.

    import yugu.spark

    sales = spark.read.parquet("s3a://bucket/sales")        # month, region, product, units
    forecast = yugu.spark.plan(sales, tables={"products": products}, as_of="2024-02")
    forecast.write.parquet("s3a://bucket/forecast")

Regions are dealt to parts; a part is a group of `applyInArrow`, with all rows of its regions. What crosses regions (growth
of the company, its target, pooled seasons, the weights of the fitted forecast) is added up in rounds: each is one job in
which every part gives its share of the next sums, which the driver adds up and sends along with the next. A part is a
function of its rows and the sums so far, so a worker that dies costs a retry and no number.

Spark's own part is to move rows and to run functions; so the same code runs on whatever speaks its interface.
"""

from datetime import date

from ._yugu import add, begin, part

__all__ = ["plan", "backtest"]

_PART = "yugu_part"
_FORECAST = (
    "region string, product string, month date, lag long, mode string, made date, units double, units_exact double, "
    "revenue double, low80 double, high80 double, low95 double, high95 double"
)


def plan(df, *, tables=None, settings=None, as_of=None, parts=None, today=None, region="region"):
    """The forecast of the next two months and, during a month, its landing: the columns of forecast.csv.

    df: sales, a row for each month (or day), region and product, with columns as in sales.csv. tables: the other tables,
    by name, as Arrow tables or data frames (or of Spark, if they are small); settings: the text of a yugu.toml or a
    dictionary of its sections; as_of: a day, or a month as "2024-02": nothing later is seen. parts: how many parts the
    regions are dealt to, by default one for each core of the cluster. today: the day of the run. region: the name of the
    column that holds regions.

    Units are units, revenue is in the money of the settings and null without prices. The last round runs when the result
    is used. Raises what Spark raises; where the data are wrong the message lists every problem.
    """
    run = _Run(df, tables, settings, as_of, parts, today, region)
    try:
        return run.plan()
    finally:
        run.end()


def backtest(df, cutoffs, *, tables=None, settings=None, parts=None, today=None, region="region"):
    """Past months forecast with nothing but what was visible then: `plan` at the end of each of the cutoffs (months as
    "2024-02"), with a column cutoff (a date: its first day) and actual, the units that came (null where there is no row).
    For sales by month, whose column month is a date.
    """
    from pyspark.sql import functions as f

    came = df.groupBy(f.col(region).alias("region"), "product", f.trunc("month", "month").alias("month"))
    came = came.agg(f.sum("units").alias("actual"))
    made = None
    for cutoff in cutoffs:
        one = plan(df, tables=tables, settings=settings, as_of=cutoff, parts=parts, today=today, region=region)
        one = one.withColumn("cutoff", f.lit(f"{cutoff}-01").cast("date"))
        made = one if made is None else made.unionByName(one)
    return made.join(came, ["region", "product", "month"], "left")


class _Run:
    """One forecast: the regions dealt, and what all parts are given alike."""

    def __init__(self, df, tables, settings, as_of, parts, today, region, work=part):
        from pyspark.sql import functions as f

        self.work = work
        self.given = {name: _local(table) for name, table in (tables or {}).items()}
        self.rest = (settings, as_of, today or date.today())
        sizes = {row[0]: row[1] for row in df.groupBy(region).count().collect() if row[0] is not None}
        if not sizes:
            raise ValueError(f"no row has a {region}")
        count = max(1, min(parts or _cores(df.sparkSession), len(sizes)))
        dealt = df.sparkSession.createDataFrame(list(_deal(sizes, count).items()), f"`{region}` string, {_PART} int")
        # As many tasks as parts: by hash, two parts may meet in one.
        self.rows = df.join(f.broadcast(dealt), region).repartitionByRange(count, _PART)

    def plan(self):
        totals, last = begin()
        # Kept by the workers from round to round.
        self.rows.persist()
        for _ in range(last):
            shares = self._round(self.rows, totals, f"{_PART} int, share binary").collect()
            totals = add(totals, [bytes(row[1]) for row in sorted(shares, key=lambda row: row[0])])
        return self._round(self.rows, totals, _FORECAST)

    def end(self):
        self.rows.unpersist()

    def _round(self, rows, totals, schema):
        return rows.groupBy(_PART).applyInArrow(_worker(self.work, self.given, self.rest, totals), schema)


def _worker(work, given, rest, totals):
    """What runs on a worker: the rows of a part in, its share or its forecast out."""

    def run(key, rows):
        import pyarrow as pa

        own = {**given, "sales": rows.drop_columns([_PART])}
        found = work(own, *rest, totals)
        if isinstance(found, bytes):
            return pa.table({_PART: pa.array([key[0].as_py()], pa.int32()), "share": pa.array([found], pa.binary())})
        table = pa.table(found)
        if "revenue" not in table.column_names:
            table = table.append_column("revenue", pa.nulls(len(table), pa.float64()))
        order = [column.split()[0] for column in _FORECAST.split(", ")]
        return table.select(order)

    return run


def _deal(sizes, count):
    """Regions to parts of about as many rows: the largest first, each to the part that has the least so far."""
    full, dealt = [0] * count, {}
    for name in sorted(sizes, key=lambda name: (-sizes[name], name)):
        least = full.index(min(full))
        dealt[name] = least
        full[least] += sizes[name]
    return dealt


def _local(table):
    """A table as one that can be sent to workers."""
    import pyarrow as pa

    if hasattr(table, "toArrow"):
        return table.toArrow()
    return pa.table(table) if hasattr(table, "__arrow_c_stream__") else table


def _cores(spark):
    try:
        return spark.sparkContext.defaultParallelism
    except Exception:  # A session that is only a client knows no cores.
        return 8
