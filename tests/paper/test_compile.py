"""One document, many documents, and what is left when one of them fails."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rechenweg.paper import Document, PaperError, compile_pdf, compile_pictures, print_all

from .reading import read


def build(number: int) -> Iterator[Document]:
    yield Document(f"papers/{number:02d}.pdf", f"Paper number {number}.")
    yield Document(f"solutions/{number:02d}.pdf", f"Solution number {number}.")


def build_with_a_broken_one(number: int) -> Iterator[Document]:
    yield Document(f"{number:02d}.pdf", "// at: question 2.1\n#nonsense" if number == 5 else "Fine.")


def build_the_same(_: int) -> Iterator[Document]:
    yield Document("same.pdf", "Twice.")


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("workers", [1, 2])
def test_all_documents_of_all_jobs_are_written(tmp_path, workers):
    counts: list[int] = []
    paths = print_all(range(9), build, tmp_path / "out", workers=workers, progress=counts.append)
    expected = [f"{kind}/{n:02d}.pdf" for n in range(9) for kind in ("papers", "solutions")]
    assert [str(path.relative_to(tmp_path / "out")) for path in paths] == expected
    assert files(tmp_path / "out") == sorted(expected)
    assert counts == list(range(1, 10))
    assert "Solution number 7." in read((tmp_path / "out/solutions/07.pdf").read_bytes())[0].text


def test_an_executor_from_outside_does_the_work_and_stays_open(tmp_path):
    with ThreadPoolExecutor(2) as executor:
        print_all(range(12), build, tmp_path, executor=executor)
        assert executor.submit(len, "open").result() == 4
    assert len(files(tmp_path)) == 24


@pytest.mark.parametrize("workers", [1, 2])
def test_nothing_half_written_stays(tmp_path, workers):
    (tmp_path / "kept.txt").write_text("from before")
    with pytest.raises(PaperError, match=r"question 2\.1: expected markup that Typst can set, found: unknown variable"):
        print_all(range(20), build_with_a_broken_one, tmp_path, workers=workers)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kept.txt"]


def test_an_earlier_run_is_replaced(tmp_path):
    print_all(range(2), build, tmp_path, workers=1)
    (tmp_path / "papers/00.pdf").write_text("old")
    print_all(range(2), build, tmp_path, workers=1)
    assert (tmp_path / "papers/00.pdf").read_bytes().startswith(b"%PDF-")


def test_two_documents_of_one_name_are_refused(tmp_path):
    with pytest.raises(PaperError, match=r"same\.pdf: expected one document of this name, found two"):
        print_all(range(2), build_the_same, tmp_path, workers=1)
    assert not files(tmp_path)


@pytest.mark.parametrize("path", ["/etc/x.pdf", "../x.pdf", "a/../../x.pdf", ""])
def test_a_document_stays_below_the_output_folder(path):
    with pytest.raises(PaperError, match="expected a path below the output folder"):
        Document(path, "")


def test_no_jobs_write_nothing(tmp_path):
    assert print_all([], build, tmp_path / "out") == ()
    assert not files(tmp_path)


def test_a_batch_gives_the_same_bytes_as_one_by_one(tmp_path):
    print_all(range(4), build, tmp_path, workers=2)
    assert (tmp_path / "papers/03.pdf").read_bytes() == compile_pdf("Paper number 3.")


def test_pictures_are_pngs_of_every_page():
    pictures = compile_pictures("One #pagebreak() two", ppi=20)
    assert len(pictures) == 2
    assert all(picture.startswith(b"\x89PNG") for picture in pictures)


def test_an_error_is_one_line():
    with pytest.raises(PaperError) as caught:
        compile_pdf("// at: cover\nfine\n// at: question 1.1\n$ frac(1, $")
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith("question 1.1: ")
