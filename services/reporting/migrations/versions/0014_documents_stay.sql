REVOKE UPDATE, DELETE ON document FROM vth_reporting_all, vth_reporting_some;
