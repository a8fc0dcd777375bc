"""Django's rules for passwords, each explained in a full sentence: what is wrong, and what helps."""

from django.contrib.auth import password_validation


class LongEnough(password_validation.MinimumLengthValidator):
    def get_error_message(self):
        return f"Kata sandi ini terlalu pendek. Pakai {self.min_length} karakter atau lebih, misalnya beberapa kata."

    def get_help_text(self):
        return f"Paling sedikit {self.min_length} karakter; beberapa kata yang mudah diingat paling baik."


class UnlikeTheUser(password_validation.UserAttributeSimilarityValidator):
    def get_error_message(self):
        return "Kata sandi ini terlalu mirip dengan %(verbose_name)s Anda, jadi mudah ditebak. Pilih kata lain."

    def get_help_text(self):
        return "Tidak mirip dengan nama pengguna, nama, atau alamat email Anda."


class NotCommon(password_validation.CommonPasswordValidator):
    def get_error_message(self):
        return "Kata sandi ini dipakai banyak orang, jadi mudah ditebak. Pilih yang lain."

    def get_help_text(self):
        return "Bukan kata sandi yang umum dipakai orang."


class NotOnlyDigits(password_validation.NumericPasswordValidator):
    def get_error_message(self):
        return "Kata sandi ini hanya terdiri dari angka. Tambahkan huruf atau kata."

    def get_help_text(self):
        return "Tidak hanya angka."
