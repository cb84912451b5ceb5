"""A name that no view defines fails a test, wherever in a template of ours it stands."""

import pytest
from django.template import Context, Origin, Template, engines

from tests.strict_templates import TEMPLATES

UNDEFINED = [
    "{{ misspelt }}",
    "{{ skill.misspelt }}",
    "{{ misspelt|default:'nothing' }}",
    "{{ skill.name|default:misspelt }}",
    "{% if misspelt %}shown{% endif %}",
    "{% if not misspelt %}shown{% endif %}",
    "{% if skill.misspelt == 'x' %}shown{% endif %}",
    "{% if skill.name and misspelt %}shown{% endif %}",
    "{% if skill.name|default:misspelt == 'x' %}shown{% endif %}",
    "{% for row in misspelt %}{{ row }}{% endfor %}",
    "{% with row=misspelt %}shown{% endwith %}",
    "{% include 'components/bare.html' with row=misspelt %}",
    "{% firstof misspelt 'x' %}",
    "{% url 'team' misspelt %}",
    "{{ skill.takes_arguments }}",
]


class Skill:
    name = "greet-people"

    def takes_arguments(self, _one):
        return ""


def rendered(text, name):
    template = Template(text, Origin(name=name), engine=engines["django"].engine)
    return template.render(Context({"skill": Skill()}))


@pytest.mark.parametrize("text", UNDEFINED)
def test_an_undefined_name_in_a_template_of_ours_fails(text):
    with pytest.raises(pytest.fail.Exception, match=r"page\.html"):
        rendered(text, str(TEMPLATES / "page.html"))


def test_defined_names_are_shown():
    assert (
        rendered("{% if skill.name %}{{ skill.name }}{% endif %}", str(TEMPLATES / "page.html")) == Skill.name
    )


@pytest.mark.parametrize(
    "name", ["/elsewhere/page.html", str(TEMPLATES / "allauth" / "elements" / "img.html")]
)
def test_templates_of_libraries_keep_their_freedom(name):
    assert rendered("{{ misspelt }}{% if misspelt %}shown{% endif %}", name) == ""
