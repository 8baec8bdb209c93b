"""UniCredit, Italy."""
