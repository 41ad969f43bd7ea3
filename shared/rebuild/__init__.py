"""Projections made anew from the log of events while the service works on."""
