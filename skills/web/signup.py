"""Sign-up with allauth: by invitation unless the instance is open; opens a personal team."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import SignupForm as AllauthSignupForm
from django import forms
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from skills.lib.errors import Refused
from skills.people.models import Account
from skills.people.teams import check_handle, find_invitation, open_account

INVITATION = "invitation"  # session key: the secret of the link that led here


class SignupForm(AllauthSignupForm):  # type: ignore[misc]
    """E-mail, handle, password; the handle is checked where teams are."""

    field_order = ("username", "email", "password1", "password2")

    def clean_username(self) -> str:
        handle = str(self.cleaned_data["username"]).lower()
        try:
            check_handle(handle)
        except Refused as refused:
            raise forms.ValidationError(str(refused)) from None
        return handle


class SignupAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        if settings.OPEN_SIGNUP:
            return True
        try:
            find_invitation(str(request.session.get(INVITATION, "")))
        except Refused:
            return False
        return True

    def save_user(self, request: HttpRequest, user: Account, form: Any, commit: bool = True) -> Account:
        account: Account = super().save_user(request, user, form, commit=False)
        account.username = account.username.lower()
        if commit:
            with transaction.atomic():
                open_account(account)
        return account

    def clean_username(self, username: str, shallow: bool = False) -> str:
        return username.lower()
