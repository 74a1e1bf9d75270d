"""A peer that installs and runs: the same month by vinta-django-billing, on the same server."""
