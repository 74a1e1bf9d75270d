"""The ground: money, periods, refusals, SQL, tenancy. Knows no noun of ours, has no tables."""
