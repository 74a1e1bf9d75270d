"""Sorting and paging of a table as its address says; the page's length is the product's to say."""

import django_tables2 as tables
from django.http import HttpRequest

#: A field that no address has: people sort and turn pages, they do not set their length.
FIXED = "length of a page"


def arrange(request: HttpRequest, table: tables.Table, *, per_page: int) -> None:
    """Will sort and page a table by the request; what makes no sense there is passed over."""
    table.per_page_field = FIXED
    tables.RequestConfig(request, paginate={"per_page": per_page}).configure(table)
