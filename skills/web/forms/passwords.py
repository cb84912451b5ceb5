"""A new password, and the offer to revoke the tokens that somebody may have made with the old one."""

from allauth.account.forms import ChangePasswordForm as AllauthChangePasswordForm
from allauth.account.forms import ResetPasswordKeyForm as AllauthResetPasswordKeyForm
from allauth.account.forms import SetPasswordForm as AllauthSetPasswordForm
from django import forms

from skills.people.models import Account
from skills.people.tokens import live_tokens, revoke_all_tokens


class TokensOffer:
    """Adds a tick to a form for passwords, where the account has tokens."""

    user: Account | None
    fields: dict[str, forms.Field]
    cleaned_data: dict[str, object]

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        count = live_tokens(self.user).count() if self.user else 0
        if count:
            self.fields["revoke_tokens"] = forms.BooleanField(
                required=False,
                label="Revoke my token as well" if count == 1 else f"Revoke my {count} tokens as well",
                help_text="If somebody may know the old password. Programs that use them need new ones.",
            )

    def save(self) -> None:
        super().save()  # type: ignore[misc]
        if self.user and self.cleaned_data.get("revoke_tokens"):
            revoke_all_tokens(account=self.user)


class ChangePasswordForm(TokensOffer, AllauthChangePasswordForm):  # type: ignore[misc]
    """For who knows the old one."""


class SetPasswordForm(TokensOffer, AllauthSetPasswordForm):  # type: ignore[misc]
    """For who has had none."""


class ResetPasswordKeyForm(TokensOffer, AllauthResetPasswordKeyForm):  # type: ignore[misc]
    """For who comes by a link."""
