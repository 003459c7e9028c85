"""
What differs between two releases: quads by merging their sorted N-Quads, events and sentences made from these.

Shared ground: knows release folders, neither how they are built nor how they are served.
"""
