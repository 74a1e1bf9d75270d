from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "postroom.web.directory"
    label = "directory"
