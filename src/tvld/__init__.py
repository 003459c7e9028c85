"""tvld publishes a public body's description of its data stores as linked data."""

from importlib.metadata import version

__version__ = version("tvld")
