"""One string that says where the brokers are and how to speak to them: it fits into one secret."""

import ssl
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

SCHEMES = {
    "": "PLAINTEXT",
    "plaintext": "PLAINTEXT",
    "ssl": "SSL",
    "sasl": "SASL_PLAINTEXT",
    "sasl+ssl": "SASL_SSL",
}
MECHANISMS = ("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512")
OPTIONS = frozenset({"mechanism", "ca", "cert", "key"})


@dataclass(frozen=True)
class Address:
    """`[SCHEME://[USER:PASSWORD@]]HOST:PORT[,HOST:PORT…][?mechanism=…&ca=…&cert=…&key=…]`.

    The scheme is plaintext (the default), ssl, sasl or sasl+ssl; user and password are
    percent-encoded; mechanism is SCRAM-SHA-512 where not given; ca, cert and key are PEM files.
    """

    hosts: str
    protocol: str = "PLAINTEXT"
    user: str | None = None
    password: str | None = None
    mechanism: str = "SCRAM-SHA-512"
    ca: str | None = None
    cert: str | None = None
    key: str | None = None

    @classmethod
    def parse(cls, written: str) -> "Address":
        """The address as written. Raises ValueError that says what is wrong, without a password."""
        parts = urlsplit(written if "://" in written else f"plaintext://{written}")
        if (protocol := SCHEMES.get(parts.scheme)) is None:
            raise ValueError(f"{parts.scheme}:// is none of {', '.join(filter(None, SCHEMES))}")
        credentials, _, hosts = parts.netloc.rpartition("@")
        user, _, password = credentials.partition(":")
        options = dict(parse_qsl(parts.query))
        if unknown := options.keys() - OPTIONS:
            raise ValueError(f"{sorted(unknown)[0]} is none of {', '.join(sorted(OPTIONS))}")
        login = (unquote(user) or None, unquote(password) or None)
        return cls(hosts, protocol, *login, **options)._checked()

    def _checked(self) -> "Address":
        if not self.hosts or any(":" not in host for host in self.hosts.split(",")):
            raise ValueError("the brokers are not written host:port[,host:port…]")
        if self.protocol.startswith("SASL") != (self.user is not None):
            raise ValueError("user:password@ goes with sasl:// or sasl+ssl://, and only with them")
        if self.mechanism not in MECHANISMS:
            raise ValueError(f"mechanism must be one of {', '.join(MECHANISMS)}")
        return self

    @cached_property
    def options(self) -> dict[str, Any]:
        """The keyword arguments of every client of aiokafka. Reads the PEM files once."""
        login = {
            "sasl_mechanism": self.mechanism,
            "sasl_plain_username": self.user,
            "sasl_plain_password": self.password,
        }
        return {
            "bootstrap_servers": self.hosts,
            "security_protocol": self.protocol,
            **({"ssl_context": self._tls()} if self.protocol.endswith("SSL") else {}),
            **(login if self.user is not None else {}),
        }

    def _tls(self) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=self.ca)
        if self.cert:
            context.load_cert_chain(self.cert, self.key)
        return context
