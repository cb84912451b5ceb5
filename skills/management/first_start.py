"""What the first start does: demo data where wanted, and the words printed once it runs."""

from django.conf import settings

from skills.people.instance_roles import setup_code
from skills.people.models import DEMO_PASSWORD, Account

_WIDTH = 64


def fill_if_empty() -> None:
    """Write the demo data where nobody has an account yet."""
    if Account.objects.exists():
        return
    from skills.management.demo_data import fill

    print("Writing the demo data …", flush=True)
    fill()


def refuse_demo_logins() -> None:
    """Demo logins must not be reachable from elsewhere."""
    if Account.objects.filter(is_demo=True, is_active=True).exists():
        raise SystemExit(
            "This data folder holds demo logins, which must not be reachable from elsewhere.\n"
            "Use another DATA_DIR, or switch them off while it runs with DEMO=1:"
            " manage.py deactivate_demo"
        )


def welcome(*, address: str) -> str:
    """What to print once everything runs."""
    # The web process takes the path of PUBLIC_URL too, and without it no cookie would come back.
    address += settings.PUBLIC_PATH
    lines = [f"SkillHub runs at {address}", ""]
    if Account.objects.filter(is_demo=True, is_active=True).exists():
        from skills.management.demo_data import LOGINS

        lines += [f"Sign in as any of these with the password  {DEMO_PASSWORD}", ""]
        lines += [f"  {handle:<10} {what}" for handle, what in LOGINS.items()]
    elif not Account.objects.filter(is_staff=True).exists():
        lines += ["Make the first admin:", f"  {address}/setup/{setup_code()}/"]
    lines += ["", f"Data: {settings.DATA_DIR}", "Ctrl-C stops everything."]
    return "\n".join(["", "─" * _WIDTH, *lines, "─" * _WIDTH])
