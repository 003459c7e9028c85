"""
The engine that is an existing server: queries to it, and a release brought to it.

Knows HTTP as a client, and SPARQL 1.1 Protocol and Graph Store Protocol; nothing of a query is run here.
"""

from tvld.serve.remote.engine import RemoteEngine
from tvld.serve.remote.graph_store import GraphStore
from tvld.serve.remote.loading import load

__all__ = ["GraphStore", "RemoteEngine", "load"]
