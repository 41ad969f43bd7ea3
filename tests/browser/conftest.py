"""The gallery's server, and the fixtures of browser tests."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn

from tests.browser.fixtures import browser, complaints, page
from tests.browser.gallery import build_gallery

__all__ = ["browser", "complaints", "gallery", "page"]


@pytest.fixture(scope="session")
def gallery() -> Iterator[str]:
    """The address of a running gallery of all parts, with the portal beside it."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    config = uvicorn.Config(build_gallery(port), port=port, log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.01)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(timeout=10)
