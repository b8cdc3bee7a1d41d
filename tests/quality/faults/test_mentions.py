"""Faults in mentions and in what articles name, and what looks like one and is none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from pipelines.quality.suites import suites_of
from tests.quality.named import Name, print_article
from tests.quality.narrowed import narrow
from tests.quality.seeding import DAY, Clean, Fault, Seeded, catch, stays_clean

NAMES = ("mentions", "entities")
OF_THE_DAY = (
    " JOIN article_versions AS v ON x.article_id = v.article_id AND x.version = v.version"
    f" WHERE v.fetch_date = DATE '{DAY}'"
)


def first(home: Seeded, key: str, table: str, condition: str = "TRUE") -> str:
    """Key of the day's first row of a table (``x``) that fits."""
    return home.column(
        f"SELECT x.{key} FROM {table} AS x{OF_THE_DAY} AND {condition} ORDER BY 1 LIMIT 1"
    )[0]


def changed(change: str, condition: str = "NOT x.in_headline") -> Callable[[Seeded], list[str]]:
    """One mention of the day is changed: its key is what the check must name."""

    def seed(home: Seeded) -> list[str]:
        key = first(home, "mention_id", "mentions", condition)
        home.write(f"UPDATE mentions SET {change} WHERE mention_id = ?", [key])
        return [key]

    return seed


def thing(change: str, condition: str = "TRUE") -> Callable[[Seeded], list[str]]:
    """The same for one thing that an article names."""

    def seed(home: Seeded) -> list[str]:
        key = first(home, "referent_id", "article_entities", condition)
        home.write(f"UPDATE article_entities SET {change} WHERE referent_id = ?", [key])
        return [key]

    return seed


def doubled(home: Seeded) -> list[str]:
    key = first(home, "mention_id", "mentions")
    home.write("INSERT INTO mentions SELECT * FROM mentions WHERE mention_id = ?", [key])
    return [key]


def thing_doubled(home: Seeded) -> list[str]:
    key = first(home, "referent_id", "article_entities")
    home.write(
        "INSERT INTO article_entities SELECT * FROM article_entities WHERE referent_id = ?", [key]
    )
    return [key]


def name_within_a_name(home: Seeded) -> list[str]:
    """The second half of a long name is there as a mention of its own."""
    key = first(home, "mention_id", "mentions", "length(x.exact) > 12 AND NOT x.in_headline")
    home.write(
        "INSERT INTO mentions SELECT * REPLACE ('within' AS mention_id,"
        " start_char + 6 AS start_char, substring(exact, 7) AS exact, NULL AS prefix)"
        " FROM mentions WHERE mention_id = ?",
        [key],
    )
    return ["within"]


def trailing_space(home: Seeded) -> list[str]:
    key = first(home, "mention_id", "mentions", "starts_with(x.suffix, ' ')")
    home.write(
        "UPDATE mentions SET end_char = end_char + 1, exact = exact || ' ',"
        " suffix = substring(suffix, 2) WHERE mention_id = ?",
        [key],
    )
    return [key]


def sentence_runs_back(home: Seeded) -> list[str]:
    """The last name of a text says that it stands in the first sentence."""
    (key,) = home.column(
        f"SELECT x.mention_id FROM mentions AS x{OF_THE_DAY} AND NOT x.in_headline"
        " ORDER BY x.sentence_no DESC, x.start_char DESC LIMIT 1"
    )
    home.write("UPDATE mentions SET sentence_no = 0 WHERE mention_id = ?", [key])
    return [key]


def never_read(home: Seeded) -> list[str]:
    key = first(home, "article_id", "article_versions")
    home.write("DELETE FROM ops.recognitions WHERE article_id = ?", [key])
    return [key]


def mention_lost(home: Seeded) -> list[str]:
    key = first(home, "mention_id", "mentions")
    (article,) = home.column("SELECT article_id FROM mentions WHERE mention_id = ?", [key])
    home.write("DELETE FROM mentions WHERE mention_id = ?", [key])
    return [article]


def hardly_any_linked(home: Seeded) -> list[str]:
    """All the day's names are places, and no catalogue was there to know them."""
    home.write(
        "UPDATE mentions SET mention_type = 'place', entity_id = NULL WHERE article_id IN"
        " (SELECT article_id FROM article_versions WHERE fetch_date = ?)",
        [DAY],
    )
    return ["place"]


def many_things(home: Seeded, number: int, columns: str) -> None:
    """As many things more in the day's first article, like its first one but for ``columns``."""
    key = first(home, "referent_id", "article_entities", "x.entity_id IS NOT NULL")
    home.write(
        f"INSERT INTO article_entities SELECT a.* REPLACE ({columns})"
        f" FROM article_entities AS a, generate_series(1, {number}) AS n(n) WHERE referent_id = ?",
        [key],
    )


def surnames_alone(home: Seeded) -> list[str]:
    many_things(
        home,
        250,
        "'lone' || n AS referent_id, 'person' AS entity_type, 'lone_name' AS reason,"
        " NULL AS entity_id, NULL AS base_id",
    )
    return ["person"]


def one_entity_everywhere(home: Seeded) -> list[str]:
    """The resolver takes all names for one thing."""
    (entity,) = home.column(
        "SELECT entity_id FROM entities WHERE entity_type = 'place' ORDER BY 1 LIMIT 1"
    )
    many_things(home, 2000, f"'all' || n AS referent_id, '{entity}' AS entity_id")
    return [entity]


def column_gone(table: str, column: str) -> Callable[[Seeded], list[str]]:
    """A column of a table is dropped: no row is at fault."""

    def seed(home: Seeded) -> list[str]:
        home.write(f"ALTER TABLE {table} DROP COLUMN {column}")
        return []

    return seed


WITH_ROLE = "x.role_text IS NOT NULL AND x.role_office IS NOT NULL AND NOT x.in_headline"
MERGED = "SET office = 'foreign_minister', country = 'KE', since = '2001', until = NULL"


def other_office(home: Seeded) -> list[str]:
    """The catalogue says that somebody printed as president is that country's foreign minister."""
    condition = (
        "x.role_office = 'president' AND x.entity_id IN (SELECT entity_id FROM entity_offices)"
    )
    key = first(home, "mention_id", "mentions", condition)
    (entity,) = home.column("SELECT entity_id FROM mentions WHERE mention_id = ?", [key])
    home.write(f"UPDATE entity_offices {MERGED} WHERE entity_id = ?", [entity])
    home.write("UPDATE mentions SET role_country = 'KE' WHERE mention_id = ?", [key])
    home.write(
        "UPDATE mentions SET role_office = NULL WHERE entity_id = ? AND mention_id <> ?",
        [entity, key],
    )
    return [key]


C, W = "critical", "warning"
FAULTS = [
    Fault("a shifted offset", "mentions", "spans_exact", C,
          changed("start_char = start_char + 1, end_char = end_char + 1")),
    Fault("another text than is printed", "mentions", "spans_exact", C,
          changed("exact = upper(exact) || '?'")),
    Fault("an end before its start", "mentions", "span_lies_in_its_text", C,
          changed("end_char = start_char - 1")),
    Fault("an empty span", "mentions", "span_lies_in_its_text", C,
          changed("end_char = start_char, exact = ''")),
    Fault("a span beyond the end of the text", "mentions", "span_lies_in_its_text", C,
          changed("start_char = start_char + 1000000, end_char = end_char + 1000000")),
    Fault("a span of the headline that is longer than it", "mentions", "span_lies_in_its_text", C,
          changed("end_char = end_char + 1000", "x.in_headline")),
    Fault("other words before the name", "mentions", "context_as_printed", W,
          changed("prefix = 'quite other words '", "x.start_char > 40"), "flagged"),
    Fault("a space at the end of a name", "mentions", "span_is_a_name", W,
          trailing_space, "flagged"),
    Fault("a name inside another one", "mentions", "mentions_do_not_overlap", W,
          name_within_a_name, "flagged"),
    Fault("a sentence before the first", "mentions", "sentences_in_order", W,
          changed("sentence_no = -1"), "flagged"),
    Fault("a sentence number that runs back", "mentions", "sentences_in_order", W,
          sentence_runs_back, "flagged"),
    Fault("a mention twice", "mentions", "mention_id_unique", C, doubled),
    Fault("a mention of no article version", "mentions", "mention_has_a_version", C,
          changed("version = 99")),
    Fault("an entity that is not there", "mentions", "mention_references_hold", C,
          changed("entity_id = 'local:nothing'")),
    Fault("a mention of another type than its entity", "mentions", "mention_references_hold", C,
          changed("mention_type = 'event'", "x.mention_type = 'place' AND x.entity_id IS NOT NULL")),
    Fault("a type that nobody knows", "mentions", "mention_type_known", C,
          changed("mention_type = 'vehicle'")),
    Fault("a confidence of 1.7", "mentions", "confidence_in_range", W,
          changed("confidence = 1.7"), "flagged"),
    Fault("no confidence", "mentions", "confidence_stated", W,
          changed("confidence = NULL"), "flagged"),
    Fault("hardly any name is linked", "mentions", "most_are_linked", W, hardly_any_linked, None),
    Fault("a thing that is missing", "mentions", "referent_holds", C,
          changed("referent_id = 'gone'")),
    Fault("a mention and its thing that differ", "mentions", "referent_holds", C,
          changed("entity_id = NULL", "x.entity_id IS NOT NULL")),
    Fault("a mention that an older recognizer left", "mentions", "one_recognizer_a_version", W,
          changed("recognizer_version = '0'"), "flagged"),
    Fault("a role that is printed nowhere", "mentions", "role_is_printed", C,
          changed("role_text = 'Keeper of the Nine Lamps'", WITH_ROLE)),
    Fault("a role beside a place", "mentions", "role_is_a_persons", W,
          changed("role_text = exact, role_is_former = FALSE", "x.mention_type = 'place'"), "flagged"),
    Fault("an office without a role", "mentions", "role_parts_have_a_role", W,
          changed("role_text = NULL", WITH_ROLE), "flagged"),
    Fault("an office that no list has", "mentions", "role_office_known", W,
          changed("role_office = 'lord_of_tides'", WITH_ROLE), "flagged"),
    Fault("an office that the catalogue contradicts", "mentions", "role_agrees_with_catalogue", W,
          other_office, "flagged"),
    Fault("a column of mentions gone", "mentions", "mentions_schema", C,
          column_gone("mentions", "recognizer"), None),
    Fault("a version that was never read", "mentions", "every_version_was_read", C, never_read),
    Fault("a mention lost since it was found", "mentions", "mentions_as_many_as_found", C,
          mention_lost),
    Fault("a thing twice in an article", "mentions", "referent_unique", C, thing_doubled),
    Fault("a thing of no article version", "mentions", "referent_has_a_version", C,
          thing("version = 99")),
    Fault("a thing whose entity is not there", "mentions", "referent_references_hold", C,
          thing("entity_id = 'local:nothing'")),
    Fault("a thing of an unknown type", "mentions", "referent_type_known", C,
          thing("entity_type = 'vehicle'")),
    Fault("a reason that nobody knows", "mentions", "referent_reason_known", C,
          thing("reason = 'guess'")),
    Fault("a known thing without an entity", "mentions", "closed_referents_have_an_entity", C,
          thing("entity_id = NULL", "x.reason = 'name'")),
    Fault("candidates of a thing that is known", "mentions", "only_open_referents_have_candidates",
          W, thing("candidates = ['Q1']", "x.reason = 'name'"), "flagged"),
    Fault("a thing that counts one mention too many", "mentions", "referent_counts_its_mentions",
          C, thing("mention_count = mention_count + 1")),
    Fault("a thing without a name", "mentions", "referent_is_named", W,
          thing("name = ' '"), "flagged"),
    Fault("a thing that an older recognizer left", "mentions", "one_recognizer_a_referent", W,
          thing("recognizer_version = '0'"), "flagged"),
    Fault("surnames alone", "mentions", "few_lone_names", W, surnames_alone, None),
    Fault("one entity for everything", "mentions", "no_entity_is_everywhere", W,
          one_entity_everywhere, None),
]  # fmt: skip


def printing(key: str, body: str, *names: Name, headline: str = "") -> Callable[[Seeded], str]:
    return lambda home: print_article(home, key, body, names, headline)


def merged_by_a_person(home: Seeded) -> None:
    """Two articles write a name in two ways; a person said that they are one, and it was done."""
    print_article(home, "sailor", "Odalys Brennick sailed at dawn.", [Name("Odalys Brennick")])
    kept = Name("Odalys Brennick").entity_id
    other = Name("O. Brennick", entity=kept)
    print_article(home, "crew", "Of the crew only O. Brennick spoke.", [other])
    home.write(
        "INSERT INTO entity_names VALUES (?, 'O. Brennick', 'alias', NULL, 'mention')", [kept]
    )
    home.write(
        "INSERT INTO entity_redirects VALUES ('local:gone', ?, 'judgement', now(), 'written')",
        [kept],
    )
    judge(home, kept, "local:gone", "positive")


def judge(home: Seeded, left: str, right: str, judgement: str) -> None:
    home.write(
        "INSERT INTO entity_judgements (judgement_id, left_id, right_id, judgement, created_at)"
        " VALUES ($1 || $2, $1, $2, $3, now())",
        [left, right, judgement],
    )


def taken_for_two_types(home: Seeded) -> None:
    """One article takes a new name for a person and prints a role, all others for a company."""
    print_article(home, "company", "Brightwater Keel grew. Brightwater Keel hired.",
                  [Name("Brightwater Keel", "organization")])  # fmt: skip
    key = Name("Brightwater Keel", "organization").entity_id
    name = Name("Brightwater Keel", entity=key, role="skipper")
    article = print_article(home, "skipper", "The skipper Brightwater Keel slept.", [name])
    home.write("UPDATE mentions SET mention_type = 'organization' WHERE article_id = ?", [article])


def one_surname_of_two(home: Seeded) -> None:
    """A surname that two people of the article bear, neither of whom any catalogue knows."""
    names = [Name("Ada Quill"), Name("Tom Quill"),
             Name("Quill said", entity=None, reason="ambiguous")]  # fmt: skip
    print_article(home, "quills", "Ada Quill met Tom Quill. Then Quill said no.", names)
    home.write(
        "UPDATE mentions SET exact = 'Quill', end_char = end_char - 5, suffix = ' said'"
        " WHERE exact = 'Quill said'"
    )
    home.write("UPDATE article_entities SET name = 'Quill' WHERE name = 'Quill said'")


def two_people_of_one_name(home: Seeded) -> None:
    for key, trade in (("baker", "bakes"), ("pilot", "flies")):
        name = Name("Ivo Hartsen", entity=f"local:{key}")
        print_article(home, key, f"Ivo Hartsen {trade} in the north.", [name])
    judge(home, "local:baker", "local:pilot", "negative")


LIVE_BLOG = " ".join(f"At {n % 24:02}:00 Orla Venn spoke again." for n in range(500))
MATCH = " ".join(f"Pass by Back{n}." for n in range(60))
BACKS = [Name(f"Back{n}.", entity=None, reason="lone_name") for n in range(60)]
DAYS = [
    Clean("the samples as they are", lambda home: None, NAMES),
    Clean("a day without articles", lambda home: None, NAMES, date(2026, 5, 5)),
    Clean("a name 500 times in a live blog", printing("blog", LIVE_BLOG, Name("Orla Venn")),
          ("mentions",)),
    Clean("a match report of bare surnames", printing("match", MATCH, *BACKS), ("mentions",)),
]  # fmt: skip
"""What is unusual about a day as a whole."""
TEXTS = [
    Clean("an article without any name", printing("none", "The tide came and went.")),
    Clean("a person with one name", printing("lone", "Then Xanthopo sang.", Name("Xanthopo"))),
    Clean("a name at the very start and one at the very end",
          printing("ends", "Tal Overby met Ivo Hart", Name("Tal Overby"), Name("Ivo Hart"))),
    Clean("emoji and combining marks before a name",
          printing("marks", "🚢🏴\U000e0067\U000e0062\U000e007f a\u0323\u0307 👩‍👧 Pia Loft came.",
                   Name("Pia Loft"))),
    Clean("names in Cyrillic, Han, Arabic and Devanagari",
          printing("scripts", "Ольга Верная, 歐陽 靜 و ليلى حداد और मीरा जोशी थीं.",
                   Name("Ольга Верная"), Name("歐陽"), Name("ليلى حداد"), Name("मीरा जोशी"))),
    Clean("names side by side without a space",
          printing("joined", "李静王伟来了", Name("李静"), Name("王伟"))),
    Clean("the same place in headline and body",
          printing("headline", "Jo Marsh left.", Name("Jo Marsh", in_headline=True),
                   Name("Jo Marsh"), headline="Jo Marsh is gone")),
    Clean("a role of words that no list has",
          printing("role", "The interim Tidewarden Una Pell agreed.",
                   Name("Una Pell", role="interim Tidewarden"))),
    Clean("a name that articles take for different types", taken_for_two_types),
    Clean("a surname that two people of the article bear", one_surname_of_two),
    Clean("two people of one name, kept apart", two_people_of_one_name),
    Clean("two names that a person merged", merged_by_a_person),
    Clean("an event called by its date, a firm by a number, a site by its domain",
          printing("odd", "After 9/11 the firms 1&1 and Boatshed.example grew.",
                   Name("9/11", "event"), Name("1&1", "organization"),
                   Name("Boatshed.example", "organization"))),
]  # fmt: skip
"""What is unusual in single texts: all of it on one day."""


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_is_caught_by_its_check(sample_home, tmp_path, monkeypatch, fault):
    narrow(monkeypatch, fault.check)
    catch(Seeded(sample_home, tmp_path), fault)


@pytest.mark.parametrize("variant", DAYS, ids=lambda variant: variant.name)
def test_an_unusual_day_raises_no_alarm(sample_home, tmp_path, variant):
    stays_clean(Seeded(sample_home, tmp_path), variant)


def test_unusual_texts_raise_no_alarm(sample_home, tmp_path):
    def seed(home: Seeded) -> None:
        for variant in TEXTS:
            variant.seed(home)

    stays_clean(Seeded(sample_home, tmp_path), Clean("all of them", seed, NAMES))


def test_each_row_rule_of_names_in_articles_has_a_fault():
    tables = ("mentions", "article_entities", "article_versions")
    declared = {
        check.name
        for suite in suites_of("mentions")
        for check in suite.checks
        if suite.table in tables and suite.name != "source_names"
    }
    assert declared - {fault.check for fault in FAULTS} == {"article_entities_schema"}
