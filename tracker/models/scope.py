"""Who may see and who may write which rows. Every page, file, form and answer begins here."""

from django.db.models import Q, QuerySet, TextChoices

NOTHING = Q(pk__in=[])


class Role(TextChoices):
    """What a person does in the program; the value is the name of the group that gives the rights."""

    SECRETARIAT = "Sekretariat TKPK"
    VERIFIER = "Verifikator"
    OPERATOR = "Operator OPD"
    LEADER = "Pimpinan"


def public_or_own(user, *, public: Q, opd_path: str) -> Q:
    """The `public` rows for everybody signed in, those of the own OPD too; all for Sekretariat and Verifikator."""
    if not user.is_authenticated or not user.is_active:
        return NOTHING
    sees_all, opd = reach_of(user)
    if sees_all:
        return Q()
    return public | Q(**{opd_path: opd}) if opd else public


def reach_of(user) -> tuple:
    """What decides which drafts this person sees: equal for two people who see the same."""
    sees_all = user.is_secretary or user.is_verifier
    return sees_all, None if sees_all else user.opd_id


def rights_of(user) -> tuple:
    """Equal for two people who may read and write the same."""
    return user.is_secretary, user.is_verifier, user.is_operator, user.opd_id


def outranks(other, user) -> bool:
    """Whether an account has rights that this person does not have, and so could be a way to them."""
    return (other.is_superuser and not user.is_superuser) or (other.is_secretary and not user.is_secretary)


def workable(user, *, opd_path: str) -> Q:
    """The rows a person works with in the admin: those of the own OPD, all for Sekretariat and Verifikator."""
    return public_or_own(user, public=NOTHING, opd_path=opd_path)


def writable(user, *, opd_path: str) -> Q:
    """The rows whose figures a person may write: an operator those of the own OPD, the Sekretariat all."""
    if not user.is_authenticated or not user.is_active:
        return NOTHING
    if user.is_secretary:
        return Q()
    return Q(**{opd_path: user.opd_id}) if user.is_operator else NOTHING


def opd_of(record) -> int | None:
    """The key of the OPD that a record belongs to, by the `opd_path` of its model."""
    *relations, last = record.opd_path.split("__")
    for relation in relations:
        record = getattr(record, relation)
    return record.pk if last == "pk" else getattr(record, f"{last}_id")


def may_write(user, record) -> bool:
    """Whether this person may write this record; the same as being in `editable_by`, for a record at hand."""
    if not user.is_authenticated or not user.is_active:
        return False
    return user.is_secretary or (user.is_operator and opd_of(record) == user.opd_id)


class ScopedQuerySet(QuerySet):
    """Rows that belong to an OPD; their model says by which path: `opd_path`."""

    def workable_by(self, user):
        return self.filter(workable(user, opd_path=self.model.opd_path))

    def editable_by(self, user):
        return self.filter(writable(user, opd_path=self.model.opd_path))
