"""Which version a request means: an exact number, a range, or a channel."""

from skills.catalog.models import Channel, Skill, State, Version
from skills.catalog.number_order import HIGHEST_FIRST
from skills.catalog.numbers import parse, select
from skills.catalog.visibility import can_read_version
from skills.lib.errors import Gone, Missing, Refused, refuse
from skills.people.actor import Actor


def resolve(actor: Actor, skill: Skill, wanted: str) -> Version:
    """The version WANTED names. Yanked ones only by exact number; removed ones raise Gone."""
    wanted = wanted.strip() or "latest"
    try:
        number = parse(wanted).text
    except Refused:
        version = _by_channel(skill, wanted) or _by_range(skill, wanted)
    else:
        version = _by_number(skill, number)
    if version is None or not can_read_version(actor, version):
        # The same words where the version is there and the actor may not read it.
        text = f"{skill} has no approved version for {wanted[:80]!r}."
        raise refuse("no_version", text, "List its versions to see what there is.", kind=Missing)
    if version.state == State.REMOVED:
        text = f"{skill} {version.number} was removed: {version.reason}"
        raise refuse("removed", text, "Choose another version.", kind=Gone)
    return version


def _by_number(skill: Skill, number: str) -> Version | None:
    # An attempt that was never approved may have been removed before the one that holds the number.
    version = Version.objects.filter(skill=skill, number=number, approved_at__isnull=False).first()
    return _with(skill, version)


def _by_channel(skill: Skill, name: str) -> Version | None:
    if name == "latest":
        return _with(skill, skill.latest)
    channels = Channel.objects.filter(skill=skill, name=name, version__state=State.APPROVED)
    channel = channels.select_related("version").first()
    return _with(skill, channel.version if channel else None)


def _by_range(skill: Skill, spec: str) -> Version | None:
    if spec.isalpha():
        return None  # a channel nobody has set
    approved = Version.objects.filter(skill=skill, state=State.APPROVED)
    number = select(spec, approved.order_by(*HIGHEST_FIRST).values_list("number", flat=True))
    return _with(skill, approved.get(number=number) if number else None)


def _with(skill: Skill, version: Version | None) -> Version | None:
    """VERSION with SKILL set, which spares a query for each look at it."""
    if version is not None:
        version.skill = skill
    return version
