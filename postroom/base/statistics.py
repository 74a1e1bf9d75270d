"""The planner's picture of the tables, renewed after many rows came at once."""

from django.db import connection


def count_again(*tables: str) -> None:
    """Will run ANALYZE on these tables, or on all, as their owner, who the login is.

    Outside of every scope. Of a new operator the planner knows nothing: it then takes any index
    that starts with the operator for as good as the right one, which is slow by the square of the
    rows. A login that owns no table counts none, and leaves it to the server, which takes a minute
    or two.
    """
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute(f"ANALYZE {', '.join(tables)}")
        cursor.execute("SET ROLE postroom_app")
