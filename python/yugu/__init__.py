"""Monthly sales forecasts that add up, explain themselves and get better at every revision.

    import yugu

    folder = yugu.Folder("data/gas", as_of="2014-06-30")    # or Folder(tables={"sales": frame})
    plan = folder.plan()
    plan.forecast.to_pandas()                               # any Arrow library takes plan.forecast as it is
    print(folder.explain("gaoxin", "ST-B2", "2014-08"))

Units are units sold in a month, money is in yuan (or the unit that the settings name), rates are shares (.11 is 11%),
months of tables are dates: their first day.
"""

from ._errors import DataError, Error
from ._yugu import Explanation, Folder, Plan, Problem, Report, Table, __version__

__all__ = ["DataError", "Error", "Explanation", "Folder", "Plan", "Problem", "Report", "Table", "__version__"]
