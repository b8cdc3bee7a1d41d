"""Messages to people: to a webhook, by mail, or both, as the settings say."""

from __future__ import annotations

import logging
import re
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, unquote, urlsplit

if TYPE_CHECKING:
    import smtplib

    from pipelines.settings import Settings

TIMEOUT_SECONDS = 10.0
"""For each step of a delivery: a server that hangs must not hold up the sensor."""

MAX_LINE = 300
_QUOTED = re.compile(
    r"""
    "[^"]{60,}(?:"|$) | `[^`]{60,}(?:`|$) | “[^”]{60,}(?:”|$)
    | (?<![\w'])'(?:[^']|(?<=\w)'(?=\w)){60,}(?:'|$)
    """,
    re.VERBOSE,
)
_CHECK_FAILED = "dagster._core.errors.DagsterAssetCheckFailedError: "
"""Of a check that failed the message says all."""
_MAIL_PORTS = {"smtp": 25, "smtps": 465}
_RESERVED = {"text", "subject"}


@dataclass(frozen=True, slots=True)
class Alert:
    """What people are told."""

    subject: str
    """One line."""
    text: str
    """Some lines; complete without the fields."""
    fields: Mapping[str, str] = field(default_factory=dict)
    """The same for programs; keys other than ``text`` and ``subject``."""


def send(settings: Settings, alert: Alert) -> list[str]:
    """Sends ``alert`` wherever the settings name an address.

    Never raises for a delivery that fails: returns a line for each, which names the server and the
    reason but neither a password nor the path of a webhook, which is one.
    """
    return [problem for deliver in _deliveries(settings, alert) if (problem := deliver())]


def root_cause(error: Any) -> str:
    """The first line of the innermost of chained errors, two where it ends in a colon.

    ``error`` is Dagster's record of an exception: ``message``, ``cls_name`` and ``cause``, which is
    another such record or None. What is quoted at length may be an article's text and is left out,
    but from what a Failure says, which is ours.
    """
    while error and error.cause and error.cls_name != "Failure":
        error = error.cause
    lines = (error.message if error else "").strip().splitlines() or ["failed"]
    if lines[0].endswith(":"):
        lines = [" ".join(lines[:2])]
    if error and error.cls_name == "Failure":
        # It speaks for itself; of any other error the class is part of what it says.
        return one_line(lines[0].removeprefix("dagster._core.definitions.events.Failure: "))
    return one_line(without_long_quotes(lines[0].removeprefix(_CHECK_FAILED)))


def without_long_quotes(text: str) -> str:
    """``text`` without what it quotes at length, which may be an article's."""
    return _QUOTED.sub("(…)", text)


def one_line(text: str, limit: int = MAX_LINE) -> str:
    """``text`` without control characters, cut to ``limit`` characters."""
    clean = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return clean if len(clean) <= limit else clean[: limit - 1] + "…"


def _deliveries(settings: Settings, alert: Alert) -> Iterator[Callable[[], str | None]]:
    webhook, recipients = settings.alert_webhook, settings.alert_mail
    if webhook:
        yield lambda: _post(webhook, alert)
    if recipients:
        yield lambda: _mail(settings, recipients, alert)


def _post(address: str, alert: Alert) -> str | None:
    import httpx2

    host = _host(address)
    body = {k: v for k, v in alert.fields.items() if k not in _RESERVED}
    # Slack and those who read its format take <, > and & for markup; a message has none.
    words = alert.text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    body |= {"text": words, "subject": one_line(alert.subject)}
    # It logs the address of each request, and this one's path is a password.
    logging.getLogger("httpx2").setLevel(logging.WARNING)
    try:
        # The answer's body is not read: it says nothing that the status does not.
        with httpx2.stream("POST", address, json=body, timeout=TIMEOUT_SECONDS) as answer:
            status = answer.status_code
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
        return f"NEWSLEDGER_ALERT_WEBHOOK at {host}: {type(error).__name__}"
    return None if 200 <= status < 300 else f"NEWSLEDGER_ALERT_WEBHOOK at {host}: answered {status}"


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or "an address without a host"
    except ValueError:
        return "an address that is none"


def _mail(settings: Settings, recipients: str, alert: Alert) -> str | None:
    import smtplib
    from email.errors import MessageError
    from email.message import EmailMessage

    place = "NEWSLEDGER_SMTP"
    try:
        server = urlsplit(settings.smtp)
        port = server.port or _MAIL_PORTS[server.scheme]
        host = server.hostname or "localhost"
        place = f"NEWSLEDGER_SMTP at {host}:{port}"
        message = EmailMessage()
        message["Subject"] = one_line(alert.subject, 150)
        message["From"] = _sender(settings, server)
        message["To"] = ", ".join(part.strip() for part in recipients.split(",") if part.strip())
        message.set_content(alert.text + "\n")
        with _session(server, host, port) as session:
            session.send_message(message)
    except KeyError:
        return f"{place}: begin it with smtp:// or smtps://"
    except (smtplib.SMTPException, OSError, ValueError, MessageError) as error:
        return f"{place}: {type(error).__name__}: {one_line(_without_secrets(error, settings))}"
    return None


def _sender(settings: Settings, server: SplitResult) -> str:
    """The contact or the account where it is a mail address; else this machine's."""
    for candidate in (settings.contact, unquote(server.username or "")):
        bare = (candidate or "").removeprefix("mailto:")
        if re.fullmatch(r"[^\s@/]+@[^\s@/]+", bare):
            return bare
    return f"newsledger@{socket.getfqdn()}"


def _session(server: SplitResult, host: str, port: int) -> smtplib.SMTP:
    import smtplib

    context = _tls(host)
    session: smtplib.SMTP
    if server.scheme == "smtps":
        session = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_SECONDS, context=context)
    else:
        session = smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
    try:
        if server.scheme == "smtp":
            session.ehlo_or_helo_if_needed()
            if session.has_extn("starttls"):
                session.starttls(context=context)
            elif server.password and not _is_this_machine(host):
                raise ValueError(  # noqa: TRY301  # closes the session like any other failure
                    "it offers no STARTTLS, and a password is not sent in the clear: use smtps://"
                )
        if server.username:
            session.login(unquote(server.username), unquote(server.password or ""))
    except BaseException:
        session.close()
        raise
    return session


def _tls(host: str) -> ssl.SSLContext:
    """Certificates are verified, but for this machine's own server, which rarely has a true one."""
    context = ssl.create_default_context()
    if _is_this_machine(host):
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _is_this_machine(host: str) -> bool:
    return host in ("localhost", "::1") or host.startswith("127.")


def _without_secrets(error: Exception, settings: Settings) -> str:
    words = str(error)
    secret = urlsplit(settings.smtp).password if "@" in settings.smtp else None
    for form in {secret or "", unquote(secret or "")} - {""}:
        words = words.replace(form, "***")
    return words
