"""Errors with the body that Google's services send."""

from __future__ import annotations

from typing import Any

_STATUS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ABORTED",
    413: "INVALID_ARGUMENT",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    501: "UNIMPLEMENTED",
    503: "UNAVAILABLE",
}

# Gmail and Drive add the older list of errors, each with a reason in camel case.
_REASON = {
    400: "invalidArgument",
    401: "authError",
    403: "forbidden",
    404: "notFound",
    409: "conflict",
    413: "uploadTooLarge",
    429: "rateLimitExceeded",
    500: "backendError",
    501: "notImplemented",
    503: "backendError",
}


class GoogleError(Exception):
    """An answer other than success, as the service would send it."""

    def __init__(
        self,
        code: int,
        message: str,
        *,
        status: str | None = None,
        reason: str | None = None,
        location: str | None = None,
        domain: str = "global",
        details: list[dict[str, Any]] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status or _STATUS.get(code, "UNKNOWN")
        self.reason = reason or _REASON.get(code, "unknown")
        self.location = location
        self.domain = domain
        self.details = details
        self.headers = headers

    def body(self, *, legacy: bool, with_status: bool = True) -> dict[str, Any]:
        """The JSON body; `legacy` adds the `errors` list that Gmail and Drive send and Forms and Sheets do not.

        Drive leaves the status out.
        """
        error: dict[str, Any] = {"code": self.code, "message": self.message}
        if legacy:
            entry = {"message": self.message, "domain": self.domain, "reason": self.reason}
            if self.location:
                entry |= {"location": self.location, "locationType": "parameter"}
            error["errors"] = [entry]
        if with_status:
            error["status"] = self.status
        if self.details:
            error["details"] = self.details
        return {"error": error}


def bad_request(message: str) -> GoogleError:
    """400 INVALID_ARGUMENT."""
    return GoogleError(400, message)


def not_found(message: str = "Requested entity was not found.") -> GoogleError:
    """404 NOT_FOUND."""
    return GoogleError(404, message)


def forbidden(message: str = "The caller does not have permission") -> GoogleError:
    """403 PERMISSION_DENIED."""
    return GoogleError(403, message)
