"""
200 kills: builds, and processes that publish, sign, choose and remove releases, each killed at a random instant.

After each the folder is looked at: nothing may be half, torn or lost. `TVLD_BENCH_KILLS` says how many.
"""

import os
import random
import re
import shutil
import sys
import tempfile
from pathlib import Path

from tests import crashes

from tvld.build.release import current, releases
from tvld.signature import new_key

KILLS = int(os.environ.get("TVLD_BENCH_KILLS", "200"))
# One in so many kills is of a whole build, which takes longer.
BUILDS = 5


def main() -> None:
    """Kill and look; stops with the first thing that is wrong."""
    chance = random.Random()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        new_key(folder / "key")
        data = Path(shutil.copytree(crashes.ROOT / "data", folder / "data"))
        made, built = 0, 0
        seconds = crashes.build(data, folder / "dist")
        for number in range(1, KILLS + 1):
            if number % BUILDS:
                out = folder / "small"
                said = crashes.kill_work(out, folder / "key", chance)
                made += sum(line.startswith("made") for line in said)
            else:
                out, said = folder / "dist", []
                _dated(data, number)
                before = current(out)
                crashes.kill_build(data, out, chance, seconds)
                built += current(out) != before
            if wrong := [*crashes.damage(out), *crashes.lost(out, said)]:
                sys.exit(f"kill {number}: {'; '.join(wrong)}")
        for out in (folder / "small", folder / "dist"):
            with releases(out):
                assert not crashes.left_behind(out), crashes.left_behind(out)
    print(f"{KILLS} kills: 0 damaged, 0 lost, nothing left behind")
    print(f"{KILLS - KILLS // BUILDS} while publishing: {made} small releases were made meanwhile")
    print(f"{KILLS // BUILDS} of builds: {built} had ended when the kill came")


def _dated(data: Path, number: int) -> None:
    path = data / "kaupunki" / "organisation.toml"
    text = path.read_text(encoding="utf-8")
    day = f"2027-{number // 28 % 12 + 1:02}-{number % 28 + 1:02}"
    path.write_text(re.sub(r"(?m)^modified = .*", f"modified = {day}", text), encoding="utf-8")
