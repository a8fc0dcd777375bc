"""The code from a telephone as second factor. A person has one or none, and only a confirmed one counts."""

from base64 import b32encode
from binascii import unhexlify

import segno
from django.db import transaction
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp.util import random_hex


def is_on(user) -> bool:
    return TOTPDevice.objects.filter(user=user, confirmed=True).exists()


def accepts(user, code: str) -> bool:
    """Whether the person may pass with this code; without a second factor everybody may. A code passes only once."""
    with transaction.atomic():
        device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=True).first()
        # A code left out is no guess, so it does not make the owner wait.
        return device is None or (code != "" and device.verify_token(code))


def new_key() -> str:
    return random_hex(20)


def picture(user, key: str) -> str:
    """The key as a QR code: SVG without styles, as the Content-Security-Policy wants it."""
    address = TOTPDevice(user=user, key=key).config_url
    return segno.make(address, micro=False).svg_inline(omitsize=True, dark="#000", light="#fff", lineclass=None)


def spelled(key: str) -> str:
    """The key in groups of four letters, for typing it into a telephone without a camera."""
    letters = b32encode(unhexlify(key)).decode()
    return " ".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def matched(key: str, code: str) -> TOTP | None:
    """The key at the moment to which the code belongs; None when it belongs to none near now."""
    totp = TOTP(unhexlify(key))
    is_code = code.isdecimal() and len(code) == totp.digits
    return totp if is_code and totp.verify(int(code), tolerance=1) else None


def turn_on(user, totp: TOTP):
    """Ask for codes of this key from now on, later ones than that which was just matched."""
    with transaction.atomic():
        TOTPDevice.objects.filter(user=user).delete()
        TOTPDevice.objects.create(user=user, name="Telepon", key=totp.key.hex(), drift=totp.drift, last_t=totp.t())
        note(user, "Kode masuk dari telepon dinyalakan")


def turn_off(user) -> bool:
    """Take the second factor away; False when there was none."""
    with transaction.atomic():
        removed, _ = TOTPDevice.objects.filter(user=user).delete()
        if removed:
            note(user, "Kode masuk dari telepon dimatikan")
    return bool(removed)


def note(user, reason: str):
    """An entry in the history of the account."""
    user._change_reason = reason
    user.save(update_fields=[])
