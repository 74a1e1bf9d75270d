-- Ends the price locks and pins of many, and names those who had any.
WITH unlocked AS (
    DELETE FROM subscriptions_pricelock AS lock
     WHERE lock.operator_id = %(operator)s
       AND lock.subscription_id = ANY (%(subscriptions)s::bigint[])
    RETURNING lock.subscription_id
), unpinned AS (
    DELETE FROM subscriptions_pin AS pin
     WHERE pin.operator_id = %(operator)s
       AND pin.subscription_id = ANY (%(subscriptions)s::bigint[])
    RETURNING pin.subscription_id
)
SELECT subscription_id FROM unlocked
 UNION
SELECT subscription_id FROM unpinned
