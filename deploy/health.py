"""A health check for containers: exit code 0 when the address answers 200."""

import sys
from urllib.error import URLError
from urllib.request import urlopen


def main(url: str) -> int:
    if not url.startswith("http://127.0.0.1:"):
        return 2
    try:
        with urlopen(url, timeout=3) as answer:  # noqa: S310 - checked above
            return 0 if answer.status == 200 else 1
    except (URLError, TimeoutError, ConnectionError):
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
