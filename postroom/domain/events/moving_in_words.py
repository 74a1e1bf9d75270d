"""What happened as people ask for plans and sign up, and mailbox numbers change hands, in words."""

from collections.abc import Callable

from postroom.domain.events.change_words import Facts

#: As ``sentences.WORDS`` has them.
MOVING_IN: dict[str, Callable[[Facts, Callable[[str], str]], str]] = {
    "customer.signed_up": lambda facts, day: f"signed up for {facts['plan']} ({facts['source']})",
    "customer.approved": lambda facts, day: (
        f"approved the signup for {facts['plan']}, mailbox #{facts['mailbox']}"
    ),
    "customer.asked": lambda facts, day: f"asked for more: {facts['words'].rstrip('.')}",
    "customer.answered_signup": lambda facts, day: f"answered: {facts['words'].rstrip('.')}",
    "customer.refused": lambda facts, day: f"refused the signup: {facts['words'].rstrip('.')}",
    "lead.handled": lambda facts, day: f"took care of {facts['name']}, who asked for a plan",
    "lead.reopened": lambda facts, day: f"opened the request of {facts['name']} again",
    "location.photo_added": lambda facts, day: "added a photo",
    "location.photo_changed": lambda facts, day: "changed a photo",
    "location.photo_removed": lambda facts, day: "removed a photo",
    "mailbox.given_up": lambda facts, day: f"moved {facts['customer']} to mailbox #{facts['to']}",
    "mailbox.reserved": lambda facts, day: "reserved the mailbox for online signup",
    "mailbox.made_available": lambda facts, day: "made the mailbox available to staff",
    "location.mailboxes_reserved": lambda facts, day: (
        f"reserved {facts['count']:,} more for online signup, #{facts['first']} to #{facts['last']}"
    ),
    "subscription.number_changed": lambda facts, day: (
        f"moved the customer from mailbox #{facts['from']} to #{facts['to']}"
    ),
    "moving_in.confirmed": lambda facts, day: (
        f"had {facts['rows']} rows of “{facts['file']}” taken in"
    ),
}
