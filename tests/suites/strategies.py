"""Events of every kind, for tests that hold for all of them."""

from hypothesis import strategies as st

from events.context import Context, Exchange, Flow, Option, Question
from events.control import Control, Kind
from events.decision import Candidate, Decision, Evidence
from events.handoff import Handoff, Step
from events.preview import Preview
from events.reply import Reply, Source, Status, Usage
from events.route import Finding
from events.tier import Tier
from events.turn import Said, Turn

ALPHABET = "ABCXYZabcxyz019._:-"

ids = st.text(ALPHABET, min_size=1, max_size=64)
words = st.text(max_size=40)
some_words = st.text(min_size=1, max_size=40)
numbers = st.integers(min_value=1, max_value=1_000_000)
times = st.integers(min_value=0, max_value=2**42)
shares = st.floats(min_value=0, max_value=1)
counts = st.integers(min_value=0, max_value=10**6)
pairs = st.dictionaries(words, words, max_size=3)
marks = st.lists(words, max_size=2).map(tuple)
maybe_words = st.none() | words

options = st.builds(Option, value=words, label=words)
questions = st.builds(
    Question,
    use_case=words,
    slot=words,
    options=st.lists(options, max_size=2).map(tuple),
    template=maybe_words,
)
contexts = st.builds(
    Context,
    use_case=maybe_words,
    flow=st.none() | st.builds(Flow, name=words, state=words, data=pairs),
    question=st.none() | questions,
    entities=pairs,
    recent=st.lists(st.builds(Exchange, said=words, replied=words), max_size=2).map(tuple),
)
candidates = st.lists(st.builds(Candidate, use_case=words, probability=shares), max_size=2)
decisions = st.builds(
    Decision,
    by=st.sampled_from(Evidence),
    use_case=words,
    tier=st.sampled_from(Tier),
    why=words,
    expected_cost_usd=shares,
    playbook_version=words,
    candidates=candidates.map(tuple),
    entropy_bits=st.none() | shares,
    out_of_scope=st.none() | shares,
    rule_id=maybe_words,
    threshold=st.none() | shares,
    template=maybe_words,
    slots=pairs,
    overlays=marks,
)
usages = st.builds(
    Usage,
    model=words,
    input_tokens=counts,
    output_tokens=counts,
    cost_usd=shares,
    simulated=st.booleans(),
)
replies = st.builds(
    Reply,
    session_id=ids,
    turn_id=ids,
    turn_no=st.none() | numbers,
    status=st.sampled_from(Status),
    text=words,
    use_case=maybe_words,
    tier=st.none() | st.sampled_from(Tier),
    asked_at=times,
    reason=maybe_words,
    sources=st.lists(st.builds(Source, kind=words, ref=words, title=words), max_size=2).map(tuple),
    usage=st.lists(usages, max_size=1).map(tuple),
    decision=st.none() | decisions,
    epoch=counts,
    gap=st.booleans(),
    degraded=marks,
    leaves=st.none() | contexts,
)
findings = st.builds(
    Finding, kind=words, ref=words, title=words, text=words, score=st.none() | shares
)
saids = st.builds(
    Said,
    session_id=ids,
    turn_id=ids,
    turn_no=st.none() | numbers,
    text=some_words,
    envelope=some_words,
)
turns = st.builds(
    Turn,
    session_id=ids,
    turn_id=ids,
    turn_no=st.none() | numbers,
    text=some_words,
    envelope=some_words,
    asked_at=times,
    context=contexts,
    decision=st.none() | decisions,
    findings=st.lists(findings, max_size=2).map(tuple),
    fallback=st.none() | replies,
    path=st.lists(st.sampled_from(Tier), max_size=2, unique=True).map(tuple),
    gap=st.booleans(),
    degraded=marks,
)
previews = st.builds(Preview, session_id=ids, turn_id=ids, epoch=numbers, seq=counts, text=words)
handoffs = st.builds(
    Handoff,
    session_id=ids,
    turn_id=ids,
    step=st.sampled_from(Step),
    reason=words,
    said=words,
    context=contexts,
    asked_at=times,
)
controls = st.builds(
    Control,
    kind=st.sampled_from(Kind),
    subject=words,
    by=words,
    value=shares,
    expires_after_s=st.none() | shares,
    why=words,
)
