"""What the services answer when they are asked too much, are out of order, or don't know the caller any more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from fastapi.responses import HTMLResponse, Response

from ponts_flows.sandbox.access import OAuthError
from ponts_flows.sandbox.errors import GoogleError
from ponts_flows.sandbox.faults.kinds import TOKEN

PROJECT_NUMBER = "100000000001"
_HIGHER_QUOTA = "https://cloud.google.com/docs/quota#requesting_higher_quota"
_SHORT_LIVED = (
    "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. "
    "Check your iat and exp values in the JWT claim."
)
_UNAUTHORIZED = (
    "Client is unauthorized to retrieve access tokens using this method, or client not authorized "
    "for any of the scopes requested."
)
_CREDENTIALS = {
    "key_deleted": ("invalid_grant", "Invalid JWT Signature.", 400),
    "account_deleted": ("invalid_grant", "Invalid grant: account not found", 400),
    "clock_skewed": ("invalid_grant", _SHORT_LIVED, 400),
    "delegation_withdrawn": ("unauthorized_client", _UNAUTHORIZED, 401),
}
_SERVER = {500: "Internal error encountered.", 503: "The service is currently unavailable."}
_FRONT_END = {502: "Bad Gateway", 504: "Gateway Timeout"}
_AGAIN = (
    "The server encountered a temporary error and could not complete your request."
    "<p>Please try again in 30 seconds."
)


def credentials(cause: str) -> OAuthError:
    """The token endpoint's refusal."""
    error, description, status = _CREDENTIALS[cause]
    return OAuthError(error, description, status=status)


@dataclass(frozen=True, kw_only=True)
class Metric:
    """What a service counts calls in. `field` is the limit's name in a plan's quotas."""

    service: str
    name: str
    id: str
    field: str


def quota_exceeded(metric: Metric, *, scope: str, limit: int) -> GoogleError:
    """The answer past a limit a minute (of the `user` or the `project`): 429, but 403 from Gmail."""
    service, gmail = f"{metric.service}.googleapis.com", metric.service == "gmail"
    of_user = " per user" if scope == "user" else ""
    name = "default" if gmail else metric.name.title().replace(" ", "")
    metadata = {
        "service": service,
        "consumer": f"projects/{PROJECT_NUMBER}",
        "quota_metric": f"{service}/{metric.id}",
        "quota_limit": f"{name}PerMinutePer{scope.title()}",
        "quota_limit_value": str(limit),
        "quota_location": "global",
    }
    return GoogleError(
        403 if gmail else 429,
        f"Quota exceeded for quota metric '{metric.name}' and limit '{metric.name} per minute{of_user}' of "
        f"service '{service}' for consumer 'project_number:{PROJECT_NUMBER}'.",
        reason="rateLimitExceeded",
        domain="usageLimits",
        details=[
            {
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": "RATE_LIMIT_EXCEEDED",
                "domain": "googleapis.com",
                "metadata": metadata,
            },
            {
                "@type": "type.googleapis.com/google.rpc.Help",
                "links": [{"description": "Request a higher quota limit.", "url": _HIGHER_QUOTA}],
            },
        ],
    )


def drive_quota_exceeded() -> GoogleError:
    """Drive's answer past its limit, of the older kind."""
    return GoogleError(403, "User rate limit exceeded.", reason="userRateLimitExceeded", domain="usageLimits")


def sent_too_much(until: datetime) -> GoogleError:
    """Gmail's answer to a message past those that a mailbox may send in a day."""
    return GoogleError(429, f"User-rate limit exceeded.  Retry after {_moment(until)} (Mail sending)")


def too_many_requests(id: str, now: datetime, retry_after: int | None) -> GoogleError | OAuthError:
    """429 as the service of a call words it; Gmail names the moment in its sentence."""
    headers = _retry(retry_after)
    if id == TOKEN:
        return OAuthError("rate_limit_exceeded", "Too many requests.", status=429, headers=headers)
    message = "Resource has been exhausted (e.g. check quota)."
    if id.startswith("gmail.") and retry_after:
        message = f"User-rate limit exceeded.  Retry after {_moment(now + timedelta(seconds=retry_after))}"
    return GoogleError(429, message, headers=headers)


def server_error(id: str, status: int, retry_after: int | None) -> GoogleError | OAuthError | Response:
    """500 and 503 as a service words them; 502 and 504 come from before it, as a page."""
    headers = _retry(retry_after)
    if status in _FRONT_END:
        title = f"{status} ({_FRONT_END[status]})"
        page = f"<html><title>Error {title}!!1</title><h1>Error: Server Error</h1><h2>{_AGAIN}</h2></html>\n"
        return HTMLResponse(page, status_code=status, headers=headers)
    if id == TOKEN:
        return OAuthError("internal_failure", "Backend Error", status=status, headers=headers)
    return GoogleError(status, _SERVER[status], headers=headers)


def _retry(seconds: int | None) -> dict[str, str]:
    return {} if seconds is None else {"Retry-After": str(seconds)}


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
