from tracker.admin import indicators, periods, programs, reference, reports, users

__all__ = ["indicators", "periods", "programs", "reference", "reports", "users"]
