import os
from pathlib import Path

import psutil
import pytest

from devkit.errors import ENVIRONMENT, DevkitError
from devkit.project import Project
from devkit.stack import record, run
from devkit.stack.ports import free_ports, is_open

GONE = 2**22 + 1  # Above the highest process number that Linux gives.


def ended(runs: Path, name: str) -> Path:
    folder = runs / name
    (folder / "data").mkdir(parents=True)
    (folder / "logs").mkdir()
    (folder / "pid").write_text(str(GONE))
    return folder


def test_a_run_has_a_folder_of_its_own(tmp_path: Path) -> None:
    first, second = run.Run(Project(tmp_path)), run.Run(Project(tmp_path))
    assert first.folder != second.folder
    assert first.data.is_dir()


def test_a_run_that_ends_leaves_its_logs_and_no_data(tmp_path: Path) -> None:
    one = run.Run(Project(tmp_path))
    one.logs.mkdir()
    one.close()
    assert one.logs.is_dir()
    assert not one.data.exists()


def test_what_a_killed_run_left_is_tidied_and_a_live_one_is_not(tmp_path: Path) -> None:
    killed = ended(tmp_path, "20260101-000000-1")
    alive = ended(tmp_path, "20260101-000001-2")
    (alive / "pid").write_text(str(os.getpid()))
    run.prune(tmp_path)
    assert (killed / "logs").is_dir()
    assert not (killed / "data").exists()
    assert (alive / "data").is_dir()


def test_only_the_newest_ended_runs_keep_their_logs(tmp_path: Path) -> None:
    names = [f"20260101-0000{number:02d}-1" for number in range(run.KEPT + 3)]
    for name in names:
        ended(tmp_path, name)
    run.prune(tmp_path)
    assert sorted(one.name for one in tmp_path.iterdir()) == names[3:]


def example(pid: int, started: float) -> record.Record:
    return record.Record(
        pid=pid,
        started=started,
        kafka="127.0.0.1:9092",
        postgres_admin="postgresql://admin@127.0.0.1/tierwise",
        postgres={"order": "postgresql://order@127.0.0.1/tierwise"},
        gateways=("http://127.0.0.1:8000",),
        health={"order-0": "http://127.0.0.1:9000"},
        logs="logs",
    )


def test_a_running_stack_is_found_by_its_record(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.state.mkdir()
    written = example(os.getpid(), psutil.Process().create_time())
    written.write(project.running)
    assert record.running(project) == written
    assert project.running.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(("pid", "started"), [(GONE, 0.0), (os.getpid(), 0.0)])
def test_the_record_of_an_ended_stack_is_none(tmp_path: Path, pid: int, started: float) -> None:
    project = Project(tmp_path)
    project.state.mkdir()
    example(pid, started).write(project.running)
    with pytest.raises(DevkitError, match="No stack is running here") as refused:
        record.require_running(project)
    assert refused.value.exit_code == ENVIRONMENT


def test_free_ports_differ_and_are_free() -> None:
    ports = free_ports(20)
    assert len(set(ports)) == 20
    assert not any(is_open(port) for port in ports)
