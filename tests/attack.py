"""Attacks the program as a company's disk and people do, and counts what it does.

    python3 tests/attack.py PROGRAM [--seconds 600] [--seed 1] [--only mutate,door,kill,fault,together] [--shapes FOLDER]

door      the shapes that people keep their sales in, damaged in bytes, parts, lines and cells, and bombs, through `read`,
          `check` and `plan` with at most 1 GB and one second each. The shapes are written by a test:
          SHAPES_TO=FOLDER cargo test every_shape
mutate    damaged tables, settings, ledgers and workbooks, each read with at most 2 GB of memory
kill      plan, issue and import killed at any moment
fault     system calls that fail (needs strace)
together  two to eight runs on one folder, and on folders whose names begin alike

What must hold: an answer or an error, never a panic or an abort, nothing over two seconds; an output is whole, as before
or as after; nothing that was issued changes. Ends with 1 where something did not.
"""

import argparse
import csv
import gzip
import hashlib
import io
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

MEMORY = 2_000_000_000
SLOW = 2.0
# What a file at the door may take.
DOOR_MEMORY = 1_000_000_000
DOOR_SLOW = 1.0
HANGS = 30.0


def bounded(memory):
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


class Attack:
    def __init__(self, program, seconds, seed, shapes=None):
        self.program, self.seconds, self.seed = str(Path(program).resolve()), seconds, seed
        self.random = random.Random(seed)
        self.shapes = shapes and Path(shapes)
        self.env = dict(os.environ, RAYON_NUM_THREADS="1", LANG="en_US.UTF-8")
        self.env.pop("RUST_BACKTRACE", None)
        self.counts, self.bad = Counter(), []
        self.home = Path(tempfile.mkdtemp(prefix="attack-"))

    def run(self, *args, cwd=None, limit=True, memory=MEMORY):
        return subprocess.run(
            [self.program, *map(str, args)], cwd=cwd, env=self.env, capture_output=True, timeout=HANGS,
            preexec_fn=(lambda: bounded(memory)) if limit else None,
        )

    def timed(self, command, cwd, memory=MEMORY, slow=SLOW):
        """Runs a command on a damaged file: whether it held, how it ended, how long it took and the end of what it said."""
        # Once more where it took long: the machine may have had something else to do.
        for _ in range(3):
            begun = time.time()
            try:
                done = self.run(*command, cwd=cwd, memory=memory)
                code, said = done.returncode, done.stderr
            except subprocess.TimeoutExpired:
                code, said = "hangs", b""
            took = time.time() - begun
            if took <= slow:
                break
        held = code in (0, 1, 2) and b"panicked" not in said and took <= slow
        return held, code, took, said[-200:]

    def must(self, *args):
        done = self.run(*args, limit=False)
        if done.returncode:
            sys.exit(f"yugu {' '.join(map(str, args))}: {done.stderr.decode()}")
        return done

    def wrong(self, what):
        self.counts["wrong"] += 1
        self.bad.append(what)

    # A small company

    def company(self, name):
        at = self.home / name
        at.mkdir()
        months = [f"{2022 + t // 12}-{t % 12 + 1:02}" for t in range(27)]
        rows = [["month", "region", "product", "units"]]
        for t, month in enumerate(months):
            for r, region in enumerate(("n1", "n2")):
                for p, product in enumerate(("A", "B", "C")):
                    rows.append([month, region, product, 40 + 9 * ((t * (p + 2) + r) % 7)])
        write(at / "sales.csv", rows)
        write(at / "products.csv", [["product", "name", "category", "price", "pack"], ["A", "Alpha", "stove", 10, 2],
                                    ["B", "灶具", "stove", 12, 1], ["C", "Gamma", "hood", 30, 5]])
        write(at / "regions.csv", [["region", "name", "parent"], ["n1", "North", "C0"], ["n2", "东区", "C0"]])
        write(at / "targets.csv", [["year", "stage", "region", "units"], [2024, "head", "", 9000], [2024, "own", "n1", 4000]])
        write(at / "factors.csv", [["region", "from", "to", "reason", "effect", "known"],
                                   ["n1", "2023-05", "2023-06", "promotion", "20%", "2023-05"]])
        write(at / "stock.csv", [["as_of", "location", "product", "on_hand"], ["2024-03-31", "shop", "A", 30]])
        write(at / "frontline.csv", [["made", "month", "region", "product", "units", "by", "reason", "note"]])
        write(at / "overrides.csv", [["made", "month", "region", "product", "units", "by", "reason", "lock", "note"]])
        (at / "yugu.toml").write_text("[fiscal]\nstart = 1\n[columns]\n'x' = 'units'\n[output]\nlanguage = 'en'\n")
        return at

    # Mutations

    def mutate(self):
        seeds = self.seeds()
        self.end = time.time() + self.seconds
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(lambda n: self.mutations(n, seeds), range(os.cpu_count() or 1)))

    def seeds(self):
        """For each kind: the folder, the file to damage, the command, and the bytes."""
        at = self.company("seeds")
        self.must("plan", at, "--as-of", "2024-02", "--frontline")
        self.must("issue", at, "--as-of", "2024-02")
        self.must("plan", at, "--frontline")
        self.must("plan", at, "--format", "parquet", "--out", self.home / "typed")
        sales = (at / "sales.csv").read_bytes()
        book = at / "out/2024-03/plan.xlsx"
        front = at / "out/2024-03/frontline/n1.xlsx"
        typed = (self.home / "typed/forecast.parquet").read_bytes()
        ledger = at / "ledger/2024-02.csv"
        check = ["check", "."]
        return at, [
            ("csv", "sales.csv", check, sales), ("csv", "products.csv", check, (at / "products.csv").read_bytes()),
            ("csv", "targets.csv", check, (at / "targets.csv").read_bytes()),
            ("csv", "factors.csv", check, (at / "factors.csv").read_bytes()),
            ("csv", "sales.csv", check, sales.decode().encode("utf-16")),
            ("gz", "sales.csv.gz", check, gzip.compress(sales)),
            ("xlsx", "sales.xlsx", check, book.read_bytes()), ("xlsx parts", "sales.xlsx", check, book.read_bytes()),
            ("parquet", "sales.parquet", check, typed),
            ("toml", "yugu.toml", check, (at / "yugu.toml").read_bytes()),
            ("ledger", "ledger/2024-02.csv", check, ledger.read_bytes()),
            ("import", "answers.xlsx", ["import", ".", "answers.xlsx", "--dry-run"], front.read_bytes()),
            ("import parts", "answers.xlsx", ["import", ".", "answers.xlsx", "--dry-run"], front.read_bytes()),
        ]

    def mutations(self, worker, seeds):
        at, kinds = seeds
        rng = random.Random(self.seed * 1000 + worker)
        homes = []
        for n, (_, name, _, _) in enumerate(kinds):
            homes.append(self.home / f"worker-{worker}-{n}")
            shutil.copytree(at, homes[-1], ignore=shutil.ignore_patterns("out"))
            if name.startswith("sales."):
                (homes[-1] / "sales.csv").unlink()
            if (homes[-1] / name).exists():
                (homes[-1] / name).chmod(0o644)
        while time.time() < self.end:
            n = rng.randrange(len(kinds))
            (kind, name, command, sound), mine = kinds[n], homes[n]
            damaged = parts(sound, rng) if kind.endswith("parts") else damage(sound, rng)
            (mine / name).write_bytes(damaged)
            held, code, took, said = self.timed(command, mine)
            self.counts[f"mutated {kind}"] += 1
            self.counts["mutated"] += 1
            if not held:
                keep = self.home / f"bad-{kind.replace(' ', '-')}-{self.counts['wrong']}"
                keep.write_bytes(damaged)
                self.wrong(f"{kind}: ended with {code} after {took:.1f} s, see {keep}: {said!r}")

    # The door

    def door(self):
        if not self.shapes:
            print("door: no --shapes, left out")
            return
        shapes = sorted(path for path in self.shapes.iterdir() if path.is_dir())
        self.bombs()
        self.end = time.time() + self.seconds
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(lambda n: self.at_the_door(n, shapes), range(os.cpu_count() or 1)))

    def bombs(self):
        home = self.home / "bombs"
        for name, data in bombs():
            home.mkdir()
            (home / name).write_bytes(data)
            self.through(f"bomb {name}", home, [name])
            shutil.rmtree(home)

    def at_the_door(self, worker, shapes):
        rng = random.Random(self.seed * 1000 + worker)
        home = self.home / f"door-{worker}"
        while time.time() < self.end:
            shape = rng.choice(shapes)
            shutil.rmtree(home, ignore_errors=True)
            shutil.copytree(shape, home)
            files = sorted(str(path.relative_to(home)) for path in home.rglob("*") if path.is_file())
            files.remove("yugu.toml")
            name = rng.choice(files)
            damaged, how = broken(name, (home / name).read_bytes(), rng)
            (home / name).write_bytes(damaged)
            self.through(f"{name[name.index('.') + 1:]} {how}", home, files)

    def through(self, kind, home, files):
        """A folder through the commands that read it."""
        self.counts[f"door {kind}"] += 1
        self.counts["door"] += 1
        for command in (["read", *files], ["check", "."], ["plan", "."]):
            held, code, took, said = self.timed(command, home, DOOR_MEMORY, DOOR_SLOW)
            if not held:
                keep = self.home / f"bad-door-{self.counts['wrong']}"
                shutil.copytree(home, keep)
                self.wrong(f"door {kind}: {command[0]} ended with {code} after {took:.1f} s, see {keep}: {said!r}")
                break

    # Kills

    def kill(self):
        at = self.company("killed")
        for month in ("2023-12", "2024-01"):
            self.must("plan", at, "--as-of", month)
            self.must("issue", at, "--as-of", month)
        sales = [(at / "sales.csv").read_bytes()]
        sales.append(sales[0].replace(b"2022-05,n1,A,", b"2022-05,n1,A,9", 1))
        whole = []
        for text in sales:
            (at / "sales.csv").write_bytes(text)
            begun = time.time()
            self.must("plan", at, "--frontline")
            takes = time.time() - begun
            whole.append(tree(at / "out/2024-03"))
        filled = fill(at / "out/2024-03/frontline/n1.xlsx", self.home / "filled.xlsx")
        tables = {name: (at / name).read_bytes() for name in ("frontline.csv", "overrides.csv")}
        issued = tree(at / "ledger")
        end = time.time() + self.seconds
        while time.time() < end:
            which = self.random.randrange(2)
            (at / "sales.csv").write_bytes(sales[which])
            for name, text in tables.items():
                (at / name).write_bytes(text)
            command = self.random.choice((["plan", at, "--frontline"], ["issue", at], ["import", at, filled, "--stale"]))
            running = subprocess.Popen([self.program, *map(str, command)], env=self.env, stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL)
            time.sleep(self.random.uniform(0, takes * 1.2))
            running.send_signal(signal.SIGKILL)
            running.wait()
            self.counts["killed"] += 1
            self.counts[f"killed {command[0]}"] += 1
            if tree(at / "out/2024-03") not in whole:
                self.wrong(f"killed {command[0]}: the output is torn")
            now = tree(at / "ledger")
            if any(now.get(name) != text for name, text in issued.items()):
                self.wrong(f"killed {command[0]}: what was issued changed")
            for name in set(now) - set(issued):
                if not (at / "ledger" / name).read_bytes().endswith(b"\n"):
                    self.wrong("killed issue: a torn file of the ledger")
                remove(at / "ledger" / name)
            for name, text in tables.items():
                if not (at / name).read_bytes().startswith(text):
                    self.wrong(f"killed {command[0]}: rows of {name} are gone")
        self.must("plan", at, "--frontline")
        left = [name for name in tree(at) if ".yugu-" in name and not name.startswith("ledger")]
        if [name for name in left if name.startswith("out")]:
            self.wrong(f"left behind after the next run: {left}")

    # Faults

    CALLS = [("write", "ENOSPC"), ("write", "EIO"), ("fsync", "EIO"), ("renameat2", "EINVAL"), ("renameat2", "EIO"),
             ("rename", "EIO"), ("mkdir", "ENOSPC"), ("openat", "EMFILE"), ("unlinkat", "EIO"), ("flock", "EIO"),
             ("fchmod", "EIO"), ("read", "EIO"), ("linkat", "EPERM")]

    def fault(self):
        if not shutil.which("strace"):
            print("fault: strace is not there, left out")
            return
        at = self.company("faulty")
        self.must("plan", at, "--as-of", "2024-02")
        self.must("issue", at, "--as-of", "2024-02")
        self.must("plan", at)
        before, issued = tree(at / "out/2024-03"), tree(at / "ledger")
        end = time.time() + self.seconds
        while time.time() < end:
            call, error = self.random.choice(self.CALLS)
            when = self.random.choice([1, 2, 3, 5, 8, 13, 20, 30, 45])
            command = self.random.choice((["plan", at], ["issue", at]))
            inject = f"inject={call}:error={error}:when={when}"
            try:
                done = subprocess.run(
                    ["strace", "-f", "-o", "/dev/null", "-e", f"trace={call}", "-e", inject, self.program,
                     *map(str, command)], env=self.env, capture_output=True, timeout=HANGS)
            except subprocess.TimeoutExpired:
                self.wrong(f"{inject}: {command[0]} hangs")
                continue
            if done.returncode == 127:
                # It was not even loaded.
                continue
            self.counts["faults"] += 1
            if done.returncode not in (0, 1, 2) or b"panicked" in done.stderr:
                self.wrong(f"{inject}: {command[0]} ended with {done.returncode}: {done.stderr[-200:]!r}")
            if tree(at / "out/2024-03") != before:
                self.wrong(f"{inject}: {command[0]} left another output, {done.stderr[-200:]!r}")
            now = tree(at / "ledger")
            new = set(now) - set(issued)
            if {name: now.get(name) for name in issued} != issued:
                self.wrong(f"{inject}: what was issued changed")
            said = b"written before" in done.stderr or b"did not confirm" in done.stderr
            if command[0] == "issue" and bool(new) != (done.returncode == 0) and not (new and said):
                self.wrong(f"{inject}: issue ended with {done.returncode}, and {new or 'nothing'} is there")
            for name in new:
                remove(at / "ledger" / name)

    # Together

    def together(self):
        at = self.company("shared")
        self.must("plan", at, "--out", self.home / "o/x")
        whole = {name for name in tree(self.home / "o/x")}
        end = time.time() + self.seconds
        while time.time() < end:
            names = self.random.sample(["x", "x-b", "x-b-c", "x.lock", "x-1"], 3) + ["x"]
            count = self.random.randrange(2, 9)
            running = []
            for n in range(count):
                command = ["plan", at, "--out", self.home / "o" / names[n % len(names)]]
                running.append(subprocess.Popen([self.program, *map(str, command)], env=self.env,
                                                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE))
            for one in running:
                said = one.communicate()[1]
                self.counts["together"] += 1
                if one.returncode not in (0, 2) or (one.returncode == 2 and b"another run" not in said):
                    self.wrong(f"together: ended with {one.returncode}: {said[-200:]!r}")
            for name in set(names):
                there = set(tree(self.home / "o" / name))
                if there and there != whole:
                    self.wrong(f"together: {name} has {len(there)} of {len(whole)} files")


def write(path, rows):
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    path.write_text(text.getvalue())


def tree(at):
    """Every file below a folder but those being written, by name, with the hash of its bytes."""
    out = {}
    for path in sorted(at.rglob("*")):
        name = str(path.relative_to(at))
        if path.is_file() and not any(part.startswith(".yugu-") for part in path.relative_to(at).parts):
            out[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return out


def remove(path):
    path.chmod(0o644)
    path.unlink()


NUMBERS = [0, 1, 127, 128, 255, 2**15, 2**31 - 1, 2**31, 2**32 - 1, 2**63 - 1]
WORDS = [b"9" * 40, b"-1", b"1e308", b"5e-324", b"nan", b"\xff\xfe", b'"', b"\n", b"\0", b"=1+1", b"9999-99", b",",
         b"[", b"'" * 3, "合计".encode(), b"uniqueCount=\"99999999999\"", b"PK\x05\x06"]


def damage(sound, rng):
    out = bytearray(sound)
    for _ in range(rng.choice([1, 1, 1, 2, 4, 9])):
        if not out:
            break
        at = rng.randrange(len(out))
        what = rng.randrange(8)
        if what == 0:
            out[at] = rng.randrange(256)
        elif what == 1:
            out[at] ^= 1 << rng.randrange(8)
        elif what == 2:
            del out[at:]
        elif what == 3:
            out[at:at] = rng.choice(WORDS)
        elif what == 4:
            del out[at:at + rng.randrange(1, 60)]
        elif what == 5:
            size = rng.choice([1, 2, 4, 8])
            out[at:at + size] = (rng.choice(NUMBERS) % 256**size).to_bytes(size, "little")
        elif what == 6:
            other = rng.randrange(len(out))
            out[at:at] = out[other:other + rng.randrange(1, 200)]
        else:
            out[at:at] = bytes([out[at]]) * rng.choice([2, 100, 20_000])
    return bytes(out)


def parts(sound, rng):
    """A workbook whose container is sound and one of whose parts is not."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(sound)) as book, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        names = book.namelist()
        chosen = rng.choice(names)
        for name in names:
            data = book.read(name)
            new.writestr(name, damage(data, rng) if name == chosen else data)
    return out.getvalue()


def broken(name, sound, rng):
    """A file damaged in one of the ways that fit its kind, and which."""
    if name.endswith((".xlsx", ".xlsb", ".ods")):
        how = rng.choice(["bytes", "parts", "parts", "elements"])
        return {"bytes": damage, "parts": parts, "elements": elements}[how](sound, rng), how
    if name.endswith(".gz"):
        how = rng.choice(["bytes", "lines"])
        return (damage(sound, rng) if how == "bytes" else gzip.compress(lines(gzip.decompress(sound), rng))), how
    how = "bytes" if name.endswith(".xls") else rng.choice(["bytes", "lines", "lines"])
    return (damage if how == "bytes" else lines)(sound, rng), how


CELLS = [b"", b"-", "—".encode(), b"1.000", b"0,784", b"2023.1", b"6.93E+12", b"45292", b"1e308", b"9999-12", "合计".encode(),
         b"Total", "2023年".encode(), b"units", b"month", b"=1+1", b"x" * 5000, b"2023-W07", b"\"", b"(5)", b"12%", b"sep=;"]


def lines(sound, rng):
    """A table whose lines and cells are moved, repeated, replaced and left out."""
    rows = [row.split(b",") for row in sound.split(b"\n")]
    for _ in range(rng.choice([1, 1, 2, 4, 9, 40])):
        at, to = rng.randrange(len(rows)), rng.randrange(len(rows))
        row = rows[at]
        column = rng.randrange(len(row))
        what = rng.randrange(9)
        if what == 0:
            rows[at], rows[to] = rows[to], rows[at]
        elif what == 1:
            rows[to:to] = rows[at:at + rng.randrange(1, 40)]
        elif what == 2 and len(rows) > 60:
            del rows[at:at + rng.randrange(1, 40)]
        elif what == 3:
            row[column:column] = row[column:column + 1] * rng.choice([1, 2, 2000])
        elif what == 4 and len(row) > 1:
            del row[column]
        elif what == 5:
            for each in rows:
                if len(each) > column:
                    each[0], each[column] = each[column], each[0]
        elif what == 6:
            cell = rng.choice(CELLS)
            for each in rows[at:at + rng.choice([1, 1, 5, len(rows)])]:
                each[min(column, len(each) - 1)] = cell
        elif what == 7:
            rows[at:at] = [[b""] for _ in range(rng.choice([1, 3, 5000]))]
        else:
            row[column] = rng.choice(CELLS)
    return b"\n".join(b",".join(row) for row in rows)


def elements(sound, rng):
    """A workbook one of whose parts has elements moved, repeated and left out, or that has its parts exchanged."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(sound)) as book, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        names = book.namelist()
        chosen, other = rng.choice(names), rng.choice(names)
        exchanged = rng.random() < 0.1
        for name in names:
            data = book.read(name)
            if name == chosen and exchanged:
                data = book.read(other)
            elif name == chosen:
                pieces = data.split(b"<")
                for _ in range(rng.choice([1, 2, 5, 20])):
                    at, to = rng.randrange(len(pieces)), rng.randrange(len(pieces))
                    what = rng.randrange(4)
                    if what == 0:
                        pieces[at], pieces[to] = pieces[to], pieces[at]
                    elif what == 1:
                        pieces[to:to] = pieces[at:at + rng.randrange(1, 60)] * rng.choice([1, 1, 50])
                    elif what == 2:
                        del pieces[at:at + rng.randrange(1, 20)]
                        pieces = pieces or [b""]
                    else:
                        pieces[at] = damage(pieces[at], rng)
                data = b"<".join(pieces)
            new.writestr(name, data)
    return out.getvalue()


def bombs():
    """Small files that say they are large, or are when they are unpacked."""
    row = b"2024-01,n1,A,1\n"
    yield "sales.csv.gz", gzip.compress(b"month,region,product,units\n" + row * 150_000_000, 1)
    yield "sales.csv.gz", gzip.compress(bytes(2_500_000_000), 1)

    def book(sheet, strings=b"<sst></sst>", kind="xlsx"):
        out = io.BytesIO()
        types = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
            if kind == "ods":
                new.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
                new.writestr("META-INF/manifest.xml", "<manifest:manifest/>")
                new.writestr("content.xml", sheet)
                new.close()
                return out.getvalue()
            new.writestr("_rels/.rels", f'<Relationships><Relationship Id="b" Type="{types}/officeDocument" '
                                        'Target="xl/workbook.xml"/></Relationships>')
            new.writestr("xl/workbook.xml", f'<workbook xmlns:r="{types}"><sheets><sheet name="s" sheetId="1" r:id="r"/>'
                                            "</sheets></workbook>")
            new.writestr("xl/_rels/workbook.xml.rels", '<Relationships><Relationship Id="r" Target="worksheets/s.xml" '
                         f'Type="{types}/worksheet"/><Relationship Id="t" Target="sharedStrings.xml" '
                         f'Type="{types}/sharedStrings"/></Relationships>')
            new.writestr("xl/sharedStrings.xml", strings)
            new.writestr("xl/worksheets/s.xml", sheet)
        return out.getvalue()

    cell = b'<row><c t="inlineStr"><is><t>x</t></is></c></row>'
    yield "sales.xlsx", book(b"<worksheet><sheetData>" + cell * 25_000_000 + b"</sheetData></worksheet>")
    yield "sales.xlsx", book(b"<worksheet><sheetData>" + bytes(1_500_000_000))
    yield "sales.xlsx", book(b"<worksheet><sheetData>" + b"<a>" * 100_000_000)
    yield "sales.xlsx", book(b'<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row>',
                             b"<sst>" + b"<si><t>x</t></si>" * 50_000_000 + b"</sst>")
    yield "sales.xlsx", book(b'<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1048576">'
                             b'<c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>')
    opened = (b'<office:document-content><office:body><office:spreadsheet><table:table table:name="s">')
    yield "sales.ods", book(opened + b'<table:table-row table:number-rows-repeated="1000000"><table:table-cell '
                            b'table:number-columns-repeated="16000" office:value-type="float" office:value="1"/>'
                            b"</table:table-row>", kind="ods")
    entities = b"".join(b'<!ENTITY e%d "%s">' % (n + 1, b"&e%d;" % n * 10) for n in range(12))
    yield "sales.ods", book(b"<!DOCTYPE x [<!ENTITY e0 \"ha\">" + entities + b"]>" + opened
                            + b"<table:table-row><table:table-cell><text:p>&e12;</text:p></table:table-cell></table:table-row></table:table>"
                            + b"</office:spreadsheet></office:body></office:document-content>", kind="ods")


def fill(book, to):
    """Fills in a number, a reason and a name in a region's workbook: the first listed row of the form."""
    import re

    with zipfile.ZipFile(book) as old, zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                # The cells G, H and I of the form's first row: estimate, why, by.
                for column, value in (("G", "<v>77</v>"), ("H", "<is><t>promotion</t></is>"), ("I", "<is><t>Kim</t></is>")):
                    kind = b"" if column == "G" else b' t="inlineStr"'
                    found = re.search(rb'<c r="' + column.encode() + rb'8"([^>]*)/>', text)
                    if found:
                        cell = b'<c r="' + column.encode() + b'8"' + found.group(1) + kind + b">" + value.encode() + b"</c>"
                        text = text.replace(found.group(0), cell, 1)
            new.writestr(name, text)
    return to


def main():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("program")
    words.add_argument("--seconds", type=float, default=600)
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--only", default="mutate,door,kill,fault,together")
    words.add_argument("--shapes")
    asked = words.parse_args()
    kinds = asked.only.split(",")
    # Half of the time for mutations, as these are of most kinds.
    shares = {kind: 3 if kind == "mutate" else 1 for kind in kinds}
    attack = Attack(asked.program, asked.seconds, asked.seed, asked.shapes)
    for kind in kinds:
        attack.seconds = asked.seconds * shares[kind] / sum(shares.values())
        getattr(attack, kind)()
    for name, count in sorted(attack.counts.items()):
        print(f"{name}: {count}")
    for line in attack.bad[:40]:
        print("WRONG", line)
    if not attack.bad:
        shutil.rmtree(attack.home, ignore_errors=True)
    sys.exit(1 if attack.bad else 0)


if __name__ == "__main__":
    main()
