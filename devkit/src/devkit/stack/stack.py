"""The whole stack: broker, database, topics, migrations, services; one object that ends it all."""

import asyncio
import os
from collections.abc import Coroutine, Mapping
from types import TracebackType
from typing import Any, Self

import psutil

from devkit.errors import DevkitError
from devkit.project import Project
from devkit.settings import settings
from devkit.stack.environment import Site
from devkit.stack.jars import ensure_jars, kafka_version
from devkit.stack.java import find_java
from devkit.stack.kafka import Kafka
from devkit.stack.keys import ensure_keys
from devkit.stack.migrations import migrate
from devkit.stack.postgres import Postgres, as_role
from devkit.stack.process import Child, Guard
from devkit.stack.progress import Step, Steps
from devkit.stack.qdrant import Qdrant, ensure_index
from devkit.stack.record import Record
from devkit.stack.roles import ensure_roles, new_passwords
from devkit.stack.run import Run
from devkit.stack.seed import seed
from devkit.stack.services import Plan, Service, plan_services, start_all
from devkit.stack.simulator import Simulator
from devkit.stack.topics import PARTITIONS, ensure_topics

NO_SERVICES = Plan(services=())


class Stack:
    """`async with Stack(plan=…) as stack:` brings everything up and ends it however the block ends.

    `plan` NO_SERVICES starts the broker and the database alone, migrated, with topics. `brokers`
    is how many brokers the embedded cluster has. Raises DevkitError when something does not come
    up; what had come up is ended first.
    """

    def __init__(
        self,
        project: Project | None = None,
        *,
        plan: Plan | None = None,
        partitions: int = PARTITIONS,
        brokers: int = 1,
        steps: Steps | None = None,
    ) -> None:
        self.project = project or Project.find()
        self.plan = plan or Plan()
        self.partitions = partitions
        self.services: tuple[Service, ...] = ()
        self._brokers = brokers
        self._steps = steps or Steps()
        self._passwords = new_passwords()
        self._kafka: Kafka | None = None
        self._postgres: Postgres | None = None
        self._simulator: Simulator | None = None
        self._qdrant: Qdrant | None = None
        self._run: Run | None = None
        self._guard: Guard | None = None

    @property
    def kafka(self) -> Kafka:
        """The embedded cluster, to be killed and restarted. DevkitError when it is not ours."""
        if self._kafka is None:
            raise DevkitError("The stack runs no broker of its own.")
        return self._kafka

    @property
    def postgres(self) -> Postgres:
        """The embedded server, to be killed, paused, restarted. DevkitError when it is not ours."""
        if self._postgres is None:
            raise DevkitError("The stack runs no PostgreSQL of its own.")
        return self._postgres

    @property
    def simulator(self) -> Simulator:
        """The simulated provider. DevkitError when no llm runs, or it calls the real one."""
        if self._simulator is None:
            raise DevkitError("The stack runs no simulator.")
        return self._simulator

    @property
    def qdrant(self) -> Qdrant:
        """The small Qdrant server, to be killed, paused, slowed. DevkitError when no rag runs."""
        if self._qdrant is None:
            raise DevkitError("The stack runs no Qdrant of its own.")
        return self._qdrant

    @property
    def run(self) -> Run:
        """This stack's folder."""
        if self._run is None:
            raise DevkitError("The stack was not started.")
        return self._run

    @property
    def bootstrap(self) -> str:
        """Kafka's addresses, for any client."""
        return settings().kafka or self.kafka.bootstrap

    @property
    def admin_dsn(self) -> str:
        """DSN of the database's administrator: for seeds and assertions, never for a service."""
        return settings().postgres or self.postgres.admin_dsn

    def dsn(self, service: str) -> str:
        """DSN of a service's own role."""
        return as_role(self.admin_dsn, service, self._passwords[service])

    def of(self, name: str) -> tuple[Service, ...]:
        """All processes of one service, by replica."""
        return tuple(one for one in self.services if one.name == name)

    @property
    def infrastructure(self) -> tuple[Child, ...]:
        """The processes of broker, database and provider, as far as they are the stack's own."""
        brokers = self._kafka.brokers if self._kafka else ()
        server = (self._postgres.child,) if self._postgres else ()
        provider = (self._simulator.child,) if self._simulator else ()
        index = (self._qdrant.child,) if self._qdrant else ()
        return (*(broker.child for broker in brokers), *server, *provider, *index)

    @property
    def gateway_url(self) -> str:
        """Base URL of the gateway's first replica."""
        found = self.of("gateway")
        if not found:
            raise DevkitError("The stack runs no gateway.")
        return found[0].url

    def record(self) -> Record:
        """Addresses and passwords, for `stack.json`."""
        return Record(
            pid=os.getpid(),
            started=psutil.Process().create_time(),
            kafka=self.bootstrap,
            postgres_admin=self.admin_dsn,
            postgres=self._dsns(),
            gateways=tuple(one.url for one in self.of("gateway")),
            health={one.child.name: one.health_url for one in self.services},
            logs=str(self.run.logs),
            simulator=self._simulator.url if self._simulator else None,
            qdrant=self._index_url,
            ledger=next((one.url for one in self.of("ledger")), None),
        )

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Bring everything up, or end what had come up and raise."""
        try:
            self._run, self._guard = Run(self.project), Guard()
            ensure_keys(self.project)
            await _together(self._start_kafka(), self._start_postgres())
            await self.start_services(self.plan)
            self.record().write(self.run.folder / "stack.json")
        except BaseException:
            await self.stop()
            raise

    async def start_services(self, plan: Plan) -> tuple[Service, ...]:
        """Start the plan's processes, besides those that run already, and return them."""
        if self._guard is None:
            raise DevkitError("The stack was not started.")
        if "llm" in plan.services and not settings().anthropic_api_key:
            await self._start_simulator(plan)
        if "rag" in plan.services and not settings().qdrant:
            await self._start_qdrant()
        provider = self._simulator.url if self._simulator else None
        dsns = self._dsns()
        site = Site(self.project, self.bootstrap, dsns, plan.extra, provider, self._index_url)
        added = plan_services(plan, site, self.run.logs, self._guard)
        self.services += added
        if added:
            async with self._steps.step("Services " + ", ".join(plan.services)):
                await _together(start_all(added))
        return added

    async def stop(self) -> None:
        """End everything: services first, so that they drain; then remove the data."""
        try:
            await asyncio.gather(*(service.stop() for service in self.services))
            owned = (self._kafka, self._postgres, self._simulator, self._qdrant)
            await asyncio.gather(*(one.stop() for one in owned if one is not None))
        finally:
            self._close()

    def _close(self) -> None:
        """What must happen even when a stop was cut short; the guard ends what still runs."""
        if self._guard is not None:
            self._guard.close()
            self._guard = None
        if self._postgres is not None:
            self._postgres.discard()
        if self._run is not None:
            self._run.close()

    def _dsns(self) -> Mapping[str, str]:
        return {name: self.dsn(name) for name in self._passwords}

    async def _start_simulator(self, plan: Plan) -> None:
        assert self._guard is not None
        if self._simulator is None:
            extra = plan.extra.get("simulator", {})
            async with self._steps.step("Model simulator"):
                self._simulator = Simulator(self.project, self.run, extra, self._guard)
                await self._simulator.start()

    @property
    def _index_url(self) -> str | None:
        return settings().qdrant or (self._qdrant.url if self._qdrant else None)

    async def _start_qdrant(self) -> None:
        assert self._guard is not None
        if self._qdrant is None:
            async with self._steps.step("Qdrant and its index") as step:
                built = await ensure_index(self.project, step.say)
                self._qdrant = Qdrant(self.project, self.run, self._guard)
                await self._qdrant.start(built)

    async def _start_kafka(self) -> None:
        if not settings().kafka:
            async with self._steps.step(f"Kafka {kafka_version(self.project)}") as step:
                await self._start_broker(step)
        async with self._steps.step("Topics"):
            await ensure_topics(
                self.bootstrap,
                partitions=self.partitions,
                replication=self._kafka.replication if self._kafka else 1,
            )

    async def _start_broker(self, step: Step) -> None:
        assert self._guard is not None
        java, jars = find_java(), await ensure_jars(self.project, step.say)
        home = self.run.data / "kafka"
        self._kafka = Kafka(java, jars, home, self.run.logs, self._guard, brokers=self._brokers)
        await self._kafka.start()

    async def _start_postgres(self) -> None:
        if not settings().postgres:
            async with self._steps.step("PostgreSQL"):
                await self._start_server()
        async with self._steps.step("Roles, migrations, seed"):
            await ensure_roles(self.admin_dsn, self._passwords)
            await migrate(self.admin_dsn, self.project.migrations)
            await seed(self.admin_dsn, self.project)

    async def _start_server(self) -> None:
        assert self._guard is not None
        self._postgres = Postgres(self.run.data / "postgres", self.run.logs, self._guard)
        await self._postgres.start()


async def _together(*works: Coroutine[Any, Any, None]) -> None:
    """Run all; the first that fails ends the others and is raised as itself, not as a group."""
    try:
        async with asyncio.TaskGroup() as group:
            for work in works:
                group.create_task(work)
    except BaseExceptionGroup as failed:
        raise _first(failed) from None


def _first(failed: BaseExceptionGroup[BaseException]) -> BaseException:
    inner = failed.exceptions[0]
    return _first(inner) if isinstance(inner, BaseExceptionGroup) else inner
