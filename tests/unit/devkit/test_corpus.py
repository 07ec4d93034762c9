"""The corpus: rows that parse, grammars that expand, families that stay whole."""

import json
import os
from collections import Counter
from pathlib import Path

import pytest

from devkit.training.corpus import Corpus, CorpusError, Row, sha256_of
from devkit.training.families import with_families
from devkit.training.rows import Rows, live_weights
from devkit.training.split import folds
from playbook.shop import load_shop

PLAYBOOK = Path(__file__).parents[3] / "playbook"
CORPUS = PLAYBOOK / "corpus"


def line(text: str, label: str = "billing", family: str = "billing/a/1") -> str:
    return json.dumps({"text": text, "label": label, "family": family}) + "\n"


def grammar(folder: Path, text: str) -> None:
    (folder / "billing.jsonl").write_text(line("I was charged twice"))
    (folder / "grammars").mkdir()
    (folder / "grammars" / "billing.yaml").write_text(text)


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return Corpus.read(CORPUS)


def test_the_corpus_is_large_and_speaks_of_every_use_case(corpus: Corpus) -> None:
    assert len(corpus.rows) >= 4_000
    assert set(corpus.labels) == set(load_shop(PLAYBOOK).use_cases)
    assert min(Counter(row.label for row in corpus.rows).values()) >= 150
    assert sum(not row.slots for row in corpus.rows) >= 3_000, "most are written by hand"
    assert all(row.family.split("/")[0] == row.label for row in corpus.rows)


def test_the_corpus_is_expanded_alike_every_time(corpus: Corpus) -> None:
    assert Corpus.read(CORPUS) == corpus


@pytest.mark.parametrize(
    ("second", "complaint"),
    [
        ("not json\n", "billing.jsonl, line 2"),
        (line(""), "billing.jsonl, line 2: text"),
        (line("x", label="returns"), "line 2: label 'returns' is not the file's name"),
        ('{"text": "x", "label": "billing"}\n', "line 2: family is missing"),
        (line("I WAS charged twice "), "occurs twice"),
    ],
)
def test_a_broken_row_is_named(tmp_path: Path, second: str, complaint: str) -> None:
    (tmp_path / "billing.jsonl").write_text(line("I was charged twice") + second)
    with pytest.raises(CorpusError, match=complaint):
        Corpus.read(tmp_path)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"holds no \.jsonl"):
        Corpus.read(tmp_path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"nothing\.jsonl cannot be read"):
        Corpus.read(tmp_path / "nothing.jsonl")


@pytest.mark.parametrize("content", ["", "\n \n", "\ufeff"])
def test_a_file_without_rows_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "public.jsonl").write_text(content, encoding="utf-8")
    with pytest.raises(CorpusError, match=r"public\.jsonl has no rows"):
        Corpus.read(tmp_path / "public.jsonl")


def test_what_can_be_read_only_once_has_no_hash() -> None:
    read_end, write_end = os.pipe()
    os.close(write_end)
    with pytest.raises(CorpusError, match="no regular file"):
        sha256_of([Path(f"/dev/fd/{read_end}")])
    os.close(read_end)


@pytest.mark.parametrize("row", [{"text": " ", "label": "a"}, {"text": "x", "label": "\u3000"}])
def test_blanks_are_no_words(tmp_path: Path, row: dict[str, str]) -> None:
    (tmp_path / "public.jsonl").write_text(json.dumps(row))
    with pytest.raises(CorpusError, match=r"line 1: .*nothing but blanks"):
        Corpus.read(tmp_path / "public.jsonl")


def test_a_file_may_begin_with_a_mark_and_end_its_lines_as_windows_does(tmp_path: Path) -> None:
    content = '\ufeff{"text": "one", "label": "a"}\r\n\r\n{"text": "two", "label": "b"}\r\n'
    (tmp_path / "public.jsonl").write_bytes(content.encode())
    assert Corpus.read(tmp_path / "public.jsonl").labels == ("a", "b")


def test_the_hash_follows_the_text(tmp_path: Path) -> None:
    file = tmp_path / "billing.jsonl"
    file.write_text(line("one"))
    first = Corpus.read(tmp_path).sha256
    file.write_text(line("two"))
    assert Corpus.read(tmp_path).sha256 != first


def test_one_text_under_two_labels_accepts_both_in_public_data(tmp_path: Path) -> None:
    file = tmp_path / "public.jsonl"
    rows = [{"text": "Refund?", "label": "a"}, {"text": "refund? ", "label": "b"}]
    file.write_text("\n".join(json.dumps(row) for row in rows))
    (row,) = Corpus.read(file).rows
    assert (row.text, row.label, sorted(row.accepts)) == ("Refund?", "a", ["a", "b"])


def test_a_grammar_fills_in_its_slots(tmp_path: Path) -> None:
    family = "family: billing/grammar-why/1\n  rows: 6\n  say: ['why {sum}?', '{sum} for what']"
    grammar(tmp_path, f"- {family}\n  slots: {{sum: ['$3', '$4', '$5', '$6', '$7']}}\n")
    drawn = [row for row in Corpus.read(tmp_path).rows if row.slots]
    assert len(drawn) == len({row.text for row in drawn}) == 6
    assert all(row.slots["sum"] in row.text for row in drawn)
    assert {row.family for row in drawn} == {"billing/grammar-why/1"}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("- family: billing/g/1\n  rows: 2\n  say: ['{what} now']\n", "{what}, which nobody"),
        ("- family: returns/g/1\n  rows: 2\n  say: ['now']\n", "is not of the label billing"),
        ("- family: billing/g/1\n  say: ['now']\n", "billing.yaml is no grammar"),
        ("- [", "billing.yaml is no grammar"),
    ],
)
def test_a_broken_grammar_is_named(tmp_path: Path, text: str, complaint: str) -> None:
    grammar(tmp_path, text)
    with pytest.raises(CorpusError, match=complaint):
        Corpus.read(tmp_path)


def test_near_twins_share_a_family() -> None:
    said = ["where is order 12", "where is order 99", "refund my card", "Where is my order 7?"]
    found = with_families([Row(text=text, label="x") for text in said])
    assert found[0].family == found[1].family
    assert found[2].family != found[0].family
    written = Row(text="where is order 5", label="x", family="x/own/1")
    assert with_families([written]) == [written]


def test_folds_keep_groups_whole_and_labels_even(corpus: Corpus) -> None:
    groups = [row.family for row in corpus.rows]
    labels = [row.label for row in corpus.rows]
    home = folds(groups, labels, 4)
    assert home == folds(groups, labels, 4)
    assert len(set(zip(groups, home, strict=True))) == corpus.families
    for label, total in Counter(labels).items():
        share = Counter(f for f, name in zip(home, labels, strict=True) if name == label)
        assert all(abs(share[f] - total / 4) <= 8 for f in range(4))


def test_one_fold_is_no_cross_validation() -> None:
    with pytest.raises(ValueError, match="two folds"):
        folds(["a"], ["x"], 1)


def test_the_background_is_out_of_scope_even_where_no_row_is() -> None:
    rows = Rows.of([Row(text="pay", label="bill")], "other", ["the moon", "PAY"])
    assert rows.labels == ("bill", "other")
    assert [row.label for row in rows.rows] == ["bill", "other"]
    assert rows.labels[rows.outside] == "other"


def test_too_little_to_learn_from_is_named() -> None:
    thin = Rows.of([Row(text="pay", label="bill")], "other", ["a b", "c d", "e f"])
    with pytest.raises(CorpusError, match="Too few different rows for bill"):
        thin.check(3)


def test_the_only_label_is_named() -> None:
    with pytest.raises(CorpusError, match="one label only: tracking"):
        Rows.of([Row(text="where", label="tracking")], "other").check(3)


def test_rows_out_of_scope_weigh_what_live_traffic_has_of_them() -> None:
    outside = Rows.of([Row(text="a", label="x"), Row(text="b", label="o")], "o").truth == 0
    weights = live_weights(outside, 0.45)
    assert weights[outside].sum() / weights.sum() == pytest.approx(0.45)
    assert live_weights(outside[:1] | True, 0.45).tolist() == [1.0]
