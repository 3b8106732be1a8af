"""The compiled part of the package."""

from datetime import date
from os import PathLike
from typing import Any, Callable, Literal, Mapping, Optional, Protocol, Sequence, Union

__version__: str

class _Stream(Protocol):
    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any: ...

class _Array(Protocol):
    def __arrow_c_array__(self, requested_schema: Any = None) -> Any: ...

_Arrow = Union[_Stream, _Array]
_Day = Union[str, date]
_Format = Literal["csv", "parquet"]

class Problem:
    """One thing that is wrong with the data."""

    @property
    def file(self) -> str:
        """The file, or the table where it never was a file; empty where the whole folder is meant."""
    @property
    def line(self) -> Optional[int]:
        """Line of a text file, row of a worksheet or a table, from 1; None where the whole file is meant."""
    @property
    def column(self) -> Optional[int]:
        """Column in characters of a text file, number of the column of a worksheet or a table, from 1."""
    @property
    def kind(self) -> str:
        """A short stable word: unknown_region, bad_number."""
    @property
    def severity(self) -> Literal["error", "warning"]: ...
    @property
    def message(self) -> str:
        """What is wrong."""
    @property
    def treatment(self) -> str:
        """What is done about it (warnings)."""
    @property
    def text(self) -> str:
        """All of it in one line."""

class Table:
    """A table of results. Anything that takes Arrow tables takes it as it is."""

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any: ...
    def __arrow_c_schema__(self) -> Any: ...
    def __len__(self) -> int: ...
    @property
    def column_names(self) -> list[str]: ...
    def to_arrow(self) -> Any:
        """As a pyarrow.Table."""
    def to_pandas(self) -> Any:
        """As a pandas.DataFrame; months and days as datetime64."""
    def to_polars(self) -> Any:
        """As a polars.DataFrame."""

class Plan:
    """A forecast: the tables that `yugu plan` writes, made when they are asked for."""

    @property
    def months(self) -> list[str]:
        """The months forecast, as "2024-02"."""
    @property
    def made(self) -> str:
        """The month in which it is made."""
    def __getitem__(self, name: str) -> Table: ...
    @property
    def forecast(self) -> Table:
        """Regions x products x months: units, units_exact, revenue, bounds."""
    @property
    def outlook(self) -> Table:
        """The same to the end of the next fiscal year, with cumulated sums."""
    @property
    def regions(self) -> Table:
        """Nodes of the region tree x groups x months."""
    @property
    def targets(self) -> Table: ...
    @property
    def mix(self) -> Table: ...
    @property
    def fit(self) -> Table: ...
    @property
    def lifecycle(self) -> Optional[Table]: ...
    @property
    def changes(self) -> Optional[Table]: ...
    @property
    def exceptions(self) -> Table: ...
    @property
    def warnings(self) -> Table: ...
    @property
    def stock(self) -> Optional[Table]: ...
    @property
    def transfers(self) -> Optional[Table]: ...
    @property
    def suppliers(self) -> Optional[Table]: ...
    @property
    def chase(self) -> Optional[Table]: ...
    @property
    def reschedule(self) -> Optional[Table]: ...
    @property
    def late(self) -> Optional[Table]: ...
    @property
    def overstock(self) -> Optional[Table]: ...
    @property
    def lost(self) -> Optional[Table]: ...
    @property
    def page(self) -> str:
        """The page that the program prints."""
    @property
    def run(self) -> dict[str, Any]:
        """What run.json holds."""
    def write(
        self,
        dir: Union[str, PathLike[str]],
        format: _Format = "csv",
        *,
        workbook: Optional[bool] = None,
        page: Optional[bool] = None,
        frontline: bool = False,
        force: bool = False,
    ) -> list[str]:
        """Writes what `yugu plan` writes, byte for byte, whole or not at all; the names. workbook and page: by default
        where there are at most 2,000 regions and products; frontline: also a workbook for each region; force: also over
        files that somebody has changed since they were written."""

class Report:
    """What a command shows: its tables, its page, its figures."""

    @property
    def tables(self) -> list[str]:
        """The names of its tables."""
    def __getitem__(self, name: str) -> Table: ...
    @property
    def page(self) -> str:
        """The page that the program prints."""
    @property
    def figures(self) -> dict[str, Any]:
        """What the program prints with --json."""
    def write(self, dir: Union[str, PathLike[str]], format: _Format = "csv", *, force: bool = False) -> list[str]:
        """Writes the tables, whole or not at all; their names. force: also over files that somebody has changed."""

class Explanation:
    """One number, step by step; str() is the page."""

    @property
    def exact(self) -> float:
        """The forecast, unrounded, in units."""
    @property
    def units(self) -> float:
        """The forecast as it is reported, in units."""
    def to_dict(self) -> dict[str, Any]: ...

class Folder:
    """Data to forecast from, read and checked; see `help(yugu.Folder)`."""

    def __init__(
        self,
        path: Optional[Union[str, PathLike[str]]] = None,
        *,
        tables: Optional[Mapping[str, Union[_Arrow, Sequence[_Arrow]]]] = None,
        settings: Optional[Union[str, Mapping[str, Any]]] = None,
        as_of: Optional[_Day] = None,
        lang: Optional[Literal["en", "zh"]] = None,
    ) -> None: ...
    @property
    def warnings(self) -> list[Problem]: ...
    @property
    def as_of(self) -> date:
        """Everything later than this day is hidden."""
    @property
    def shape(self) -> tuple[int, int]:
        """Regions and products with sales, and months of history."""
    def history(self) -> Table:
        """The sales as read: region, product, month (its first day), units; every series from its first month on."""
    def plan(self) -> Plan:
        """The forecast of the next two months and, during a month, its landing."""
    def explain(self, region: str, product: str, month: _Day) -> Explanation:
        """One number as steps that a pocket calculator can redo."""
    def communities(self) -> Report:
        """New communities: tables communities, centres, learned (and leads, where there are any)."""
    def stock(self, budget: Optional[float] = None) -> Report:
        """What to order: tables stock, transfers, suppliers, lost; budget in yuan."""
    def backtest(self, cutoffs: Optional[tuple[_Day, _Day]] = None, *, during: bool = False) -> Report:
        """Past months forecast with what was visible then, beside what came: table rows; figures["accuracy"]."""
    def accuracy(self, region: Optional[str] = None, product: Optional[str] = None) -> Report:
        """What was issued beside what came: table figures."""

def part(
    tables: Callable[[], Mapping[str, Any]], settings: Any, as_of: Optional[_Day], today: date, totals: bytes, name: str
) -> Any:
    """One round of some regions, for `yugu.spark`: the bytes of their share, in the last round a Table of their forecast."""

def region_codes(tables: Mapping[str, Any], settings: Any, names: Sequence[str]) -> list[str]:
    """The code of each region that rows may name."""

def add(totals: bytes, shares: list[bytes]) -> bytes:
    """The totals of the next round."""

def begin() -> bytes:
    """The totals before the first round."""

def is_last(totals: bytes) -> bool:
    """Whether the round of these totals gives the forecast."""
