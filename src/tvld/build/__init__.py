"""The build wing: tables to a checked release. Never imports the serve wing."""
