"""Forms of a skill's settings: name, team, deprecation."""

from django import forms


class NameForm(forms.Form):
    name = forms.CharField(max_length=64, label="New name")


class TransferForm(forms.Form):
    to = forms.CharField(max_length=40, label="Handle of the other team")


class DeprecateForm(forms.Form):
    note = forms.CharField(max_length=500, label="Why, and what to do instead")
    successor = forms.CharField(required=False, max_length=110, label="Successor", help_text="As team/name.")
