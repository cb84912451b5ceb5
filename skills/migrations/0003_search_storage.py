"""Ranking reads the words' weights of a thousand documents: they stay beside their row, unpacked."""

from django.db import migrations

FORWARD = """
alter table skills_document set (toast_tuple_target = 4080);
alter table skills_document alter column impacts set storage main;
alter table skills_document alter column pieces set storage extended;
alter table skills_term set (fillfactor = 80);
"""
BACKWARD = """
alter table skills_document reset (toast_tuple_target);
alter table skills_document alter column impacts set storage external;
alter table skills_term reset (fillfactor);
"""


class Migration(migrations.Migration):
    dependencies = [("skills", "0002_immutability")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
