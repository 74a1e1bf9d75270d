-- Plain intake without a look at what is there: the fastest way in that there is.
COPY usage_usageentry (operator_id, key, body, subscription_id, service, quantity, "on", reason,
                       recorded_at) FROM STDIN
