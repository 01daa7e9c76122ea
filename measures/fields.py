"""A quarter in a database column: its first day, read back as a `Quarter`."""

import datetime

from django.core.exceptions import ValidationError
from django.db import models

from .quarters import Quarter


class QuarterField(models.DateField):
    def from_db_value(self, value, expression, connection):
        return None if value is None else Quarter.containing(value)

    def to_python(self, value):
        if value is None or isinstance(value, Quarter):
            return value
        if isinstance(value, str):
            try:
                return Quarter.parse(value)
            except ValueError as error:
                raise ValidationError(str(error)) from error
        if isinstance(value, datetime.date):
            return Quarter.containing(value)
        raise ValidationError(f"{value!r} is not a quarter. Write it as “Q2 2018/19”.")

    def get_prep_value(self, value):
        value = self.to_python(value)
        return None if value is None else value.start

    def get_db_prep_value(self, value, connection, prepared=False):
        start = value if prepared else self.get_prep_value(value)
        return connection.ops.adapt_datefield_value(start)

    def value_to_string(self, obj):
        quarter = self.value_from_object(obj)
        return "" if quarter is None else quarter.code
