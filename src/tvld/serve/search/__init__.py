"""
A search over the index of a release (`tvld.build.search` makes it): words to things, best first, with facets.

Knows SQLite and no HTTP.
"""

from tvld.serve.search.answer import FIELDS, KINDS, Found, Hit, Request, Value, Values
from tvld.serve.search.index import LONGEST_TEXT, Index

__all__ = ["FIELDS", "KINDS", "LONGEST_TEXT", "Found", "Hit", "Index", "Request", "Value", "Values"]
