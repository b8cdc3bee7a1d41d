"""Faults in mentions, and what looks like one and is none."""

from __future__ import annotations

import pytest

from tests.quality.seeding import DAY, Clean, Fault, Seeded, catch, stays_clean


def shifted(home: Seeded) -> list[str]:
    """An offset that is one too large, as a wrong normalisation of the text would give."""
    (key,) = home.column(
        "SELECT m.mention_id FROM mentions AS m JOIN article_versions AS v USING (article_id, version)"
        " WHERE v.fetch_date = ? AND NOT m.in_headline ORDER BY 1 LIMIT 1",
        [DAY],
    )
    home.write(
        "UPDATE mentions SET start_char = start_char + 1, end_char = end_char + 1 WHERE mention_id = ?",
        [key],
    )
    return [key]


FAULTS = [Fault("a shifted offset", "mentions", "spans_exact", "critical", shifted)]
CLEAN = [Clean("the samples as they are", lambda home: None)]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_is_caught_by_its_check(sample_home, tmp_path, fault):
    catch(Seeded(sample_home, tmp_path), fault)


@pytest.mark.parametrize("variant", CLEAN, ids=lambda variant: variant.name)
def test_what_is_unusual_but_right_raises_no_alarm(sample_home, tmp_path, variant):
    stays_clean(Seeded(sample_home, tmp_path), variant)
