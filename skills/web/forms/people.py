"""Forms about accounts: the first admin, profile, tokens, notices."""

from collections.abc import Mapping

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.http import QueryDict

from skills.notices.models import Kind
from skills.people.models import Account, Scope, Team, handle_is_valid
from skills.people.tokens import DAYS, MOST_DAYS


class FirstAdminForm(forms.Form):
    username = forms.CharField(label="Handle", max_length=40, validators=[handle_is_valid])
    email = forms.EmailField(label="E-mail")
    password = forms.CharField(widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        validate_password(password)
        return password


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Account
        fields = ("display_name",)


class TokenForm(forms.Form):
    name = forms.CharField(max_length=80, help_text="Where it will be used, so that you can find it again.")
    scopes = forms.MultipleChoiceField(
        choices=Scope.choices, initial=[Scope.READ], widget=forms.CheckboxSelectMultiple
    )
    teams = forms.ModelMultipleChoiceField(
        Team.objects.none(),
        required=False,
        to_field_name="handle",
        widget=forms.CheckboxSelectMultiple,
        help_text="Choose none for all of your teams. With some it reads theirs and what is public, no more.",
    )
    days = forms.IntegerField(min_value=1, max_value=MOST_DAYS, initial=DAYS, label="Days until it expires")
    in_address = forms.BooleanField(
        required=False,
        label="For installers that send no header: it stands in the address",
        help_text="As /k/TOKEN/… for npx skills and OpenCode. Such a token may read only.",
    )

    def __init__(self, data: QueryDict | None = None, *, team_ids: list[int], service: bool = False) -> None:
        super().__init__(data)
        teams, scopes = self.fields["teams"], self.fields["scopes"]
        assert isinstance(teams, forms.ModelMultipleChoiceField)
        assert isinstance(scopes, forms.MultipleChoiceField)
        teams.queryset = Team.objects.filter(pk__in=team_ids).order_by("handle")
        if service:
            del self.fields["teams"]
            scopes.choices = [
                choice for choice in Scope.choices if choice[0] in ("read", "publish", "models")
            ]


class NoticeForm(forms.Form):
    """Two check boxes for each kind of notice."""

    def __init__(self, data: QueryDict | None, *, chosen: Mapping[str, tuple[bool, bool]]) -> None:
        super().__init__(data)
        for kind, label in Kind.choices:
            in_app, by_email = chosen.get(kind, (True, True))
            for place, initial in (("app", in_app), ("email", by_email)):
                self.fields[f"{kind}-{place}"] = forms.BooleanField(
                    required=False, initial=initial, label=f"{label}: {place}"
                )
