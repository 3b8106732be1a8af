"""The stubs name what is there, and everything has a docstring."""

import ast
import inspect
from pathlib import Path

import yugu

STUBS = ast.parse((Path(yugu.__file__).parent / "_yugu.pyi").read_text(encoding="utf-8"))
CLASSES = {node.name: node for node in STUBS.body if isinstance(node, ast.ClassDef) and not node.name.startswith("_")}
# The tables of a plan, which it has by name.
BY_NAME = {"forecast", "outlook", "regions", "targets", "mix", "fit", "lifecycle",
           "changes", "exceptions", "warnings", "stock", "transfers", "suppliers", "chase", "reschedule", "late", "overstock", "lost"}


def public(names):
    return {name for name in names if not name.startswith("_")}


def test_the_stubs_name_every_class_and_member():
    assert set(CLASSES) == {name for name, value in vars(yugu).items() if inspect.isclass(value)} - {"Error", "DataError"}
    for name, node in CLASSES.items():
        stubbed = public(item.name for item in node.body if isinstance(item, ast.FunctionDef))
        there = public(vars(getattr(yugu, name)))
        assert stubbed - there == (BY_NAME if name == "Plan" else set()), name
        assert there <= stubbed, name


def test_arguments_are_those_of_the_stubs():
    for method in ["explain", "stock", "backtest", "accuracy"]:
        node = next(n for n in CLASSES["Folder"].body if isinstance(n, ast.FunctionDef) and n.name == method)
        stubbed = [a.arg for a in node.args.args + node.args.kwonlyargs]
        assert list(inspect.signature(getattr(yugu.Folder, method)).parameters) == stubbed, method


def test_everything_has_a_docstring():
    for name in CLASSES:
        cls = getattr(yugu, name)
        assert cls.__doc__, name
        for member in public(vars(cls)):
            assert getattr(cls, member).__doc__, f"{name}.{member}"
    assert yugu.__doc__ and yugu.__version__.count(".") == 2 and (Path(yugu.__file__).parent / "py.typed").exists()
