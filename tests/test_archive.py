"""The archive: payloads by hash, there to stay, or an error that is the archive's own."""

from __future__ import annotations

import gzip
import io
import os
import threading
import time
from datetime import timedelta

import pytest

from pipelines.archive import (
    CHUNK,
    Archive,
    ArchiveError,
    NotArchivedError,
    PayloadTooLargeError,
    path_of,
)

LARGE = CHUNK + 10
"""Bytes that are compressed as they are read, rather than at once."""


def test_equal_payloads_are_one_file_named_by_their_hash(tmp_path):
    archive = Archive(str(tmp_path))
    first, second = (archive.put(io.BytesIO(b"abc"), 10) for _ in range(2))
    assert first == second
    assert first.path == path_of(first.sha256)
    assert archive.get(first.path) == b"abc"
    assert len(list(tmp_path.rglob("*.gz"))) == 1


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_a_payload_of_any_length_comes_back_as_it_was(tmp_path, size):
    archive = Archive(str(tmp_path))
    content = os.urandom(size)
    payload = archive.put(io.BytesIO(content), 4 * CHUNK)
    assert payload.size == size
    assert archive.get(payload.path) == content


def test_a_stream_that_gives_little_at_a_time_is_read_whole(tmp_path):
    class Trickle(io.BytesIO):
        def read(self, size=-1):
            return super().read(min(size, 7))

    archive = Archive(str(tmp_path))
    payload = archive.put(Trickle(b"x" * 1000), 1000)
    assert archive.get(payload.path) == b"x" * 1000


def test_equal_payloads_make_equal_files(tmp_path):
    for name in ("a", "b"):
        Archive(str(tmp_path / name)).put(io.BytesIO(b"x" * 5000), CHUNK)
        time.sleep(0.01)
    first, second = (next((tmp_path / name).rglob("*.gz")).read_bytes() for name in ("a", "b"))
    assert first == second


@pytest.mark.parametrize("size", [30, LARGE])
def test_nothing_is_left_of_what_is_too_large(tmp_path, size):
    with pytest.raises(PayloadTooLargeError):
        Archive(str(tmp_path)).put(io.BytesIO(b"a" * size), size - 1)
    assert not list(tmp_path.rglob("*.gz"))


@pytest.mark.parametrize("size", [30, LARGE])
def test_an_error_of_the_stream_is_the_streams(tmp_path, size):
    class Broken(io.BytesIO):
        def read(self, wanted=-1):
            if self.tell() >= size:
                raise OSError(5, "Input/output error")
            return super().read(wanted)

    with pytest.raises(OSError, match="Input/output error") as raised:
        Archive(str(tmp_path)).put(Broken(b"a" * size), 2 * size)
    assert not isinstance(raised.value, ArchiveError)
    assert not list(tmp_path.rglob("*.gz"))


def test_missing_damaged_and_swapped_payloads_are_told_apart(tmp_path):
    archive = Archive(str(tmp_path))
    with pytest.raises(NotArchivedError, match="has no"):
        archive.get(path_of("0" * 64))
    payload = archive.put(io.BytesIO(b"abc"), 10)
    whole = (tmp_path / payload.path).read_bytes()
    for damaged in (b"junk", whole[:-9], whole[:12] + b"\xff" + whole[13:]):
        (tmp_path / payload.path).write_bytes(damaged)
        with pytest.raises(NotArchivedError, match="damaged"):
            archive.get(payload.path)
    (tmp_path / payload.path).write_bytes(gzip.compress(b"other"))
    with pytest.raises(NotArchivedError, match="other bytes"):
        archive.get(payload.path)


def test_any_fsspec_file_system_will_do():
    archive = Archive("memory://newsledger-archive")
    payload = archive.put(io.BytesIO(b"abc"), 10)
    assert archive.get(payload.path) == b"abc"
    with archive.batch() as batch:
        kept = [batch.put(io.BytesIO(b"%d" % n), 10) for n in range(20)]
    assert [archive.get(p.path) for p in kept] == [b"%d" % n for n in range(20)]


def test_a_folder_that_another_thread_makes_at_the_same_moment_is_no_error(tmp_path, monkeypatch):
    """Payloads of side-by-side crawls share the first digits of their hashes now and then."""
    make_folder = os.mkdir

    def someone_was_faster(path, *arguments, **options):
        make_folder(path, *arguments, **options)
        raise FileExistsError(17, "File exists", path)

    archive = Archive(str(tmp_path))
    archive.put(io.BytesIO(b"the spool and the root are there"), 100)
    monkeypatch.setattr(os, "mkdir", someone_was_faster)
    payload = archive.put(io.BytesIO(b"abc"), 10)
    assert archive.get(payload.path) == b"abc"


def test_all_folders_of_a_payload_are_synced_whoever_made_them(tmp_path, monkeypatch):
    archive = Archive(str(tmp_path))
    path = archive.put(io.BytesIO(b"abc"), 10).path
    synced = []
    monkeypatch.setattr("pipelines.archive._sync", synced.append)
    archive.put(io.BytesIO(b"abc"), 10)
    assert set(synced) == {
        str(folder) for folder in (tmp_path / path).parents if folder >= tmp_path
    }


class TestBatch:
    def test_its_payloads_are_there_when_it_ends(self, tmp_path):
        archive = Archive(str(tmp_path))
        contents = [b"%d" % (n % 50) * 2000 for n in range(100)] + [b"x" * LARGE]
        with archive.batch() as batch:
            payloads = [batch.put(io.BytesIO(c), 2 * CHUNK) for c in contents]
        assert [archive.get(p.path) for p in payloads] == contents
        assert not list((tmp_path / ".incoming").iterdir())

    def test_none_has_its_name_before_all_are_on_disk(self, tmp_path, monkeypatch):
        order = []
        fsync, replace = os.fsync, os.replace
        monkeypatch.setattr(os, "fsync", lambda handle: (order.append("sync"), fsync(handle))[1])
        monkeypatch.setattr(os, "replace", lambda a, b: (order.append("name"), replace(a, b))[1])
        with Archive(str(tmp_path)).batch() as batch:
            for n in range(5):
                batch.put(io.BytesIO(b"%d" % n), 10)
            time.sleep(0.05)
            assert "name" not in order
        assert order[:5] == ["sync"] * 5
        assert order[5:10] == ["name"] * 5
        assert set(order[10:]) == {"sync"}, "the names' folders come last"

    def test_what_the_block_raises_leaves_no_spool(self, tmp_path):
        archive = Archive(str(tmp_path))
        with pytest.raises(KeyboardInterrupt), archive.batch() as batch:
            for n in range(50):
                batch.put(io.BytesIO(b"%d" % n), 10)
            raise KeyboardInterrupt
        assert not list(tmp_path.rglob("*.gz"))

    def test_memory_is_bounded_where_writing_is_slower_than_reading(self, tmp_path, monkeypatch):
        archive = Archive(str(tmp_path))
        gate, write = threading.Event(), os.write
        monkeypatch.setattr(os, "write", lambda *written: (gate.wait(5), write(*written))[1])
        read = []

        def fill():
            with archive.batch() as batch:
                for n in range(200):
                    batch.put(io.BytesIO(b"%d" % n), 10)
                    read.append(n)

        thread = threading.Thread(target=fill)
        thread.start()
        time.sleep(0.2)
        waiting = len(read)
        gate.set()
        thread.join()
        assert waiting <= 20
        assert len(read) == 200


class TestSweep:
    def test_only_old_files_of_the_spool_are_removed(self, tmp_path):
        archive = Archive(str(tmp_path))
        payload = archive.put(io.BytesIO(b"abc"), 10)
        spool = tmp_path / ".incoming"
        for name, age in (("old.gz", 7200), ("young.gz", 60)):
            (spool / name).write_bytes(b"half a payl")
            os.utime(spool / name, (time.time() - age,) * 2)
        os.utime(tmp_path / payload.path, (0, 0))
        assert archive.sweep() == 1
        assert [p.name for p in spool.iterdir()] == ["young.gz"]
        assert archive.sweep(timedelta(0)) == 1
        assert archive.get(payload.path) == b"abc"

    def test_there_may_be_nothing_to_sweep(self, tmp_path):
        assert Archive(str(tmp_path / "none")).sweep() == 0
        assert Archive("memory://newsledger-none").sweep() == 0
