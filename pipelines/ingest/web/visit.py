"""One visit to an address: rules, politeness, redirects and retries around single requests."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pipelines.address import site
from pipelines.ingest.web.gate import CUT_SHORT, UNREACHED, ParkedError, retry_after
from pipelines.ingest.web.guard import checked_url, printable, redirect_target
from pipelines.ingest.web.records import FetchError, Request, Response

if TYPE_CHECKING:
    from pipelines.ingest.web.client import Client
    from pipelines.ingest.web.gate import Gate, Gates
    from pipelines.ingest.web.origins import Origins
    from pipelines.ingest.web.robots import Rules

MAX_REDIRECTS = 10
REDIRECTS = frozenset({301, 302, 303, 307, 308})
AGAIN = frozenset({408, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524})
"""Answers that may be other ones a moment later: those that RFC 9110 calls so, and Cloudflare's."""
ATTEMPTS = 3
PATIENCE = timedelta(seconds=60)
"""A longer Retry-After parks the site; what waits for it waits for a later run."""
PASSING = UNREACHED | CUT_SHORT | {"protocol", "truncated"}
"""Faults that a later visit may not meet."""


@dataclass(frozen=True, slots=True)
class Visit:
    """What a visit gave: an answer, or a problem; never both."""

    asked: str
    url: str
    """Address of the answer, after redirects."""
    at: datetime
    response: Response | None = None
    problem: str | None = None
    """A code, a colon and words."""
    robots: str | None = None
    """allowed, disallowed or unreachable."""
    refused: bool = False
    """True: the address was not asked for."""
    passing: bool = False
    """True: a later visit may go better."""
    retry_at: datetime | None = None
    """Not before this, as the site asks."""

    @property
    def unchanged(self) -> bool:
        """True where the site says that nothing changed since the last answer."""
        return self.response is not None and self.response.status == 304


def site_of(url: str) -> str:
    """What politeness counts by: the registrable domain, or the host that has none."""
    return site(url) or url


def origin_of(url: str) -> str:
    """Scheme, host and port of an address; the port is left out where it is the scheme's own."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    default = {"http": 80, "https": 443}.get(parts.scheme)
    port = f":{parts.port}" if parts.port and parts.port != default else ""
    return f"{parts.scheme}://{host}{port}"


class Visitor:
    """Visits addresses, each by the rules of its own site; redirects by those of theirs."""

    def __init__(self, client: Client, gates: Gates, origins: Origins) -> None:
        self._client = client
        self._gates = gates
        self._origins = origins

    async def visit(self, request: Request) -> Visit:
        """Asks for an address, following up to ten redirects, each checked like the first.

        Raises ParkedError or BudgetOverError where it is not the site's turn: nothing was lost,
        the address is still to be visited.
        """
        url = request.url
        at = datetime.now(UTC)
        for _ in range(MAX_REDIRECTS + 1):
            try:
                url = checked_url(url)
            except FetchError as error:
                return Visit(request.url, url, at, problem=str(error), refused=True)
            gate = self._gates.of(site_of(url))
            rules, asked = await self._origins.rules(url)
            if rules.state == "unreachable" and gate.not_before and not asked:
                # One visit records that the host cannot be reached; the others wait their turn.
                raise ParkedError(gate.site, gate.not_before, gate.reason or rules.status)
            gate.slow_to(rules.crawl_delay, origin_of(url))
            if rules.reason.startswith("address_"):
                return Visit(request.url, url, at, problem=rules.reason, refused=True)
            if not rules.allowed(url):
                return Visit(
                    request.url,
                    url,
                    at,
                    problem=_forbidden(url, rules),
                    robots=rules.verdict(url),
                    refused=True,
                    passing=rules.state == "unreachable",
                )
            answer = await self._answered(gate, replace(request, url=url), request.url)
            if answer.response is None or answer.response.status not in REDIRECTS:
                return answer
            target = answer.response.header("location")
            if not target:
                return replace(
                    answer,
                    response=None,
                    problem=f"http_status_{answer.response.status}: no target",
                )
            try:
                url = redirect_target(url, target)
            except FetchError as error:
                return replace(answer, response=None, problem=f"{error} (redirected)", refused=True)
        return Visit(
            request.url,
            url,
            at,
            problem=f"too_many_redirects: more than {MAX_REDIRECTS}",
            robots="allowed",
        )

    async def _answered(self, gate: Gate, request: Request, asked: str) -> Visit:
        """One hop, tried again where that may help."""
        at = datetime.now(UTC)
        try:
            response = await ask(self._client, gate, request)
        except FetchError as error:
            refused = error.code.startswith("address_")
            return Visit(
                asked,
                request.url,
                at,
                problem=str(error),
                robots=None if refused else "allowed",
                refused=refused,
                passing=error.code in PASSING,
            )
        # 304 tells of no change only who sent a validator.
        is_asked = response.status == 304 and bool(request.etag or request.last_modified)
        if 200 <= response.status < 300 or response.status in REDIRECTS or is_asked:
            return Visit(asked, request.url, response.started_at, response, robots="allowed")
        return Visit(
            asked,
            request.url,
            response.started_at,
            problem=f"http_status_{response.status}: {printable(request.url, 300)}",
            robots="allowed",
            passing=response.status in AGAIN,
            retry_at=retry_after(response.header("retry-after"), datetime.now(UTC)),
        )


def _forbidden(url: str, rules: Rules) -> str:
    if rules.state == "unreachable":
        return (
            f"robots_unreachable: its rules are not to be had, so all is forbidden ({rules.reason})"
        )
    return f"robots_disallowed: the host's robots.txt forbids {printable(url, 300)}"


class _AgainError(Exception):
    """An answer that may be another one in a moment."""

    def __init__(self, response: Response, wait: float | None) -> None:
        super().__init__(response.status)
        self.response = response
        self.wait = wait
        """Seconds that the site asks for."""


async def ask(client: Client, gate: Gate, request: Request) -> Response:
    """One request in its site's turn, tried up to three times: with jitter, or as Retry-After says.

    Raises FetchError, ParkedError, BudgetOverError.
    """
    import stamina

    # Its hooks would write a line a retry to the log; what came of them is in the row.
    stamina.instrumentation.set_on_retry_hooks([])
    try:
        async for attempt in stamina.retry_context(
            on=_worth_another, attempts=ATTEMPTS, timeout=None, wait_initial=1.0, wait_max=20.0
        ):
            with attempt:
                return await _once(client, gate, request)
    except _AgainError as error:
        return error.response
    except FetchError as error:
        if error.code in CUT_SHORT:
            # Counted once a page, however often it was tried.
            gate.failed(error.code)
        raise
    raise AssertionError  # retry_context returns, or raises what the last attempt raised


def _worth_another(error: Exception) -> bool | float:
    if isinstance(error, _AgainError):
        if error.wait is None:
            return True
        return error.wait if error.wait <= PATIENCE.total_seconds() else False
    return isinstance(error, FetchError) and error.code == "reset"


async def _once(client: Client, gate: Gate, request: Request) -> Response:
    async with gate.turn():
        try:
            response = await client.get(request)
        except FetchError as error:
            if error.code not in CUT_SHORT:
                gate.failed(error.code)
            raise
    gate.succeeded()
    if response.status == 429:
        gate.after_429()
    if response.status not in AGAIN:
        return response
    now = datetime.now(UTC)
    until = retry_after(response.header("retry-after"), now)
    if until and until - now > PATIENCE:
        gate.park(until, f"Retry-After of an answer {response.status}")
    raise _AgainError(response, (until - now).total_seconds() if until else None)
