"""
A release as files that need no tvld: a site for any web server, an archive to read without any, the statutory tables.

Everything is asked of the live application, in this process; what it cannot answer is not there.
"""
