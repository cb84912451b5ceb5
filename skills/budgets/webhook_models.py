"""The programs that hear of the marks of budgets."""

from django.db import models

from skills.budgets.models import Budget


class BudgetWebhook(models.Model):
    """An address that is told of every mark of a team's budget and its parts; of the instance's: of all."""

    budget = models.OneToOneField(Budget, on_delete=models.CASCADE, related_name="webhook")
    address = models.CharField(max_length=300)
    secret = models.BinaryField()  # encrypted
    # How the last message went.
    last_at = models.DateTimeField(null=True, blank=True)
    last_answer = models.CharField(max_length=200, blank=True, default="", db_default="")
    last_arrived = models.BooleanField(default=False, db_default=False)

    def __str__(self) -> str:
        return f"webhook of the {self.budget}"
