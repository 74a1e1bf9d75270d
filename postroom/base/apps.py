from pathlib import Path

from django.apps import AppConfig


class BaseConfig(AppConfig):
    name = "postroom.base"
    label = "base"

    @staticmethod
    def folder() -> Path:
        return Path(__file__).parent
