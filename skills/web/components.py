"""Block components: what pages are built from.

Each is a few lines here and one file in templates/components/. What is one or two elements, and stands on a
page many times, has no file: `format_html` takes a tenth of the time of a template.

Where a component takes several words, they are joined by spaces, so that a title may hold variables:
`{% card "What changed in" version.number %}`. `classes` adds CSS classes. `to` is an address ("/teams/",
"?filter=mine") or the name of a route, whose arguments follow it.
"""

import re
from dataclasses import dataclass

from django import template
from django.forms import BaseForm, BoundField
from django.template import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from skills.lib.addresses import here, public_address

register = template.Library()
# An empty cell says nothing on a phone: its label is hidden by td:empty, which matches no white space.
_BLANK_CELL = re.compile(r">\s+</td>")


def joined(words: tuple[object, ...]) -> SafeString:
    """The words that say something, escaped, with spaces between them."""
    escaped = (conditional_escape(str(word)) for word in words if word not in (None, ""))
    return mark_safe(" ".join(escaped))  # noqa: S308 - escaped word by word


def address(to: str, args: tuple[object, ...] = ()) -> str:
    """TO itself when it is an address, else that of the route of this name."""
    if to.startswith("/"):
        return here(to)
    return to if to.startswith(("?", "#")) or not to else reverse(to, args=args)


@register.simple_block_tag
def card(
    content: str,
    *title: object,
    note: str = "",
    count: int | None = None,
    anchor: str = "",
    classes: str = "",
) -> SafeString:
    """A surface with its title; NOTE or COUNT stands at the right of the title.

    Without a title the content begins with a `<header>` of its own, or has none.
    """
    context = {
        "content": content,
        "title": joined(title),
        "note": note,
        "count": count,
        "anchor": anchor,
        "classes": classes,
    }
    return render_to_string("components/card.html", context)


@register.simple_block_tag
def folded_card(content: str, *title: object) -> SafeString:
    """A card that shows its title and opens on a click."""
    return render_to_string("components/folded_card.html", {"content": content, "title": joined(title)})


@dataclass(frozen=True)
class Column:
    title: str
    is_right: bool
    is_unseen: bool


@register.simple_block_tag
def table(
    content: str, *columns: str, right: str = "", unseen: str = "", stacked: bool = False, label: str = ""
) -> SafeString:
    """A table that scrolls sideways.

    RIGHT and UNSEEN name columns, with commas between them: those of figures, and those whose heading only a
    screen reader says. STACKED turns rows into cards on a phone, so its cells need data-label. LABEL makes
    the scrolling region known to the keyboard and gives it a name.
    """
    at_right, for_readers = _names(right), _names(unseen)
    if stacked:
        content = mark_safe(_BLANK_CELL.sub("></td>", content))  # noqa: S308 - rendered, and so escaped, already
    heads = [Column(title, title in at_right, title in for_readers) for title in columns]
    context = {"content": content, "columns": heads, "stacked": stacked, "label": label}
    return render_to_string("components/table.html", context)


def _names(listing: str) -> set[str]:
    return {name.strip() for name in listing.split(",")}


@register.simple_block_tag
def source(content: str, *label: object) -> SafeString:
    """Rows of code or of a comparison, in a region with a name."""
    return render_to_string("components/source.html", {"content": content, "label": joined(label)})


@register.simple_block_tag
def empty_state(content: str, *title: object, in_card: bool = False) -> SafeString:
    """What stands where there is nothing: a sentence, and what to do next.

    IN_CARD when a card is around it already.
    """
    context = {"content": content, "title": joined(title), "in_card": in_card}
    return render_to_string("components/empty_state.html", context)


@register.simple_block_tag
def note(content: str, *title: object, tone: str = "") -> SafeString:
    """Something to know, at the top of a page. TONE: ok, warn, bad."""
    return render_to_string(
        "components/note.html", {"content": content, "title": joined(title), "tone": tone}
    )


@register.simple_tag
def badge(*words: object, tone: str = "", title: str = "", href: str = "") -> SafeString:
    """A state in two words. TONE: ok, warn, bad, accent; the words carry the meaning, not the colour."""
    attributes = format_html(' title="{}"', title) if title else ""
    classes = f"badge {tone}".rstrip()
    if href:
        return format_html('<a class="{}" href="{}"{}>{}</a>', classes, href, attributes, joined(words))
    return format_html('<span class="{}"{}>{}</span>', classes, attributes, joined(words))


@register.simple_block_tag
def tabs(content: str, *label: object) -> SafeString:
    """The tabs of a page; LABEL names them for a screen reader. Each is a `tab`."""
    return render_to_string("components/tabs.html", {"content": content, "label": joined(label)})


@register.simple_tag
def tab(
    name: str,
    title: object,
    to: str,
    *args: object,
    chosen: str,
    count: int | str = "",
    hot: bool = False,
) -> SafeString:
    """One tab; it is the current one when NAME is CHOSEN. HOT marks a count that asks for something."""
    current = mark_safe(' aria-current="page"') if name == chosen else ""
    classes = "count hot" if hot else "count"
    counted = "" if count == "" else format_html('<span class="{}">{}</span>', classes, count)
    return format_html('<a href="{}"{}>{} {}</a>', address(to, args), current, title, counted)


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(context: Context, next_cursor: str | None) -> dict[str, object]:
    """The way to the next page of a list, where there is one."""
    return {"request": context["request"], "next": next_cursor}


@register.inclusion_tag("components/meter.html")
def meter(percent: int | None, *, high: int, label: str = "Used") -> dict[str, object]:
    """How much of a limit is used, in percent, None without a limit. From HIGH on it warns."""
    return {"percent": percent, "high": high, "label": label}


@register.inclusion_tag("components/open_graph.html")
def open_graph(title: str, description: str, path: str) -> dict[str, object]:
    """What a search engine and a chat that unfurls the link say of a page."""
    picture = public_address(static("icons/apple-touch-icon.png"))
    return {"title": title, "description": description, "url": public_address(path), "picture": picture}


@register.simple_tag
def copy_button(text: str, *label: object) -> SafeString:
    """A button that copies TEXT; LABEL ends the sentence "Copy …"."""
    return format_html(
        '<button type="button" class="copy" data-copy="{}" aria-label="Copy {}">Copy</button>',
        text,
        joined(label),
    )


@register.simple_tag
def snippet(text: str, *label: object) -> SafeString:
    """A line to copy, with its button."""
    return format_html('<div class="snippet"><code>{}</code>{}</div>', text, copy_button(text, *label))


@register.inclusion_tag("components/form_field.html")
def form_field(field: BoundField) -> dict[str, object]:
    """One field of a Django form."""
    return {"field": field}


@register.simple_block_tag
def field(content: str, label: str, input_id: str, *, hint: str = "", optional: bool = False) -> SafeString:
    """A field written by hand: the content is the input whose id is INPUT_ID.

    The hint gets the id INPUT_ID-hint, for the input's aria-describedby.
    """
    context = {"content": content, "label": label, "input_id": input_id, "hint": hint, "optional": optional}
    return render_to_string("components/field.html", context)


@register.inclusion_tag("components/form_fields.html", takes_context=True)
def form_fields(context: Context, form: BaseForm, button: str = "Save") -> dict[str, object]:
    """All fields of a Django form, its token and its button: what stands inside `<form>`."""
    return {"form": form, "button": button, "csrf_token": context["csrf_token"]}


@register.inclusion_tag("components/form_card.html", takes_context=True)
def form_card(
    context: Context,
    title: str,
    form: BaseForm,
    to: str = "",
    *args: object,
    button: str = "Save",
    note: str = "",
    classes: str = "",
) -> dict[str, object]:
    """A card that is one Django form. Without TO it posts to the address of the page."""
    return {
        "title": title,
        "form": form,
        "action": address(to, args),
        "button": button,
        "note": note,
        "classes": classes,
        "csrf_token": context["csrf_token"],
    }


@register.simple_block_tag(takes_context=True)
def post_form(
    context: Context,
    content: str,
    to: str = "",
    *args: object,
    classes: str = "",
    confirm: str = "",
    swaps: str = "",
    **hidden: object,
) -> SafeString:
    """A form that posts, with its token; CONFIRM asks before sending. Other keywords are hidden fields.

    Where scripts run, the answer takes the place of the nearest element around it that matches SWAPS.
    """
    inside = {
        "content": content,
        "action": address(to, args),
        "classes": classes,
        "confirm": confirm,
        "swaps": swaps,
        "hidden": hidden,
        "csrf_token": context["csrf_token"],
    }
    return render_to_string("components/post_form.html", inside)
