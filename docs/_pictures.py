"""
Takes the pictures of README and docs anew from the site of the sample organisation (`make pictures`).

Needs what `make browser` installs, and Chromium; without the built workbench the picture of the workbench shows a form.
"""

import json
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs" / "pictures"
STATIC = ROOT / "src" / "tvld" / "serve" / "web" / "static"
TVLD = (sys.executable, "-m", "tvld")
# A base that is no loopback address: pages show no notice of a trial.
BASE = "https://tietovarannot.example/"
QUERY = quote("""\
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX tvld: <https://w3id.org/tvld/ns#>
SELECT ?theme (COUNT(?store) AS ?stores) WHERE {
  ?store a tvld:DataStore ; dcat:theme ?theme .
}
GROUP BY ?theme
ORDER BY DESC(?stores) ?theme
""")
# By name: the address, the height in pixels, and what a script adds that is to be seen.
SHOWN = {
    "store": ("doc/kaupunki/store/lastensuojelupalvelut", 1250, ""),
    "matrix": ("matrix", 1100, ""),
    "search": ("search?q=potilas", 900, ""),
    "workbench": (
        f"sparql?query={QUERY}",
        1000,
        "#workbench .answer" if (STATIC / "built" / "workbench.js").is_file() else "",
    ),
    "quality": ("quality", 1000, ""),
}


def main() -> None:
    """Build, serve, and let the browser take the pictures."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not chromium or not shutil.which("node"):
        raise SystemExit("pictures are taken with node and Chromium: install them, then `make browser`")
    PICTURES.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder:
        build = (*TVLD, "build", "--data", str(ROOT / "data"), "--out", folder, "--base-iri", BASE)
        subprocess.run(build, check=True, stdout=subprocess.DEVNULL)
        serve = (*TVLD, "serve", "--release", f"{folder}/current", "--port", str(_free_port()))
        with subprocess.Popen(serve, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
            try:
                assert server.stdout is not None
                origin = server.stdout.readline().split(" at ")[-1].strip()
                _take(origin, chromium)
            finally:
                server.terminate()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def _take(origin: str, chromium: str) -> None:
    pictures = [
        {"file": str(PICTURES / f"{name}.webp"), "address": address, "height": height, "word": word}
        for name, (address, height, word) in SHOWN.items()
    ]
    preview = {
        "file": str(STATIC / "preview.png"),
        "title": "Tietovarannot",
        "lines": ["Informationslager", "Data stores"],
    }
    plan = {"origin": origin, "chromium": chromium, "pictures": pictures, "preview": preview}
    program = ROOT / "tests" / "browser" / "pictures.mjs"
    subprocess.run(("node", str(program)), input=json.dumps(plan), text=True, check=True)


if __name__ == "__main__":
    main()
