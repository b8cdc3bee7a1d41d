"""Robots rules and mining reservations of each origin, kept in ``raw.origins`` for up to a day."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from pipelines.ingest.web.gate import TurnRefusedError
from pipelines.ingest.web.guard import checked_url, printable, redirect_target
from pipelines.ingest.web.records import FetchError, Request, Response
from pipelines.ingest.web.reservations import tdmrep_for
from pipelines.ingest.web.robots import Rules, expires, read_rules, restore
from pipelines.ingest.web.visit import REDIRECTS, ask, origin_of, site_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from pipelines.ingest.web.client import Client
    from pipelines.ingest.web.gate import Gates

ROBOTS_BYTES = 500 * 1024
"""RFC 9309, 2.5: at least so much is read."""
TDMREP_BYTES = 256 * 1024
REDIRECTS_FOLLOWED = 5
"""RFC 9309, 2.3.1.2: at least five."""
TDMREP_LIFE = timedelta(hours=24)


@dataclass(slots=True)
class _Known:
    """What is remembered of one origin."""

    rules: Rules | None = None
    rules_until: datetime | None = None
    tdmrep: str | None = None
    tdmrep_until: datetime | None = None
    busy: asyncio.Lock = field(default_factory=asyncio.Lock)


class Origins:
    """Asks each origin for its rules once in their life; side by side for different origins."""

    def __init__(
        self,
        connection: DuckDBPyConnection,
        client: Client,
        gates: Gates,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._connection = connection
        self._client = client
        self._gates = gates
        self._clock = clock
        self._known: dict[str, _Known] = {}
        for origin, status, text, until, tdmrep, tdmrep_until in connection.execute(
            "SELECT origin, robots_status, robots_text, robots_expires_at, tdmrep_text,"
            " tdmrep_expires_at FROM raw.origins"
        ).fetchall():
            rules = restore(status, text) if until and until > self._clock() else None
            self._known[origin] = _Known(rules, until, tdmrep, tdmrep_until)

    async def rules(self, url: str) -> tuple[Rules, bool]:
        """The rules that hold for an address, and whether they were asked for just now.

        Raises ParkedError or BudgetOverError where they would have to be asked for and may not.
        """
        origin = origin_of(url)
        known = self._known.setdefault(origin, _Known())
        async with known.busy:
            now = self._clock()
            asked = False
            if known.rules is None or known.rules_until is None or known.rules_until <= now:
                response, problem = await self._fetch(
                    f"{origin}/robots.txt",
                    Request(
                        f"{origin}/robots.txt",
                        accept="text/plain, */*;q=0.5",
                        max_bytes=ROBOTS_BYTES,
                        truncate=True,
                    ),
                )
                asked = True
                known.rules = read_rules(
                    response.status if response else None,
                    response.body if response else b"",
                    reason=printable(problem, 300) if problem else None,
                )
                known.rules_until = expires(
                    now,
                    response.header("cache-control") if response else None,
                    state=known.rules.state,
                )
                self._write(
                    origin,
                    {
                        "robots_fetched_at": now,
                        "robots_expires_at": known.rules_until,
                        "robots_status": known.rules.status,
                        "robots_text": known.rules.text,
                    },
                )
            return known.rules, asked

    async def reservations(self, url: str) -> tuple[str | None, str | None]:
        """What the origin's files state for an address: tdmrep.json's reservation, and the usage
        preference of robots.txt. Nothing where it is not the turn to ask.
        """
        origin = origin_of(url)
        known = self._known.setdefault(origin, _Known())
        async with known.busy:
            if known.tdmrep_until is None or known.tdmrep_until <= self._clock():
                try:
                    await self._ask_tdmrep(origin, known)
                except TurnRefusedError:
                    return None, None
        tdmrep = tdmrep_for(known.tdmrep, url) if known.tdmrep else None
        return tdmrep, known.rules.usage(url) if known.rules else None

    async def _ask_tdmrep(self, origin: str, known: _Known) -> None:
        address = f"{origin}/.well-known/tdmrep.json"
        response, problem = None, None
        now = self._clock()
        if known.rules is not None and not known.rules.allowed(address):
            problem = "robots_disallowed"
        else:
            response, problem = await self._fetch(
                address,
                Request(address, accept="application/json", max_bytes=TDMREP_BYTES, truncate=True),
            )
        known.tdmrep = None
        if response is not None and response.status == 200:
            known.tdmrep = response.body.decode("utf-8", "replace").replace("\x00", "") or None
        known.tdmrep_until = now + TDMREP_LIFE
        status = "rules" if known.tdmrep else "unreachable" if problem else "none"
        self._write(
            origin,
            {
                "tdmrep_fetched_at": now,
                "tdmrep_expires_at": known.tdmrep_until,
                "tdmrep_status": f"{status}: {printable(problem, 300)}" if problem else status,
                "tdmrep_text": known.tdmrep,
            },
        )

    async def _fetch(self, url: str, request: Request) -> tuple[Response | None, str | None]:
        """An answer after redirects, or the problem in words. Robots rules do not apply to it."""
        for _ in range(REDIRECTS_FOLLOWED + 1):
            try:
                url = checked_url(url)
                gate = self._gates.of(site_of(url))
                response = await ask(
                    self._client,
                    gate,
                    Request(
                        url,
                        accept=request.accept,
                        max_bytes=request.max_bytes,
                        truncate=request.truncate,
                    ),
                )
            except FetchError as error:
                return None, str(error)
            target = response.header("location")
            if response.status not in REDIRECTS or not target:
                return response, None
            try:
                url = redirect_target(url, target)
            except FetchError as error:
                return None, str(error)
        return response, f"too_many_redirects: more than {REDIRECTS_FOLLOWED}"

    def _write(self, origin: str, values: dict[str, object]) -> None:
        self._connection.execute(
            "INSERT INTO raw.origins (origin) SELECT $origin"
            " WHERE NOT EXISTS (SELECT 1 FROM raw.origins WHERE origin = $origin)",
            {"origin": origin},
        )
        settings = ", ".join(f"{name} = ${name}" for name in values)
        self._connection.execute(
            f"UPDATE raw.origins SET {settings} WHERE origin = $origin",  # noqa: S608  # names above
            {**values, "origin": origin},
        )
