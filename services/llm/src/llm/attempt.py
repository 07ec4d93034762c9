"""The work on one claimed turn: one call or two, then an answer that is settled, or none."""

import asyncio

from events.reply import Reply, Usage
from events.task import Task
from llm.kit import Job, Kit
from llm.models.asking import Told, bill_of
from llm.models.failure import CallFailed, Closed
from llm.models.model import Permit
from llm.models.retry import wait_s
from llm.money.call import Bill, BillState
from llm.money.claims import SUPERSEDED, Claim
from llm.previews import Previews
from llm.replying import answered, fell_back, warmed
from llm.writing import GUARD, Draft, Extent, Sheet
from worker.handler import Unavailable

WARMTH = "warmth"
LENGTH = "length"


class Attempt:
    """Ends with the claim settled, failed or abandoned, however it ends."""

    def __init__(self, kit: Kit, job: Job, claim: Claim, permit: Permit) -> None:
        self._kit = kit
        self._job = job
        self._claim = claim
        self._permit = permit
        self._bill: Bill | None = None

    async def reply(self) -> Reply:
        """The reply that stands. Raises what is no failure of a model: a bug, a cancellation."""
        try:
            return await (self._warm() if self._job.task is Task.WARM else self._answer())
        except BaseException as error:
            # Not waited for: after a revoke the next owner must find the turn free, at once.
            self._permit.unused(made=self._bill is None)
            bill = self._bill or Bill(BillState.UNKNOWN, why=type(error).__qualname__)
            self._kit.claims.abandon(self._claim, bill)
            raise

    async def _answer(self) -> Reply:
        job = self._job
        previews = Previews(self._kit.screen, job.turn, self._claim.epoch)
        sheet = Sheet(self._kit.check(job.turn), previews, Extent.of(job.model.spec.max_tokens))
        try:
            told = await self._written(sheet)
            if isinstance(told, Reply):
                return told
            usage = told.bill.usage(self._claim.call)
            if not sheet.text or sheet.torn:
                return await self._settled(told.bill, self._plain(GUARD, usage))
            marks = (*await sheet.marks(), *(() if told.whole and not sheet.cut else (LENGTH,)))
            leaves, epoch = job.plain.leaves, self._claim.epoch
            reply = answered(job.turn, leaves, sheet.text, usage, epoch, marks)
            return await self._settled(told.bill, reply)
        finally:
            previews.stop()

    async def _warm(self) -> Reply:
        job, draft = self._job, Draft(Extent.of(self._job.model.spec.max_tokens))
        told = await self._written(draft)
        if isinstance(told, Reply):
            return told
        usage = told.bill.usage(self._claim.call)
        if not draft.whole or not draft.text or self._kit.kept(job.plain.text, draft.text):
            return await self._settled(told.bill, self._plain(WARMTH, usage))
        reply = warmed(job.turn, job.plain, draft.text, usage, self._claim.epoch)
        return await self._settled(told.bill, reply)

    async def _written(self, writing: Sheet | Draft) -> Told | Reply:
        """What the model wrote; or the fallback, when it gave up or may not be asked again."""
        job, calls = self._job, 1
        while True:
            try:
                told = await self._kit.asking.ask(
                    job.model, self._claim, job.prompt, self._permit, writing
                )
                self._bill = told.bill
                return told
            except CallFailed as failed:
                bill = self._bill = bill_of(failed, job.model.price)
                left = job.until - asyncio.get_running_loop().time()
                pause = wait_s(failed, calls=calls, begun=writing.begun, left_s=left)
                if pause is None:
                    return await self._given_up(bill, f"model:{job.model.name}")
            try:
                await asyncio.sleep(pause)
                await self._once_more(bill)
            except Closed as closed:
                return await self._given_up(bill, closed.mark)
            except Unavailable as away:
                # Not raised: whoever tries the turn again would count its calls from the start.
                return await self._given_up(bill, away.dependency)
            calls += 1

    async def _once_more(self, failed: Bill) -> None:
        """Leave for a further call. Raises Closed, Unavailable."""
        self._permit = self._job.model.permit(self._job.most)
        call = self._job.call(self._kit.terms)
        self._claim = await self._kit.claims.again(self._claim, failed, call)
        self._bill = None

    async def _given_up(self, bill: Bill, mark: str) -> Reply:
        """The fallback. One that was paid for is settled: asking again would bring no other."""
        self._permit.unused(made=False)
        usage = bill.usage(self._claim.call)
        if usage:
            return await self._settled(bill, self._plain(mark, usage))
        await self._kit.claims.fail(self._claim, bill)
        return self._plain(mark, usage)

    async def _settled(self, bill: Bill, reply: Reply) -> Reply:
        stands = await self._kit.claims.settle(self._claim, bill, reply)
        return stands or self._plain(SUPERSEDED, bill.usage(self._claim.call))

    def _plain(self, mark: str, usage: tuple[Usage, ...]) -> Reply:
        return fell_back(self._job.turn, self._job.plain, mark, usage)
