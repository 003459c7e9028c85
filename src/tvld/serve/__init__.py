"""The serve wing: a release, as it is, over HTTP. Never imports the build wing and repairs nothing on the way out."""
