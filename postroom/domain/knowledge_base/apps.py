from django.apps import AppConfig


class KnowledgeBaseConfig(AppConfig):
    name = "postroom.domain.knowledge_base"
    label = "knowledge_base"
