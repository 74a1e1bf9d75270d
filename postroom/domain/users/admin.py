"""Accounts, for the platform's staff, and what all of their pages share."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.http import HttpRequest

from postroom.domain.users.models import User


class PlatformSite(admin.AdminSite):
    """Django's admin with what is registered here by name and nothing else.

    Packages put their own tables on the default site, second factors and jobs among them; nobody
    reads those in a browser, so that site has no address.
    """

    site_header = site_title = "Postroom platform"
    index_title = "Operators and accounts"


site = PlatformSite()
# People sign in where everybody does, so that a second factor is asked for here too.
site.login = secure_admin_login(site.login)  # type: ignore[method-assign]


class PlatformAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Open to everybody on the platform's staff; says itself what may be done. Deletes nothing."""

    adds = False
    changes = False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and request.user.is_staff

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.adds and self.has_module_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.changes and self.has_module_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Will save what was changed, and nothing else of the row."""
        if form.changed_data:
            obj.save(update_fields=form.changed_data)


@admin.register(User, site=site)
class UserAdmin(PlatformAdmin):
    """Accounts are made by an owner or with an operator, and ended by making them inactive."""

    changes = True
    list_display = ["email", "name", "is_active", "is_staff", "last_login"]
    list_filter = ["is_active", "is_staff"]
    search_fields = ["email", "name"]
    ordering = ["email"]
    fields = ["email", "name", "is_active", "is_staff", "last_login", "joined_at"]
    readonly_fields = ["email", "last_login", "joined_at"]
