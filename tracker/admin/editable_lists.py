"""Lists in which a whole page of rows is edited at once: wholly saved or not at all, and only what was touched."""

from functools import partial
from html import escape

from django import forms
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.messages.storage import default_storage
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, transaction
from django.forms.utils import ErrorList
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe

from tracker.admin.base import is_own, locked
from tracker.admin.faults import Fault, faults_of
from tracker.admin.forms import KEY, ReasonedForm, ReasonField
from tracker.values import stored

# Django draws each option and each empty list of errors by a template of its own. For a page of fifty rows these two
# do it in a quarter of the time.


class RowSelect(forms.Widget):
    def __init__(self, options):
        super().__init__()
        self.options = format_html_join("", '<option value="{}">{}</option>', options)

    def render(self, name, value, attrs=None, renderer=None):
        attributes = "".join(
            f' {attribute}="{escape(str(text))}"' for attribute, text in {"name": name, **self.attrs, **attrs}.items()
        )
        key = f'value="{"" if value is None else value}"'
        return mark_safe(f"<select{attributes}>{self.options.replace(key, f'{key} selected', 1)}</select>")


class RowErrors(ErrorList):
    def render(self, *args, **kwargs):
        return super().render(*args, **kwargs) if self else ""

    __str__ = __html__ = render


class NoInput(forms.HiddenInput):
    def render(self, name, value, attrs=None, renderer=None):
        return ""


class RowChoiceField(forms.Field):
    """A choice among few records, which are read once for all rows of a page."""

    def __init__(self, records, *, empty, label_of, **kwargs):
        self.records = {str(record.pk): record for record in records}
        options = [("", empty), *((key, label_of(record)) for key, record in self.records.items())]
        super().__init__(widget=RowSelect(options), **kwargs)

    def to_python(self, value):
        if value in self.empty_values:
            return None
        if str(value) not in self.records:
            raise ValidationError("Pilihan ini tidak ada, atau sudah tidak ada lagi. Pilihlah yang lain.")
        return self.records[str(value)]

    def has_changed(self, initial, data):
        return data != ("" if initial is None else str(initial))


class PageReasonForm(forms.Form):
    """One reason for all rows of a page: there is no room for it in each of them."""

    history_change_reason = ReasonField()


class RowForm(ReasonedForm):
    # Django's table asks each form for its key; here the names of its fields hold it.
    id = forms.CharField(widget=NoInput, required=False, disabled=True)
    history_change_reason = None

    def __init__(self, *args, reason="", **kwargs):
        self.reason = reason
        super().__init__(*args, **kwargs)
        self.columns = list(self._meta.fields) if is_own(self.user, self.instance) else []
        for name in set(self._meta.fields) - set(self.columns):
            del self.fields[name]
        for name in self.columns:
            field = self.fields[name]
            field.widget.attrs["aria-label"] = f"{field.label}, {self.instance}"
        self.overtaken = self._take_untouched_as_stored() if self.is_bound else []

    def hidden_inputs(self):
        """What travels along: the version, and the values that the page shows, by which a touch is known."""
        carried = {self.add_prefix("version"): self.instance.version}
        carried |= {self.add_initial_prefix(name): self.initial[name] for name in self.columns}
        carried = {name: "" if value is None else value for name, value in carried.items()}
        # Keys and numbers, nothing that anybody wrote.
        return mark_safe("".join(f'<input type="hidden" name="{name}" value="{carried[name]}">' for name in carried))

    def _take_untouched_as_stored(self) -> list[str]:
        """Give what nobody touched the value it has now, and tell which fields somebody else has changed meanwhile.

        The data belong to the formset, which made them for its rows to write in.
        """
        overtaken = []
        for name in self.columns:
            now = "" if self.initial[name] is None else str(self.initial[name])
            chosen, shown = self.add_prefix(name), self.data.get(self.add_initial_prefix(name))
            if shown != now:
                overtaken.append(name)
            if self.data.get(chosen) in (None, shown):
                self.data[chosen] = now
        return overtaken

    def _explain_conflict(self):
        super()._explain_conflict()
        for name in self.overtaken:
            if name not in self.errors:
                self.add_error(name, ValidationError(f"Sekarang tersimpan: {stored(self.instance, name)}."))

    def add_error(self, field, error):
        """What is wrong with a field that the list does not show is said of the whole row."""
        if field is not None or not hasattr(error, "error_dict"):
            super().add_error(field, error)
            return
        for name, errors in error.error_dict.items():
            if name in (*self.fields, NON_FIELD_ERRORS):
                super().add_error(name, errors)
            else:
                label = self.instance._meta.get_field(name).verbose_name
                super().add_error(None, [f"Isian “{label}”: {text}" for text in ValidationError(errors).messages])

    def judge(self, before):
        """As in the row's own form; the reason stands below the list."""
        if not self.user.is_secretary and self.instance.guarded_changes(before):
            super().judge(before)
        elif not self.reason and (clauses := self.instance.reasons_asked(before)):
            self.add_error(None, f"Tulis alasan perubahan di bawah daftar, karena {'; '.join(clauses)}.")

    def _post_clean(self):
        super()._post_clean()
        self.instance._change_reason = self.reason or None


class RowFormSet(forms.BaseFormSet):
    """A form for each row of the list. Rows are named by their keys, so that none takes the place of another."""

    candidates = None  # the rows that this person finds in the list; set for each request
    media = forms.Media()

    def __init__(self, data=None, files=None, *, queryset):
        self.lost_rows = False
        self.reason_form = PageReasonForm(data)
        if data is None:
            self.records = list(queryset)
        else:
            data = data.copy()
            self.records = self._records_of(data)
        super().__init__(data, files, error_class=RowErrors)

    def _records_of(self, data):
        """The rows of the page that comes back, in its order, kept from other writers until they are saved."""
        start = f"{self.get_default_prefix()}-"
        keys = [name.removeprefix(start).removesuffix("-version") for name in data if name.endswith("-version")]
        found = locked(self.candidates.filter(pk__in=filter(KEY.fullmatch, keys)).order_by("pk"))
        by_key = {str(record.pk): record for record in found}
        self.lost_rows = any(key not in by_key and self._was_touched(data, f"{start}{key}") for key in keys)
        return [by_key[key] for key in keys if key in by_key]

    def _was_touched(self, data, row):
        names = (f"{row}-{name}" for name in self.form._meta.fields)
        return any(data.get(name, "") != data.get(f"initial-{name}", "") for name in names)

    def total_form_count(self):
        return len(self.records)

    initial_form_count = total_form_count

    def add_prefix(self, index):
        return f"{self.prefix}-{self.records[index].pk}"

    def get_form_kwargs(self, index):
        """A form that changes nothing is not asked whether its row is well."""
        reason = self.reason_form.cleaned_data["history_change_reason"] if self.reason_form.is_valid() else ""
        return {"instance": self.records[index], "empty_permitted": True, "reason": reason}

    def clean(self):
        if not self.reason_form.is_valid():
            raise ValidationError(self.reason_form.errors["history_change_reason"])
        if self.lost_rows:
            raise ValidationError(
                "Ada baris yang Anda ubah tetapi sudah tidak ada: sudah dihapus atau dipindah orang lain sesudah "
                "halaman ini dibuka. Baris itu tidak ditampilkan lagi di bawah."
            )

    def faults(self) -> list[Fault]:
        found = []
        for form in self.forms:
            row = faults_of(form, ())
            found += [Fault(f"{fault.name}, {form.instance}", fault.anchor) for fault in row]
            if form.errors and not row:
                found.append(Fault(str(form.instance), form[form.columns[0]].id_for_label))
        return found


class EditableList:
    """For a RecordAdmin: the relations in `list_editable` are chosen in the list, each row with its version."""

    change_list_template = "admin/editable_list.html"
    # What stands in the list instead where nothing can be edited.
    read_only_columns = {}
    empty_choice = "–"

    def label_of_choice(self, record) -> str:
        return str(record)

    def get_list_display(self, request):
        columns = super().get_list_display(request)
        if self.has_change_permission(request) and IS_POPUP_VAR not in request.GET:
            return columns
        return [self.read_only_columns.get(column, column) for column in columns]

    def get_changelist_form(self, request, **kwargs):
        return super().get_changelist_form(request, form=RowForm, fields=self.list_editable, **kwargs)

    def get_changelist_formset(self, request, **kwargs):
        kwargs |= {"formset": RowFormSet, "formfield_callback": partial(self.formfield_for_row, request=request)}
        formset = super().get_changelist_formset(request, **kwargs)
        formset.form.user = request.user
        formset.candidates = self.get_queryset(request).select_related(*self.list_select_related)
        return formset

    def formfield_for_row(self, db_field, request):
        """The same choices as in the form of the row, by short names."""
        offered = self.formfield_for_dbfield(db_field, request)
        return RowChoiceField(
            offered.queryset,
            empty=self.empty_choice,
            label_of=self.label_of_choice,
            label=offered.label,
            required=offered.required,
        )

    def changelist_view(self, request, extra_context=None):
        if "_save" not in request.POST:
            return super().changelist_view(request, extra_context)
        try:
            with transaction.atomic():
                answer = super().changelist_view(request, extra_context)
        except IntegrityError:
            # What was chosen is deleted at this moment; a second look tells. The first has not saved what it says.
            request._messages = default_storage(request)
            with transaction.atomic():
                answer = super().changelist_view(request, extra_context)
        changes = getattr(answer, "context_data", {}).get("cl")
        if changes and changes.formset and changes.formset.is_bound:
            # The rows that were sent, next to their forms; those of the list may be others by now.
            changes.result_list = changes.formset.records
            answer.context_data |= {"is_faulty": True, "faults": changes.formset.faults()}
        return answer
