"""Makes a report from files."""

import hashlib
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from classifier.manifest import MANIFEST
from devkit.report.assumptions import assumptions
from devkit.report.bootstrap import DRAWS
from devkit.report.comparison import OURS, TITLES, compared
from devkit.report.conversation import Conversations
from devkit.report.opening import BACKGROUND, CORPUS, field_of, frozen_control, reference_of
from devkit.report.outcome import BIG_ERROR
from devkit.report.quota import Quota
from devkit.report.report import Report
from devkit.route.router import MODEL, Router


@dataclass(frozen=True)
class Job:
    """What is compared on what. `model` is a folder, the playbook's own if None."""

    playbook: Path
    conversations: Path
    model: Path | None = None
    frozen: bool = True
    draws: int = DRAWS
    seed: int = 7
    big_error: float = BIG_ERROR

    @property
    def network(self) -> Path:
        """The model's folder."""
        return self.model or self.playbook / MODEL


def report_of(job: Job, told: Callable[[str], None]) -> Report:
    """Run the comparison. Raises DevkitError, PlaybookError, ModelError, CorpusError."""
    conversations = Conversations.read(job.conversations)
    reference = reference_of(job.playbook)
    router = Router.open(job.playbook, job.network)
    conversations.check_labels(router.shop.use_cases)
    field = field_of(router, reference, job.big_error)
    if job.frozen:
        told(f"{TITLES['frozen']}: learning (about two minutes)")
    about = _about(job, router, conversations)
    with frozen_control(job.playbook, field.menu) if job.frozen else nullcontext() as learnt:
        frozen = learnt.second if learnt else None
        found = compared(
            field, conversations, frozen=frozen, draws=job.draws, seed=job.seed, told=told
        )
    about["frozen_answers"] = list(learnt.answers) if learnt else None
    shop = router.shop
    large = found[OURS].figures["large"]
    return Report(
        found,
        Quota.of(large, reference, shop.models, shop.prices),
        assumptions(
            big_error=job.big_error,
            read_on=shop.prices.read_on,
            conversations=len(conversations.all),
            draws=job.draws,
            out_of_scope=about["out_of_scope"],
            frozen_answers=about["frozen_answers"],
        ),
        about,
    )


def _about(job: Job, router: Router, conversations: Conversations) -> dict[str, Any]:
    turns = conversations.turns
    outside = sum(not turn.in_scope for turn in turns) / len(turns)
    return {
        "model": router.version,
        "playbook": router.shop.version,
        "prices_read_on": router.shop.prices.read_on,
        "conversations": len(conversations.all),
        "turns": len(turns),
        "out_of_scope": round(outside, 4),
        "draws": job.draws,
        "big_error": job.big_error,
    }


def sources(job: Job) -> dict[str, str]:
    """SHA-256 of what was read, by file: conversations, model, and what the control learnt from."""
    files = [job.conversations, job.network / MANIFEST]
    if job.frozen:
        corpus = job.playbook / CORPUS
        files += sorted(corpus.glob("*.jsonl")) + sorted(corpus.glob("grammars/*.yaml"))
        files += [file for file in (job.playbook / BACKGROUND,) if file.is_file()]
    return {str(file.resolve()): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
