"""Deliveries of four kinds of sender: signed ones count, all others are refused in the same words."""

import hashlib
import hmac

import pytest

from skills.sources.webhooks import FORMS, is_signed

SECRET, BODY = "a secret of forty characters, more or less", b'{"ref": "refs/heads/main"}'
DIGEST = hmac.new(SECRET.encode(), BODY, hashlib.sha256).hexdigest()
RIGHT = {
    "X-Hub-Signature-256": f"sha256={DIGEST}",
    "X-Gitlab-Token": SECRET,
    "X-Gitea-Signature": DIGEST,
    "X-SkillHub-Signature": f"sha256={DIGEST}",
}


def test_each_form_has_a_case():
    assert {form.header for form in FORMS} == set(RIGHT)


@pytest.mark.parametrize("header", RIGHT)
def test_a_right_signature_counts(header):
    assert is_signed({header: RIGHT[header]}, BODY, SECRET)


@pytest.mark.parametrize("header", RIGHT)
@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text[:-1],
        lambda text: text + "0",
        lambda text: text.upper() if text != text.upper() else text.lower(),
        lambda text: "",
        lambda text: "sha256=" + hashlib.sha256(BODY).hexdigest(),
        lambda text: "é" * 64,
    ],
)
def test_a_wrong_signature_does_not(header, spoil):
    assert not is_signed({header: spoil(RIGHT[header])}, BODY, SECRET)


@pytest.mark.parametrize("header", sorted(set(RIGHT) - {"X-Gitlab-Token"}))
def test_a_signature_of_another_body_does_not(header):
    assert not is_signed({header: RIGHT[header]}, BODY + b" ", SECRET)


def test_without_a_signature_nothing_counts():
    assert not is_signed({"X-GitHub-Event": "push"}, BODY, SECRET)


def test_one_wrong_signature_beside_a_right_one_spoils_it():
    headers = {"X-Gitea-Signature": DIGEST, "X-Hub-Signature-256": "sha256=0"}

    assert not is_signed(headers, BODY, SECRET)
