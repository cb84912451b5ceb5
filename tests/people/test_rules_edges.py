"""Rules about an actor that no request makes: they hold even so."""

from skills.people import rules
from skills.people.actor import ALL_SCOPES, Actor
from skills.people.models import Team


def test_a_role_without_an_account_reads_no_audit_log():
    crew = Team(pk=1, handle="crew")
    nobody = Actor(None, {crew.pk: "admin"}, ALL_SCOPES)

    assert rules.may_read_audit(nobody, crew) is False
