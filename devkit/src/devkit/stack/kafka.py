"""A real Apache Kafka in KRaft mode: one broker or several, each its own process."""

import asyncio
import base64
import secrets
from dataclasses import dataclass
from pathlib import Path

from devkit.settings import inherited_environment
from devkit.stack.command import Command, run_to_end
from devkit.stack.ports import LOOPBACK, free_ports, is_open
from devkit.stack.process import Child, Guard, until_ready

JVM = (
    "-Xms256m",
    "-Xmx512m",
    "-XX:+UseG1GC",
    "-XX:MaxGCPauseMillis=20",
    "-XX:-UsePerfData",
    "-Djava.awt.headless=true",
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
    "-Dorg.slf4j.simpleLogger.showDateTime=true",
    "-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS",
)
START_S = 60.0


@dataclass(frozen=True)
class Seat:
    """One broker's place in the cluster: kept over restarts."""

    node_id: int
    client_port: int
    controller_port: int


def server_properties(seat: Seat, seats: tuple[Seat, ...], data: Path) -> dict[str, str]:
    """The broker's configuration. Replication follows the number of brokers, three at most."""
    replication = min(3, len(seats))
    in_sync = max(1, replication - 1)
    return {
        "process.roles": "broker,controller",
        "node.id": str(seat.node_id),
        "controller.quorum.voters": ",".join(
            f"{one.node_id}@{LOOPBACK}:{one.controller_port}" for one in seats
        ),
        "listeners": (
            f"CLIENT://{LOOPBACK}:{seat.client_port},CONTROLLER://{LOOPBACK}:{seat.controller_port}"
        ),
        "advertised.listeners": f"CLIENT://{LOOPBACK}:{seat.client_port}",
        "inter.broker.listener.name": "CLIENT",
        "controller.listener.names": "CONTROLLER",
        "listener.security.protocol.map": "CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "log.dirs": str(data),
        "auto.create.topics.enable": "false",
        "default.replication.factor": str(replication),
        "min.insync.replicas": str(in_sync),
        "offsets.topic.replication.factor": str(replication),
        "offsets.topic.num.partitions": "12",
        "transaction.state.log.replication.factor": str(replication),
        "transaction.state.log.min.isr": str(in_sync),
        "group.initial.rebalance.delay.ms": "0",
        "group.min.session.timeout.ms": "1000",
        # A killed broker may come back under its id only after this long; the default is 9 s.
        "broker.session.timeout.ms": "3000",
        "broker.heartbeat.interval.ms": "500",
        # Sized for a heap of 512 MB and some hundred small partitions.
        "log.cleaner.dedupe.buffer.size": str(16 << 20),
        "log.index.size.max.bytes": str(1 << 20),
    }


def new_cluster_id() -> str:
    """16 bytes in base64url, as Kafka wants it; the first is 0, so that no leading hyphen makes it
    look like an option."""
    return base64.urlsafe_b64encode(b"\0" + secrets.token_bytes(15)).decode().rstrip("=")


class Broker:
    """One broker process. `kill` and `start` keep its log directory and its ports."""

    def __init__(self, seat: Seat, child: Child) -> None:
        self.seat = seat
        self.child = child

    async def start(self) -> None:
        """Start the process and wait until clients may connect."""
        self.child.start()
        await until_ready(self.child, self._listens, within=START_S)

    async def stop(self) -> None:
        """Controlled shutdown."""
        await self.child.stop(grace=15)

    async def kill(self) -> None:
        """`kill -9`: nothing is flushed, nobody is told."""
        await self.child.kill()

    async def restart(self) -> None:
        """After `kill` or `stop`: the same log directory, the same ports."""
        await self.start()

    async def _listens(self) -> bool:
        """KRaft opens the clients' port only once the controller has unfenced the broker."""
        return is_open(self.seat.client_port)


class Kafka:
    """The cluster. Its state lies under `home`; a second `start` goes on with it."""

    def __init__(
        self, java: Path, jars: Path, home: Path, logs: Path, watch: Guard, *, brokers: int = 1
    ) -> None:
        ports = free_ports(2 * brokers)
        self._home = home
        self._java = (str(java), *JVM, "-cp", f"{jars}/*")
        self._seats = tuple(Seat(i + 1, ports[2 * i], ports[2 * i + 1]) for i in range(brokers))
        self.brokers = tuple(self._broker(seat, logs, watch) for seat in self._seats)

    @property
    def bootstrap(self) -> str:
        """Addresses for clients: host:port, comma-separated."""
        return ",".join(f"{LOOPBACK}:{seat.client_port}" for seat in self._seats)

    @property
    def replication(self) -> int:
        """The replication factor that this many brokers allow, three at most."""
        return min(3, len(self._seats))

    async def start(self) -> None:
        """Format what is not formatted yet, then start every broker. Raises DevkitError."""
        cluster = new_cluster_id()
        await asyncio.gather(*(self._format(seat, cluster) for seat in self._seats))
        await asyncio.gather(*(broker.start() for broker in self.brokers))

    async def stop(self) -> None:
        """Stop every broker."""
        await asyncio.gather(*(broker.stop() for broker in self.brokers))

    async def kill(self, index: int = 0) -> None:
        """`kill -9` one broker."""
        await self.brokers[index].kill()

    async def restart(self, index: int = 0) -> None:
        """Start one broker again on its log directory and ports."""
        await self.brokers[index].restart()

    def _broker(self, seat: Seat, logs: Path, watch: Guard) -> Broker:
        name = f"kafka-{seat.node_id}"
        command = Command(
            argv=(*self._java, "kafka.Kafka", str(self._properties(seat))),
            env=inherited_environment(),
        )
        return Broker(seat, Child(name, command, logs / f"{name}.log", watch))

    def _properties(self, seat: Seat) -> Path:
        return self._home / f"{seat.node_id}.properties"

    async def _format(self, seat: Seat, cluster: str) -> None:
        data = self._home / str(seat.node_id)
        if (data / "meta.properties").exists():
            return
        self._home.mkdir(parents=True, exist_ok=True)
        pairs = server_properties(seat, self._seats, data)
        self._properties(seat).write_text("".join(f"{k}={v}\n" for k, v in pairs.items()))
        await self._storage_tool("format", "-t", cluster, "-c", str(self._properties(seat)))

    async def _storage_tool(self, *arguments: str) -> None:
        # Short-lived: the first compiler tier alone is faster than the optimising one.
        command = Command(
            argv=(
                *(self._java[0], "-XX:TieredStopAtLevel=1", *self._java[1:]),
                *("kafka.tools.StorageTool", *arguments),
            ),
            env=inherited_environment(),
        )
        await run_to_end("Kafka's storage tool", command)
