REVOKE DELETE ON location, risk_model FROM vth_risk_all, vth_risk_some;
