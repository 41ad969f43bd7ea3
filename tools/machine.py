"""What the tests need from the machine itself: a browser and Java with Maven, from Debian.

Installs what is missing where it may (root on Debian); elsewhere it says what to install, and the
tests that need it say loudly that they did not run.
"""

import os
import shutil
import subprocess

PACKAGES = {
    "chromium": ["chromium", "fonts-dejavu-core"],
    "java": ["openjdk-17-jre-headless"],
    "mvn": ["maven"],
}


def main() -> None:
    missing = [program for program in PACKAGES if shutil.which(program) is None]
    if not missing:
        return
    packages = [package for program in missing for package in PACKAGES[program]]
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        print(f"Not installed: {', '.join(missing)}. Install: {' '.join(packages)}")
        return
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], check=True, env=quiet)
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    subprocess.run(install, check=True, env=quiet, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
