"""News outlets by name and by address: who may stand in a credit, a byline or a host."""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipelines.reference.tables import TableError, forms, rows, slug, values

OUTLET_ROLES = frozenset(
    {"publisher", "agency", "aggregator", "broadcaster", "government", "pictures", "social"}
)
"""What ``source_role`` may say. ``pictures``: an agency that sells images and no reports, so that
its name in a credit tells nothing about who wrote the article."""


@dataclass(frozen=True, slots=True)
class Outlet:
    """One outlet, agency, broadcaster, aggregator or platform."""

    source_id: str
    """Slug of the name, for example ``al-jazeera``."""
    name: str
    aliases: tuple[str, ...]
    """Every other form in which it is printed, safe in running text or not."""
    domains: tuple[str, ...]
    """Registered domains or hosts, lower case, without ``www.``."""
    country: str | None
    """ISO 3166-1 alpha-2, upper case."""
    role: str
    in_language: str | None
    """ISO 639-1 code of its main language; None where there are several."""
    wikidata_id: str | None


class Outlets:
    """All outlets, to be looked up by what a page prints or by where it lies."""

    def __init__(self, outlets: Iterable[Outlet]) -> None:
        """Index the outlets. Raises TableError where two of them claim one domain."""
        self._outlets = tuple(outlets)
        # None marks a form that several outlets share: it names none of them.
        self._by_form: dict[str, Outlet | None] = {}
        self._by_key: dict[str, Outlet | None] = {}
        self._by_domain: dict[str, Outlet] = {}
        for outlet in self._outlets:
            for form in (outlet.name, *outlet.aliases):
                _share(self._by_form, form, outlet)
                _share(self._by_key, name_key(form), outlet)
            for domain in outlet.domains:
                holder = self._by_domain.setdefault(domain, outlet)
                if holder is not outlet:
                    raise TableError(
                        f"outlets.csv: {domain} belongs to both {holder.source_id} and "
                        f"{outlet.source_id}; leave it with one of them"
                    )

    def __iter__(self) -> Iterator[Outlet]:
        return iter(self._outlets)

    def __len__(self) -> int:
        return len(self._outlets)

    def named(self, text: str) -> Outlet | None:
        """The outlet that ``text`` as a whole names, or whose bare domain it is.

        Case, spaces, punctuation and compatibility forms do not count, unless they alone tell
        two outlets apart. None where nothing or more than one outlet bears the name.
        """
        name = text.strip()
        found = self._by_form.get(name) or self._by_key.get(name_key(name))
        if found is None and "." in name and not name.endswith(".") and " " not in name:
            return self.at(name)
        return found

    def at(self, host: str) -> Outlet | None:
        """The outlet at ``host`` or at its nearest parent domain; a port does not count."""
        labels = host.strip().casefold().partition(":")[0].rstrip(".").split(".")
        for start in range(len(labels) - 1):
            found = self._by_domain.get(".".join(labels[start:]))
            if found is not None:
                return found
        return None


def name_key(text: str) -> str:
    """Fold a name for comparison: NFKC, case folded, letters, marks and digits only."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in folded if unicodedata.category(c)[0] in "LMN")


@functools.cache
def load_outlets() -> Outlets:
    """Read ``data/outlets.csv``. Raises TableError for a row that cannot be used."""
    return Outlets(_outlet(place, row) for place, row in rows("outlets"))


def _outlet(place: str, row: dict[str, str]) -> Outlet:
    if row["role"] not in OUTLET_ROLES:
        raise TableError(
            f"{place}: unknown role {row['role']!r}; use one of {sorted(OUTLET_ROLES)}"
        )
    strong, weak = forms(row)
    return Outlet(
        source_id=slug(row["name"]),
        name=row["name"],
        aliases=tuple(form for form in (*strong, *weak) if form != row["name"]),
        domains=values(row["domains"]),
        country=row["country"] or None,
        role=row["role"],
        in_language=row["in_language"] or None,
        wikidata_id=row["wikidata_id"] or None,
    )


def _share(index: dict[str, Outlet | None], key: str, outlet: Outlet) -> None:
    index[key] = outlet if index.get(key, outlet) is outlet else None
