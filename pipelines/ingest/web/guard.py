"""What may be asked for: addresses of the web, networks that are public, text fit to be shown.

Every address is read here and nowhere else, and what is asked for is put together from what was
read: a check and a connection cannot understand one address in two ways.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urljoin

from pipelines.ingest.web.records import FetchError

IPAddress = IPv4Address | IPv6Address

MAX_ADDRESS = 8000
"""Characters of an address: the length that RFC 9110 (4.1) asks every party to support. Shorter
bounds (sitemaps: 2,048) cut percent-encoded headlines in scripts other than Latin."""
MAX_HOST = 253
"""Characters of a host name (RFC 1035, 2.3.4, less the length octets)."""
DEFAULT_PORTS = {"http": 80, "https": 443}
BLOCKED_PORTS = frozenset(
    {0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95}
    | {101, 102, 103, 104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179}
    | {389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601}
    | {636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566}
    | {6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080}
)
"""Ports of other protocols (mail, shells, files), which a request must not be spoken into: those
that no browser asks (WHATWG Fetch, "bad port"), so that no page people can read is lost."""

_ADDRESS = re.compile(r"([a-z][a-z0-9+.-]*):(?://([^/?#]*)([^?#]*)(\?[^#]*)?(?:#.*)?|.*)", re.I)
_AUTHORITY = re.compile(r"(\[[^\[\]]*\]|[^:\[\]]+)(?::([0-9]{0,5}))?")
_LABEL = re.compile(r"[a-z0-9_-]{1,63}")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
# A space is percent-encoded below, as browsers do; other white space is never meant.
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_ENCODED = re.compile(r"[^\x21-\x7e]|[\"<>\\^`{}]")

# IANA IPv4 Special-Purpose Address Registry, its blocks that are not globally reachable, the
# multicast and reserved spaces, and one platform address that looks public.
_SPECIAL_IPV4 = tuple(
    IPv4Network(block)
    for block in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "168.63.129.16/32",  # Azure: the host's own service, as each virtual machine sees it
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
# Of IPv6 only the global unicast space that IANA assigns is public at all: loopback, link-local,
# site-local, unique local, multicast, IPv4-compatible and local-use NAT64 all lie outside of it.
_GLOBAL_IPV6 = IPv6Network("2000::/3")
_SPECIAL_IPV6 = tuple(
    IPv6Network(block)
    for block in (
        "2001::/23",  # protocol assignments, Teredo and ORCHID among them
        "2001:db8::/32",
        "3fff::/20",
    )
)
_NAT64 = IPv6Network("64:ff9b::/96")
_ISATAP = frozenset({0x00005EFE, 0x02005EFE})


@dataclass(frozen=True, slots=True)
class WebAddress:
    """An http(s) address, read. All parts are ASCII, scheme and host in lower case."""

    scheme: str
    host: str
    """A name (IDNA), or an IP address in its normal form, IPv6 without brackets."""
    port: int
    target: str
    """Path and query, percent-encoded, dot segments resolved."""

    @property
    def authority(self) -> str:
        """Host and, where it is not the scheme's own, port: the Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """The whole address."""
        return f"{self.scheme}://{self.authority}{self.target}"


def checked_url(url: str) -> str:
    """The address in the form in which it is asked for, without fragment; idempotent.

    Dot segments are resolved, so that robots rules see the path that the server sees; decimal,
    octal, hex and short forms of an IPv4 address become dotted ones, as browsers read them.

    Raises FetchError: address_scheme, address_credentials or address_invalid.
    """
    return read_address(url).url


def redirect_target(url: str, location: str) -> str:
    """The address that an answer of ``url`` sends to; ``location`` is the header's value.

    Raises FetchError like checked_url.
    """
    with contextlib.suppress(UnicodeError):
        # Servers put raw UTF-8 there; header values are read as Latin-1, which loses nothing.
        location = location.encode("latin-1").decode("utf-8")
    if _FORBIDDEN.search(location):  # urljoin would leave them out, and read another address
        raise _invalid("control characters in it", location)
    try:
        return checked_url(urljoin(url, location.strip()))
    except ValueError as error:
        raise _invalid("no address can be made of it", location) from error


def read_address(url: str) -> WebAddress:
    """Reads an absolute address. Raises FetchError like checked_url."""
    if len(url) > MAX_ADDRESS:
        raise FetchError("address_invalid", f"longer than {MAX_ADDRESS:,} characters")
    if _FORBIDDEN.search(url) or url != url.strip():
        raise _invalid("control characters or white space in it", url)
    match = _ADDRESS.fullmatch(url)
    if match is None:
        raise _invalid("not an absolute address", url)
    scheme, authority, path, query = match.groups()
    scheme = scheme.lower()
    if scheme not in DEFAULT_PORTS:
        raise FetchError("address_scheme", f"{printable(scheme, 30)} is not http or https")
    if authority is None:
        raise _invalid("no host", url)
    if "@" in authority:
        raise FetchError("address_credentials", "a user name or password in it")
    host, port = _host_and_port(authority, scheme, url)
    target = _encoded(_without_dots(path)) + _encoded(query or "")
    address = WebAddress(scheme, host, port, target)
    if len(address.url) > MAX_ADDRESS:
        raise FetchError("address_invalid", f"longer than {MAX_ADDRESS:,} characters when encoded")
    return address


def is_public(
    address: IPAddress | str, allowed_networks: Sequence[IPv4Network | IPv6Network] = ()
) -> bool:
    """Whether an IP address is one of the public internet, or of a network that settings allow.

    An IPv6 address that carries IPv4 addresses (mapped, NAT64, 6to4, ISATAP) is public only where
    those are. What is no address, or has a zone, is not.
    """
    ip = _ip(address) if isinstance(address, str) else address
    if ip is None or (isinstance(ip, IPv6Address) and ip.scope_id is not None):
        return False
    if any(ip.version == network.version and ip in network for network in allowed_networks):
        return True
    if isinstance(ip, IPv4Address):
        return not any(ip in block for block in _SPECIAL_IPV4)
    if ip.ipv4_mapped is not None:
        return is_public(ip.ipv4_mapped, allowed_networks)
    if ip in _NAT64:
        return is_public(IPv4Address(int(ip) & 0xFFFFFFFF), allowed_networks)
    if ip not in _GLOBAL_IPV6 or any(ip in block for block in _SPECIAL_IPV6):
        return False
    return all(is_public(carried, allowed_networks) for carried in _carried(ip))


def printable(text: str, limit: int) -> str:
    """Foreign text on one line of at most ``limit`` characters, safe to show and to store.

    White space is folded; what cannot be seen (controls, terminal escapes, NUL, bidi and
    zero-width marks, lone surrogates) becomes U+FFFD, so that it shows that something was there.
    """
    seen = "".join(
        " " if c.isspace() else c if c.isprintable() else "\ufffd" for c in text[: 4 * limit]
    )
    folded = " ".join(seen.split())
    if len(folded) <= limit and len(text) <= 4 * limit:
        return folded
    return folded[: max(0, limit - 1)] + "…"


def _invalid(reason: str, url: str) -> FetchError:
    return FetchError("address_invalid", f"{reason}: {printable(url, 200)}")


def _host_and_port(authority: str, scheme: str, url: str) -> tuple[str, int]:
    match = _AUTHORITY.fullmatch(authority)
    if match is None:
        raise _invalid("no host that can be read", url)
    name, digits = match.groups()
    host = _ipv6_host(name) if name.startswith("[") else _name_or_ipv4(name)
    if host is None:
        raise _invalid("no valid host", url)
    port = int(digits) if digits else DEFAULT_PORTS[scheme]
    if port in BLOCKED_PORTS or port > 65535:
        raise _invalid(f"port {port} is not one of the web", url)
    return host, port


def _ipv6_host(name: str) -> str | None:
    try:
        ip = IPv6Address(name[1:-1])
    except ValueError:
        return None
    return None if ip.scope_id is not None else ip.compressed


def _name_or_ipv4(name: str) -> str | None:
    if len(name) > MAX_HOST:
        return None
    if not name.isascii():
        import idna

        try:
            # Maps full-width and enclosed characters to plain ones first, as browsers do.
            name = idna.encode(name, uts46=True).decode("ascii")
        except UnicodeError:
            return None
    # A final dot says that the name is complete, which it is; TLS knows names without it only.
    labels = name.lower().removesuffix(".").split(".")
    host = ".".join(labels)
    if len(host) > MAX_HOST or not all(_LABEL.fullmatch(label) for label in labels):
        return None
    return _ipv4_host(labels) if _NUMBER.fullmatch(labels[-1]) else host


def _ipv4_host(labels: Sequence[str]) -> str | None:
    """The dotted form of a host that ends in a number (WHATWG URL, IPv4 parser)."""
    numbers = [_number(label) for label in labels]
    if len(numbers) > 4 or any(number is None for number in numbers):
        return None
    *high, low = [number for number in numbers if number is not None]
    if any(number > 255 for number in high) or low >= 256 ** (4 - len(high)):
        return None
    value = low + sum(number * 256 ** (3 - place) for place, number in enumerate(high))
    return str(IPv4Address(value))


def _number(label: str) -> int | None:
    if not _NUMBER.fullmatch(label) or len(label) > 20:
        return None
    try:
        if label.startswith("0x"):
            return int(label[2:] or "0", 16)
        return int(label, 8 if label.startswith("0") else 10)
    except ValueError:
        return None


def _without_dots(path: str) -> str:
    """A path with its ``.`` and ``..`` segments resolved (RFC 3986, 5.2.4), encoded ones too."""
    kept: list[str] = []
    segments = path.split("/")[1:]
    for place, segment in enumerate(segments, start=1):
        plain = segment.lower().replace("%2e", ".")
        if plain not in {".", ".."}:
            kept.append(segment)
            continue
        if plain == ".." and kept:
            kept.pop()
        if place == len(segments):
            kept.append("")
    return "/" + "/".join(kept)


def _encoded(text: str) -> str:
    return _ENCODED.sub(lambda m: "".join(f"%{byte:02X}" for byte in m[0].encode()), text)


def _ip(text: str) -> IPAddress | None:
    try:
        return ip_address(text)
    except ValueError:
        return None


def _carried(ip: IPv6Address) -> list[IPv4Address]:
    """The IPv4 addresses that a 6to4 or ISATAP address would send a packet on to."""
    carried = []
    if ip.sixtofour is not None:
        carried.append(ip.sixtofour)
    if (int(ip) >> 32) & 0xFFFFFFFF in _ISATAP:
        carried.append(IPv4Address(int(ip) & 0xFFFFFFFF))
    return carried
