"""The fields of a form that have to be corrected, as a list at its top, each with the place it stands at."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    name: str
    anchor: str


def faults_of(form, inlines) -> list[Fault]:
    """Errors of the form as a whole are no faults of a field: they stand at the top anyway."""
    faults = [Fault(_label(field), _anchor(field)) for field in _faulty(form)]
    for inline in inlines:
        formset = inline.formset
        if formset.non_form_errors():
            faults.append(Fault(_capitalised(inline.opts.verbose_name_plural), f"{formset.prefix}-group"))
        for index, row in enumerate(formset.forms):
            name = formset.name_of_row(index)
            fields = [field for field in _faulty(row) if not field.is_hidden]
            faults += [Fault(f"{_label(field)}, {name}", _anchor(field)) for field in fields]
            if row.errors and not fields:
                name = f"{_capitalised(inline.opts.verbose_name)}, {name}"
                faults.append(Fault(name, formset.anchor_of_row(index)))
    return faults


def _faulty(form):
    return [form[name] for name in form.errors if name in form.fields]


def _label(field):
    return _capitalised(field.label)


def _anchor(field):
    return field.id_for_label or field.auto_id


def _capitalised(words):
    return words[:1].upper() + words[1:]
