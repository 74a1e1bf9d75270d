from django.apps import AppConfig


class SignupConfig(AppConfig):
    name = "postroom.web.signup"
    label = "signup"
