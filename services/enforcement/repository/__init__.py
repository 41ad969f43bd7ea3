"""Reading and writing the aggregates of enforcement; locks go inspection, violation, measure."""
