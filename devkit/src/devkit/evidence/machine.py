"""What a figure depends on besides code and data: processor, versions, commit."""

import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import psutil

from devkit.evidence.record import Commit, Cpu

PACKAGES = ("numpy", "onnxruntime", "tokenizers", "torch", "transformers", "scikit-learn")
FLAGS = (
    "avx2",
    "avx512f",
    "avx512_vnni",
    "avx_vnni",
    "avx512_bf16",
    "amx_int8",
    "amx_bf16",
    "asimddp",
    "i8mm",
    "bf16",
)
"""Those by which int8 and bfloat16 kernels are chosen, on x86 and on ARM."""

CPUINFO = Path("/proc/cpuinfo")
ABBREVIATED = 12


def cpu() -> Cpu:
    """The processor of this machine."""
    told = _told()
    has = {*told.get("flags", "").split(), *told.get("Features", "").split()}
    return Cpu(
        model=told.get("model name") or platform.machine(),
        flags=tuple(flag for flag in FLAGS if flag in has),
        cores=psutil.cpu_count() or 1,
    )


def versions() -> dict[str, str]:
    """Python, and those of the packages that decide figures which are installed."""
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def commit(root: Path) -> Commit | None:
    """What is checked out at `root`; None where it is no git checkout, or git is missing.

    Evidence files themselves do not make a checkout dirty: one long run writes several.
    """
    head = _git(root, "rev-parse", f"--short={ABBREVIATED}", "HEAD")
    if head is None:
        return None
    changed = _git(root, "status", "--porcelain", "--untracked-files=no", "--", ".", _OWN)
    return Commit(id=head, dirty=bool(changed))


_OWN = ":(exclude)docs/evidence"


def _git(root: Path, *words: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *words], capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def _told() -> dict[str, str]:
    """The lines of the first processor, by name."""
    lines = CPUINFO.read_text(encoding="utf-8").splitlines() if CPUINFO.exists() else []
    pairs = (line.partition(":") for line in lines if ":" in line)
    return {name.strip(): value.strip() for name, _, value in reversed(list(pairs))}
