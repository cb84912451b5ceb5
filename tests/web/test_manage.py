"""A skill's settings: each change, what it tells, and what a refused one leaves as it was."""

import pytest

from skills.audit.models import Event
from skills.catalog.models import Channel, Maintainer, Skill
from skills.curation.models import SkillLabel
from tests.factories import a_person, a_team, a_version, an_approved, join, reload
from tests.pages import outcome

pytestmark = pytest.mark.django_db
SKILL = "/@crew/greet-people/"
SETTINGS = f"{SKILL}settings/"


@pytest.fixture
def skill(owner, mate, team):
    return an_approved(owner, mate, team, wanted="public").skill


@pytest.fixture
def admin(client, owner, skill):
    client.force_login(owner)
    return client


def change(client, what, **fields):
    return client.post(f"{SETTINGS}{what}/", fields)


def test_settings_are_for_admins_and_staff(client, owner, mate, stranger, skill):
    answers = []
    for account in (owner, a_person("boss", staff=True), mate, stranger):
        client.force_login(account)
        answers.append(client.get(SETTINGS).status_code)

    assert answers == [200, 200, 403, 404]


def test_a_visitor_is_led_to_sign_in(client, skill):
    answer = client.get(SETTINGS)

    assert answer["Location"] == "/account/login/?next=/%40crew/greet-people/settings/"


@pytest.mark.parametrize("what", ["visibility", "rename", "transfer", "deprecate", "labels", "channel"])
def test_a_member_who_is_no_admin_changes_nothing(what, client, mate, owner, skill):
    client.force_login(mate)
    before = Event.objects.count()

    form = {"visibility": "team", "name": "x", "to": "mate", "note": "n", "labels": "a", "channel": "stable"}
    answer = change(client, what, **form)

    assert answer.status_code in (403, 404)
    assert Event.objects.count() == before


def test_a_stranger_cannot_tell_a_change_from_nothing(client, stranger, skill):
    client.force_login(stranger)

    assert change(client, "rename", name="mine").status_code == 404
    assert client.post(f"{SKILL}v/1.0.0/change/yank/", {"reason": "x"}).status_code == 404
    assert reload(skill).name == "greet-people"


def test_an_unknown_change_is_nothing(admin):
    assert change(admin, "owner").status_code == 404
    assert admin.post(f"{SKILL}v/1.0.0/change/approve/").status_code == 404
    assert admin.post(f"{SKILL}v/9.9.9/change/yank/", {"reason": "x"}).status_code == 404


def test_a_skill_is_narrowed_at_once(admin, client, skill):
    answer = change(admin, "visibility", visibility="team")

    assert outcome(answer) == (302, SETTINGS, [("ok", "Saved.")])
    client.logout()
    assert client.get(SKILL).status_code == 404


def test_the_author_does_not_widen_alone(client, owner, mate, team):
    an_approved(owner, mate, team)
    client.force_login(owner)
    answer = change(client, "visibility", visibility="public")
    assert answer.status_code == 403
    assert Skill.objects.get().visibility == "team"

    client.force_login(mate)
    assert outcome(change(client, "visibility", visibility="public"))[2] == [("ok", "Saved.")]
    assert Skill.objects.get().visibility == "public"


def test_an_unknown_visibility_is_refused(admin, skill):
    answer = change(admin, "visibility", visibility="everybody")

    assert outcome(answer)[2] == [("bad", "There is no visibility 'everybody'.")]
    assert reload(skill).visibility == "public"


def test_a_renamed_skill_goes_on_at_its_new_address(admin, skill):
    answer = change(admin, "rename", name=" welcome ")

    told = "Renamed. The old address redirects."
    assert outcome(answer) == (302, "/@crew/welcome/settings/", [("ok", told)])
    assert admin.get(SKILL)["Location"] == "/@crew/welcome/"


@pytest.mark.parametrize("name", ["", "Bad Name", "x" * 65, "a--b"])
def test_a_name_that_cannot_be_leads_back_to_the_old_address(name, admin, skill):
    answer = change(admin, "rename", name=name)

    (status, where, ((level, words),)) = outcome(answer)
    assert (status, where, level) == (302, SETTINGS, "bad")
    assert "is not a skill name" in words
    assert reload(skill).name == "greet-people"


def test_a_name_of_another_skill_is_taken(admin, owner, mate, team, skill):
    an_approved(owner, mate, team, "welcome")

    answer = change(admin, "rename", name="welcome")

    words = "crew/welcome is or was the name of another skill. Choose another name."
    assert outcome(answer) == (302, SETTINGS, [("bad", words)])


def test_a_skill_moves_to_another_team_of_its_admin(admin, owner, skill):
    a_team("others", admin=owner)

    answer = change(admin, "transfer", to=" others ")

    assert outcome(answer) == (302, "/@others/greet-people/", [("ok", "Moved to others.")])
    assert reload(skill).team.handle == "others"


@pytest.mark.parametrize("to", ["stranger", "nobody", ""])
def test_a_skill_does_not_move_where_its_admin_has_no_say(to, admin, stranger, skill):
    assert change(admin, "transfer", to=to).status_code == 404

    assert reload(skill).team.handle == "crew"


def test_a_skill_with_an_open_version_stays(admin, owner, team, skill):
    a_team("others", admin=owner)
    a_version(owner, team, number="2.0.0")

    answer = change(admin, "transfer", to="others")

    words = "A version is still open; its reviewers would change under it. Decide or withdraw it first."
    assert outcome(answer) == (302, SKILL, [("bad", words)])
    assert reload(skill).team.handle == "crew"


def test_a_deprecated_skill_names_its_successor_and_comes_back(admin, client, owner, mate, team, skill):
    an_approved(owner, mate, team, "welcome", wanted="public")

    answer = change(admin, "deprecate", note="Use the other.", successor="crew/welcome")

    assert outcome(answer) == (302, SETTINGS, [("ok", "Saved.")])
    page = client.get(SKILL).content.decode()
    assert "Use the other." in page and "/@crew/welcome/" in page

    change(admin, "undeprecate")

    assert "Use the other." not in client.get(SKILL).content.decode()
    assert reload(skill).successor is None


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"note": " "}, "A reason is required. Readers will see it."),
        (
            {"note": "x", "successor": "crew/greet-people"},
            "A skill cannot follow itself. Choose another skill.",
        ),
        ({"note": "x", "successor": "welcome"}, "'welcome' names no skill. Write it as team/name."),
    ],
)
def test_a_deprecation_that_makes_no_sense_is_told(form, words, admin, skill):
    answer = change(admin, "deprecate", **form)

    assert outcome(answer) == (302, SETTINGS, [("bad", words)])
    assert reload(skill).deprecated_at is None


def test_a_successor_that_one_may_not_read_does_not_exist(admin, mate, stranger, skill):
    others = a_team("others", admin=stranger, reviewer=mate)
    an_approved(stranger, mate, others, "hidden-one")

    answer = change(admin, "deprecate", note="x", successor="others/hidden-one")

    assert answer.status_code == 404
    assert reload(skill).deprecated_at is None


def test_a_channel_is_set_moved_and_deleted(admin, skill):
    answer = change(admin, "channel", channel=" Stable ", number="1.0.0")
    assert outcome(answer) == (302, SETTINGS, [("ok", "Saved.")])
    assert Channel.objects.get().name == "stable"

    change(admin, "channel", channel="stable")

    assert not Channel.objects.exists()


@pytest.mark.parametrize(("channel", "number"), [("latest", "1.0.0"), ("", "1.0.0"), ("no way", "1.0.0")])
def test_a_channel_that_cannot_be_is_refused(channel, number, admin):
    answer = change(admin, "channel", channel=channel, number=number)

    assert outcome(answer)[2][0][0] == "bad"
    assert not Channel.objects.exists()


def test_a_channel_never_names_what_nobody_approved(admin, owner, team):
    a_version(owner, team, number="2.0.0")

    answer = change(admin, "channel", channel="stable", number="2.0.0")

    assert outcome(answer)[2] == [("bad", "A channel names an approved version.")]
    for number in ("3.0.0", "", "one"):
        problem = outcome(change(admin, "channel", channel="stable", number=number))[2][-1]
        assert problem[0] == "bad"
        assert problem[1].startswith(f"crew/greet-people has no version '{number}'.")
    assert not Channel.objects.exists()


def test_labels_are_those_typed_and_no_others(admin, skill):
    change(admin, "labels", labels="money, letters,, money")
    assert set(SkillLabel.objects.values_list("label__name", flat=True)) == {"money", "letters"}

    change(admin, "labels", labels="")

    assert not SkillLabel.objects.filter(skill=skill).exists()


def test_maintainers_are_members(admin, mate, stranger, skill):
    assert outcome(change(admin, "maintainer", account="mate", on="1"))[2] == [("ok", "Saved.")]
    refused = outcome(change(admin, "maintainer", account="stranger", on="1"))[2][-1]
    assert refused == ("bad", "stranger is not in crew.")
    assert change(admin, "maintainer", account="ghost", on="1").status_code == 404
    names = Maintainer.objects.order_by("account__username").values_list("account__username", flat=True)
    assert list(names) == ["mate", "owner"]

    change(admin, "maintainer", account="mate")

    assert list(names.all()) == ["owner"]


def test_a_version_is_yanked_with_a_reason_and_put_back(admin, skill):
    refused = admin.post(f"{SKILL}v/1.0.0/change/yank/", {"reason": " "})
    assert outcome(refused) == (
        302,
        f"{SKILL}versions/",
        [("bad", "A reason is required. Readers will see it.")],
    )

    yanked = admin.post(f"{SKILL}v/1.0.0/change/yank/", {"reason": "It is wrong."})
    assert outcome(yanked)[2][-1] == ("ok", "Yanked.")
    assert reload(skill).shown is None

    back = admin.post(f"{SKILL}v/1.0.0/change/unyank/")
    assert outcome(back)[2][-1] == ("ok", "Back in circulation.")
    assert reload(skill).shown.number == "1.0.0"


def test_only_staff_remove(admin, client, skill):
    assert admin.post(f"{SKILL}v/1.0.0/change/remove/", {"reason": "x"}).status_code == 403
    client.force_login(a_person("boss", staff=True))

    answer = client.post(f"{SKILL}v/1.0.0/change/remove/", {"reason": "It did harm."})

    assert outcome(answer)[:2] == (302, f"{SKILL}versions/")
    assert outcome(answer)[2][-1] == ("ok", "Removed.")
    assert skill.versions.get().state == "removed"


def test_the_settings_page_offers_what_can_be_chosen(admin, owner, team, skill):
    join(team, a_person("zoe"), "member")
    a_version(owner, team, number="2.0.0")

    context = admin.get(SETTINGS).context

    assert context["numbers"] == ["1.0.0"]
    assert [account.username for account in context["members"]] == ["mate", "owner", "zoe"]
    assert context["rename_form"].initial == {"name": "greet-people"}
