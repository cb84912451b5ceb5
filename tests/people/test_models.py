"""What the tables of people refuse by themselves, and how their rows are called."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from skills.people.models import Account, Membership, Policy, Team, Token, handle_is_valid
from skills.people.tokens import create_token
from tests.factories import a_person, actor, join


@pytest.mark.parametrize("handle", ["a", "7", "a-b", "a" * 40])
def test_a_handle_may_be(handle):
    handle_is_valid(handle)


@pytest.mark.parametrize("handle", ["", "-", "a-", "-a", "A", "a_b", "a.b", "a b", "é", "a" * 41, "a/b"])
def test_a_handle_may_not_be(handle):
    with pytest.raises(ValidationError):
        handle_is_valid(handle)


def test_a_person_is_called_as_they_wish():
    assert Account(username="ann").label == "ann"
    assert Account(username="ann", display_name="Ann B.").label == "Ann B."
    assert Account(username="ann", display_name="Ann B.").get_full_name() == "Ann B."


def test_one_address_belongs_to_one_account_whatever_its_case(owner):
    with pytest.raises(IntegrityError, match="one_account_per_email"), transaction.atomic():
        Account.objects.create(username="other", email="OWNER@example.org")


def test_many_accounts_have_no_address(db):
    Account.objects.create(username="one")
    Account.objects.create(username="two")

    assert Account.objects.filter(email="").count() == 2


def test_an_account_has_one_role_in_a_team(owner, team):
    with pytest.raises(IntegrityError, match="one_role_per_team"), transaction.atomic():
        join(team, owner, "member")


def test_a_role_outside_the_list_is_refused(stranger, team):
    with pytest.raises(IntegrityError, match="role_is_known"), transaction.atomic():
        join(team, stranger, "emperor")


@pytest.mark.parametrize("count", [0, 6])
def test_the_database_bounds_the_approvals(count, team):
    with pytest.raises(IntegrityError, match="approvals_between_one_and_five"), transaction.atomic():
        Policy.objects.filter(team=team).update(approvals_needed=count)


def test_a_token_that_ended_before_it_began_is_refused(owner):
    token, _ = create_token(actor=actor(owner), owner=owner, name="t", scopes=["read"])

    with pytest.raises(IntegrityError, match="token_expires_after_creation"), transaction.atomic():
        Token.objects.filter(pk=token.pk).update(expires_at=token.created_at)


def test_a_person_has_one_personal_team(owner):
    with pytest.raises(IntegrityError), transaction.atomic():
        Team.objects.create(handle="another", name="x", personal_of=owner)


def test_rows_name_themselves_in_logs(db):
    ann = a_person("ann")
    token, _ = create_token(actor=actor(ann), owner=ann, name="laptop", scopes=["read"])

    assert str(ann) == "ann"
    assert str(ann.personal_team) == "ann"
    assert str(ann.personal_team.policy) == "policy of ann"
    assert str(Membership.objects.get()) == "ann in ann: admin"
    assert str(token) == "laptop of ann"
