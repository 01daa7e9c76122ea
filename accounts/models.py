"""People, organisations, contracts and the chained audit record."""

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from .roles import WHO, Party, Role, Who


class UserManager(BaseUserManager):
    def create_user(self, email, name, password=None, **extra):
        user = self.model(email=self.normalize_email(email).lower(), name=name, **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, name, password=None):
        return self.create_user(email, name, password, is_staff=True)


class User(AbstractBaseUser):
    """Signs in by e-mail. `is_staff` makes an administrator, who holds no membership.

    Django's groups and permissions are not used: rights follow from membership and the rights table.
    """

    email = models.EmailField("e-mail address", unique=True)
    name = models.CharField(max_length=120)
    is_staff = models.BooleanField("administrator", default=False)
    is_active = models.BooleanField("may sign in", default=True)
    date_joined = models.DateTimeField(default=timezone.now, editable=False)
    invited_at = models.DateTimeField(
        null=True, editable=False, help_text="When the link was made that may still be followed, or was."
    )
    sessions_ended = models.PositiveIntegerField(
        default=0, editable=False, help_text="Counts how often all sessions were ended at once."
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name

    def get_full_name(self):
        return self.name

    def get_short_name(self):
        return self.name

    def _get_session_auth_hash(self, secret=None):
        """Part of each session: a new password, or ending all sessions, makes the old ones worthless. Django asks for
        it with each of SECRET_KEY_FALLBACKS too."""
        return salted_hmac(
            "accounts.User.session", f"{self.password}:{self.sessions_ended}", secret=secret, algorithm="sha256"
        ).hexdigest()


class Organisation(models.Model):
    name = models.CharField(max_length=200, unique=True)
    short_name = models.CharField(max_length=20, unique=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


class Contract(models.Model):
    """A commissioner pays a provider; everything else hangs below one contract."""

    slug = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=120)
    commissioner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    provider = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    values_due_days = models.PositiveSmallIntegerField(
        default=31, help_text="Days after the quarter's end when values are due."
    )
    commentary_due_days = models.PositiveSmallIntegerField(
        default=47, help_text="Days after the quarter's end when commentary is due."
    )
    small_cohort = models.PositiveSmallIntegerField(
        default=30, help_text="Fewer people or cases than this are called a small cohort."
    )
    requires_second_factor = models.BooleanField(
        default=False, help_text="Whether everybody signs in with a code besides the password."
    )
    is_demonstration = models.BooleanField(default=False, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["title"]
        constraints = [
            models.CheckConstraint(condition=~Q(commissioner=F("provider")), name="contract_two_organisations"),
            models.CheckConstraint(
                condition=Q(commentary_due_days__gte=F("values_due_days")), name="contract_commentary_after_values"
            ),
            models.CheckConstraint(condition=Q(small_cohort__range=(5, 1000)), name="contract_small_cohort_in_reason"),
        ]

    def __str__(self):
        return self.title

    def organisation(self, party: Party) -> Organisation:
        return self.commissioner if party == Party.COMMISSIONER else self.provider


class Membership(models.Model):
    """One person's party and role in one contract."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships")
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="memberships")
    party = models.CharField(max_length=12, choices=[(p.value, p.value.capitalize()) for p in Party])
    role = models.CharField(max_length=8, choices=[(r.value, r.value.capitalize()) for r in Role])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "contract"], name="membership_one_per_contract"),
            models.CheckConstraint(
                condition=Q(role=Role.OFFICER.value, party=Party.COMMISSIONER.value)
                | Q(role=Role.ANALYST.value, party=Party.PROVIDER.value)
                | Q(role=Role.DIRECTOR.value, party__in=[p.value for p in Party]),
                name="membership_role_fits_party",
            ),
        ]

    def __str__(self):
        return f"{self.user}: {self.role} of the {self.party}"

    @property
    def who(self) -> Who:
        return WHO[Party(self.party), Role(self.role)]


class AuditEntry(models.Model):
    """One act that both parties may know of. Rows form a hash chain per contract; triggers refuse any change."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="audit_entries")
    number = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    act = models.CharField(max_length=40)
    object = models.CharField(max_length=200)
    old = models.JSONField(null=True)
    new = models.JSONField(null=True)
    reason = models.TextField(blank=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["contract", "number"]
        verbose_name_plural = "audit entries"
        constraints = [models.UniqueConstraint(fields=["contract", "number"], name="audit_entry_one_chain")]

    def __str__(self):
        return f"{self.contract_id}/{self.number} {self.act}"
