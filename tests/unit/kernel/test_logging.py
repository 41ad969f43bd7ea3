"""Log lines: one form for our own lines and those of libraries, from whichever thread."""

import json
import subprocess
import sys
from typing import Any

SPEAKING = """
import logging, threading, warnings
import structlog
from shared.telemetry import configure_logging, enter_trace

configure_logging(service="proef", form="{form}", level="info")
enter_trace("00-" + "a" * 32 + "-" + "b" * 16 + "-01")
structlog.get_logger().info("ours", number=1)
library = logging.getLogger("some.library")
library.info("theirs %s", 2)
library.debug("too much")
logging.getLogger("aiokafka.consumer").info("joined the group")
for number in range(3):
    logging.getLogger("aiokafka").error("node %s is not there", number)
try:
    raise ValueError("wrong")
except ValueError:
    library.exception("failed")
warnings.warn("outdated")
thread = threading.Thread(target=library.warning, args=("from a thread",))
thread.start()
thread.join()
"""


def spoken(form: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", SPEAKING.format(form=form)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stderr == ""
    return done.stdout.splitlines()


def test_every_line_is_json_with_its_level_service_and_time() -> None:
    lines: list[dict[str, Any]] = [json.loads(line) for line in spoken("json")]
    told = [(line["event"], line["level"], line["service"]) for line in lines]
    assert told[:4] == [
        ("ours", "info", "proef"),
        ("theirs 2", "info", "proef"),
        ("node 0 is not there", "error", "proef"),
        ("failed", "error", "proef"),
    ]
    assert "outdated" in lines[4]["event"]
    assert told[5:] == [("from a thread", "warning", "proef")]
    assert all(line["timestamp"].endswith("Z") for line in lines)
    assert lines[0]["trace_id"] == lines[1]["trace_id"] == "a" * 32
    assert lines[1]["logger"] == "some.library"
    assert "ValueError: wrong" in lines[3]["exception"]


def test_on_a_terminal_they_are_readable() -> None:
    lines = spoken("console")
    assert any("theirs 2" in line and "some.library" in line for line in lines)
    assert "ValueError: wrong" in lines
