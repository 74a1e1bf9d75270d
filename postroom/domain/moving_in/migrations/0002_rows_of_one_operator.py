from django.db import migrations

from postroom.base.tenancy.operations import Isolate


class Migration(migrations.Migration):
    dependencies = [("moving_in", "0001_files_of_customers")]
    operations = [Isolate("MovingIn"), Isolate("MovingRow")]
