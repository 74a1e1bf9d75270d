from django.db import models

from postroom.base.tenancy.keys import Reference
from postroom.domain.operators.models import TenantModel


class PlanImport(TenantModel):
    """A table of plans that somebody uploaded: kept between its preview and its results."""

    by = Reference("users.User")
    file_name = models.CharField(max_length=200)
    #: What was read of the file, as ``base.sheets.Sheet`` packs it.
    sheet = models.JSONField()
    at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)
    #: What came of each row, once applied.
    results = models.JSONField(null=True)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(applied_at__isnull=True, results__isnull=True)
                | models.Q(applied_at__isnull=False, results__isnull=False),
                name="an_applied_import_has_results",
            )
        ]

    def __str__(self) -> str:
        return self.file_name
