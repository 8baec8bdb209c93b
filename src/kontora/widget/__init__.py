"""The sign-in widget: its pages, what they talk to, and the way to banks and back. No decisions."""

from kontora.widget.widget import Desks, Widget, WidgetSettings

__all__ = ["Desks", "Widget", "WidgetSettings"]
