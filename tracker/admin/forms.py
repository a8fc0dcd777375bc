"""The forms of data entry: they carry the version of the row, and refuse to overwrite what somebody else saved."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property

from tracker.admin import values
from tracker.numbers import NumberFormField


class CountFormField(NumberFormField):
    """How many of something, with thousands points; returns int or None."""

    def to_python(self, value):
        number = super().to_python(value)
        if number is None:
            return None
        if number != number.to_integral_value():
            raise ValidationError("Jumlah ditulis utuh tanpa koma, misalnya 1.250.", code="invalid")
        return int(number)


class VersionField(forms.CharField):
    """The version a form was opened with. It differs after somebody else's save, which is no change of one's own."""

    widget = forms.HiddenInput

    def __init__(self):
        super().__init__(required=False)

    def has_changed(self, initial, data):
        return False


class RecordForm(forms.ModelForm):
    version = VersionField()

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


class RecordFormSet(forms.BaseInlineFormSet):
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
        row = "baris baru" if index is None else f"baris {index + 1}"
        for name, field in form.fields.items():
            label = field.label or name
            # The admin wraps the widget of a relation; the wrapper's own attributes are never drawn.
            widget = getattr(field.widget, "widget", field.widget)
            widget.attrs["aria-label"] = f"{label}, {row}"
