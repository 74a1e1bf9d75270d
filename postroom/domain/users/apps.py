from django.apps import AppConfig


class UsersConfig(AppConfig):
    name = "postroom.domain.users"
    label = "users"
