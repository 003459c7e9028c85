"""
What can go wrong, as one tree. Knows neither HTTP nor the command line: `status` and `exit_code` are hints for them.

TvldError
├── DataError            the data is wrong: a list of findings says where (exit 1)
│   └── SignatureError       a signature is damaged, or of other bytes
├── CallError            the call is wrong (exit 2)
│   ├── SettingsError        a setting has an unknown name or an impossible value
│   ├── NotFound             nothing is described at this address
│   ├── Gone                 what was here has been withdrawn
│   ├── NotAcceptable        none of the formats asked for can be given
│   ├── MethodNotAllowed     this address is only read
│   ├── UnsupportedMediaType the body of a request is in a form that is not understood
│   ├── TooLarge             a request is larger than is taken
│   └── QueryRefused         a query that is not answered as it stands
│       └── QuerySyntaxError     a query that does not parse: line, column
└── OutsideError         something around tvld failed (exit 3)
    ├── ReleaseError         a release folder is missing, incomplete or damaged
    ├── EngineError          the query engine failed
    ├── QueryLimitExceeded   a query passed its limit of time, memory or size
    └── Busy                 too much is asked at once; worth trying again
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar


class TvldError(Exception):
    """The root: a message for the person who can mend it, and details for a program that reads it."""

    status: ClassVar[int] = 500
    exit_code: ClassVar[int] = 3
    title: ClassVar[str] = "Something failed"

    def __init__(self, message: str, **details: Any) -> None:
        super().__init__(message)
        self.details: Mapping[str, Any] = details


class DataError(TvldError):
    """The data is wrong. `findings` (tvld.build.findings.Finding) say where, what was expected and what was found."""

    status = 422
    exit_code = 1
    title = "The data is wrong"

    def __init__(self, message: str, findings: Sequence[Any] = ()) -> None:
        super().__init__(message)
        self.findings = tuple(findings)


class SignatureError(DataError):
    """A signature is damaged, or of other bytes."""

    title = "The signature is wrong"


class CallError(TvldError):
    """The call is wrong: another call may succeed, the same one will not."""

    status = 400
    exit_code = 2
    title = "The call is wrong"


class SettingsError(CallError):
    """A setting has an unknown name or an impossible value."""

    title = "A setting is wrong"


class NotFound(CallError):
    """Nothing is described at this address."""

    status = 404
    title = "Not found"


class Gone(CallError):
    """What was here has been withdrawn; details may say `replaced_by` and `date`."""

    status = 410
    title = "Withdrawn"


class NotAcceptable(CallError):
    """None of the formats asked for can be given; details say which are `available`."""

    status = 406
    title = "No such format"


class MethodNotAllowed(CallError):
    """This address is only read; details say which methods are `allowed`."""

    status = 405
    title = "Method not allowed"


class UnsupportedMediaType(CallError):
    """The body of a request is in a form that is not understood."""

    status = 415
    title = "Unsupported media type"


class TooLarge(CallError):
    """A request is larger than is taken."""

    status = 413
    title = "Too large"


class QueryRefused(CallError):
    """A query that is not answered as it stands, with the reason."""

    title = "The query is refused"


class QuerySyntaxError(QueryRefused):
    """A query that does not parse; details say `line`, `column` (from 1) and `text` of the line where known."""

    title = "The query does not parse"


class OutsideError(TvldError):
    """Something around tvld failed: a disk, a server, a process."""

    status = 503
    exit_code = 3
    title = "Something outside failed"


class ReleaseError(OutsideError):
    """A release folder is missing, incomplete or damaged; the message names the file."""

    title = "The release cannot be used"


class EngineError(OutsideError):
    """The query engine failed."""

    status = 502
    title = "The query engine failed"


class QueryLimitExceeded(OutsideError):
    """A query passed its limit; details say which `limit` and its value."""

    status = 504
    title = "The query passed its limit"


class Busy(OutsideError):
    """Too much is asked at once; details say `retry_after` in seconds."""

    title = "Busy"
