"""One string for where the brokers are and how to speak to them."""

import pytest

from bus.address import Address


def test_hosts_alone_are_plain_text() -> None:
    options = Address.parse("a:9092,b:9092").options
    assert options == {"bootstrap_servers": "a:9092,b:9092", "security_protocol": "PLAINTEXT"}


def test_a_login_is_decoded_and_given_to_the_client() -> None:
    options = Address.parse("sasl+ssl://tier:p%40ss@k1:9096,k2:9096").options
    assert options.pop("ssl_context").check_hostname
    assert options == {
        "bootstrap_servers": "k1:9096,k2:9096",
        "security_protocol": "SASL_SSL",
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": "tier",
        "sasl_plain_password": "p@ss",
    }


def test_the_mechanism_may_be_given() -> None:
    assert Address.parse("sasl://u:p@k:9092?mechanism=PLAIN").mechanism == "PLAIN"


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("https://k:9092", "none of plaintext"),
        ("k", "host:port"),
        ("", "host:port"),
        ("sasl://k:9092", "goes with"),
        ("ssl://u:secret@k:9092", "goes with"),
        ("sasl://u:secret@k:9092?mechanism=GSSAPI", "must be one of"),
        ("sasl://u:secret@k:9092?password=1", "password is none of"),
    ],
)
def test_a_wrong_address_is_refused_without_its_password(written: str, says: str) -> None:
    with pytest.raises(ValueError, match=says) as refused:
        Address.parse(written)
    assert "secret" not in str(refused.value)
