"""Fitting the reader: sessions that are read, picks that are learnt, figures of unread writers."""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from suites.posteriors import LABELS, limits, posterior
from suites.reference_shop import PLAYBOOK

from classifier.choice import Choice
from classifier.manifest import OUT_OF_SCOPE
from classifier.reading.candidates import AT_LARGE, SIGNS
from classifier.reading.seen import Seen, features
from classifier.reading.standing import of_words
from devkit.reading import picking
from devkit.reading.figures import chosen, figures, figures_of_things
from devkit.reading.fit import fit, terms_of, unread
from devkit.reading.observed import Observed
from devkit.reading.sessions import Sessions
from devkit.reading.standing import Singles, fit_standing, singles_of
from devkit.route.router import Router
from devkit.training.corpus import CorpusError, Row
from events.context import Context
from events.decision import Evidence

pytest.importorskip("sklearn")

ROW: dict[str, object] = {
    "history": [{"said": "hi", "replied": "Hello!"}],
    "text": "bye",
    "label": "chitchat",
}
NONE = Singles(np.zeros((0, 0), np.float32))
AFTER = Context(use_case="returns").remembering("the corner is bent", "Which order is it from?")


def written(folder: Path, *files: list[dict[str, object]]) -> Path:
    for number, rows in enumerate(files):
        lines = "\n".join(json.dumps(row) for row in rows)
        (folder / f"writer-{number}.jsonl").write_text(lines, encoding="utf-8")
    return folder


def test_sessions_know_who_wrote_them(tmp_path: Path) -> None:
    found = Sessions.read(written(tmp_path, [ROW], [ROW | {"text": "ciao"}]))
    assert found.writers == ("writer-0", "writer-1")
    assert [row.text for row in found.rows] == ["bye", "ciao"]


def test_one_writer_is_too_few(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"holds 1 \.jsonl files.*two files at least"):
        Sessions.read(written(tmp_path, [ROW]))


def test_a_turn_without_history_belongs_elsewhere(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"'bye' has no history"):
        Sessions.read(written(tmp_path, [ROW], [{"text": "bye", "label": "chitchat"}]))


def test_the_shops_sessions_can_be_read() -> None:
    found = Sessions.read(PLAYBOOK / "sessions")
    assert len(found.rows) > 2_500
    assert len(set(found.writers)) >= 10


def _seen(heard: str, number: int) -> Seen:
    first = Choice(Evidence.MODEL, "order_tracking", "", score=0.5)
    sure = posterior(**{heard: 0.6 + 0.003 * number})
    return Seen(AFTER, "PLM 771", posterior(order_tracking=0.7), sure, first)


def observed() -> Observed:
    """Sixty turns of three writers: what is heard is right, what stands alone never."""
    names = ("returns", "billing") * 30
    seen = tuple(_seen(name, number) for number, name in enumerate(names))
    rows = tuple(Row(text=f"turn {number}", label=name) for number, name in enumerate(names))
    writers = tuple(f"writer-{number % 3}" for number in range(60))
    found = np.array([features(one, LABELS) for one in seen])
    return Observed(rows, writers, seen, found, np.zeros(60, dtype=bool))


def test_a_reader_learns_whom_to_believe() -> None:
    rows = observed()
    terms = terms_of(rows, NONE, "m-1", lambda: None)
    assert (terms.labels, terms.outside) == (LABELS, OUT_OF_SCOPE)
    reader = fit(rows, terms, {})
    assert reader.posterior(_seen("billing", 5)).best == "billing"
    assert reader.posterior(_seen("returns", 5)).best == "returns"


def test_turns_that_open_a_session_are_told_from_those_that_lean_on_one() -> None:
    rows = observed()
    texts = [f"where is my order number {number}, it is late" for number in range(40)]
    words = [of_words(posterior(order_tracking=0.9), text, LABELS) for text in texts]
    singles = Singles(np.array(words, np.float32))
    found = fit_standing(rows.seen, singles, LABELS)
    assert found.share(words[0]) > 0.8
    one = rows.seen[0]
    assert found.share(of_words(one.alone, one.text, LABELS)) < 0.2
    terms = terms_of(rows, singles, "m-1", lambda: None)
    after = replace(_seen("returns", 5), text=texts[0], alone=posterior(order_tracking=0.9))
    assert fit(rows, terms, {}).posterior(after).best == "order_tracking"


def test_without_single_turns_none_stands_by_itself() -> None:
    one = observed().seen[0]
    found = fit_standing([one], NONE, LABELS)
    assert found.share(of_words(one.alone, one.text, LABELS)) < 1e-12


def test_single_turns_are_of_all_labels_and_written_by_hand_where_they_can_be(
    tmp_path: Path,
) -> None:
    (tmp_path / "corpus").mkdir()
    for label in ("billing", "returns", OUT_OF_SCOPE):
        plain: dict[str, object] = {"label": label, "family": f"{label}/a/1"}
        lines: list[dict[str, object]] = [plain | {"text": f"{label} {n}"} for n in range(30)]
        lines += [plain | {"text": f"{label} filled {n}", "template": "x"} for n in "ab"]
        lines.append(plain | {"text": f"{label} after", "history": ["hi"]})
        file = tmp_path / "corpus" / f"{label}.jsonl"
        file.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    found = singles_of(tmp_path, 50, OUT_OF_SCOPE)
    assert found == singles_of(tmp_path, 50, OUT_OF_SCOPE)
    assert Counter(row.label for row in found) == {"billing": 5, "returns": 5, OUT_OF_SCOPE: 15}
    assert not any(row.template or row.history for row in found)
    assert singles_of(tmp_path / "elsewhere", 50, OUT_OF_SCOPE) == ()


def test_a_label_that_no_turn_had_is_about_never_read() -> None:
    rows = observed()
    found = fit(rows, terms_of(rows, NONE, "m-1", lambda: None), {}).posterior(_seen("billing", 5))
    assert dict(found.probabilities)["newsletter"] < 1e-6


def test_figures_are_of_readers_that_knew_nothing_of_the_writer() -> None:
    rows = observed()
    # One writer labels everything the other way round: nobody else can know.
    other = {"returns": "billing", "billing": "returns"}
    odd = tuple(
        row.model_copy(update={"label": other[row.label]}) if writer == "writer-2" else row
        for row, writer in zip(rows.rows, rows.writers, strict=True)
    )
    rows = replace(rows, rows=odd)
    terms = terms_of(rows, NONE, "m-1", lambda: None)
    found = figures(rows, chosen(rows, unread(rows, terms), limits()))
    assert found["writers"]["writer-2"]["read"] == 0
    assert found["first"]["value"] == 0
    assert found["turns"] == 60


def test_a_label_that_the_model_lacks_is_refused() -> None:
    rows = observed()
    wrong = replace(rows, rows=(Row(text="x", label="poetry"), *rows.rows[1:]))
    with pytest.raises(CorpusError, match="no label poetry"):
        terms_of(wrong, NONE, "m-1", lambda: None)


def picks(count: int, told: str) -> list[picking.Pick]:
    """Two things each, of which the one with this sign is right; every third row wants none."""
    dice, sign = np.random.default_rng(4), SIGNS.index(told)
    found = []
    for number in range(count):
        signs = dice.integers(0, 2, (2, len(SIGNS))).astype(float)
        nothing = np.zeros(len(LABELS) + AT_LARGE)
        wants = number % 3 != 0
        nothing[0 if wants else 1] = 1
        right = int(dice.integers(0, 2))
        signs[:, sign] = [right == 0, right == 1]
        found.append(picking.Pick(signs, nothing, right if wants else 2, number))
    return found


def test_a_pick_learns_which_sign_tells() -> None:
    learnt = picking.fit(picks(120, "told of most"), len(LABELS))
    assert int(learnt.signs.argmax()) == SIGNS.index("told of most")
    assert learnt.none[1] > learnt.none[0]
    assert picking.right(picks(30, "told of most"), learnt).all()


def test_figures_of_picks_tell_wanted_from_none() -> None:
    rows = picks(30, "chosen first")
    found = figures_of_things(rows, np.ones(30, dtype=bool))
    assert (found["wanted"]["of"], found["none"]["of"]) == (20, 10)
    assert found["wanted_first"]["value"] == 1
    assert found["none_first"]["value"] == 0


def test_unread_picks_come_from_other_writers() -> None:
    rows = picks(60, "told of most")
    writers = ["a" if number < 30 else "b" for number in range(60)]
    assert picking.unread(rows, writers, len(LABELS)).mean() > 0.9


@pytest.fixture(scope="module")
def router() -> Router:
    return Router.open(PLAYBOOK)


@pytest.mark.parametrize(
    ("said", "replied", "text", "use_case"),
    [
        (
            "the corner of my book is crushed",
            "I'm sorry. Which order is it from?",
            "PLM 771",
            "returns",
        ),
        (
            "is Berserk 4 in stock",
            "Berserk 4 is sold out. Shall I tell you when it is back?",
            "ya do that",
            "restock",
        ),
        (
            "Cancel HOC515 please",
            "HOC515 is cancelled. You get your money back.",
            "when do I see it on my card?",
            "refund_status",
        ),
    ],
)
def test_the_shipped_reader_hears_what_was_said_before(
    router: Router, said: str, replied: str, text: str, use_case: str
) -> None:
    context = router.recall([{"said": said, "replied": replied}])
    assert router.decide(text, context).use_case == use_case


def test_the_first_choice_stands_without_a_reader() -> None:
    plain = Router.open(PLAYBOOK, reads=False)
    context = plain.recall([{"said": "hello", "replied": "Hi! What can I do for you?"}])
    assert plain.seen("and to Malta?", context) is not None
    assert plain.seen("where is #ABC123", context) is None
    assert plain.seen("and to Malta?", Context()) is None


def test_a_router_names_series_by_any_title(router: Router) -> None:
    assert router.names({"series": "berserk"}, "Berserk")
    assert router.names({"order_id": "ABC123"}, "abc-123")
    assert not router.names({"series": "berserk"}, "Monster")
    assert not router.names({}, "Monster")
