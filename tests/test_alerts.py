"""Alerts reach a webhook and a mailbox, say the cause, and betray no secret when they fail."""

from __future__ import annotations

import json
import logging
import socketserver
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from pipelines.alerts import Alert, one_line, root_cause, send
from pipelines.settings import Settings

ALERT = Alert(
    subject="newsledger: daily_warehouse failed for day 2026-03-02",
    text="fetches: <!here> no space & no time",
    fields={"job": "daily_warehouse", "day": "2026-03-02", "text": "not this one"},
)


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch, tmp_path):
    for name in (
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
        "http_proxy",
        "https_proxy",
        "all_proxy",
    ):
        monkeypatch.delenv(name, raising=False)
    for name in ("CONTACT", "ALERT_WEBHOOK", "ALERT_MAIL", "SMTP"):
        monkeypatch.delenv(f"NEWSLEDGER_{name}", raising=False)
    monkeypatch.setenv("NEWSLEDGER_HOME", str(tmp_path))


def serving(server):
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    return server


@pytest.fixture
def webhook():
    """A web server that keeps what is posted; ``status`` is what it answers."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.server.bodies.append(json.loads(body))
            self.send_response(self.server.status)
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        server.bodies, server.status = [], 200
        yield serving(server)
        server.shutdown()


@dataclass
class Mailbox:
    port: int
    offers: tuple[bytes, ...] = ()
    commands: list[bytes] = field(default_factory=list)
    message: bytes = b""


@pytest.fixture
def mailbox():
    """A mail server that keeps what it is told."""

    class Handler(socketserver.StreamRequestHandler):
        def say(self, line: bytes):
            self.wfile.write(line + b"\r\n")

        def handle(self):
            box = self.server.box
            self.say(b"220 harbour.test")
            while line := self.rfile.readline():
                box.commands.append(line.strip())
                verb = line.split()[0].upper()
                if verb == b"EHLO":
                    for offer in (b"harbour.test", *box.offers)[:-1] if box.offers else ():
                        self.say(b"250-" + offer)
                    self.say(b"250 " + (box.offers[-1] if box.offers else b"harbour.test"))
                elif verb == b"AUTH":
                    self.say(b"535 who is hunter2?" if b"refuse" in box.offers else b"235 ok")
                elif verb == b"DATA":
                    self.say(b"354 go on")
                    while (text := self.rfile.readline()) not in (b".\r\n", b""):
                        box.message += text
                    self.say(b"250 kept")
                else:
                    self.say(b"221 bye" if verb == b"QUIT" else b"250 ok")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        server.box = Mailbox(server.server_address[1])
        serving(server)
        yield server.box
        server.shutdown()


def test_nothing_is_sent_where_nobody_is_named():
    assert send(Settings(), ALERT) == []


def test_a_webhook_gets_text_and_fields(webhook):
    settings = Settings(alert_webhook=f"http://127.0.0.1:{webhook.server_port}/hook")
    assert send(settings, ALERT) == []
    assert webhook.bodies == [
        {
            "text": "fetches: &lt;!here&gt; no space &amp; no time",
            "subject": ALERT.subject,
            "job": "daily_warehouse",
            "day": "2026-03-02",
        }
    ]


@pytest.mark.parametrize("status", [302, 404, 500])
def test_a_webhook_that_refuses_is_a_line_without_its_path(webhook, status, caplog):
    caplog.set_level(logging.DEBUG)
    webhook.status = status
    settings = Settings(alert_webhook=f"http://127.0.0.1:{webhook.server_port}/T0PS3CRET")
    (problem,) = send(settings, ALERT)
    assert str(status) in problem
    assert "127.0.0.1" in problem
    assert len(webhook.bodies) == 1  # a redirect is not followed
    logged = " ".join(r.getMessage() for r in caplog.records if r.levelno >= logging.INFO)
    assert "T0PS3CRET" not in problem + logged


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:9/T0PS3CRET", "T0PS3CRET", "ftp://x/T0PS3CRET", "http://[T0PS3CRET"],
)
def test_a_webhook_that_cannot_be_reached_is_a_line(address):
    (problem,) = send(Settings(alert_webhook=address), ALERT)
    assert problem.startswith("NEWSLEDGER_ALERT_WEBHOOK at ")
    assert "T0PS3CRET" not in problem


def test_mail_has_subject_sender_and_every_recipient(mailbox):
    settings = Settings(
        alert_mail="ann@example.org, bob@example.org,",
        smtp=f"smtp://127.0.0.1:{mailbox.port}",
        contact="mailto:desk@example.org",
    )
    assert send(settings, ALERT) == []
    text = mailbox.message.decode()
    assert "Subject: newsledger: daily_warehouse failed for day 2026-03-02" in text
    assert "From: desk@example.org" in text
    assert "no space & no time" in text
    envelope = [c for c in mailbox.commands if c.upper().startswith(b"RCPT")]
    assert len(envelope) == 2
    assert not any(c.upper().startswith(b"AUTH") for c in mailbox.commands)


def test_an_account_is_used_and_a_line_break_makes_no_header(mailbox):
    mailbox.offers = (b"AUTH PLAIN",)
    settings = Settings(
        alert_mail="ann@example.org",
        smtp=f"smtp://desk%40example.org:hunter2@127.0.0.1:{mailbox.port}",
    )
    assert send(settings, Alert("day\nBcc: eve@example.org", "text")) == []
    assert any(c.upper().startswith(b"AUTH PLAIN") for c in mailbox.commands)
    headers = mailbox.message.partition(b"\r\n\r\n")[0].decode().splitlines()
    assert "Subject: day Bcc: eve@example.org" in headers
    assert "From: desk@example.org" in headers
    assert not any(line.startswith("Bcc:") for line in headers)


def test_a_refused_password_is_not_repeated(mailbox):
    mailbox.offers = (b"AUTH PLAIN", b"refuse")
    settings = Settings(
        alert_mail="ann@example.org", smtp=f"smtp://desk:hunter2@127.0.0.1:{mailbox.port}"
    )
    (problem,) = send(settings, ALERT)
    assert "SMTPAuthenticationError" in problem
    assert "hunter2" not in problem


@pytest.mark.parametrize(
    "smtp", ["smtp://127.0.0.1:9", "imap://127.0.0.1", "smtp://h:port", "smtp://["]
)
def test_a_mail_server_that_cannot_be_used_is_a_line(smtp):
    (problem,) = send(Settings(alert_mail="ann@example.org", smtp=smtp), ALERT)
    assert problem.startswith("NEWSLEDGER_SMTP")


def test_a_password_is_not_sent_in_the_clear_to_another_machine(mailbox, monkeypatch):
    import smtplib

    real = smtplib.SMTP
    monkeypatch.setattr(
        smtplib, "SMTP", lambda host, port, **k: real("127.0.0.1", mailbox.port, **k)
    )
    mailbox.offers = (b"AUTH PLAIN",)
    settings = Settings(alert_mail="ann@example.org", smtp="smtp://desk:hunter2@mail.example.org")
    (problem,) = send(settings, ALERT)
    assert "smtps://" in problem
    assert not any(c.upper().startswith(b"AUTH") for c in mailbox.commands)


@dataclass
class Error:
    message: str
    cls_name: str = "ValueError"
    cause: Error | None = None


def test_the_root_cause_is_the_innermost_error():
    inner = Error("OSError: no space left\ntrace", "OSError")
    assert (
        root_cause(Error("wrapped", cause=Error("again", cause=inner))) == "OSError: no space left"
    )
    assert root_cause(None) == "failed"
    assert root_cause(Error("1 check failed:\narticles: nothing_lost\nmore")) == (
        "1 check failed: articles: nothing_lost"
    )


def test_what_a_failure_of_ours_says_is_kept():
    words = f"not published: '{'pilots and harbours ' * 5}' stands failed"
    prefix = "dagster._core.definitions.events.Failure: "
    assert root_cause(Error(prefix + words, "Failure", Error("x"))) == words


def test_of_a_check_that_failed_the_message_says_all():
    words = "1 blocking asset check failed with ERROR severity: mentions: spans_exact"
    name = "DagsterAssetCheckFailedError"
    assert root_cause(Error(f"dagster._core.errors.{name}: {words}", name)) == words


@pytest.mark.parametrize("quotes", ['""', "''", "``", "“”"])
def test_long_quotations_are_left_out_of_a_cause(quotes):
    text = "the harbour master said that the pilots would be asked to share a roster " * 2
    cause = root_cause(Error(f"ConversionException: {quotes[0]}{text}{quotes[1]} is no number"))
    assert cause == "ConversionException: (…) is no number"


def test_an_apostrophe_opens_no_quotation():
    text = "the run's file can't be copied: there is no room on the disk that holds the home folder"
    assert root_cause(Error(text)) == text


def test_a_line_has_no_control_characters_and_an_end():
    assert one_line("a\x1b[2J\nb\x00c") == "a [2J b c"
    assert len(one_line("x" * 1000)) == 300
