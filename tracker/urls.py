from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_not_required
from django.urls import path

from tracker.views import activities, groups, imports, method, overview, paper, programs, reporting, reports, session

urlpatterns = [
    path("", overview.overview, name="overview"),
    path("strategi/", groups.group_list, {"axis": "strategy"}, name="strategies"),
    path("strategi/<int:number>/", groups.strategy_detail, name="strategy"),
    path("prioritas/", groups.group_list, {"axis": "priority"}, name="priorities"),
    path("prioritas/<int:year>/<int:number>/", groups.priority_detail, name="priority"),
    path("opd/", groups.group_list, {"axis": "opd"}, name="opds"),
    path("opd/<int:pk>/", groups.opd_detail, name="opd"),
    path("program/", programs.program_list, name="programs"),
    path("program/<int:pk>/", programs.program_detail, name="program"),
    path("sub-kegiatan/<slug:ref>/", activities.activity_detail, name="activity"),
    path("realisasi/", reports.report_list, name="reports"),
    path("pelaporan/", reporting.reporting_list, name="reporting"),
    path("impor/", imports.import_list, name="imports"),
    path("impor/<int:pk>/", imports.import_detail, name="import"),
    path("impor/<int:pk>/kolom/", imports.import_columns, name="import_columns"),
    path("impor/<int:pk>/terapkan/", imports.import_apply, name="import_apply"),
    path("impor/<int:pk>/batal/", imports.import_cancel, name="import_cancel"),
    path("impor/susunan/<int:pk>/hapus/", imports.mapping_delete, name="mapping_delete"),
    path("metode/", method.method, name="method"),
    path("cetak/<int:year>-<int:quarter>.css", paper.print_foot, name="print_foot"),
    path("masuk/", session.SignIn.as_view(), name="login"),
    path("keluar/", login_not_required(auth.LogoutView.as_view()), name="logout"),
    path("akun/kata-sandi/", session.password_change, name="password_change"),
    path("akun/kode/", session.second_factor, name="second_factor"),
]
