"""Release, drop, retry and their undoing: what the next run makes of them, and the books balance."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.clean import stage
from pipelines.quality import results, suites, validate
from pipelines.quality.decisions import decisions
from tests.factories import DAY, page
from tests.quality.desk import BOTH, GARBLED, SHORT, Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


class TestRelease:
    def test_a_released_capture_becomes_an_article_in_the_next_run(self, desk: Desk) -> None:
        desk.capture("flash", SHORT)
        desk.run()
        assert desk.quarantine() == [("flash", "body_present", None)]
        assert desk.due() == []
        desk.decide("release", "flash", "body_present")
        assert desk.due() == [("flash", "decided")]
        assert desk.pending_days() == [DAY]
        assert desk.run() == 1
        assert desk.articles() == ["flash"]
        assert desk.quarantine() == [("flash", "body_present", "released")]
        assert desk.fates() == {"flash": "kept"}
        assert desk.run() == 0, "once"

    def test_the_rule_still_holds_others_and_other_rules_still_hold_it(self, desk: Desk) -> None:
        desk.capture("one", BOTH)
        desk.capture("other", SHORT)
        desk.run()
        desk.decide("release", "one", "body_present")
        assert desk.run() == 1
        assert desk.articles() == []
        assert set(desk.quarantine()) == {
            ("one", "body_present", "released"),
            ("one", "text_decoded", None),
            ("other", "body_present", None),
        }
        assert desk.run() == 0, "what stays held is not read again and again"
        desk.decide("release", "one", "text_decoded")
        desk.run()
        assert desk.articles() == ["one"]

    def test_it_holds_for_later_extractor_versions(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        desk.capture("flash", SHORT)
        desk.run()
        desk.decide("release", "flash", "body_present")
        desk.run()
        monkeypatch.setattr(stage, "EXTRACTOR_VERSION", "next")
        assert desk.run() == 1
        assert desk.articles() == ["flash"]
        assert [row[2] for row in desk.quarantine()] == ["released"]

    def test_taken_back_before_the_run_it_is_as_if_never_made(self, desk: Desk) -> None:
        desk.capture("flash", SHORT)
        desk.run()
        desk.decide("release", "flash", "body_present")
        desk.undo("release", "flash")
        desk.run()
        assert desk.quarantine() == [("flash", "body_present", None)]
        assert desk.fates()["flash"].startswith("quarantined body_present")

    def test_taken_back_later_the_article_is_held_again(self, desk: Desk) -> None:
        desk.capture("flash", SHORT)
        desk.capture("good", page())
        desk.run()
        desk.decide("release", "flash", "body_present")
        desk.run()
        assert desk.articles() == ["flash", "good"]
        desk.undo("release", "flash")
        desk.run()
        assert desk.articles() == ["good"]
        assert desk.rows("SELECT DISTINCT fetch_id FROM article_versions") == [("good",)]
        blocks = "SELECT count(DISTINCT article_id) FROM article_blocks"
        assert desk.rows(blocks) == [(1,)]
        assert [row[2] for row in desk.quarantine()] == ["released", None]
        assert desk.run() == 0

    def test_a_version_between_others_is_taken_out_of_the_chain(self, desk: Desk) -> None:
        place = {"target_uri": "https://quay.example/story"}
        for hour, (name, payload) in enumerate(
            [("a", page("First")), ("b", SHORT), ("c", page("Third"))], 9
        ):
            desk.capture(name, payload, at=page_time(hour), **place)
        desk.run()
        desk.decide("release", "b", "body_present")
        desk.run()
        chain = "SELECT version, fetch_id, hour(valid_from), hour(valid_to) FROM article_versions"
        assert desk.rows(f"{chain} ORDER BY 1") == [
            (1, "a", 9, 10),
            (2, "b", 10, 11),
            (3, "c", 11, None),
        ]
        desk.undo("release", "b")
        desk.run()
        assert desk.rows(f"{chain} ORDER BY 1") == [(1, "a", 9, 11), (2, "c", 11, None)]


def page_time(hour: int):
    from tests.factories import NOON

    return NOON.replace(hour=hour)


class TestDrop:
    def test_a_dropped_capture_is_a_recorded_skip_for_every_version(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        desk.capture("menu", SHORT)
        desk.run()
        desk.decide("drop", "menu", note="a menu, no article")
        assert desk.pending_days() == [DAY]
        assert desk.run() == 0, "it is not read"
        assert desk.fates() == {"menu": "skipped dropped: a menu, no article"}
        assert desk.quarantine() == [("menu", "body_present", "dropped")]
        assert desk.pending_days() == []
        monkeypatch.setattr(stage, "EXTRACTOR_VERSION", "next")
        assert desk.pending_days("next") == []
        assert desk.run() == 0
        assert desk.fates() == {"menu": "skipped dropped: a menu, no article"}

    def test_before_anything_was_derived_as_in_a_rebuild(self, desk: Desk) -> None:
        desk.capture("menu", SHORT)
        desk.decide("drop", "menu", note="a menu")
        assert desk.run() == 0
        assert desk.fates() == {"menu": "skipped dropped: a menu"}
        assert desk.quarantine() == []

    def test_an_input_that_could_not_be_read_is_held_no_more(self, desk: Desk) -> None:
        desk.capture(
            "cut", b"x", outcome="rejected", outcome_reason="unreadable", archive_path=None
        )
        desk.run()
        assert desk.quarantine() == [("cut", "payload_readable", None)]
        desk.decide("drop", "cut", "payload_readable", note="sent again since")
        desk.run()
        assert desk.quarantine() == [("cut", "payload_readable", "dropped")]
        assert desk.fates() == {"cut": "skipped dropped: sent again since"}
        desk.undo("drop", "cut")
        assert desk.pending_days() == [DAY]
        desk.run()
        assert [row[2] for row in desk.quarantine()] == ["dropped", None]
        assert desk.fates()["cut"].startswith("quarantined payload_readable")

    def test_taken_back_the_rules_judge_it_again(self, desk: Desk) -> None:
        desk.capture("menu", SHORT)
        desk.run()
        desk.decide("drop", "menu")
        desk.run()
        desk.undo("drop", "menu")
        assert desk.pending_days() == [DAY]
        assert desk.run() == 1
        assert [row[2] for row in desk.quarantine()] == ["dropped", None]
        assert desk.run() == 0
        assert desk.pending_days() == []

    def test_what_an_earlier_version_made_an_article_of_it_goes(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        desk.capture("page", page())
        desk.run()
        desk.decide("drop", "page", note="a test page")
        desk.run()
        assert desk.articles() == []
        assert desk.fates() == {"page": "skipped dropped: a test page"}
        desk.undo("drop", "page")
        desk.run()
        assert desk.articles() == ["page"]


class TestRetry:
    def test_what_failed_once_is_read_again_when_asked(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        desk.capture("slow", page())
        with monkeypatch.context() as patched:
            patched.setattr(stage, "extract_capture", too_slow)
            desk.run()
            assert desk.quarantine() == [("slow", "extraction_succeeded", None)]
            assert desk.run() == 0
            desk.decide("retry", "slow", note=None)
            assert desk.run() == 1, "read, in vain"
            assert desk.quarantine() == [("slow", "extraction_succeeded", None)], "held once"
            assert desk.run() == 0, "one decision, one reading"
        desk.decide("retry", "slow", note=None)
        assert desk.run() == 1
        assert desk.articles() == ["slow"]
        assert desk.quarantine() == [("slow", "extraction_succeeded", "passed")]

    def test_taken_back_nothing_is_read(self, desk: Desk) -> None:
        desk.capture("menu", SHORT)
        desk.run()
        desk.decide("retry", "menu", note=None)
        desk.undo("retry", "menu")
        assert desk.run() == 0

    def test_an_article_that_is_read_again_with_the_same_result_stays(self, desk: Desk) -> None:
        desk.capture("page", page())
        desk.run()
        before = desk.rows("SELECT * EXCLUDE (run_id) FROM article_versions")
        desk.decide("retry", "page", note=None)
        assert desk.run() == 1
        assert desk.rows("SELECT * EXCLUDE (run_id) FROM article_versions") == before
        assert desk.fates() == {"page": "kept"}


def too_slow(archive: object, row: object) -> None:
    raise TimeoutError("more than 30 s")


class TestRulesThatChange:
    @pytest.fixture
    def changed(self, monkeypatch: pytest.MonkeyPatch):
        """Replaces, or takes away (None), a check of expectations/."""

        def change(name: str, query: str | None) -> None:
            found = tuple(
                replace(
                    suite,
                    checks=tuple(
                        replace(check, kwargs={suites.QUERY: query})
                        if check.name == name
                        else check
                        for check in suite.checks
                        if check.name != name or query is not None
                    ),
                )
                for suite in suites.load_suites()
            )
            monkeypatch.setattr(results, "load_suites", lambda: found)
            of = {
                asset: tuple(s for s in found if s.asset == asset)
                for asset in {s.asset for s in found}
            }
            monkeypatch.setattr(validate, "suites_of", of.get)

        return change

    def test_a_laxer_rule_lets_go_what_it_held(self, desk: Desk, changed) -> None:
        desk.capture("flash", SHORT)
        desk.capture("garbled", GARBLED)
        desk.run()
        changed("body_present", "SELECT fetch_id FROM {batch} WHERE coalesce(word_count, 0) < 1")
        assert desk.run() == 1, "only what that rule held is read again"
        assert desk.articles() == ["flash"]
        assert ("flash", "body_present", "passed") in desk.quarantine()
        assert desk.run() == 0

    def test_a_rule_that_changed_and_still_holds_reads_once(self, desk: Desk, changed) -> None:
        desk.capture("flash", SHORT)
        desk.run()
        changed("body_present", "SELECT fetch_id FROM {batch} WHERE coalesce(word_count, 0) < 20")
        assert desk.run() == 1
        assert desk.run() == 0
        assert desk.quarantine() == [("flash", "body_present", None)]

    def test_what_a_rule_held_that_is_gone_becomes_an_article(self, desk: Desk, changed) -> None:
        desk.capture("flash", SHORT)
        desk.capture("both", BOTH)
        desk.run()
        changed("body_present", None)
        desk.run()
        assert desk.articles() == ["flash"]
        assert set(desk.quarantine()) == {
            ("flash", "body_present", "retired"),
            ("both", "body_present", "retired"),
            ("both", "text_decoded", None),
        }


def test_a_decision_is_written_once_and_says_who_and_why(desk: Desk) -> None:
    desk.capture("flash", SHORT)
    desk.run()
    (made,) = desk.decide("release", "flash", "body_present", note="a flash")
    assert desk.decide("release", "flash", "body_present") == []
    (row,) = decisions(desk.connection, ["flash"])
    assert row == made
    assert (row.note, row.decided_by, row.withdrawn_at) == ("a flash", "ada", None)
    assert desk.undo("release", "flash") == [row]
    assert desk.undo("release", "flash") == []
    assert decisions(desk.connection, ["flash"])[0].withdrawn_at is not None
