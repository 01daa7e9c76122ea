"""The Django admin, for users and organisations only; it saves through accounts.people."""

from __future__ import annotations

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password

from . import people
from .denial import Denied
from .models import Organisation, User
from .viewer import is_administrator

admin.site.login = secure_admin_login(admin.site.login)
admin.site.site_header = "perfmon: users and organisations"
admin.site.site_title = "perfmon"
admin.site.index_title = "Users and organisations"
admin.site.enable_nav_sidebar = False


class UserForm(forms.ModelForm):
    """A person. An empty password leaves the one that is held."""

    new_password = forms.CharField(
        label="Password",
        required=False,
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    class Meta:
        model = User
        fields = ["email", "name", "is_staff", "is_active"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs["autocomplete"] = "off"
        field = self.fields["new_password"]
        field.help_text = " ".join(password_validators_help_texts())
        field.required = self.instance.pk is None

    def clean_email(self) -> str:
        return User.objects.normalize_email(self.cleaned_data["email"]).lower()

    def clean(self) -> dict:
        data = super().clean()
        if password := data.get("new_password"):
            try:
                # The instance does not carry the new address and name yet.
                validate_password(password, User(email=data.get("email", ""), name=data.get("name", "")))
            except forms.ValidationError as error:
                self.add_error("new_password", error)
        try:
            people.check_standing(self.instance, is_staff=data["is_staff"], is_active=data["is_active"])
        except Denied as denied:
            self.add_error(None, denied.sentence)
        return data


class AdministratorsOnly(admin.ModelAdmin):
    """Administrators see and change; nothing is deleted, since audit entries and texts name people."""

    actions = None

    def has_module_permission(self, request) -> bool:
        return is_administrator(request.user)

    def has_view_permission(self, request, obj=None) -> bool:
        return is_administrator(request.user)

    has_change_permission = has_view_permission

    def has_add_permission(self, request) -> bool:
        return is_administrator(request.user)

    def has_delete_permission(self, request, obj=None) -> bool:
        return False


@admin.register(User)
class UserAdmin(AdministratorsOnly):
    form = UserForm
    fields = ["email", "name", "is_active", "is_staff", "new_password"]
    list_display = ["name", "email", "is_active", "is_staff", "last_login"]
    search_fields = ["name", "email"]

    def save_model(self, request, obj, form, change) -> None:
        data = form.cleaned_data
        facts = {key: data[key] for key in ("email", "name", "is_staff", "is_active")}
        password = data["new_password"]
        if not change:
            obj.pk = people.create_user(by=request.user, password=password, **facts).pk
            return
        people.change_user(by=request.user, user=obj, **facts)
        if password:
            people.set_password(by=request.user, user=obj, password=password)


@admin.register(Organisation)
class OrganisationAdmin(AdministratorsOnly):
    fields = ["name", "short_name"]
    list_display = ["name", "short_name"]

    def save_model(self, request, obj, form, change) -> None:
        names = {"name": obj.name, "short_name": obj.short_name}
        if change:
            people.rename_organisation(by=request.user, organisation=obj, **names)
        else:
            obj.pk = people.create_organisation(by=request.user, **names).pk


admin.site.unregister([Group, EmailAddress])
