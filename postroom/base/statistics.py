"""The planner's picture of the tables, renewed after many rows came at once."""

from django.db import connection


def count_again() -> None:
    """Will run ANALYZE as the tables' owner, who the login is: outside of every scope.

    Of a new operator the planner knows nothing: it then takes any index that starts with the
    operator for as good as the right one, which is slow by the square of the rows. A login that
    owns no table counts none, and leaves it to the server, which takes a minute or two.
    """
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("ANALYZE")
        cursor.execute("SET ROLE postroom_app")
