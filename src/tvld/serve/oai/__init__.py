"""
OAI-PMH 2.0 (https://www.openarchives.org/OAI/openarchivesprotocol.html) over the catalogues of a release.

Arguments and answers in plain values: knows no HTTP.
"""
