from tracker.admin import indicators, periods, programs, reference, reports, tokens, users

__all__ = ["indicators", "periods", "programs", "reference", "reports", "tokens", "users"]
