"""What templates ask about the page they are part of."""

from django import template
from django.utils.safestring import mark_safe

from tracker import formats

register = template.Library()


@register.simple_tag(takes_context=True)
def current(context, *names):
    """aria-current for the menu entry of the page being shown."""
    match = context["request"].resolver_match
    return mark_safe('aria-current="page"') if match and match.url_name in names else ""


@register.filter
def names(groups):
    return formats.listed(group.name for group in groups)


@register.simple_tag
def period_query(selection, **changes):
    """The address tail of this selection with some filters changed; an empty value removes a filter."""
    return selection.query(**changes)
