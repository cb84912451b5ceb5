"""Every kind of notice, as two changes at once have made them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("skills", "0035_review_threads"),
    ]

    operations = [
        migrations.AlterField(
            model_name="notice",
            name="kind",
            field=models.CharField(
                choices=[
                    ("review_asked", "A version waits for your review"),
                    ("decided", "Your version was approved, rejected or needs changes"),
                    ("commented", "Somebody commented on a version you follow"),
                    ("mentioned", "Somebody named you in a review"),
                    ("scanned", "The checks of your version found a problem"),
                    ("new_version", "A skill or team you follow has a new version"),
                    ("withdrawn_from_use", "A version you fetched or follow was yanked or removed"),
                    ("team", "Your role in a team changed"),
                    ("reported", "A skill was reported"),
                    ("evaluated", "An evaluation you asked for has ended"),
                    ("budget", "A budget of yours passes a mark, or stops calls"),
                    ("budget_of_others", "A budget that you manage for somebody else does"),
                    ("keeping", "A team keeps what your agents say, or ends that"),
                    ("name", "For staff: somebody asks for a name that is near to another"),
                    ("source", "A source of a team you administer fails, or brought new versions"),
                    ("storage", "For staff: stored bytes are missing, damaged or right again"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="noticepreference",
            name="kind",
            field=models.CharField(
                choices=[
                    ("review_asked", "A version waits for your review"),
                    ("decided", "Your version was approved, rejected or needs changes"),
                    ("commented", "Somebody commented on a version you follow"),
                    ("mentioned", "Somebody named you in a review"),
                    ("scanned", "The checks of your version found a problem"),
                    ("new_version", "A skill or team you follow has a new version"),
                    ("withdrawn_from_use", "A version you fetched or follow was yanked or removed"),
                    ("team", "Your role in a team changed"),
                    ("reported", "A skill was reported"),
                    ("evaluated", "An evaluation you asked for has ended"),
                    ("budget", "A budget of yours passes a mark, or stops calls"),
                    ("budget_of_others", "A budget that you manage for somebody else does"),
                    ("keeping", "A team keeps what your agents say, or ends that"),
                    ("name", "For staff: somebody asks for a name that is near to another"),
                    ("source", "A source of a team you administer fails, or brought new versions"),
                    ("storage", "For staff: stored bytes are missing, damaged or right again"),
                ],
                max_length=20,
            ),
        ),
    ]
