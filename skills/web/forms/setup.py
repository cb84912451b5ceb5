"""The form of the first admin."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from skills.people.models import handle_is_valid


class FirstAdminForm(forms.Form):
    username = forms.CharField(label="Handle", max_length=40, validators=[handle_is_valid])
    email = forms.EmailField(label="E-mail")
    password = forms.CharField(widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))

    def clean_password(self) -> Any:
        validate_password(self.cleaned_data["password"])
        return self.cleaned_data["password"]
