"""Faults in articles: pages that are none, and articles that are not what their page says."""

from __future__ import annotations

from datetime import date

import pytest

from tests.quality.faults import written_pages as written
from tests.quality.faults.alone import catch_alone
from tests.quality.seeding import DAY, Clean, Fault, Seeded, stays_clean


def held(page: bytes):
    """A seed: a page arrives that is no article."""

    def seed(home: Seeded) -> list[str]:
        home.arrive([("https://quay.example/odd", page)], until="promoted")
        return home.column("SELECT fetch_id FROM raw.fetches WHERE source_id = 'arrivals'")

    return seed


def staged(change: str):
    """A seed: a sound page arrives, and extraction gives something else than it says."""

    def seed(home: Seeded) -> list[str]:
        from pipelines.quality.validate import validate_staged
        from pipelines.warehouse.connection import writing

        home.arrive([("https://quay.example/sound", written.harbour_story(1))], until="staged")
        home.write(f"UPDATE staging.{change}")
        keys = home.column("SELECT fetch_id FROM staging.articles")
        with writing(home.settings) as connection:
            validate_staged(connection, day=DAY, run_id="arrival")
        return keys

    return seed


def one(home: Seeded, where: str = "date_published IS NOT NULL") -> str:
    """The first article of the day that a condition holds for."""
    return home.column(
        f"SELECT article_id FROM article_versions WHERE fetch_date = ? AND {where}"
        " AND version = 1 AND valid_to IS NULL ORDER BY 1 LIMIT 1",
        [DAY],
    )[0]


def changed(assignment: str, *parameters: str):
    """A seed that changes one article of the day."""

    def seed(home: Seeded) -> list[str]:
        key = one(home)
        home.write(
            f"UPDATE article_versions SET {assignment} WHERE article_id = ?", [*parameters, key]
        )
        return [key]

    return seed


def body(text: str):
    """A seed that puts ``text`` behind the body of one article of the day."""
    return changed("article_body = article_body || chr(10) || chr(10) || ?", text)


def copies(number: int, changes: str, *, source: str | None = None, day: date = DAY):
    """A seed: as many more articles like one of the day, ``n`` their number, with changes."""

    def seed(home: Seeded) -> list[str]:
        home.write(
            f"""
            INSERT INTO article_versions
            SELECT v.* REPLACE ('copy-' || n AS article_id, {changes})
            FROM (FROM article_versions WHERE article_id = ?) AS v, range({number}) AS r(n)
            """,
            [one(home)],
        )
        return [source or day.isoformat()]

    return seed


def a_version_twice(home: Seeded) -> list[str]:
    key = one(home)
    home.write("INSERT INTO article_versions SELECT * FROM article_versions WHERE article_id = ?",
               [key])  # fmt: skip
    return [key]


def site_name(home: Seeded) -> list[str]:
    """The headline is the source's name, spelt in another way."""
    key = one(home)
    home.write(
        "UPDATE article_versions SET headline = upper(replace(split_part(source_id, '.', 1), '-',"
        " ' — ')) WHERE article_id = ?",
        [key],
    )
    return [key]


def stated_name(home: Seeded) -> list[str]:
    """The headline of one page is the name that all pages of the site state."""
    head = "<meta property='og:site_name' content='Réveil des Îles'>"
    pages = [written.html_page(f"Notice {n}", *written.HARBOUR, head=head) for n in range(3)]
    home.arrive(
        [(f"https://quay.example/{n}", page) for n, page in enumerate(pages)], until="promoted"
    )
    home.write(
        "UPDATE article_versions SET headline = 'REVEIL DES ILES!' WHERE headline = 'Notice 1'"
    )
    return home.column("SELECT article_id FROM article_versions WHERE headline LIKE 'REVEIL%'")


def one_headline(home: Seeded) -> list[str]:
    home.arrive(
        [
            (f"https://quay.example/{n}", written.harbour_story(n, "News of the islands"))
            for n in range(6)
        ],
        until="promoted",
    )
    return ["quay.example"]


def one_text(home: Seeded) -> list[str]:
    """Five addresses of a site answer with the same text: a notice in no language that we list."""
    home.arrive(
        [
            (f"https://quay.example/{n}", written.html_page(f"Part {n}", *written.HARBOUR))
            for n in range(5)
        ],
        until="promoted",
    )
    return home.column("SELECT article_id FROM article_versions WHERE source_id = 'quay.example'")


def fed(home: Seeded, key: str, apart: str) -> None:
    """A feed led to an article's page, and dated it so far from what the page says."""
    home.write(
        "INSERT INTO raw.feed_entries BY NAME SELECT 'entry' AS entry_id, 'feed' AS feed_id,"
        f" source_id, 'page' AS page_id, url, date_published {apart} AS date_published,"
        " now() AS first_seen_at FROM article_versions WHERE article_id = ?",
        [key],
    )
    home.write(
        "UPDATE raw.fetches SET entry_id = 'entry' WHERE fetch_id ="
        " (SELECT fetch_id FROM article_versions WHERE article_id = ?)",
        [key],
    )


def later_than_feed(home: Seeded) -> list[str]:
    key = one(home)
    fed(home, key, "- INTERVAL 30 DAY")
    return [key]


def apart_from_feeds(home: Seeded) -> list[str]:
    """Twelve pages say that they are a year older than their feed says."""
    fed(home, one(home), "+ INTERVAL 365 DAY")
    return copies(11, "'far' AS source_id", source="far")(home)


def taken_for_composed(home: Seeded) -> list[str]:
    """An accent that stands apart from its letter, as some systems store it."""
    return changed("headline = 'Re' || chr(769) || 'veil'")(home)


FLAGGED = {"severity": "warning", "effect": "flagged"}
MISREAD = "La pÃªche est fermÃ©e jusquâ€™en avril, dit le prÃ©fet. LÃ\xa0-bas rien ne bouge."
CYRILLIC = "Ð¡ÑƒÐ´Ð½Ð¾ Ð¿Ñ€Ð¸Ð±Ñ‹Ð»Ð¾ Ð² Ð¿Ð¾Ñ€Ñ‚"
SCRIPT = (
    "window.dataLayer = window.dataLayer || []; function gtag() { dataLayer.push(arguments); }"
    " var slot = 12; document.write(slot);"
)
FAULTS = [
    Fault("a body that is a cookie notice", "extracted_articles", "body_no_notice", "warning",
          held(written.CONSENT), effect="held"),
    Fault("the same in German", "extracted_articles", "body_no_notice", "warning",
          held(written.CONSENT_GERMAN), effect="held"),
    Fault("a page that is not found", "extracted_articles", "body_no_error_page", "warning",
          held(written.NOT_FOUND), effect="held"),
    Fault("a page that wants JavaScript", "extracted_articles", "body_no_error_page", "warning",
          held(written.NO_SCRIPT), effect="held"),
    Fault("a list of headlines", "extracted_articles", "body_is_prose", "warning",
          staged("article_blocks SET block_text = left(block_text, 40) WHERE is_body"),
          effect="held"),
    Fault("a text that was not decoded", "extracted_articles", "text_decoded", "warning",
          held(written.UNDECODED), effect="held"),
    Fault("a date in 2099, as read", "extracted_articles", "published_before_capture", "warning",
          staged("articles SET date_published = TIMESTAMPTZ '2099-01-01 00:00:00+00'"), effect="held"),
    Fault("a worker that was lost", "extracted_articles", "extraction_succeeded", "warning",
          staged("articles SET extraction_error = 'TimeoutError: 60 s', article_id = NULL"), effect="held"),
    Fault("a version twice", "articles", "article_version_unique", "critical", a_version_twice),
    Fault("a version that is missing", "articles", "version_chain_whole", "critical",
          changed("version = 2")),
    Fault("a reference to no source", "articles", "article_references_hold", "critical",
          changed("source_id = 'nobody'")),
    Fault("an unknown kind of change", "articles", "change_kind_known", "critical",
          changed("change_kind = 'whim'")),
    Fault("an unknown source of a date", "articles", "date_source_known", "critical",
          changed("date_published_source = 'guess'")),
    Fault("a date without its precision", "articles", "date_has_evidence", "critical",
          changed("date_published_precision = NULL")),
    Fault("a date in 2099", "articles", "dates_not_in_future",
          seed=changed("date_published = TIMESTAMPTZ '2099-01-01 00:00:00+00'"), **FLAGGED),
    Fault("the epoch as a date", "articles", "date_is_stated_not_default",
          seed=changed("date_published = TIMESTAMPTZ '1970-01-01 00:00:00+00'"), **FLAGGED),
    Fault("changed long before it was published", "articles", "modified_after_published",
          seed=changed("date_modified = date_published - INTERVAL 90 DAY"), **FLAGGED),
    Fault("a month later than its feed", "articles", "date_not_after_feed",
          seed=later_than_feed, **FLAGGED),
    Fault("a source that is a year off its feed", "articles", "dates_agree_with_feeds", "warning",
          apart_from_feeds, effect=None),
    Fault("a source that prints no dates any more", "articles", "most_are_dated", "warning",
          copies(40, "NULL AS date_published, NULL AS date_published_precision,"
                     " NULL AS date_published_source"), effect=None),
    Fault("languages that cannot be told", "articles", "language_known", "warning",
          copies(20, "NULL AS in_language"), effect=None),
    Fault("a language by its name", "articles", "language_code_valid",
          seed=changed("in_language = 'English'"), **FLAGGED),
    Fault("no headline", "articles", "headline_present", seed=changed("headline = ' '"), **FLAGGED),
    Fault("the site's name as headline", "articles", "headline_not_site_name",
          seed=site_name, **FLAGGED),
    Fault("the name that the site gives itself", "articles", "headline_not_site_name",
          seed=stated_name, **FLAGGED),
    Fault("one headline over every page", "articles", "headlines_differ", "warning", one_headline,
          effect=None),
    Fault("one text under every address", "articles", "body_not_repeated",
          seed=one_text, **FLAGGED),
    Fault("UTF-8 read as Latin-1", "articles", "text_decoded_rightly",
          seed=body(MISREAD), **FLAGGED),
    Fault("Cyrillic read as Windows-1252", "articles", "text_decoded_rightly",
          seed=body(CYRILLIC), **FLAGGED),
    Fault("UTF-8 read as Windows-1251", "articles", "text_decoded_rightly",
          seed=changed("headline = ?", "РџРѕСЂС‚ РѕС‚РєСЂС‹С‚"), **FLAGGED),
    Fault("a broken letter in the headline", "articles", "text_decoded_rightly",
          seed=changed("headline = ?", "Troms\ufffd keeps watch"), **FLAGGED),
    Fault("markup in a body", "articles", "body_without_markup",
          seed=body("<p>Pilots <b>agree</b>.</p><p>More <a href='/x'>here</a>.</p>"), **FLAGGED),
    Fault("references in a headline", "articles", "text_without_references",
          seed=changed("headline = ?", "Pilots &amp; crews agree&#8217;s"), **FLAGGED),
    Fault("a script in a body", "articles", "body_without_code", seed=body(SCRIPT), **FLAGGED),
    Fault("data in a body", "articles", "body_without_code",
          seed=body('{"@context": "https://schema.org", "@type": "WebPage", "@graph": []}'
                    " {{ article.title }} [caption id='a_1' width='300']"), **FLAGGED),
    Fault("control characters", "articles", "text_without_controls",
          seed=changed("headline = 'Port' || chr(7) || ' of call'"), **FLAGGED),
    Fault("text that is not composed", "articles", "text_without_controls",
          seed=taken_for_composed, **FLAGGED),
    Fault("a count of other words", "articles", "word_count_agrees",
          seed=changed("word_count = word_count + 100"), **FLAGGED),
    Fault("a body that is not the one that was read", "articles", "body_hash_agrees", "critical",
          body("One more paragraph.")),
    Fault("an empty body", "articles", "body_not_empty",
          seed=changed("article_body = '', word_count = 0"), **FLAGGED),
    Fault("an address as author", "articles", "authors_are_names",
          seed=changed("authors = ['Ailsa Mouat', 'https://quay.example/team/7']"), **FLAGGED),
]  # fmt: skip


CLEAN = [
    Clean("a piece finished a week before it came out", changed(
        "date_modified = date_published - INTERVAL 7 DAY"), ("articles",)),
    Clean("a signature in the composed form", changed("byline = ?", "Málfríður Ásgeirsdóttir"),
          ("articles",)),
]  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_is_caught_by_its_check(sample_home, tmp_path, monkeypatch, fault):
    catch_alone(Seeded(sample_home, tmp_path), fault, monkeypatch)


@pytest.mark.parametrize("variant", CLEAN, ids=lambda variant: variant.name)
def test_what_is_unusual_but_right_raises_no_alarm(sample_home, tmp_path, variant):
    stays_clean(Seeded(sample_home, tmp_path), variant)
