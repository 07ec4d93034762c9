"""The reader's file, its posterior, and where it outvotes the first choice."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from suites.posteriors import LABELS, limits, posterior
from suites.reference_shop import shop

from classifier.choice import Choice
from classifier.doubt import CLARIFY, LANGUAGE, UNSURE
from classifier.history.flow import CANCEL, HANDED_OVER, SAFETY
from classifier.manifest import OUT_OF_SCOPE, ModelError
from classifier.reading.candidates import AT_LARGE, KINDS, SIGNS
from classifier.reading.reader import READER, Reader, read_by, told
from classifier.reading.referent import Referent
from classifier.reading.reread import look, may_be_outvoted, reread
from classifier.reading.seen import Seen, features
from classifier.reading.standing import Standing, of_words
from events.context import Context, Option, Question
from events.decision import Evidence

AFTER = Context(use_case="returns").remembering("the corner is bent", "Which order is it from?")
RULED = Choice(Evidence.RULE, "order_tracking", "the rule order_id fires", rule_id="order_id")
NONE = Referent(np.zeros(len(SIGNS)), np.ones(len(LABELS) + AT_LARGE))


def seen(**likely: float) -> Seen:
    heard = posterior(**likely)
    return Seen(AFTER, "PLM 771", posterior(order_tracking=0.9), heard, RULED)


def reader() -> Reader:
    """Believes what is heard, and nothing else."""
    size = len(features(seen(returns=0.9), LABELS))
    weights = np.zeros((len(LABELS), size))
    weights[:, len(LABELS) : 2 * len(LABELS)] = np.eye(len(LABELS))
    plain = np.zeros(size), np.ones(size)
    picks = dict.fromkeys(KINDS, NONE)
    size = len(of_words(posterior(returns=0.9), "PLM 771", LABELS))
    bias, never = np.zeros(len(LABELS)), Standing.never(size)
    return Reader(LABELS, OUT_OF_SCOPE, "m-1", *plain, weights, bias, never, picks)


def test_the_posterior_is_the_regressions() -> None:
    found = reader().posterior(seen(returns=0.8, order_tracking=0.1))
    assert found.best == "returns"
    assert dict(found.probabilities)["returns"] == pytest.approx(0.8)
    assert found.score + found.rival + found.out_of_scope == pytest.approx(1)


@pytest.mark.parametrize(("bias", "best"), [(-5.0, "returns"), (5.0, "order_tracking")])
def test_a_turn_that_stands_by_itself_keeps_the_posterior_of_its_words(
    bias: float, best: str
) -> None:
    one = reader()
    apart = replace(one, standing=replace(one.standing, bias=np.array([bias])))
    found = apart.posterior(seen(returns=0.8, order_tracking=0.1))
    assert found.best == best
    share = 1 / (1 + np.exp(-bias))
    mixed = share * 0.9 + (1 - share) * 0.1
    assert dict(found.probabilities)["order_tracking"] == pytest.approx(mixed)
    assert found.score + found.rival + found.out_of_scope == pytest.approx(1)


def test_whether_it_stands_is_a_matter_of_its_own_words() -> None:
    alone = posterior(returns=0.9)
    short, asks = of_words(alone, "PLM 771", LABELS), of_words(alone, "where is it?", LABELS)
    assert len(short) == len(alone.parts) + len(LABELS) + 4
    assert np.flatnonzero(short != asks).tolist() == [len(short) - 4, len(short) - 3]
    assert Standing.never(len(short)).share(short) < 1e-12


def test_out_of_scope_is_never_the_score() -> None:
    values = np.array(
        [0.7 if label == OUT_OF_SCOPE else 0.3 / (len(LABELS) - 1) for label in LABELS]
    )
    found = told(LABELS, values, OUT_OF_SCOPE)
    assert found.out_of_scope == pytest.approx(0.7)
    assert found.best == OUT_OF_SCOPE
    assert found.score < 0.3


def test_a_file_gives_the_same_posterior(tmp_path: Path) -> None:
    written = reader()
    written.save(tmp_path)
    read = Reader.load(tmp_path, "m-1")
    assert read is not None
    one = seen(returns=0.8)
    assert read.posterior(one).probabilities == written.posterior(one).probabilities
    assert np.array_equal(read.referents["book"].none, NONE.none)
    assert read.standing.bias == written.standing.bias


def test_a_reader_has_a_version_of_its_own(tmp_path: Path) -> None:
    one = reader()
    other = replace(one, bias=one.bias + 1)
    one.save(tmp_path)
    read = Reader.load(tmp_path, "m-1")
    assert read is not None
    assert read.version == one.version != other.version
    assert read_by(limits(), one).version == f"m-1+{one.version}"
    assert read_by(limits(), None).version == "m-1"


def test_a_use_case_newer_than_the_reader_stays() -> None:
    new = Choice(Evidence.RULE, "loyalty_points", "the rule points fires", rule_id="points")
    assert reread(posterior(returns=0.99), new, limits()) is new


def test_a_model_may_have_no_reader(tmp_path: Path) -> None:
    assert Reader.load(tmp_path, "m-1") is None


def test_a_reader_of_another_model_is_refused(tmp_path: Path) -> None:
    reader().save(tmp_path)
    with pytest.raises(ModelError, match=r"fitted with the model m-1.*classifier reader"):
        Reader.load(tmp_path, "m-2")


def test_a_reader_of_an_earlier_release_is_refused(tmp_path: Path) -> None:
    fewer = Referent(np.zeros(len(SIGNS) - 1), NONE.none)
    replace(reader(), referents={"order": fewer, "book": fewer}).save(tmp_path)
    with pytest.raises(ModelError, match="other signs"):
        Reader.load(tmp_path, "m-1")


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / READER).write_bytes(b"no archive")
    with pytest.raises(ModelError, match=r"reader\.npz cannot be opened.*classifier reader"):
        Reader.load(tmp_path, "m-1")


def test_a_clear_judgement_takes_the_place_of_the_first_choice() -> None:
    found = reread(reader().posterior(seen(returns=0.97)), RULED, limits())
    assert (found.by, found.use_case) == (Evidence.MODEL, "returns")
    assert "read after what was said before" in found.why


def test_a_first_choice_that_the_reader_half_believes_stays() -> None:
    found = reread(posterior(returns=0.55, order_tracking=0.4), RULED, limits())
    assert found is RULED


def test_a_doubt_of_the_model_ends_where_the_reader_is_sure() -> None:
    doubt = Choice(Evidence.MODEL, "returns", "not sure", overlays=(UNSURE,))
    found = reread(posterior(returns=0.97), doubt, limits())
    assert (found.use_case, found.overlays) == ("returns", ())


def test_a_doubt_stays_as_it_was_where_the_reader_doubts_too() -> None:
    doubt = Choice(Evidence.MODEL, "returns", "not sure", overlays=(UNSURE,))
    assert reread(posterior(returns=0.5, billing=0.1), doubt, limits()) is doubt


def test_a_question_back_is_spared_where_the_reader_is_sure() -> None:
    asks = Choice(Evidence.MODEL, "billing", "between two", template=CLARIFY)
    assert reread(posterior(returns=0.97), asks, limits()).use_case == "returns"


def _safety() -> str:
    return next(rule.id for rule in shop().rules if rule.priority >= SAFETY)


@pytest.mark.parametrize(
    "change",
    [
        {"rule_id": _safety()},
        {"template": HANDED_OVER, "rule_id": None},
        {"slots": {CANCEL: "yes"}},
        {"overlays": (LANGUAGE,)},
    ],
)
def test_safety_people_endings_and_other_languages_are_not_put_to_the_vote(
    change: dict[str, object],
) -> None:
    assert may_be_outvoted(RULED, AFTER, "PLM 771", shop())
    assert not may_be_outvoted(replace(RULED, **change), AFTER, "PLM 771", shop())  # type: ignore[arg-type]  # fields by name


def test_a_rule_that_understood_the_turn_by_itself_stands() -> None:
    rule = next(one for one in shop().rules if one.use_case == "faq_policy" and not one.anaphoric)
    by_rule = Choice(Evidence.RULE, "faq_policy", "", rule_id=rule.id)
    assert not may_be_outvoted(by_rule, AFTER, "How much is shipping to Canada?", shop())


def test_a_first_turn_is_not_put_to_the_vote() -> None:
    assert not may_be_outvoted(RULED, Context(), "PLM 771", shop())


async def test_the_network_is_asked_about_the_turn_alone_and_as_it_is_heard() -> None:
    asked: list[str] = []

    async def ask(text: str) -> object:
        asked.append(text)
        return posterior(returns=0.9)

    await look(AFTER, "PLM 771", RULED, ask)  # type: ignore[arg-type]  # a posterior is given
    assert asked == ["PLM 771", "the corner is bent Which order is it from? PLM 771"]


def test_features_tell_who_chose_what() -> None:
    one = seen(returns=0.9)
    by_rule = features(one, LABELS)
    by_model = features(replace(one, first=replace(RULED, by=Evidence.MODEL)), LABELS)
    assert by_rule.shape == by_model.shape
    assert np.abs(by_rule - by_model).sum() == 2


@pytest.mark.parametrize("by", [Evidence.QUESTION, Evidence.FLOW])
def test_an_offered_option_that_is_taken_is_not_put_to_the_vote(by: Evidence) -> None:
    options = (Option(value="gift_wrapping", label="Gift wrapping"),)
    asked = Question(use_case="faq_policy", slot="policy", options=options)
    context = AFTER.model_copy(update={"question": asked})
    taken = Choice(by, "faq_policy", "", slots={"policy": "gift_wrapping"})
    assert not may_be_outvoted(taken, context, "PLM 771", shop())
    assert may_be_outvoted(replace(taken, slots={}), context, "PLM 771", shop())


def test_a_matter_that_was_offered_and_taken_is_not_put_to_the_vote() -> None:
    options = (Option(value="returns", label="Returns"), Option(value="billing", label="Payments"))
    asked = Question(use_case="returns", slot="use_case", options=options)
    context = AFTER.model_copy(update={"question": asked})
    assert not may_be_outvoted(Choice(Evidence.QUESTION, "billing", ""), context, "PLM 771", shop())
    assert may_be_outvoted(Choice(Evidence.MODEL, "billing", ""), context, "PLM 771", shop())
