"""The signature that Standard Webhooks asks for."""

from skills.lib.standard_webhooks import new_secret, signed_headers


def test_a_message_is_signed_as_the_specification_s_own_example():
    headers = signed_headers(
        secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        timestamp=1614265330,
        body=b'{"test": 2432232314}',
    )

    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert headers["webhook-timestamp"] == "1614265330"


def test_every_secret_is_another():
    assert new_secret() != new_secret()
