"""Reading what is known of customers."""

from postroom.domain.customers.models import Customer, Recipient


def recipients_of(customer: Customer) -> list[Recipient]:
    """Will return who gets mail at a customer's address beside them."""
    return list(Recipient.objects.filter(customer=customer))
