"""Files as they come: a broken line costs that line, and nothing is guessed."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.importer.reading import Export, Line, UnreadableError, open_export


def written(folder: Path, content: str | bytes, name: str = "export.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def read(path: Path, **how: str) -> tuple[Export, list[Line]]:
    export = open_export(path, **how)
    return export, list(export.lines())


def test_one_open_quote_costs_its_own_line(tmp_path: Path) -> None:
    lines = ["sleutel;tekst", '1;"goed"', '2;"nooit gesloten', "3;drie", '4;"vier"', "5;vijf"]
    _, found = read(written(tmp_path, "\n".join(lines) + "\n"))
    assert [(line.number, line.problem is None) for line in found] == [
        (2, True),
        (3, False),
        (4, True),
        (5, True),
        (6, True),
    ]
    assert [line.cells["sleutel"] for line in found if line.problem is None] == ["1", "3", "4", "5"]
    assert "aanhalingsteken" in str(found[1].problem)


def test_an_open_quote_in_a_large_file_is_no_more_than_a_line(tmp_path: Path) -> None:
    lines = ["sleutel;tekst", '0;"open', *(f"{number};{'x' * 500}" for number in range(5000))]
    _, found = read(written(tmp_path, "\n".join(lines)))
    assert len(found) == 5001
    assert sum(line.problem is not None for line in found) == 1


def test_a_cell_may_go_on_over_lines(tmp_path: Path) -> None:
    _, found = read(written(tmp_path, 'sleutel;tekst\n1;"een\ntwee; ""drie"""\n2;kort\n'))
    assert [line.cells for line in found] == [
        {"sleutel": "1", "tekst": 'een\ntwee; "drie"'},
        {"sleutel": "2", "tekst": "kort"},
    ]
    assert [line.number for line in found] == [2, 4]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("1;2", "2 cellen"),
        ("1;2;3;4", "4 cellen"),
        ("1;2\x00;3", "nulteken"),
        ('1;"2"x;3', "aanhalingsteken"),
    ],
)
def test_a_broken_line_is_refused_and_the_next_one_read(
    tmp_path: Path, line: str, said: str
) -> None:
    _, found = read(written(tmp_path, f"a;b;c\n{line}\n7;8;9\n"))
    assert said in str(found[0].problem)
    assert found[1] == Line(3, {"a": "7", "b": "8", "c": "9"})


def test_one_bad_byte_in_utf_8_costs_its_line(tmp_path: Path) -> None:
    content = "a;b\n1;café\n".encode() + b"2;caf\xe9\n" + "3;thé\n".encode()
    export, found = read(written(tmp_path, content))
    assert export.encoding == "utf-8-sig"
    assert [line.problem is None for line in found] == [True, False, True]
    assert found[0].cells["b"] == "café"


def test_windows_1252_must_be_stated(tmp_path: Path) -> None:
    path = written(tmp_path, "a;b\n1;café\n".encode("windows-1252"))
    with pytest.raises(UnreadableError, match="windows-1252"):
        open_export(path)
    _, found = read(path, encoding="windows-1252")
    assert found[0].cells["b"] == "café"


@pytest.mark.parametrize(
    ("content", "headers"),
    [
        ("\ufeffa;b\n1;2\n", ["a", "b"]),
        ("sep=;\na;b\n1;2\n", ["a", "b"]),
        ("a\tb\n1\t2\n", ["a", "b"]),
        ('"a";"b\nvervolg"\n1;2\n', ["a", "b vervolg"]),
        ("a;b\n1;2\n".encode("utf-16"), ["a", "b"]),
        ("a;b\r\n1;2\r\n", ["a", "b"]),
    ],
    ids=["bom", "sep", "tab", "line break in a header", "utf-16", "crlf"],
)
def test_heads_of_files(tmp_path: Path, content: str | bytes, headers: list[str]) -> None:
    export, found = read(written(tmp_path, content))
    assert export.headers == headers
    assert [list(line.cells.values()) for line in found] == [["1", "2"]]
    assert found[0].problem is None


@pytest.mark.parametrize(
    ("content", "how", "said"),
    [
        ("", {}, "leeg"),
        ("\n", {}, "leeg"),
        ("a;b\n", {"delimiter": "||"}, "meer dan één"),
        ("a;b\n", {"encoding": "latijn-7"}, "bestaat niet"),
        ('"a;b\n1;2\n', {}, "sluit"),
        (b"\xff\xfea", {}, "utf-16"),
    ],
)
def test_what_cannot_be_read_is_said(
    tmp_path: Path, content: str | bytes, how: dict[str, str], said: str
) -> None:
    with pytest.raises(UnreadableError, match=said):
        open_export(written(tmp_path, content), **how)


@given(st.binary(max_size=300))
def test_no_file_raises_anything_else_and_no_line_is_lost(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = written(tmp_path_factory.mktemp("files"), b"a;b\n" + content)
    try:
        _, found = read(path)
    except UnreadableError:
        return
    for line in found:
        assert line.problem is not None or len(line.cells) == 2
