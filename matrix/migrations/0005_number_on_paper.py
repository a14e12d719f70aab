from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("matrix", "0004_commitment")]

    operations = [
        migrations.AddField(
            model_name="workshoparea",
            name="number",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="nummer op papier"),
        ),
    ]
