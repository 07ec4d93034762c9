"""A turn's way to a model: a place, leave to call, a claim; or its fallback where none is had."""

import asyncio

from events.reply import Reply
from events.task import Task
from events.turn import Turn
from llm.attempt import Attempt
from llm.kit import Job, Kit
from llm.models.failure import Closed
from llm.models.model import SIZES
from llm.models.retry import NEEDED_S
from llm.money.claims import SUPERSEDED, Claim
from llm.replying import fell_back
from llm.underway import DEADLINE, Underway, Work
from worker.deadline import until


class Desk:
    """Answers turns with models, and with their fallback where no model is to be had."""

    def __init__(self, kit: Kit, underway: Underway) -> None:
        self._kit = kit
        self._underway = underway

    async def reply(self, turn: Turn, task: Task, plain: Reply) -> Reply:
        """The answer, or `plain` marked with what was away. Raises Unavailable without Postgres."""
        job, claims = self._job(turn, task, plain), self._kit.claims
        try:
            while True:
                reply = await self._written_elsewhere(job)
                reply = reply or await self._work(job).outcome(job.until)
                reply = reply or await claims.released(turn)
                if reply is not None:
                    return reply
        except Closed as closed:
            # Paid for by whoever had the turn before, it is not thrown away because the model is
            # away here. A turn that has a reply already is not waited for.
            known = claims.stored if closed.mark == SUPERSEDED else claims.told
            return await known(turn) or fell_back(turn, plain, closed.mark)

    async def finish(self, within_s: float) -> None:
        """Wait so many seconds at most for answers whose turns have gone to others."""
        await self._underway.finish(within_s)

    async def _written_elsewhere(self, job: Job) -> Reply | None:
        """Another owner's reply: nobody stands in the queue for a place to learn of it."""
        if job.model.full and not self._underway.of(job.turn):
            return await self._kit.claims.told(job.turn)
        return None

    def _work(self, job: Job) -> Work:
        return self._underway.of(job.turn) or self._underway.begin(job.turn, self._tried(job))

    def _job(self, turn: Turn, task: Task, plain: Reply) -> Job:
        kit = self._kit
        model, prompt = kit.models[SIZES[task]], kit.prompter.request(turn, task)
        most, usd = model.worst(prompt.system + prompt.user)
        return Job(turn, task, plain, model, prompt, most, usd, self._until(turn))

    def _until(self, turn: Turn) -> float:
        """The loop's time at which this turn is cut off: the runtime's, which counts its age."""
        told = until()
        if told is not None:
            return told
        time_s = turn.within_s if turn.within_s is not None else self._kit.terms.deadline_s
        return asyncio.get_running_loop().time() + time_s

    async def _tried(self, job: Job) -> Reply | None:
        """The reply, or None while another owner works on the turn. Raises Closed, Unavailable."""
        async with job.model.place():
            # Asked here, not before: the wait for a place, or for another owner, is over.
            if job.until - asyncio.get_running_loop().time() < NEEDED_S:
                raise Closed(DEADLINE)
            self._underway.keep(job.turn)
            permit = job.model.permit(job.most)
            try:
                taken = await self._kit.claims.take(job.turn, job.call(self._kit.terms))
                if isinstance(taken, Claim):
                    return await Attempt(self._kit, job, taken, permit).reply()
                return taken
            finally:
                permit.unused(made=False)
