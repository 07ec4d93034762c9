"""Where things lie: the project folder and the state that devkit keeps under `.tierwise/`."""

from dataclasses import dataclass
from pathlib import Path

from devkit.errors import environment_error
from devkit.settings import settings

MARK = Path("devkit") / "kafka" / "pom.xml"


@dataclass(frozen=True)
class Project:
    """The checkout at `root`. Every path of the devkit is derived here."""

    root: Path

    @classmethod
    def find(cls, start: Path | None = None) -> "Project":
        """TIERWISE_DEV_HOME, else the checkout around `start`, else the one devkit lies in."""
        home = settings().home
        if home is not None:
            return cls._checked(Path(home))
        begin = (start or Path.cwd()).resolve()
        for folder in (begin, *begin.parents, *Path(__file__).resolve().parents):
            if (folder / MARK).is_file():
                return cls(folder)
        raise environment_error(
            "This is not a Tierwise checkout: run the command inside one, or set TIERWISE_DEV_HOME."
        )

    @classmethod
    def _checked(cls, root: Path) -> "Project":
        if not (root / MARK).is_file():
            raise environment_error(f"TIERWISE_DEV_HOME={root} is not a Tierwise checkout.")
        return cls(root.resolve())

    @property
    def state(self) -> Path:
        """Everything devkit keeps; safe to delete while no stack runs."""
        return self.root / ".tierwise"

    @property
    def cache(self) -> Path:
        """What was downloaded."""
        return self.state / "cache"

    @property
    def runs(self) -> Path:
        """One folder per stack: logs and data."""
        return self.state / "run"

    @property
    def keys(self) -> Path:
        """Private keys of the development stack."""
        return self.state / "keys"

    @property
    def frontends(self) -> Path:
        """Registered frontends, one YAML file each."""
        return self.state / "frontends"

    @property
    def running(self) -> Path:
        """Addresses of the stack that `tierwise up` runs."""
        return self.state / "stack.json"

    @property
    def playbook(self) -> Path:
        """What the shop decides."""
        return self.root / "playbook"

    @property
    def docs(self) -> Path:
        """Pages for people, and the contracts generated from the models."""
        return self.root / "docs"

    @property
    def migrations(self) -> Path:
        """Numbered SQL files."""
        return self.root / "deploy" / "migrations"

    @property
    def pom(self) -> Path:
        """What names the broker's jars."""
        return self.root / MARK
