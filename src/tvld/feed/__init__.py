"""What changed in the catalogues of a folder of releases: a journal, kept when releases are removed."""
