"""A team's own names for models: what may be named, by whom, and what a program is told."""

import json

import pytest

from skills.audit.models import Event
from skills.lib.errors import Forbidden, Missing, Refused
from skills.portfolio.aliases import remove_alias, set_alias
from skills.portfolio.models import ModelAlias, PortfolioModel, Provider
from tests.factories import a_team, actor, bearer
from tests.pages import outcome

pytestmark = pytest.mark.django_db
ALIASES = "/api/v1/teams/crew/model-aliases"


@pytest.fixture
def models():
    provider = Provider.objects.create(name="Hosted", kind="openai")
    signing = Provider.objects.create(name="Cloud", kind="bedrock")
    return [
        *(PortfolioModel.objects.create(provider=provider, name=f"m-{n}", label=n) for n in "abcd"),
        PortfolioModel.objects.create(provider=signing, name="m-signed", label="signed"),
    ]


def codes(refused) -> list[str]:
    return [problem.code for problem in refused.value.problems]


def test_a_name_stands_for_models_in_their_order(owner, team, models):
    first, second, *_ = models

    set_alias(actor=actor(owner), team=team, name="fast", models=[first])
    set_alias(actor=actor(owner), team=team, name="fast", models=[second, first])

    assert list(ModelAlias.objects.values_list("name", "model_ids")) == [("fast", [second.pk, first.pk])]
    assert Event.objects.filter(act="alias.set").last().detail["models"] == ["b", "a"]


@pytest.mark.parametrize(
    ("name", "places", "code"),
    [
        ("", [0], "bad_alias"),
        ("Fast", [0], "bad_alias"),
        ("2fast", [0], "bad_alias"),
        ("a" * 41, [0], "bad_alias"),
        ("fast", [], "bad_alias"),
        ("fast", [0, 0], "bad_alias"),
        ("fast", [0, 1, 2, 3], "bad_alias"),
        ("fast", [4], "bad_alias"),
        ("b", [0], "alias_taken"),
        ("m-2", [0], "alias_taken"),
    ],
)
def test_what_cannot_be_named_is_refused_and_changes_nothing(name, places, code, owner, team, models):
    models[1].name = "m-2"
    models[1].save()

    with pytest.raises(Refused) as refused:
        set_alias(actor=actor(owner), team=team, name=name, models=[models[place] for place in places])

    assert codes(refused) == [code]
    assert not ModelAlias.objects.exists()


def test_a_model_that_the_team_has_not_chosen_is_refused(owner, team, models):
    models[0].enabled = False
    models[0].save()

    with pytest.raises(Refused, match="cannot call a"):
        set_alias(actor=actor(owner), team=team, name="fast", models=[models[0]])


def test_a_team_has_twenty_names_at_most(owner, team, models):
    by = actor(owner)
    for number in range(20):
        set_alias(actor=by, team=team, name=f"n{number}", models=models[:1])

    with pytest.raises(Refused) as refused:
        set_alias(actor=by, team=team, name="one-more", models=models[:1])
    set_alias(actor=by, team=team, name="n3", models=models[1:2])

    assert codes(refused) == ["too_many_aliases"]


def test_only_an_admin_of_the_team_names_and_forgets(mate, owner, team, models):
    set_alias(actor=actor(owner), team=team, name="fast", models=models[:1])

    with pytest.raises(Forbidden):
        set_alias(actor=actor(mate), team=team, name="fast", models=models[1:2])
    with pytest.raises(Forbidden):
        remove_alias(actor=actor(mate), team=team, name="fast")


def test_a_program_sets_lists_and_removes_names(client, owner, team, models):
    headers = bearer(owner, "read", "admin")

    def put(name, labels):
        body = json.dumps({"models": labels})
        return client.put(f"{ALIASES}/{name}", body, content_type="application/json", headers=headers)

    assert put("fast", ["b", "a"]).json() == {"name": "fast", "models": ["b", "a"]}
    assert put("fast", ["nobody"]).status_code == 400
    listed = client.get(ALIASES, headers=headers).json()
    assert listed == {"results": [{"name": "fast", "models": ["b", "a"]}], "next": ""}
    assert client.delete(f"{ALIASES}/fast", headers=headers).status_code == 204
    assert client.delete(f"{ALIASES}/fast", headers=headers).status_code == 404


def test_the_page_of_the_team_s_models_sets_and_removes_names(client, owner, team, models):
    client.force_login(owner)
    page = "/@crew/-/portfolio/"

    answer = client.post(f"{page}names/", {"name": "fast", "first": models[1].pk, "second": models[0].pk})
    shown = client.get(page).content.decode()
    twice = client.post(f"{page}names/", {"name": "b", "first": models[1].pk})

    assert answer.status_code == 302 and "<code>fast</code>" in shown
    assert twice.status_code == 400 and "b is the name of a model." in twice.content.decode()
    removed = outcome(client.post(f"{page}names/fast/remove/"))
    assert removed == (302, page, [("ok", "fast is no model any more.")])
    assert not ModelAlias.objects.exists()


def test_names_of_another_team_are_nothing(owner, team, models, stranger):
    others = a_team("others", admin=stranger)
    set_alias(actor=actor(stranger), team=others, name="fast", models=models[:1])

    with pytest.raises(Missing):
        remove_alias(actor=actor(owner), team=team, name="fast")

    assert ModelAlias.objects.count() == 1
