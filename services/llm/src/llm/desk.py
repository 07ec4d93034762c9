"""A turn's way to a model: a place, leave to call, a claim; or its fallback where none is had."""

import asyncio

from events.reply import Reply
from events.task import Task
from events.turn import Turn
from llm.attempt import Attempt
from llm.kit import Job, Kit
from llm.models.failure import Closed
from llm.models.model import SIZES
from llm.money.claims import Claim
from llm.replying import fell_back


class Desk:
    """Answers turns with models, and with their fallback where no model is to be had."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def reply(self, turn: Turn, task: Task, plain: Reply) -> Reply:
        """The answer, or `plain` marked with what was away. Raises Unavailable without Postgres."""
        job, claims = self._job(turn, task, plain), self._kit.claims
        try:
            while True:
                reply = await self._tried(job) or await claims.released(turn)
                if reply is not None:
                    return reply
        except Closed as closed:
            # Paid for before a redelivery, it is not thrown away because the model is away now.
            return await claims.stored(turn) or fell_back(turn, plain, closed.mark)

    def _job(self, turn: Turn, task: Task, plain: Reply) -> Job:
        kit = self._kit
        model, prompt = kit.models[SIZES[task]], kit.prompter.request(turn, task)
        most, usd = model.worst(prompt.system + prompt.user)
        time_s = turn.within_s if turn.within_s is not None else kit.terms.deadline_s
        until = asyncio.get_running_loop().time() + time_s
        return Job(turn, task, plain, model, prompt, most, usd, until)

    async def _tried(self, job: Job) -> Reply | None:
        """The reply, or None while another owner works on the turn. Raises Closed, Unavailable."""
        async with job.model.place():
            permit = job.model.permit(job.most)
            try:
                taken = await self._kit.claims.take(job.turn, job.call(self._kit.terms))
                if isinstance(taken, Claim):
                    return await Attempt(self._kit, job, taken, permit).reply()
                return taken
            finally:
                permit.unused(made=False)
