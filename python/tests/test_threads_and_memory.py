"""Python runs on while yugu computes, and a long table is not copied."""

import subprocess
import sys
import threading
import time

import yugu


def test_another_thread_runs_while_a_backtest_does(gas):
    folder = yugu.Folder(gas, as_of="2014-07-10")
    ticks, done = [], threading.Event()

    def tick():
        while not done.is_set():
            ticks.append(time.perf_counter())
            time.sleep(0.001)

    thread = threading.Thread(target=tick)
    thread.start()
    begun = time.perf_counter()
    folder.backtest()
    ended = time.perf_counter()
    done.set()
    thread.join()
    # With the lock held it could not run once between begin and end.
    assert len([t for t in ticks if begun < t < ended]) > 5


def test_one_folder_is_used_from_many_threads(gas):
    folder = yugu.Folder(gas, as_of="2014-07-10")
    found = []
    threads = [threading.Thread(target=lambda: found.append(folder.plan().forecast.to_arrow())) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(found) == 4 and all(table.equals(found[0]) for table in found)


READING = """
import resource
import pyarrow as pa
import yugu

rows = 1_500_000
series, months = 50_000, 30
month = pa.array([f"{2021 + m // 12}-{m % 12 + 1:02d}" for m in range(months)] * series)
region = pa.array([f"region {s % 50:04d} of the company" for s in range(series) for _ in range(months)])
product = pa.array([f"product {s // 50:06d} of the range" for s in range(series) for _ in range(months)])
units = pa.array([float((s * 7 + m) % 90) for s in range(series) for m in range(months)])
table = pa.table({"month": month, "region": region, "product": product, "units": units})
del month, region, product, units
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
folder = yugu.Folder(tables={"sales": table})
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
assert folder.shape == (series, months)
print(table.nbytes, (after - before) * 1024)
"""


def test_reading_a_long_table_does_not_copy_its_texts():
    done = subprocess.run([sys.executable, "-c", READING], check=True, capture_output=True, text=True)
    table, more = map(int, done.stdout.split())
    # 80 bytes of texts a row would be doubled by a copy; what is kept of a row is 20 bytes, and 12 in the dense arrays.
    assert more < 0.8 * table, (table, more)
