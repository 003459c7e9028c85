"""`python -m bench [NAME …]`: run these measurements, or all."""

import importlib
import sys

MEASUREMENTS = ("static", "queries", "analyst", "engine", "pages", "hostile", "kills")

for name in sys.argv[1:] or MEASUREMENTS:
    print(f"\n# {name}\n", flush=True)
    importlib.import_module(f"bench.{name}").main()
