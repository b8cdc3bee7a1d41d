"""A full disk ends the capture; it rejects no input and loses none, and what comes after is whole."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipelines import archive as archive_module
from pipelines.archive import CHUNK, ArchiveError
from pipelines.ingest import capture as capture_module
from pipelines.project import ROOT
from tests.factories import page
from tests.ingest.test_capture import Line
from tests.ingest.warcs import packed, response, revisit

FILES, RECORDS = 12, 9
LIMIT = 1 << 22


@pytest.fixture
def folder(tmp_path):
    """Files, a large one among them, and a WARC with a revisit."""
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(FILES - 2):
        (folder / f"{number:02}.html").write_bytes(page(f"Page number {number}"))
    (folder / "large.txt").write_bytes(os.urandom(CHUNK + 1000))
    addresses = [f"https://w.example/{n}" for n in range(RECORDS - 1)]
    records = [response(a, page(f"Record of {a}")) for a in addresses]
    again = revisit(addresses[0], page(f"Record of {addresses[0]}"), at="2026-02-28T00:00:00Z")
    (folder / "t.warc.gz").write_bytes(packed([*records, again]))
    return folder


class Full:
    """``os`` as the archive sees it, where one call fails from some time on."""

    def __init__(self, name: str, after: int, code: int = errno.ENOSPC) -> None:
        self._name = name
        self._code = code
        self.left = after

    def __getattr__(self, name: str):
        return self._failing if name == self._name else getattr(os, name)

    def _failing(self, *arguments, **options):
        self.left -= 1
        if self.left < 0:
            raise OSError(self._code, os.strerror(self._code))
        return getattr(os, self._name)(*arguments, **options)


def check_whole(line: Line) -> None:
    """What is recorded is on disk; nothing is recorded as bad."""
    for outcome, path in line.rows("outcome, archive_path"):
        assert outcome == "captured"
        assert path is None or line.archive.get(path)
    assert not list((Path(line.archive.root) / ".incoming").glob("*")), "no spool is left"


def check_complete(line: Line, folder: Path) -> None:
    """After one more pass everything is there, once."""
    line.take(folder, limit=LIMIT)
    rows = line.rows("fetch_id, archive_path")
    assert len({fetch_id for fetch_id, _ in rows}) == len(rows) == FILES - 1 + RECORDS
    assert all(line.archive.get(path) for _, path in rows)
    again = line.take(folder, limit=LIMIT)
    assert (again.captured, again.rejected, again.unchanged) == (0, 0, FILES)


@pytest.mark.parametrize("call", ["write", "fsync", "open", "close"])
@pytest.mark.parametrize("after", [0, 1, 7, 15])
def test_where_the_archive_is_full_the_capture_ends(tmp_path, folder, monkeypatch, call, after):
    monkeypatch.setattr(capture_module, "BATCH", 5)
    line = Line(tmp_path)
    disk = Full(call, after)
    monkeypatch.setattr(archive_module, "os", disk)
    with pytest.raises(ArchiveError, match=r"No space left on device.*run again") as raised:
        line.take(folder, limit=LIMIT)
    assert line.archive.root in str(raised.value)
    assert raised.value.errno == errno.ENOSPC
    monkeypatch.setattr(archive_module, "os", os)
    check_whole(line)
    check_complete(line, folder)


@pytest.mark.parametrize("call", ["replace", "makedirs"])
def test_so_it_does_where_names_and_folders_cannot_be_made(tmp_path, folder, monkeypatch, call):
    line = Line(tmp_path)
    monkeypatch.setattr(archive_module, "os", Full(call, 7, errno.EDQUOT))
    with pytest.raises(ArchiveError):
        line.take(folder, limit=LIMIT)
    monkeypatch.setattr(archive_module, "os", os)
    check_whole(line)
    assert not line.rows("*"), "nothing of the transaction"
    check_complete(line, folder)


def test_an_archive_that_may_not_be_written_is_the_archives_fault_too(
    tmp_path, folder, monkeypatch
):
    line = Line(tmp_path)
    monkeypatch.setattr(archive_module, "os", Full("open", 0, errno.EACCES))
    with pytest.raises(ArchiveError, match="writable"):
        line.take(folder, limit=LIMIT)
    monkeypatch.setattr(archive_module, "os", os)
    check_complete(line, folder)


def test_files_that_were_left_by_a_killed_process_go_with_the_next_capture(tmp_path, folder):
    line = Line(tmp_path)
    spool = Path(line.archive.root) / ".incoming"
    spool.mkdir(parents=True)
    (spool / "tmpkilled.gz").write_bytes(b"half a payload")
    os.utime(spool / "tmpkilled.gz", (time.time() - 7200,) * 2)
    check_complete(line, folder)
    assert not list(spool.iterdir())


PROGRAM = """
import json, signal, resource, sys
from datetime import UTC, datetime
from pathlib import Path
from pipelines.archive import Archive
from pipelines.ingest import capture as module
from pipelines.ingest.files import read_path
from pipelines.settings import Settings
from pipelines.warehouse.connection import writing
home, folder, limit = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
settings, module.BATCH = Settings(home=home), 5
with writing(settings):
    pass
if limit:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
with writing(settings) as connection:
    report = module.capture(
        connection, Archive(settings.archive_root), read_path("src", folder),
        run_id="run", now=datetime(2026, 3, 4, tzinfo=UTC), max_payload_bytes=1 << 22)
    rows = connection.execute(
        "SELECT fetch_id, outcome, archive_path FROM raw.fetches").fetchall()
print(json.dumps([report.captured, report.unchanged, rows]))
"""


def in_a_process(home: Path, folder: Path, limit: int = 0) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-c", PROGRAM, str(home), str(folder), str(limit)]
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("limit", [3_000, 6_000])
def test_so_it_is_where_the_warehouse_itself_cannot_grow(tmp_path, folder, limit):
    """A bound on the length of files, which holds for DuckDB's log as it does for the archive."""
    (folder / "large.txt").write_bytes(b"small enough")
    full = in_a_process(tmp_path / "home", folder, limit)
    assert full.returncode == 1
    assert "File too large" in full.stderr
    after = in_a_process(tmp_path / "home", folder)
    assert after.returncode == 0, after.stderr
    captured, unchanged, rows = json.loads(after.stdout)
    assert len({fetch_id for fetch_id, _, _ in rows}) == len(rows) == FILES - 1 + RECORDS
    assert all(outcome == "captured" and path for _, outcome, path in rows)
    assert captured + unchanged >= FILES


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 4 MB; mounting one takes rights that a test may not have."""
    place = tmp_path / "disk"
    place.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(place)]
    try:
        mounted = subprocess.run(words, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no mount command")
    if mounted.returncode:
        pytest.skip(f"no file system can be mounted: {mounted.stderr.strip()}")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_on_a_disk_that_is_full_indeed(small_disk, folder, tmp_path):
    for number in range(6):
        (folder / f"more{number}.txt").write_bytes(os.urandom(900_000))
    home = small_disk / "home"
    full = in_a_process(home, folder)
    assert full.returncode == 1
    assert "No space left on device" in full.stderr
    words = ["mount", "-o", "remount,size=64m", str(small_disk)]
    subprocess.run(words, check=True)
    after = in_a_process(home, folder)
    assert after.returncode == 0, after.stderr
    _, _, rows = json.loads(after.stdout)
    assert len({fetch_id for fetch_id, _, _ in rows}) == len(rows) == FILES - 1 + RECORDS + 6
    assert all(outcome == "captured" and path for _, outcome, path in rows)


def test_a_process_killed_between_archive_and_rows_leaves_no_row_without_payload(tmp_path, folder):
    program = PROGRAM.replace(
        "if limit:",
        "import os\nif limit < 0:\n    module.add_fetches = lambda *_: os._exit(9)\nelif limit:",
    )
    words = [sys.executable, "-c", program, str(tmp_path / "home"), str(folder)]
    killed = subprocess.run([*words, "-1"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert killed.returncode == 9
    assert list((tmp_path / "home" / "archive").rglob("*.gz")), "the payloads are there already"
    after = subprocess.run([*words, "0"], cwd=ROOT, capture_output=True, text=True, check=False)
    _, _, rows = json.loads(after.stdout)
    assert len({fetch_id for fetch_id, _, _ in rows}) == len(rows) == FILES - 1 + RECORDS
