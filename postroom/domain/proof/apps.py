from django.apps import AppConfig


class ProofConfig(AppConfig):
    name = "postroom.domain.proof"
    label = "proof"
