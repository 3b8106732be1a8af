"""The exceptions."""


class Error(Exception):
    """What was asked for cannot be done; the message says why."""


class DataError(Error):
    """The data are wrong. `problems` lists everything that is, errors first: a list of Problem."""

    def __init__(self, problems):
        self.problems = list(problems)
        errors = [str(problem) for problem in self.problems if problem.severity == "error"]
        super().__init__("\n".join(errors))
