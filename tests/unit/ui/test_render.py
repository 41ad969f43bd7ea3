"""Templates are strict and escaped, and parts keep to the content security policy."""

import re
from pathlib import Path

import pytest
from jinja2 import UndefinedError
from starlette.applications import Starlette
from starlette.requests import Request

from shared.auth.caller import ALL, Caller
from shared.settings import Settings
from shared.ui.render import SHARED_TEMPLATES, STATIC, Templates, base_environment

CALLER = Caller(
    "x", "<b>Jan</b>", frozenset({"jurist"}), frozenset({"uren.schrijven"}), frozenset(ALL)
)


def request_for(path: str, caller: Caller | None = None, **headers: str) -> Request:
    """A request to a page."""
    app = Starlette()
    app.state.settings = Settings(environment="test", agency_name="Dienst & Co")
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {
        "type": "http",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "app": app,
        "query_string": b"",
        "server": ("t", 80),
        "headers": pairs,
    }
    request = Request(scope)
    request.state.caller = caller
    return request


@pytest.fixture
def templates(tmp_path: Path) -> Templates:
    (tmp_path / "pagina.html").write_text(
        '{% extends "base.html" %}{% block title %}T{% endblock %}'
        "{% block main %}{{ text }}{{ user.name if user else '' }}{% endblock %}"
    )
    return Templates(tmp_path)


def test_text_is_escaped_everywhere(templates: Templates) -> None:
    request = request_for("/reporting/uren", CALLER)
    body = bytes(templates.page(request, "pagina.html", text="<script>").body).decode()
    assert "&lt;script&gt;" in body
    assert "<b>Jan</b>" not in body
    assert "Dienst &amp; Co" in body
    assert '<a href="/reporting/uren" aria-current="true">Uren</a>' in body
    assert "Voorbeeldomgeving" not in body


def test_what_is_missing_is_an_error(templates: Templates) -> None:
    with pytest.raises(UndefinedError):
        templates.page(request_for("/"), "pagina.html")


def test_errors_are_pages_and_short_in_fragments(templates: Templates) -> None:
    page = templates.error(request_for("/"), 404, "Niet gevonden", "Dit adres bestaat niet.")
    assert page.status_code == 404
    assert b"<html" in page.body
    partial = request_for("/", hx_request_type="partial")
    short = templates.error(partial, 409, "Conflict", "Al afgehandeld.")
    assert short.status_code == 409
    assert b"<html" not in short.body
    assert b"Al afgehandeld." in short.body


def test_no_inline_styles_or_scripts() -> None:
    for path in SHARED_TEMPLATES.rglob("*.html"):
        text = path.read_text()
        assert not re.search(r"\sstyle=|\son\w+=|<style|<script(?![^>]*\ssrc=)", text), path


def test_nothing_comes_from_another_host() -> None:
    for path in [*SHARED_TEMPLATES.rglob("*.html"), *STATIC.glob("*.js"), *STATIC.glob("*.css")]:
        found = re.findall(r"(?:src|href)=[\"']https?://|url\([\"']?https?:", path.read_text())
        assert not found, path


def test_each_part_is_documented() -> None:
    for path in (SHARED_TEMPLATES / "parts").glob("*.html"):
        text = path.read_text()
        documented = " ".join(re.findall(r"\{#(.*?)#\}", text, re.DOTALL))
        for name in re.findall(r"\{% macro ([a-z]\w+)\(", text):
            assert name in documented, f"{path.name}: {name}"
    assert "badge" in vars(base_environment().globals["ui"])


def _luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(c * 2 for c in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_theme_keeps_its_contrast() -> None:
    css = (STATIC / "tokens.css").read_text()
    token = dict(re.findall(r"--vth-([a-z0-9-]+):\s*(#[0-9a-f]{3,6});", css))
    texts = ("ink", "grey-5", "grey-6", "link", "accent", "good", "warning", "bad", "info")
    for name in texts:
        for ground in ("white", "grey-1"):
            assert _contrast(token[name], token[ground]) >= 4.5, (name, ground)
    for name in ("good", "warning", "bad", "info"):
        assert _contrast(token[name], token[f"{name}-soft"]) >= 4.5, name
    for level in range(1, 8):
        ink = token["ramp-ink" if level <= 4 else "ramp-ink-dark"]
        assert _contrast(ink, token[f"ramp-{level}"]) >= 4.5, level
    assert _contrast(token["grey-4"], token["white"]) >= 3


def test_every_ground_of_the_ramp_is_darker_than_the_one_before() -> None:
    css = (STATIC / "tokens.css").read_text()
    ramp = [_luminance(c) for c in re.findall(r"--vth-ramp-\d:\s*(#[0-9a-f]{6});", css)]
    assert ramp == sorted(ramp, reverse=True)
    assert len(ramp) == 7
