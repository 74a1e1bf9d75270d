"""The planner's picture of the tables, renewed after many rows came at once."""

from django.db import connection


def count_again() -> None:
    """Will run ANALYZE as the tables' owner, who the login is: outside of every scope.

    Of a new operator the planner knows nothing: it then checks keys by whatever index starts with
    the operator, which is slow by the square of the rows.
    """
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("ANALYZE")
        cursor.execute("SET ROLE postroom_app")
