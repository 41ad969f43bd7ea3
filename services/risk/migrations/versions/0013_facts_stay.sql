REVOKE UPDATE, DELETE ON fact, score FROM vth_risk_all, vth_risk_some;
