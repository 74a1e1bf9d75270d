from django.db import migrations

from postroom.base.tenancy.operations import Refer


class Migration(migrations.Migration):
    dependencies = [("plans", "0003_chosen_customers")]
    operations = [Refer("Draft", "replaces")]
