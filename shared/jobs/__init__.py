"""Long work: queued in the commit that asks for it, leased, retried, followed and cancelled."""
