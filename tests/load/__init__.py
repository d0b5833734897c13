"""Half a campaign's busiest hour on the local stack."""
