"""Who may use a server: whoever is on this machine, or whoever knows a name and a password."""

from __future__ import annotations

from dataclasses import dataclass, field

from corpus.errors import DalilError
from qa.settings import Settings

LOOPBACK = ("127.0.0.1", "localhost", "::1")
"""The names of this machine that no other machine reaches."""


@dataclass(frozen=True, slots=True)
class Access:
    """Who may come in, and how often.

    With ``user`` and ``password`` the page asks for both, wherever it is; ``open_to_all`` says that
    it is meant to ask for nothing beyond this machine. ``keys`` are those of programs.
    ``public_name`` is the name by which a reverse proxy on this machine makes it known, and
    ``per_minute`` how many requests that make work one address may send, 0 for any number.
    """

    keys: tuple[str, ...] = field(default=(), repr=False)
    user: str = ""
    password: str = field(default="", repr=False)
    open_to_all: bool = False
    public_name: str = ""
    per_minute: int = 0

    @classmethod
    def of(cls, settings: Settings) -> Access:
        """What the settings say."""
        password = settings.password
        return cls(
            keys=tuple(key.get_secret_value() for key in settings.api_keys),
            user=settings.user,
            password=password.get_secret_value() if password else "",
            open_to_all=settings.open_to_all,
            public_name=settings.public_name,
            per_minute=settings.per_minute,
        )

    def alone(self, host: str) -> bool:
        """Whether a server on ``host`` is for this machine alone."""
        return host in LOOPBACK and not self.public_name

    def read_only(self, host: str) -> bool:
        """Whether visitors may only ask: nobody knows who they are."""
        return not self.alone(host) and not self.password

    def require(self, host: str) -> None:
        """Raise DalilError where others reach ``host`` and nothing says who may come in."""
        if self.alone(host) or self.password or self.open_to_all:
            return
        raise DalilError(
            f"Others could reach the page on {self.public_name or host!r}, and it has no password.",
            "Set DALIL_USER and DALIL_PASSWORD, or `user` and `password` in dalil.toml. To let "
            "anybody ask, and nobody change the texts, say so: dalil chat --open-to-all",
            arabic="ستصل أجهزة أخرى إلى هذه الصفحة، ولا كلمة مرور لها. عيّن المستخدم وكلمة المرور "
            "في DALIL_USER وDALIL_PASSWORD، أو قل صراحةً إنّها للجميع بالخيار ‎--open-to-all‎.",
        )
