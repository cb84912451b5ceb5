"""What somebody may have meant by an address at which there is nothing for them."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import Resolver404, resolve, reverse
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from skills.bundles.names import NAME
from skills.catalog.selectors import skills_for
from skills.people.actor import VISITOR, Actor

_MOST_NAMES = 5_000  # that are compared; a page of refusal must cost little
_MOST_SHOWN = 3
_ALIKE = 0.72  # of 1: two letters in seven may differ
_KEPT = ("/v/", "/versions/", "/files/")  # behind these are numbers and files
_SECRETS = ("/k/", "/invitations/", "/setup/")  # addresses with one in them
_LONGEST = 110  # characters of `team/name`


@dataclass(frozen=True)
class Nearby:
    """A page that the reader may open."""

    name: str
    address: str


def better_address(path: str) -> str:
    """PATH as it is written here, where only case or the last slash is wrong; "" where nothing is there."""
    lower = _lower(path)
    candidates = [lower, lower.rstrip("/") if path.endswith("/") else f"{lower}/"]
    # A slash that is missing and nothing else is Django's own affair: it says that it is for good.
    known = ("", path, f"{path}/")
    return next((one for one in candidates if one not in known and _is_address(one)), "")


def _lower(path: str) -> str:
    """PATH with the names of its teams and skills in lower case: numbers, files and secrets keep theirs."""
    if path.lower().startswith(_SECRETS):
        return path
    lower = path.lower()
    ends = [place + len(mark) for mark in _KEPT if (place := lower.find(mark)) >= 0]
    end = min(ends, default=len(path))
    return lower[:end] + path[end:]


def _is_address(path: str) -> bool:
    try:
        return resolve(path).view_name != "api-missing"
    except Resolver404:
        return False


def nearest(request: HttpRequest) -> list[Nearby]:
    """Skills that the reader may see whose names are most like what the address asks for."""
    actor: Actor = getattr(request, "actor", VISITOR)
    parts = [part for part in request.path_info.lower().split("/") if part]
    if request.method != "GET" or not parts or len(request.path_info) > _LONGEST:
        return []
    wanted = "/".join(parts[:2]).removeprefix("@") if parts[0].startswith("@") else parts[-1]
    if not NAME.fullmatch(wanted.rpartition("/")[2]):
        return []  # nothing is called so: most who ask look for holes in other programs
    names = skills_for(actor).order_by("-pk").values_list("team__handle", "name")[:_MOST_NAMES]
    # Whoever names no team, or a wrong one, may still have the name of the skill.
    whole = "/" in wanted
    labels = {(team, name): f"{team}/{name}" if whole else name for team, name in names}
    found = process.extract(
        wanted,
        labels,
        scorer=DamerauLevenshtein.normalized_similarity,
        score_cutoff=_ALIKE,
        limit=_MOST_SHOWN,
    )
    close = [key for _label, _score, key in found]
    same = [key for key in labels if key[1] == wanted.rpartition("/")[2] and key not in close]
    return [
        Nearby(f"{team}/{name}", reverse("skill", args=[team, name]))
        for team, name in [*same, *close][:_MOST_SHOWN]
    ]
