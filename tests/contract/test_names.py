"""One spelling: of path parameters, of query keys, and of what a read is called."""

import re
from collections import Counter

import pytest

from tests.contract.operations import DOCUMENTS, OPERATIONS, Operation

CAMEL = re.compile(r"[a-z]+([A-Z][a-z]+)*")
every = pytest.mark.parametrize("operation", OPERATIONS, ids=str)


@every
def test_parameters_of_path_and_query_are_in_camel_case(operation: Operation) -> None:
    found = [each["name"] for where in ("path", "query") for each in operation.parameters(where)]
    assert [name for name in found if not CAMEL.fullmatch(name)] == []


@every
def test_a_read_is_called_toon_or_haal(operation: Operation) -> None:
    """`toonKlachten` gives resources, `haalAfrekeningOp` a file."""
    name = operation.found["operationId"]
    assert CAMEL.fullmatch(name)
    assert name.startswith(("toon", "haal")) is (operation.method == "GET")


@pytest.mark.parametrize("service", DOCUMENTS)
def test_no_two_operations_have_one_name(service: str) -> None:
    names = Counter(each.found["operationId"] for each in OPERATIONS if each.service == service)
    assert [name for name, times in names.items() if times > 1] == []


@pytest.mark.parametrize(
    "operation",
    [o for o in OPERATIONS if o.method == "GET" and "Results" in str(o.found["responses"]["200"])],
    ids=str,
)
def test_a_list_is_paged(operation: Operation) -> None:
    names = {each["name"] for each in operation.parameters("query")}
    assert {"limit", "cursor"} <= names
