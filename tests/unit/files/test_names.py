"""Names of files: what people call them, without what may do harm."""

import pytest

from shared.errors import Invalid
from shared.files.names import clean_stem, full_name


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("IMG_0042.JPG", "IMG_0042"),
        ("  tuin achter.jpeg ", "tuin achter"),
        ("cafe\u0301.png", "café"),
        ("verslag 2026.03.14.pdf", "verslag 2026.03.14"),
        ('vraag?"1".pdf', "vraag--1-"),
        ("geen-extensie", "geen-extensie"),
        (".htaccess", "htaccess"),
        ("...", "bestand"),
        ("con.jpg", "bestand con"),
        ("LPT1", "bestand LPT1"),
    ],
)
def test_a_name_is_cleaned(given: str, kept: str) -> None:
    assert clean_stem(given, field="foto") == kept


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("foto.jpg\0.exe", "naam-ongeldig"),
        ("../../etc/passwd", "naam-ongeldig"),
        ("..", "naam-ongeldig"),
        ("C:\\fotos\\een.jpg", "naam-ongeldig"),
        ("/etc/passwd", "naam-ongeldig"),
        ("foto\u202egpj.exe", "naam-ongeldig"),
        ("regel\neen.jpg", "naam-ongeldig"),
        ("kapot\ud800.jpg", "naam-ongeldig"),
        ("a" * 200 + ".jpg", "te-lang"),
    ],
)
def test_a_trick_is_refused_naming_the_field(given: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        clean_stem(given, field="foto")
    assert [(param.name, param.code) for param in refused.value.params] == [("foto", code)]
    assert "bestand" in refused.value.params[0].reason


def test_the_extension_is_that_of_the_content() -> None:
    assert full_name(clean_stem("foto.exe", field="foto"), "image/png") == "foto.png"
