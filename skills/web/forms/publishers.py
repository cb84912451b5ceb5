"""The form that writes down which run of CI may publish."""

from django import forms

from skills.publishers.configure import Wanted
from skills.publishers.models import IssuerKind


class PublisherForm(forms.Form):
    kind = forms.ChoiceField(choices=IssuerKind.choices, label="CI")
    repository = forms.CharField(
        max_length=300,
        label="Repository",
        help_text="acme/skills on GitHub, group/project on GitLab; of another issuer the subject (sub).",
    )
    workflow = forms.CharField(
        required=False,
        max_length=200,
        label="Workflow file",
        help_text="skills.yml in .github/workflows on GitHub; on GitLab .gitlab-ci.yml if left empty.",
    )
    ref = forms.CharField(
        required=False,
        max_length=200,
        initial="refs/heads/main",
        label="Branch or tag",
        help_text="refs/heads/main or refs/tags/v*, where a star stands for any text; empty for any.",
    )
    environment = forms.CharField(
        required=False,
        max_length=200,
        help_text="That the job runs in, with its own rules of who may start it. Recommended.",
    )
    skills = forms.CharField(
        required=False,
        max_length=4000,
        label="Skills it may publish",
        help_text="Names with spaces between; empty for every skill of the team, new ones too.",
    )
    checks_pull_requests = forms.BooleanField(
        required=False, label="Pull requests may check bundles; they never publish"
    )
    issuer = forms.CharField(
        required=False,
        max_length=300,
        help_text="Of a server of your own, as https://gitlab.example.org; empty for github.com, gitlab.com.",
    )
    claims = forms.CharField(
        required=False,
        max_length=4000,
        label="More claims",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One a line, name = value; the token must say exactly this.",
    )

    def wanted(self) -> Wanted:
        """What was typed, once it is valid."""
        typed = dict(self.cleaned_data)
        lines = [line for line in typed.pop("claims").splitlines() if line.strip()]
        pairs = (line.partition("=") for line in lines)
        claims = {name.strip(): value.strip() for name, _, value in pairs}
        return Wanted(**typed | {"claims": claims, "skills": typed["skills"].replace(",", " ").split()})
