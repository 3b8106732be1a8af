"""The exceptions."""

# Lines of problems in the text of an exception: a screen of them.
_SHOWN = 20


class Error(Exception):
    """What was asked for cannot be done; the message says why."""


class DataError(Error):
    """The data are wrong.

    `problems` is a list of Problem, errors first: of one kind in one file the first 100. `more` says what there is more of,
    and how much; `errors` is how many there are in all. The text has the first 20 and says how many there are.
    """

    def __init__(self, problems, more=(), errors=None, in_all=""):
        self.problems = list(problems)
        self.more = list(more)
        lines = [str(problem) for problem in self.problems if problem.severity == "error"]
        self.errors = len(lines) if errors is None else errors
        shown = lines[:_SHOWN] + self.more
        if len(lines) > _SHOWN or self.more:
            shown.append(in_all)
        super().__init__("\n".join(shown))
