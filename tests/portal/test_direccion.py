"""Where a request comes from, behind none, one or two proxies."""

import pytest
from axes.models import AccessAttempt

from portal.direccion import direccion_de
from tests.builders import crear_usuario


@pytest.mark.parametrize(
    ("proxies", "reenviado", "direccion"),
    [
        (0, "203.0.113.9", "127.0.0.1"),  # nobody is believed
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.7, 203.0.113.9", "203.0.113.9"),  # the first one was made up
        (2, "203.0.113.9, 192.0.2.1", "203.0.113.9"),
        (2, "203.0.113.9", "127.0.0.1"),
        (1, "", "127.0.0.1"),
    ],
)
def test_behind_a_proxy_each_one_has_an_address(rf, settings, proxies, reenviado, direccion):
    """Otherwise the whole town would share one limit."""
    settings.PROXIES = proxies
    assert direccion_de(rf.get("/", HTTP_X_FORWARDED_FOR=reenviado)) == direccion


def test_a_wrong_password_is_counted_by_the_address_that_the_proxy_saw(client, settings, db):
    settings.PROXIES = 1
    crear_usuario("ana")
    client.post("/admin/login/", {"username": "ana", "password": "no-es"}, HTTP_X_FORWARDED_FOR="203.0.113.9")
    assert AccessAttempt.objects.get().ip_address == "203.0.113.9"
