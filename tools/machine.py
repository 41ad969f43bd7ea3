"""What the tests need from the machine itself, as packages of Debian.

A browser, Java with Maven, a malware scanner and a reader of PDF. Installs what is missing where it
may (root on Debian); elsewhere it says what to install, and the tests that need it say loudly that
they did not run.
"""

import os
import shutil
import subprocess
import sys

BROWSER = {"chromium": ["chromium", "fonts-dejavu-core"]}
SCANNER = {"clamd": ["clamav-daemon"]}
READER = {"pdftotext": ["poppler-utils"]}
LOAD = {"wrk": ["wrk"]}
BROKER = {"java": ["openjdk-17-jre-headless"], "mvn": ["maven"]}


def wanted() -> dict[str, list[str]]:
    """The programs that tests use, with their packages; no Java where a broker is named.

    `perf` asks for what the benchmarks use.
    """
    if "perf" in sys.argv:
        return {**LOAD, **BROKER}
    always = {**BROWSER, **SCANNER, **READER}
    return always if os.environ.get("VTH_KAFKA_BOOTSTRAP_SERVERS") else {**always, **BROKER}


def found(program: str) -> bool:
    """Whether the program is here; Debian keeps daemons where an ordinary user's path ends."""
    return shutil.which(program, path=f"{os.environ.get('PATH', '')}:/usr/sbin") is not None


def install(packages: list[str]) -> None:
    """Install Debian packages. Raises CalledProcessError."""
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], check=True, env=quiet)
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    subprocess.run(command, check=True, env=quiet, stdout=subprocess.DEVNULL)


def main() -> None:
    programs = wanted()
    missing = [program for program in programs if not found(program)]
    packages = [package for program in missing for package in programs[program]]
    if not missing:
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"installing for the tests: {' '.join(packages)}", flush=True)
        try:
            install(packages)
        except subprocess.CalledProcessError as error:
            print(f"could not install: {error}")
        else:
            return
    print(f"NOT HERE: {', '.join(missing)}. For all tests, install: {' '.join(packages)}")


if __name__ == "__main__":
    main()
