"""The conversation of a review: comments below their lines, replies, drafts."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from skills.catalog.models import Version
from skills.flows import mending, remarks
from skills.http.actors import HubRequest
from skills.lib import whole_numbers
from skills.lib.errors import Forbidden, Missing, Refused, Unauthenticated, missing
from skills.people import rules
from skills.reviews.comment import edit, may_talk, reopen, resolve
from skills.reviews.drafts import discard_draft, drafts_of, keep_draft
from skills.reviews.models import Comment, CommentDraft
from skills.reviews.places import WHOLE, LinePlace
from skills.reviews.selectors import Thread, thread_at
from skills.web.lookups import version_in_review
from skills.web.outcomes import back_to, tell_outcome
from skills.web.review_changes import base_by_id, is_split, say_at
from skills.web.threads import said

_UNPROCESSABLE = 422  # static/js/app.js puts such an answer into the page: the form with what is wrong


@require_GET
def say(request: HubRequest, pk: int) -> HttpResponse:
    """The form below a line; without a script it is the whole page with the form in it."""
    version = version_in_review(request.actor, pk)
    may_talk(request.actor, version)
    if not request.htmx:
        return redirect(f"{resolve_url('review', pk)}?{request.GET.urlencode()}#say")
    return render(request, "reviews/say_row.html", _form_context(request, version, back=""))


def _form_context(request: HubRequest, version: Version, back: str) -> dict[str, object]:
    return {
        "version": version,
        "spot": say_at(request),
        "columns": _columns(request),
        "back": back or version.review_url,
        "problem": "",
        "typed": "",
    }


def _columns(request: HubRequest) -> int:
    return 4 if is_split(request) else 3


@require_POST
def comment(request: HubRequest, pk: int) -> HttpResponse:
    """Say something on lines, on the whole, or in a thread; at once, or with the decision."""
    version = version_in_review(request.actor, pk)
    parent = _parent(request, version)
    body = request.POST.get("body", "")
    act = keep_draft if request.POST.get("draft") else remarks.remark
    try:
        new = act(
            actor=request.actor,
            version=version,
            body=body,
            place=_place(request, version),
            parent=parent.root if parent else None,
        )
    except (Missing, Forbidden, Unauthenticated):
        raise
    except Refused as refused:
        return _refused(request, version, refused, body)
    if request.htmx:
        return _answer(request, version, new)
    messages.success(request, "Your comment waits for your decision." if _is_draft(new) else "Comment added.")
    return redirect(_back(request, version, new))


def _parent(request: HubRequest, version: Version) -> Thread | None:
    wanted = whole_numbers.from_text(request.POST.get("parent", ""), 0)
    return thread_at(version, wanted) if wanted else None


def _place(request: HubRequest, version: Version) -> LinePlace:
    path = request.POST.get("path", "")
    if not path:
        return WHOLE
    line = whole_numbers.from_text(request.POST.get("line", ""), 0)
    base = whole_numbers.from_text(request.POST.get("base", ""), 0)
    return LinePlace(
        path=path,
        first=whole_numbers.from_text(request.POST.get("first", ""), line),
        line=line,
        base=base_by_id(request, version, base) if base else None,
    )


def _is_draft(new: Comment | CommentDraft) -> bool:
    return isinstance(new, CommentDraft)


def _refused(request: HubRequest, version: Version, refused: Refused, body: str) -> HttpResponse:
    """What is wrong, beside what was typed."""
    words = "; ".join(f"{problem.text} {problem.remedy}".strip() for problem in refused.problems)
    if not request.htmx:
        messages.error(request, words)
        return redirect(back_to(request, version.review_url))
    context = _form_context(request, version, back="")
    context |= {"problem": words, "typed": body, "posted": request.POST}
    return render(request, "reviews/say_again.html", context, status=_UNPROCESSABLE)


def _answer(request: HubRequest, version: Version, new: Comment | CommentDraft) -> HttpResponse:
    """The thread in place of the form; of a new one its row of the comparison."""
    drafts = list(drafts_of(rules.signed_in(request.actor), version))
    root = new.parent or new
    context = {
        "version": version,
        "may_talk": True,
        "may_mend": mending.may_mend(request.actor, version),
        "back": version.review_url,
        "drafts": drafts,
        "found": [said(_thread(version, root, drafts), with_lines=False)],
        "columns": _columns(request),
    }
    is_row = new.parent_id is None and new.path
    template = "reviews/talk_row.html" if is_row else "reviews/talk_cell.html"
    return render(request, "reviews/talk_answer.html", context | {"inside": template})


def _thread(
    version: Version, root: Comment | CommentDraft, drafts: list[CommentDraft]
) -> Thread | CommentDraft:
    return root if isinstance(root, CommentDraft) else thread_at(version, root.pk, drafts)


def _back(request: HubRequest, version: Version, new: Comment | CommentDraft) -> str:
    """The page the form stood on, at what was said."""
    page = back_to(request, version.review_url).partition("#")[0]
    return f"{page}#{'draft' if _is_draft(new) else 'comment'}-{new.pk}"


def _remark(request: HubRequest, pk: int, comment_id: int) -> tuple[Version, Comment]:
    version = version_in_review(request.actor, pk)
    thread = thread_at(version, comment_id)
    return version, next(remark for remark in thread.remarks if remark.pk == comment_id)


@require_POST
def resolve_comment(request: HubRequest, pk: int, comment_id: int) -> HttpResponse:
    """Close a thread, or open it again (field `open`)."""
    version, remark = _remark(request, pk, comment_id)
    is_open = bool(request.POST.get("open"))
    with tell_outcome(request, "Open again." if is_open else "Resolved.", quiet=bool(request.htmx)):
        (reopen if is_open else resolve)(actor=request.actor, remark=remark)
    if request.htmx:
        return _answer(request, version, remark)
    return redirect(_back(request, version, remark.parent or remark))


@require_http_methods(["GET", "POST"])
def edit_comment(request: HubRequest, pk: int, comment_id: int) -> HttpResponse:
    """Change the words of a comment of one's own."""
    version, remark = _remark(request, pk, comment_id)
    if request.method == "GET":
        if remark.author != rules.person(request.actor):
            raise missing()
        context = {"version": version, "remark": remark, "back": version.review_url}
        return render(request, "reviews/edit_comment.html", context)
    with tell_outcome(request, "Changed."):
        edit(actor=request.actor, remark=remark, body=request.POST.get("body", ""))
    return redirect(f"{version.review_url}?tab=talk#comment-{remark.pk}")


@require_POST
def discard(request: HubRequest, pk: int, draft_id: int) -> HttpResponse:
    """Delete a comment that was not sent."""
    version = version_in_review(request.actor, pk)
    mine = drafts_of(rules.signed_in(request.actor), version)
    discard_draft(actor=request.actor, draft=get_object_or_404(mine, pk=draft_id))
    if request.htmx:
        context = {"version": version, "drafts": list(mine)}
        return render(request, "reviews/draft_count.html", context | {"is_beside": True})
    messages.success(request, "Deleted.")
    return redirect(back_to(request, version.review_url))


@require_POST
def send(request: HubRequest, pk: int) -> HttpResponse:
    """Send what was kept back, without a decision."""
    version = version_in_review(request.actor, pk)
    with tell_outcome(request, "Your comments were sent."):
        remarks.send_drafts(actor=request.actor, version=version)
    return redirect(back_to(request, version.review_url))
