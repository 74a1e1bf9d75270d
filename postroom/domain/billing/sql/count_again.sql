SELECT count_what_billing_reads()
