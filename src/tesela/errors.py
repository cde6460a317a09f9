"""Every error that Tesela raises on purpose.

    TeselaError                      500  something of ours went wrong
    ├── BadRequest                   400  the request is wrong; the sentence names the field and the remedy
    │   └── BundleRefused            400  a bundle that cannot be imported; carries every problem
    ├── Unauthenticated              401  who is asking is not known
    ├── Forbidden                    403  may be seen, may not be done
    ├── NotFound                     404  is not there, or may not be seen: the same words
    ├── Conflict                     409  a stale version, a name already taken, something still in use
    ├── TooSlow                      408  a body that does not arrive
    ├── TooLarge                     413  a body past its limit
    ├── Unprocessable                422  a well-formed request meets data that cannot serve it
    ├── TooManyRequests              429  a rate limit
    ├── StoreUnavailable             503  our own database cannot be reached
    └── QueryError                        a query did not bring rows; carries an `error_code` for tiles
        ├── QueryRefused             400  the guard, the template or the read-only session said no
        │   └── UnknownPlaceholder   400  `${...}` outside the closed set
        ├── MissingValue             400  a placeholder needs a value and has none
        ├── QueryFailed              400  the database ran it and reported an error
        ├── QueryCancelled           409  nobody waits for it any more, or a newer request replaced it
        ├── TooBusy                  429  admission refused it, with a time to come back
        ├── SourceUnavailable        503  the database cannot be reached
        └── QueryTimedOut            504  its deadline passed

`sentence` is what a stranger may read. What only the log may hold goes into `private`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar


class TeselaError(Exception):
    """An error with an HTTP status and one sentence for a person."""

    status: ClassVar[int] = 500

    def __init__(self, sentence: str, *, private: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.private = private

    def headers(self) -> dict[str, str]:
        """Return the response headers that belong to this error."""
        return {}


class BadRequest(TeselaError):
    status = 400


class BundleRefused(BadRequest):
    """`problems`: one sentence for each thing that is wrong, each beginning with its place in the bundle."""

    def __init__(self, problems: Sequence[str]) -> None:
        shown = "; ".join(problems[:10])
        more = f"; and {len(problems) - 10} more" if len(problems) > 10 else ""
        super().__init__(shown if len(problems) == 1 else f"{len(problems)} problems: {shown}{more}")
        self.problems = tuple(problems)


class Unauthenticated(TeselaError):
    status = 401

    def headers(self) -> dict[str, str]:
        return {"WWW-Authenticate": "Bearer"}


class Forbidden(TeselaError):
    status = 403


class NotFound(TeselaError):
    status = 404


class Conflict(TeselaError):
    """`version`: the current version of what the caller tried to change, where there is one."""

    status = 409

    def __init__(self, sentence: str, *, version: int | None = None) -> None:
        super().__init__(sentence)
        self.version = version

    def headers(self) -> dict[str, str]:
        return {} if self.version is None else {"ETag": f'"{self.version}"'}


class TooSlow(TeselaError):
    status = 408


class TooLarge(TeselaError):
    status = 413


class Unprocessable(TeselaError):
    status = 422


class TooManyRequests(TeselaError):
    """`retry_after_seconds`: when it is worth coming back."""

    status = 429

    def __init__(self, sentence: str, *, retry_after_seconds: int = 1) -> None:
        super().__init__(sentence)
        self.retry_after_seconds = retry_after_seconds

    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(self.retry_after_seconds)}


class StoreUnavailable(TeselaError):
    status = 503


class QueryError(TeselaError):
    """A query that brought no rows. A tile shows `sentence` as `error` and `error_code` beside it.

    line, column: where in the author's SQL, from 1; None when it is not known.
    """

    status = 400
    error_code: ClassVar[str] = "query_error"

    def __init__(
        self,
        sentence: str,
        *,
        line: int | None = None,
        column: int | None = None,
        private: str | None = None,
    ) -> None:
        super().__init__(sentence, private=private)
        self.line = line
        self.column = column


class QueryRefused(QueryError):
    error_code = "query_refused"


class UnknownPlaceholder(QueryRefused):
    error_code = "unknown_placeholder"


class MissingValue(QueryError):
    error_code = "needs_value"


class QueryFailed(QueryError):
    error_code = "query_failed"


class QueryCancelled(QueryError):
    status = 409
    error_code = "query_cancelled"


class TooBusy(QueryError):
    """`retry_after_seconds`: when a place is likely to be free."""

    status = 429
    error_code = "too_busy"

    def __init__(self, sentence: str, *, retry_after_seconds: int = 1) -> None:
        super().__init__(sentence)
        self.retry_after_seconds = retry_after_seconds

    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(self.retry_after_seconds)}


class SourceUnavailable(QueryError):
    status = 503
    error_code = "source_unavailable"


class QueryTimedOut(QueryError):
    status = 504
    error_code = "query_timed_out"
