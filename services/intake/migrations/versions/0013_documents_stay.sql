REVOKE UPDATE, DELETE ON document FROM vth_intake_all, vth_intake_some;
