"""What must never stand in the source, found in its syntax: no wording hides it (A02, C06, C08, X02)."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src"
FILES = sorted(SOURCE.rglob("*.py"))
SECRET = re.compile(r"(^|_)(digest|signature|secret|password|mac|api_key|key_digest|state_parameter)s?$")
DANGEROUS_MODULES = {
    "pickle",
    "cPickle",
    "marshal",
    "shelve",
    "dill",
    "yaml",
    "jsonpickle",
    "xml.etree.ElementTree",
}
DANGEROUS_CALLS = {"eval", "exec", "compile"}

Finder = Callable[[ast.AST], str | None]


def compares_a_secret(node: ast.AST) -> str | None:
    """`digest == other`: it ends at the first difference, and the time tells where that is."""
    if isinstance(node, ast.Compare) and any(isinstance(op, ast.Eq | ast.NotEq) for op in node.ops):
        for side in (node.left, *node.comparators):
            name = (
                side.attr
                if isinstance(side, ast.Attribute)
                else side.id
                if isinstance(side, ast.Name)
                else ""
            )
            if SECRET.search(name):
                return f"compares {name} with =="
    return None


def loads_code(node: ast.AST) -> str | None:
    """Formats that run what they read."""
    names: list[str] = []
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom):
        names = [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
    for name in names:
        if name in DANGEROUS_MODULES:
            return f"imports {name}"
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in DANGEROUS_CALLS:
        return f"calls {node.func.id}"
    return None


def shows_locals(node: ast.AST) -> str | None:
    """Renderers of exceptions that print local variables, passwords among them."""
    if isinstance(node, ast.keyword) and node.arg in {"show_locals", "capture_locals"}:
        switched_off = isinstance(node.value, ast.Constant) and node.value.value is False
        return None if switched_off else f"sets {node.arg}"
    if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("rich.traceback"):
        return "imports rich.traceback"
    if isinstance(node, ast.Attribute) and node.attr in {
        "ExceptionDictTransformer",
        "dict_tracebacks",
        "RichTracebackFormatter",
    }:
        return f"uses {node.attr}"
    return None


def switches_verification_off(node: ast.AST) -> str | None:
    """Ways to talk to a bank without knowing that it is the bank."""
    if isinstance(node, ast.Attribute) and node.attr in {
        "CERT_NONE",
        "CERT_OPTIONAL",
        "_create_unverified_context",
    }:
        return f"uses {node.attr}"
    off = isinstance(node, ast.keyword | ast.Assign) and _is_false(node.value)
    if (
        off
        and isinstance(node, ast.keyword)
        and node.arg in {"verify", "ssl", "check_hostname", "verify_ssl"}
    ):
        return f"sets {node.arg}=False"
    if off and isinstance(node, ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Attribute) and target.attr == "check_hostname":
                return "sets check_hostname = False"
    return None


def _is_false(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is False


def found_in(text: str, finder: Finder) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        complaint = finder(node)
        if complaint is not None:
            yield f"line {getattr(node, 'lineno', 0)} {complaint}"


def found(finder: Finder, *, below: str = "") -> list[str]:
    return [
        f"{file.relative_to(SOURCE)}, {complaint}"
        for file in FILES
        if str(file.relative_to(SOURCE)).startswith(below)
        for complaint in found_in(file.read_text(encoding="utf-8"), finder)
    ]


def test_secrets_are_never_compared_by_equality() -> None:
    assert found(compares_a_secret, below="kontora") == []


def test_nothing_is_unpickled_or_evaluated() -> None:
    assert found(loads_code) == []


def test_no_renderer_of_exceptions_shows_local_variables() -> None:
    assert found(shows_locals) == []


def test_no_switch_turns_the_verification_of_banks_off() -> None:
    assert found(switches_verification_off, below="kontora") == []


@pytest.mark.parametrize(
    ("finder", "text"),
    [
        (compares_a_secret, "if row.digest == given: pass"),
        (compares_a_secret, "ok = signature != pair.signature"),
        (loads_code, "import pickle"),
        (loads_code, "from marshal import loads"),
        (loads_code, "x = eval(text)"),
        (shows_locals, "f(show_locals=True)"),
        (shows_locals, "TracebackException(capture_locals=settings.debug)"),
        (shows_locals, "p = structlog.tracebacks.ExceptionDictTransformer()"),
        (switches_verification_off, "http.get(url, verify=False)"),
        (switches_verification_off, "context.verify_mode = ssl.CERT_NONE"),
        (switches_verification_off, "context.check_hostname = False"),
    ],
)
def test_the_search_finds_what_it_is_for(finder: Finder, text: str) -> None:
    assert list(found_in(text, finder))
