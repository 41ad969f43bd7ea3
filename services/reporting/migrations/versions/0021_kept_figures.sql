ALTER TABLE kpi_measurement DROP CONSTRAINT kpi_measurement_pkey;
ALTER TABLE kpi_measurement ADD CONSTRAINT kpi_measurement_pkey PRIMARY KEY USING INDEX kpi_measurement_turn;

-- What was planned and measured is added, never changed or removed.
REVOKE UPDATE, DELETE ON kpi_measurement, budget_line FROM vth_reporting_all, vth_reporting_some;

-- Of what was proposed the decision is filled in; its figures stay as they were proposed.
REVOKE UPDATE, DELETE ON budget, settlement_run, settlement FROM vth_reporting_all, vth_reporting_some;
GRANT UPDATE (version, confirmed, activated_by, activated_at) ON budget
    TO vth_reporting_all, vth_reporting_some;
GRANT UPDATE (version, state, adopted_by, adopted_on, decision_reference) ON settlement_run, settlement
    TO vth_reporting_all, vth_reporting_some;

-- A month, a week and what policy decided are there for good.
REVOKE DELETE ON period, week_sheet, tariff, norm, sharing_key, parameter
    FROM vth_reporting_all, vth_reporting_some;
