"""How good the metadata is, before anyone else says so: the points of data.europa.eu, and what the Act asks for."""
