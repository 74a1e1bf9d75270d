from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "postroom.web.portal"
    label = "portal"
