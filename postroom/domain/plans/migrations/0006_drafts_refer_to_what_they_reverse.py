from django.db import migrations

from postroom.base.tenancy.operations import Refer


class Migration(migrations.Migration):
    dependencies = [("plans", "0005_drafts_that_reverse")]
    operations = [Refer("Draft", "reverses")]
