# The tests, as the README has them.
test:
    cargo test

# Everything that continuous integration checks.
ci:
    .ci/run

# The main job on the example folder.
plan:
    cargo run --release -- plan data/gas

# Makes the example folder again.
gas:
    cargo run --release --example gas

# Times `plan` against polars reading and grouping the same file, and a whole backtest against AutoETS fitted at the
# same cutoffs (polars and statsforecast come from PyPI).
bench plan="../shared/bench/walmart-us" backtest="../shared/bench/beer-mx" cutoffs="2016-11..2017-10":
    python3 benches/plan_vs_polars.py {{plan}}
    python3 benches/backtest_vs_autoets.py {{backtest}} {{cutoffs}}
    python3 benches/accuracy_vs_polars.py
    cargo bench --bench communities
    python3 benches/workbook.py {{plan}}

# Issues two years of a folder's past month by month and says how near they came.
issued folder="../shared/bench/beer-mx" months="2015-11..2017-10":
    python3 benches/issued_history.py {{folder}} {{months}}

# Attacks the program for ten minutes: damaged files, kills, faults of the disk, runs at the same time; prints the counts.
attack seconds="600":
    cargo build --release
    SHAPES_TO="$PWD/target/shapes" cargo test --release every_shape
    python3 tests/attack.py "${CARGO_TARGET_DIR:-target}/release/yugu" --seconds {{seconds}} --shapes target/shapes

# Mutants of the arithmetic and of the method (cargo-mutants): which of them no test catches.
mutants *files="src/stats/** src/stages/target/** src/ledger/**":
    cargo mutants --no-shuffle {{ prepend("--file ", files) }} -- --release --lib
