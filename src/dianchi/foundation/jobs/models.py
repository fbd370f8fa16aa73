"""The job table."""

from django.db import models


class Job(models.Model):
    """One piece of work: queued, running under a lease, done or failed."""

    name = models.CharField(max_length=60)
    arguments = models.JSONField(default=dict)
    key = models.CharField(max_length=120, unique=True)
    state = models.CharField(max_length=10, default="queued", db_index=True)
    run_at = models.DateTimeField(db_index=True)
    lease_until = models.DateTimeField(null=True)
    worker = models.CharField(max_length=40, default="")
    attempts = models.PositiveSmallIntegerField(default=0)
    most_attempts = models.PositiveSmallIntegerField(default=5)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    note = models.CharField(max_length=200, default="")
    problem = models.CharField(max_length=500, default="")
    queued_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "jobs_job"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=("queued", "running", "done", "failed")), name="job_state_is_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="running") | models.Q(lease_until__isnull=False),
                name="running_job_has_a_lease",
            ),
        )
