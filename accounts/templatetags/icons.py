"""The shapes of the pages: ratings, directions and states, each drawn once here."""

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

SHAPES = {
    "green": '<circle cx="6" cy="6" r="5.2"/>',
    "amber": '<path d="M6 .7 11.8 11.2H.2z"/>',
    "red": '<path d="M6 0l6 6-6 6-6-6z"/>',
    "missed": '<path fill-rule="evenodd" d="M6 0l6 6-6 6-6-6zm0 2.7L2.7 6 6 9.3 9.3 6z"/>',
    "none": '<path d="M1 4.7h10v2.6H1z"/>',
    "up": '<path d="M3.2 1h7.8v7.8H9.1V4.3L2.4 11 1 9.6l6.7-6.7H3.2z"/>',
    "down": '<path d="M3.2 11h7.8V3.2H9.1v4.5L2.4 1 1 2.4l6.7 6.7H3.2z"/>',
    "level": '<path d="M6.6 1.4 11.2 6l-4.6 4.6-1.3-1.3 2.3-2.4H.8V5.1h6.8L5.3 2.7z"/>',
    "higher": '<path d="M1.4 5.4 6 .8l4.6 4.6-1.3 1.3-2.4-2.3v6.8H5.1V4.4L2.7 6.7z"/>',
    "lower": '<path d="M1.4 6.6 6 11.2l4.6-4.6-1.3-1.3-2.4 2.3V.8H5.1v6.8L2.7 5.3z"/>',
    "wave": '<path d="M.6 6.9c1-3.6 3.6-4.2 5.3-1.6 1.2 1.9 2.5 1.6 3.6-1.5l1.9.7C9.9 8.9 6.8 9.6 4.6 6.5c-1.1-1.6-1.9-1.1-2.4.7z"/>',
    "signal-high": '<path fill-rule="evenodd" d="M6 0a6 6 0 1 1 0 12A6 6 0 0 1 6 0zm0 2.6L2.5 8.4h7z"/>',
    "signal-low": '<path fill-rule="evenodd" d="M6 0a6 6 0 1 1 0 12A6 6 0 0 1 6 0zm0 9.4L9.5 3.6h-7z"/>',
    "done": '<path d="M10.4 1.8 12 3.3 4.6 10.7.6 6.7l1.5-1.5 2.5 2.5z"/>',
    "open": '<path fill-rule="evenodd" d="M6 .8a5.2 5.2 0 1 1 0 10.4A5.2 5.2 0 0 1 6 .8zm0 1.5a3.7 3.7 0 1 0 0 7.4 3.7 3.7 0 0 0 0-7.4z"/>',
    "again": '<path fill-rule="evenodd" d="M0 0h8v2H2v6H0zm4 4h8v8H4zm2 2v4h4V6z"/>',
    "info": '<path fill-rule="evenodd" d="M6 0a6 6 0 1 1 0 12A6 6 0 0 1 6 0zm-.9 5v4.3h1.8V5zM6 2.2a1.1 1.1 0 1 0 0 2.2 1.1 1.1 0 0 0 0-2.2z"/>',
    "warning": '<path fill-rule="evenodd" d="M6 .3 12 11.4H0zM5.2 4.2v3.6h1.6V4.2zM6 8.5a.9.9 0 1 0 0 1.8.9.9 0 0 0 0-1.8z"/>',
}
# Made once: a scorecard of a hundred measures shows a thousand of them.
ICONS = {
    name: mark_safe(f'<svg class="icon" viewBox="0 0 12 12" aria-hidden="true" focusable="false">{shape}</svg>')
    for name, shape in SHAPES.items()
}


@register.simple_tag
def icon(name: str) -> SafeString:
    """One shape, in the colour of the text around it. KeyError for a name that has none."""
    return ICONS[name]
