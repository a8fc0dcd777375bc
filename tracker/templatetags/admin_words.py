"""Small corrections to the admin's own markup that no template block allows."""

from django import template
from django.utils.safestring import mark_safe

register = template.Library()


@register.filter(is_safe=True)
def without_empty_heading(table):
    """Django's tabular inline has a heading without words in its corner, which a screen reader announces as empty."""
    return mark_safe(table.replace('<th class="original"></th>', '<td class="original"></td>'))
