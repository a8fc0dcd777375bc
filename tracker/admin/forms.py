"""The forms of data entry: they carry the version of the row, and refuse to overwrite what somebody else saved."""

import re
from collections import defaultdict

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import UniqueConstraint, Value
from django.utils.functional import cached_property

from tracker import values
from tracker.models.history import refuse_hidden_or_private

# What a row's key can look like; anything else would end in an error of the database.
KEY = re.compile(r"\d{1,18}", re.ASCII)


class ManyFormField(forms.ModelMultipleChoiceField):
    """Asks the database only for keys that a row could have."""

    def clean(self, value):
        for key in value or ():
            if not KEY.fullmatch(str(key)):
                raise ValidationError(self.error_messages["invalid_pk_value"], "invalid_pk_value", {"pk": key})
        return super().clean(value)


class VersionField(forms.CharField):
    """The version a form was opened with. It differs after somebody else's save, which is no change of one's own."""

    widget = forms.HiddenInput

    def __init__(self):
        super().__init__(required=False)

    def has_changed(self, initial, data):
        return False


class ReasonField(forms.CharField):
    """Why something is changed; goes into the history, and is no change by itself."""

    widget = forms.Textarea(attrs={"rows": 2})

    def __init__(self):
        super().__init__(
            required=False,
            max_length=300,
            label="Alasan perubahan",
            help_text="Wajib bila yang berubah sudah diverifikasi atau dikunci, atau bila angka kumulatif turun. "
            "Tersimpan dalam riwayat.",
        )

    def clean(self, value):
        value = super().clean(value)
        refuse_hidden_or_private(value)
        return value

    def has_changed(self, initial, data):
        return False


class RecordForm(forms.ModelForm):
    version = VersionField()
    user = None  # who fills it in; the admin sets it on the form of each request

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = "" if self.instance._state.adding else self.instance.version

    @cached_property
    def is_stale(self) -> bool:
        """Whether the stored row is another one than the person saw; also when the form does not say which."""
        seen = self.data.get(self.add_prefix("version"), "")
        return not self.instance._state.adding and seen != str(self.instance.version)

    def clean(self):
        cleaned_data = super().clean()
        if self._meta.model._meta.pk.name in self.errors:
            raise ValidationError(
                "Baris ini sudah dihapus orang lain sesudah formulir ini dibuka. Muat ulang halaman ini; "
                "bila baris masih diperlukan, tambahkan sebagai baris baru."
            )
        if self.is_stale:
            self._explain_conflict()
        return cleaned_data

    def _explain_conflict(self):
        """Say who saved in between and what is stored now, beside what was typed. The next save may replace it."""
        editable = {field.name for field in (*self.instance._meta.fields, *self.instance._meta.many_to_many)}
        differing = [name for name in self.changed_data if name in editable]
        advice = (
            "Isian Anda masih ada di bawah; pada isian yang berbeda tertulis nilai yang sekarang tersimpan. "
            "Bandingkan, perbaiki bila perlu, lalu simpan sekali lagi."
            if differing
            else "Isian di bawah sama dengan yang tersimpan."
        )
        self.add_error(None, ValidationError(f"{self.conflict} {advice}", code="stale"))
        for name in differing:
            self.add_error(name, ValidationError(f"Sekarang tersimpan: {values.stored(self.instance, name)}."))
        self.data = self.data.copy()
        self.data[self.add_prefix("version")] = str(self.instance.version)

    @property
    def conflict(self) -> str:
        last = self.instance.history.first()
        if last is None:
            return "Data ini sudah berubah sesudah formulir ini dibuka, jadi isian Anda belum disimpan."
        return (
            f"Belum disimpan: data ini sudah diubah oleh {last.history_user_name or 'sistem'} pada "
            f"{values.moment(last.history_date)}, sesudah formulir ini dibuka."
        )


class ReasonedForm(RecordForm):
    """A form of a record whose changes may have to be explained, and which only the Sekretariat may make."""

    history_change_reason = ReasonField()

    def _post_clean(self):
        super()._post_clean()
        if not self.errors and self.has_changed():
            before = self._meta.model._base_manager.filter(pk=self.instance.pk).first() if self.instance.pk else None
            self.judge(before)
        self.instance._change_reason = self.cleaned_data.get("history_change_reason") or None

    def judge(self, before):
        """Ask for what the change from the stored row `before` needs: the Sekretariat, and a reason."""
        reason = self.cleaned_data.get("history_change_reason")
        for name, sentence in self.instance.refusals(before, by=self.user, reason=reason).items():
            self.add_error(name if name in self.fields else None, sentence)


class RecordFormSet(forms.BaseInlineFormSet):
    def name_of_row(self, index) -> str:
        return "baris baru" if index is None else f"baris {index + 1}"

    def anchor_of_row(self, index) -> str:
        return f"{self.prefix}-{index}"

    def validate_unique(self):
        """Every uniqueness of these rows is a constraint of their model, and its message stands at the row.

        Django checks neither those that involve the parent nor those with a condition.
        """
        kept = [
            form
            for form in self.forms
            if form.is_valid()
            and not (self.can_delete and self._should_delete_form(form))
            and (form.has_changed() or not form.instance._state.adding)
        ]
        for constraint in self.model._meta.constraints:
            if isinstance(constraint, UniqueConstraint):
                self._refuse_doubles(constraint, kept)

    def _refuse_doubles(self, constraint, kept):
        attnames = [self.model._meta.get_field(name).attname for name in constraint.fields]
        by_key = defaultdict(list)
        for form in kept:
            key = tuple(getattr(form.instance, attname) for attname in attnames if attname != self.fk.attname)
            if None not in key:
                by_key[key].append(form)
        for rows in by_key.values():
            if not any(form.has_changed() for form in rows):
                continue
            # A row that stays as it is has the place; a changed one may come upon a stored row that is not here.
            rows = sorted(
                (form for form in rows if self._applies(constraint, form)), key=lambda form: form.has_changed()
            )
            is_free = rows and not (rows[0].has_changed() and self._is_taken(constraint, attnames, rows[0].instance))
            for form in rows[1 if is_free else 0 :]:
                form.add_error(None, ValidationError(constraint.get_violation_error_message(), code="unique"))

    def _applies(self, constraint, form):
        if constraint.condition is None:
            return True
        fields = [field for field in self.model._meta.fields if field != self.fk]
        return constraint.condition.check(
            {field.name: Value(getattr(form.instance, field.attname), field) for field in fields}
        )

    def _is_taken(self, constraint, attnames, record):
        """Whether a stored row is in the way when this one is saved: first the changed ones are, then the new."""
        if self.instance.pk is None:
            return False
        rows = self.model._base_manager.filter(**{attname: getattr(record, attname) for attname in attnames})
        if constraint.condition is not None:
            rows = rows.filter(constraint.condition)
        if record._state.adding:
            rows = rows.exclude(pk__in=[form.instance.pk for form in self.initial_forms if form.instance.pk])
        else:
            rows = rows.exclude(pk=record.pk)
        return rows.exists()

    def clean(self):
        super().clean()
        for form in self.initial_forms:
            # Rows to be deleted are not validated, so their version has to be looked at here.
            if self.can_delete and self._should_delete_form(form) and form.is_stale:
                raise ValidationError(f"{form.instance}: {form.conflict} Baris ini tidak dihapus.", code="stale")


class TabularFormSet(RecordFormSet):
    """Inputs in a table have no label beside them: screen readers are told the heading and the row."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        row = self.name_of_row(index)
        for name, field in form.fields.items():
            label = field.label or name
            # The admin wraps the widget of a relation; the wrapper's own attributes are never drawn.
            widget = getattr(field.widget, "widget", field.widget)
            widget.attrs["aria-label"] = f"{label}, {row}"
