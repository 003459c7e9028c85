"""
The engine inside tvld: one process that holds the data, and forked workers that share its memory and answer queries.

Nothing of a query is parsed or run in the process that answers HTTP.
"""

from tvld.serve.workers.engine import WorkerEngine
from tvld.serve.workers.limits import Limits

__all__ = ["Limits", "WorkerEngine"]
