"""The forms around an account: signing in, the own password, the second factor."""

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.password_validation import password_validators_help_texts
from django.core.exceptions import ValidationError
from django.views.decorators.debug import sensitive_variables

from tracker import second_factor
from tracker.sign_in import knows_password, minutes_to_wait

NEEDED = {"required": "Isian ini wajib diisi."}


class CodeField(forms.CharField):
    """Six digits as a telephone shows them, often with a space in the middle."""

    def to_python(self, value):
        return "".join(super().to_python(value).split())


class SignInForm(AuthenticationForm):
    otp_token = CodeField(required=False)

    @sensitive_variables()
    def clean(self):
        given = {name: self.cleaned_data.get(name, "") for name in ("username", "password", "otp_token")}
        if given["username"] and given["password"]:
            self.user_cache = authenticate(self.request, **given)
            if self.user_cache is None:
                raise self.get_invalid_login_error()
        return self.cleaned_data


class OwnPasswordField(forms.CharField):
    """The password of whoever is signed in, asked again because an open session may have been left alone."""

    def __init__(self, label):
        super().__init__(label=label, strip=False, error_messages=NEEDED)


def check_own_password(request, password):
    if not knows_password(request, password):
        minutes = minutes_to_wait(request)
        raise ValidationError(
            f"Terlalu banyak kata sandi yang salah. Tunggu {minutes} menit, lalu coba lagi."
            if minutes
            else "Kata sandi ini tidak cocok. Periksa huruf besar dan kecil, lalu ketik kembali."
        )


class PasswordForm(PasswordChangeForm):
    error_messages = {"password_mismatch": "Kedua kata sandi baru tidak sama. Ketik kembali keduanya."}
    old_password = OwnPasswordField("Kata sandi sekarang")
    new_password1 = forms.CharField(label="Kata sandi baru", strip=False, error_messages=NEEDED)
    new_password2 = forms.CharField(label="Kata sandi baru sekali lagi", strip=False, error_messages=NEEDED)
    rules = staticmethod(password_validators_help_texts)

    def __init__(self, request, data=None):
        self.request = request
        super().__init__(request.user, data)

    @sensitive_variables()
    def clean_old_password(self):
        check_own_password(self.request, self.cleaned_data["old_password"])
        return self.cleaned_data["old_password"]

    @sensitive_variables()
    def clean_new_password1(self):
        password = self.cleaned_data["new_password1"]
        if self.user.check_password(password):
            raise ValidationError("Ini kata sandi Anda yang sekarang. Pilih kata sandi lain.")
        return password

    def clean(self):
        self.validate_passwords("new_password1", "new_password2")
        self.validate_password_for_user(self.user, "new_password1")
        return self.cleaned_data

    def set_password_and_save(self, user, *args, **kwargs):
        user.set_password(self.cleaned_data["new_password1"])
        user.must_change_password = False
        user._change_reason = "Kata sandi diganti"
        user.save(update_fields=["password", "must_change_password"])
        return user


class TurnOnForm(forms.Form):
    otp_token = CodeField(label="Kode 6 angka dari telepon", error_messages=NEEDED)

    def __init__(self, user, key, data=None):
        self.user, self.key = user, key
        super().__init__(data)

    def clean_otp_token(self):
        totp = second_factor.matched(self.key, self.cleaned_data["otp_token"])
        if totp is None:
            raise ValidationError(
                "Kode ini tidak cocok. Pastikan jam telepon diatur otomatis, lalu ketik kode yang sedang tampil."
            )
        return totp

    def save(self):
        second_factor.turn_on(self.user, self.cleaned_data["otp_token"])


class TurnOffForm(forms.Form):
    password = OwnPasswordField("Kata sandi Anda")

    def __init__(self, request, data=None):
        self.request = request
        super().__init__(data)

    @sensitive_variables()
    def clean_password(self):
        check_own_password(self.request, self.cleaned_data["password"])
