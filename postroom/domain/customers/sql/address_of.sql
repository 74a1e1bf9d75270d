-- Where a customer lives, a line each; empty where nothing is known but the country.
CREATE FUNCTION address_of(customer customers_customer) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN concat(customer.street, customer.city, customer.state,
                            customer.postal_code) = '' THEN ''
                ELSE concat_ws(E'\n', nullif(customer.street, ''),
                               nullif(concat_ws(' ', nullif(concat_ws(', ',
                                                                      nullif(customer.city, ''),
                                                                      nullif(customer.state, '')),
                                                            ''),
                                                nullif(customer.postal_code, '')), ''),
                               nullif(customer.country, 'US')) END
$$;
