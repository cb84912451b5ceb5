"""Pages of accounts: profile, tokens, notices, and what staff do to people."""

import re
from datetime import timedelta

import pytest

from skills.curation import follow
from skills.lib.clock import now
from skills.notices.models import Kind, Notice, NoticePreference
from skills.people.models import Token
from skills.people.teams import create_service
from skills.people.tokens import create_token
from tests.factories import PASSWORD, a_person, actor, an_approved, bearer, join
from tests.pages import outcome, words_of

pytestmark = pytest.mark.django_db
TOKENS = "/account/tokens/"
NEW_TOKEN = {"name": "laptop", "scopes": ["read"], "days": "30"}


@pytest.fixture
def me(client, owner):
    client.force_login(owner)
    return client


@pytest.fixture
def boss(client):
    boss = a_person("boss", staff=True)
    client.force_login(boss)
    return boss


def test_a_profile_is_saved(me, owner):
    answer = me.post("/account/", {"display_name": "Olga Owner"})

    assert outcome(answer) == (302, "/account/", [("ok", "Saved.")])
    owner.refresh_from_db()
    assert owner.label == "Olga Owner"


def test_a_name_that_is_too_long_is_refused_and_the_old_one_stays(me, owner):
    answer = me.post("/account/", {"display_name": "x" * 500})

    assert answer.status_code == 400
    owner.refresh_from_db()
    assert owner.display_name == ""


def test_a_profile_form_changes_nothing_else(me, owner):
    me.post("/account/", {"display_name": "Olga", "is_staff": "on", "username": "root", "email": "x@y.z"})

    owner.refresh_from_db()
    assert (owner.username, owner.email, owner.is_staff) == ("owner", "owner@example.org", False)


@pytest.mark.parametrize("path", ["/account/", TOKENS, "/account/notifications/", "/notices/", "/teams/"])
def test_pages_of_people_are_closed_to_service_accounts(path, client, owner, team):
    client.force_login(create_service(actor=actor(owner), team=team, handle="ci"))

    answer = client.get(path)

    assert answer.status_code == 403
    assert "Service accounts cannot do this." in answer.content.decode()


def test_somebody_leaves_and_is_signed_out(me, owner):
    create_token(actor=actor(owner), owner=owner, name="old", scopes=["read"])

    answer = me.post("/account/deactivate/")

    assert (answer.status_code, answer["Location"]) == (302, "/account/")
    owner.refresh_from_db()
    assert not owner.is_active
    assert Token.objects.get().revoked_at is not None
    assert me.get("/account/")["Location"].startswith("/account/login/")


def test_the_last_admin_of_a_team_does_not_leave_and_stays_signed_in(me, owner, team):
    answer = me.post("/account/deactivate/")

    (status, where, ((level, words),)) = outcome(answer)
    assert (status, where, level) == (302, "/account/", "bad")
    assert "crew" in words
    owner.refresh_from_db()
    assert owner.is_active
    assert me.get("/account/").status_code == 200


def test_a_token_is_shown_once_and_works(me, client, owner):
    answer = me.post(TOKENS, NEW_TOKEN)

    secret = re.search(r"skh_[\w-]{40,}", answer.content.decode()).group()
    assert answer["Cache-Control"] == "private, no-store"
    assert secret not in me.get(TOKENS).content.decode()
    client.logout()
    me_as_api = client.get("/api/v1/me", headers={"Authorization": f"Bearer {secret}"}).json()
    assert (me_as_api["account"], me_as_api["scopes"]) == ("owner", ["read"])


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["root"]}, "scopes"),
        ({"days": "0"}, "days"),
        ({"days": "367"}, "days"),
        ({"days": "soon"}, "days"),
        ({"teams": ["others"]}, "teams"),
    ],
)
def test_a_token_form_says_what_is_wrong_and_makes_none(change, field, me, team):
    answer = me.post(TOKENS, NEW_TOKEN | change)

    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == [field]
    assert not Token.objects.exists()


@pytest.mark.parametrize("days", [1, 366])
def test_a_token_lives_from_a_day_to_a_year(days, me):
    me.post(TOKENS, NEW_TOKEN | {"days": str(days)})

    token = Token.objects.get()
    assert token.expires_at - token.created_at == timedelta(days=days)


def test_a_token_can_be_limited_to_teams(me, team):
    me.post(TOKENS, NEW_TOKEN | {"teams": ["crew"]})

    assert [team.handle for team in Token.objects.get().teams.all()] == ["crew"]


def test_a_token_that_stands_in_addresses_may_only_read(me):
    answer = me.post(TOKENS, NEW_TOKEN | {"scopes": ["read", "publish"], "in_address": "on"})

    assert answer.status_code == 400
    assert "may read only" in answer.content.decode()
    assert f'value="{NEW_TOKEN["name"]}"' in answer.content.decode(), "what was typed stays"
    assert answer.context["form"]["scopes"].value() == ["read", "publish"]
    assert not Token.objects.exists()


def test_one_revokes_ones_own_token(me, owner):
    token, _ = create_token(actor=actor(owner), owner=owner, name="x", scopes=["read"])

    answer = me.post(f"{TOKENS}{token.pk}/revoke/")

    assert outcome(answer) == (302, TOKENS, [("ok", "Revoked.")])
    token.refresh_from_db()
    assert token.revoked_at is not None


def test_a_foreign_token_does_not_exist(client, owner, stranger):
    token, _ = create_token(actor=actor(owner), owner=owner, name="x", scopes=["read"])
    client.force_login(stranger)

    assert client.post(f"{TOKENS}{token.pk}/revoke/").status_code == 404
    assert client.post(f"{TOKENS}{token.pk + 999}/revoke/").status_code == 404

    token.refresh_from_db()
    assert token.revoked_at is None


def test_not_even_staff_revoke_a_persons_token(client, owner, boss):
    token, _ = create_token(actor=actor(owner), owner=owner, name="x", scopes=["read"])

    assert client.post(f"{TOKENS}{token.pk}/revoke/").status_code == 404


@pytest.mark.parametrize(("who", "status"), [("owner", 302), ("mate", 404)])
def test_admins_revoke_the_tokens_of_their_services(who, status, client, owner, mate, team):
    service = create_service(actor=actor(owner), team=team, handle="ci")
    token, _ = create_token(actor=actor(owner), owner=service, name="x", scopes=["read"])
    client.force_login({"owner": owner, "mate": mate}[who])

    answer = client.post(f"{TOKENS}{token.pk}/revoke/", {"next": "/@crew/-/services/ci/"})

    assert answer.status_code == status
    token.refresh_from_db()
    assert (token.revoked_at is not None) == (status == 302)


def test_notices_are_chosen_kind_by_kind(me, owner):
    kind, *others = Kind.values
    boxes = {f"{name}-{place}": "on" for name in others for place in ("app", "email")}

    answer = me.post("/account/notifications/", boxes | {f"{kind}-app": "on"})

    assert outcome(answer) == (302, "/account/notifications/", [("ok", "Saved.")])
    saved = {row.kind: (row.in_app, row.by_email) for row in NoticePreference.objects.filter(account=owner)}
    assert saved == {kind: (True, False)} | dict.fromkeys(others, (True, True))


def test_nothing_ticked_switches_every_notice_off(me, owner):
    me.post("/account/notifications/")

    rows = NoticePreference.objects.filter(account=owner).values_list("in_app", "by_email")
    assert set(rows) == {(False, False)}
    assert len(rows) == len(Kind.values)


def test_looking_at_notices_does_not_mark_them_and_the_button_does(me, owner, mate):
    for account in (owner, mate):
        Notice.objects.create(account=account, kind=Kind.COMMENTED, text="Somebody said something.", url="/")

    assert "Somebody said something." in me.get("/notices/").content.decode()
    assert Notice.objects.filter(read_at=None).count() == 2

    assert me.post("/notices/")["Location"] == "/notices/"
    assert list(Notice.objects.filter(read_at=None).values_list("account__username", flat=True)) == ["mate"]


def test_opening_a_notice_reads_it_and_whatever_leads_to_the_same_page(me, owner):
    opened, same, other = (
        Notice.objects.create(account=owner, kind=Kind.DECIDED, text="Decided.", url=url)
        for url in ("/reviews/1/", "/reviews/1/", "/reviews/2/")
    )

    answer = me.get(f"/notices/{opened.pk}/")

    assert answer["Location"] == "/reviews/1/"
    assert list(Notice.objects.filter(read_at=None)) == [other]
    assert Notice.objects.exclude(read_at=None).count() == len({opened, same})


def test_nobody_opens_the_notice_of_somebody_else(me, mate):
    notice = Notice.objects.create(account=mate, kind=Kind.DECIDED, text="Decided.", url="/reviews/1/")

    assert me.get(f"/notices/{notice.pk}/").status_code == 404
    assert Notice.objects.get().read_at is None


def test_notices_keep_the_moment_they_were_first_read(me, owner):
    earlier = now() - timedelta(days=3)
    Notice.objects.create(account=owner, kind=Kind.COMMENTED, text="a", url="/", read_at=earlier)

    me.post("/notices/")

    assert Notice.objects.get().read_at == earlier


def test_a_persons_page_shows_only_what_its_reader_may_read(client, owner, mate, stranger, team):
    open_one = an_approved(owner, mate, team, "open-one", wanted="public")
    quiet = an_approved(owner, mate, team, "quiet")
    for version in (open_one, quiet):
        follow.star(actor=actor(mate), skill=version.skill, on=True)
    client.force_login(stranger)

    authored = client.get("/people/owner/").content.decode()
    starred = client.get("/people/mate/").content.decode()

    assert "open-one" in authored and "quiet" not in authored
    assert "open-one" in starred and "quiet" not in starred
    client.force_login(owner)
    assert "quiet" in client.get("/people/owner/").content.decode()


def test_people_are_not_listed_for_visitors_nor_a_missing_one_found(client, owner, stranger):
    assert client.get("/people/owner/")["Location"].startswith("/account/login/")
    client.force_login(stranger)
    assert client.get("/people/ghost/").status_code == 404


def test_everybody_is_listed_for_staff_only(client, owner, boss):
    assert "owner@example.org" in client.get("/people/").content.decode()

    client.force_login(owner)
    assert client.get("/people/").status_code == 403


@pytest.mark.parametrize("wanted", ["OWN", "owner@exam", "  owner "])
def test_staff_find_people_by_handle_or_address(wanted, client, owner, stranger, boss):
    page = client.get("/people/", {"q": wanted}).content

    assert "owner@example.org" in page.decode()
    assert "stranger@example.org" not in page.decode()


def test_staff_switch_an_account_off_and_on(client, stranger, boss):
    answer = client.post("/people/stranger/change/", {"what": "active"})
    assert outcome(answer) == (302, "/people/", [("ok", "Saved.")])
    stranger.refresh_from_db()
    assert not stranger.is_active
    assert not client.login(username="stranger", password=PASSWORD)

    client.force_login(boss)
    client.post("/people/stranger/change/", {"what": "active", "on": "1"})
    stranger.refresh_from_db()
    assert stranger.is_active


@pytest.mark.parametrize(
    ("boxes", "office"),
    [({}, (False, False)), ({"staff": "1"}, (True, False)), ({"auditor": "1"}, (False, True))],
)
def test_staff_give_and_take_offices(boxes, office, client, stranger, boss):
    client.post("/people/stranger/change/", {"what": "offices", **boxes})

    stranger.refresh_from_db()
    assert (stranger.is_staff, stranger.is_auditor) == office


@pytest.mark.parametrize("change", [{"what": "active"}, {"what": "offices", "auditor": "1"}])
def test_the_last_of_staff_cannot_be_taken_away(change, client, boss):
    answer = client.post("/people/boss/change/", change)

    assert outcome(answer)[2] == [
        ("bad", "boss is the last member of staff. Make somebody else staff first.")
    ]
    boss.refresh_from_db()
    assert (boss.is_active, boss.is_staff, boss.is_auditor) == (True, True, False)


@pytest.mark.parametrize("form", [{}, {"what": "password"}])
def test_an_unknown_change_of_a_person_is_nothing(form, client, stranger, boss):
    assert client.post("/people/stranger/change/", form).status_code == 404
    assert client.post("/people/ghost/change/", {"what": "active"}).status_code == 404


def test_people_change_nobody(me, stranger):
    assert me.post("/people/stranger/change/", {"what": "active"}).status_code == 403

    stranger.refresh_from_db()
    assert stranger.is_active


def test_a_list_of_people_goes_on_where_it_stopped(client, boss):
    for number in range(51):
        a_person(f"person-{number:02}")

    first = client.get("/people/")
    second = client.get("/people/", {"cursor": first.context["next"]})

    names = [person.username for person in (*first.context["people"], *second.context["people"])]
    assert (len(first.context["people"]), len(second.context["people"])) == (50, 2)
    assert names == sorted({*names})
    assert second.context["next"] == ""


def test_a_token_says_its_teams_to_its_owner(me, owner, mate, team):
    join(team, a_person("zoe"), "member")
    bearer(owner, "read", team_limits=(team,))

    assert "crew" in " ".join(words_of(me.get(TOKENS).content, "table"))
