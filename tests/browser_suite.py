"""What runs in a real browser: programs of `tests/browser`, each fed with JSON and telling JSON."""

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent / "browser"
# How long the whole may take on a busy machine of two cores, in seconds; a part of it a sixth.
LONGEST = 3600
# Of windows, in pixels: a phone, and what a desk has.
WIDTHS = (320, 1280)


def chromium() -> str:
    """Give the path of Chromium; skips where it, node or the suite's packages are not there."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not found or not shutil.which("node"):
        pytest.skip("the browser suite needs node and Chromium")
    if not (FOLDER / "node_modules" / "puppeteer-core").is_dir():
        pytest.skip("the browser suite is not installed: make browser")
    return found


def told(program: str, given: Mapping[str, Any], seconds: float) -> Any:
    """Run a program of the suite; it must end well and in time."""
    node = shutil.which("node")
    assert node is not None
    ran = subprocess.run(
        [node, str(FOLDER / program)],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)
