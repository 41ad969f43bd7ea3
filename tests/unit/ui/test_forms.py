"""Forms: kept values, messages beside fields, and no posts from elsewhere."""

import pytest
from starlette.requests import Request

from shared.errors import Conflict, Forbidden, UnsupportedMedia, invalid
from shared.ui.forms import FieldError, Form, read_form, same_site

URLENCODED = "application/x-www-form-urlencoded"


def posted(body: bytes, media: str = URLENCODED, **headers: str) -> Request:
    """A post to our own site."""
    pairs = {"host": "vth.example.nl", "content-type": media, **headers}
    scope = {
        "type": "http",
        "method": "POST",
        "scheme": "https",
        "path": "/",
        "query_string": b"",
        "server": ("vth.example.nl", 443),
        "headers": [(k.replace("_", "-").encode(), v.encode()) for k, v in pairs.items()],
    }

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body, "more_body": False}

    return Request(scope, receive)


async def test_values_are_kept_and_stripped() -> None:
    form = await read_form(posted(b"naam=+Jan+&dag=ma&dag=wo&leeg="))
    assert form.text("naam") == "Jan"
    assert form.texts("dag") == ("ma", "wo")
    assert form.texts("naam") == (" Jan ",)
    assert form.text("anders", "x") == "x"
    assert form.given() == {"naam": "Jan", "dag": "wo"}


async def test_the_key_of_the_form_comes_back() -> None:
    form = await read_form(posted(b"idempotentiesleutel=abc&naam=x"))
    assert form.key == "abc"
    assert form.given() == {"naam": "x"}
    assert Form().key != Form().key


async def test_files_are_read_whole() -> None:
    body = (
        b"--g\r\nContent-Disposition: form-data; name=foto; filename=a.jpg\r\n"
        b"Content-Type: image/jpeg\r\n\r\nJPEG\r\n"
        b'--g\r\nContent-Disposition: form-data; name=leeg; filename=""\r\n\r\n\r\n--g--\r\n'
    )
    form = await read_form(posted(body, "multipart/form-data; boundary=g"))
    assert [(f.name, f.media_type, f.content) for f in form.files["foto"]] == [
        ("a.jpg", "image/jpeg", b"JPEG")
    ]
    assert "leeg" not in form.files


@pytest.mark.parametrize(
    ("headers", "same"),
    [
        ({"sec_fetch_site": "same-origin"}, True),
        ({"sec_fetch_site": "none"}, True),
        ({"sec_fetch_site": "same-site"}, False),
        ({"sec_fetch_site": "cross-site", "origin": "https://vth.example.nl"}, False),
        ({"origin": "https://vth.example.nl"}, True),
        ({"origin": "https://kwaad.example"}, False),
        ({"origin": "null"}, False),
        ({}, True),
    ],
)
async def test_only_our_own_pages_may_post(headers: dict[str, str], *, same: bool) -> None:
    assert same_site(posted(b"", **headers)) is same
    if not same:
        with pytest.raises(Forbidden):
            await read_form(posted(b"a=b", **headers))


async def test_other_media_types_are_refused() -> None:
    with pytest.raises(UnsupportedMedia):
        await read_form(posted(b"{}", "application/json"))


def test_a_refusal_lands_beside_its_field() -> None:
    form = Form(fields={"tijd": "later"}).refused(
        invalid("ontvangen", "in_toekomst", "Vul een tijdstip in dat niet in de toekomst ligt."),
        {"ontvangen": "tijd"},
    )
    assert form.error("tijd") == "Vul een tijdstip in dat niet in de toekomst ligt."
    assert form.error("ontvangen") == ""
    assert form.text("tijd") == "later"


def test_a_refusal_without_fields_is_a_message() -> None:
    form = Form().refused(Conflict("Dit nummer bestaat al."))
    assert form.message == "Dit nummer bestaat al."
    assert form.problems == ()


def test_messages_add_up_and_defaults_give_way() -> None:
    form = Form(fields={"a": "typed"}).wrong("a", "fout").wrong("b", "ook fout")
    assert form.problems == (FieldError("a", "fout"), FieldError("b", "ook fout"))
    assert form.filled({"a": "default", "c": "default"}).given() == {"a": "typed", "c": "default"}
