"""The session of who leads: whoever hangs, or whose machine is gone, loses it and with it the lead.

A session that asks nothing is ended by PostgreSQL after some seconds. One that stopped half-way a
question (the driver prepares a statement in two steps) is not idle; the end of its transaction
comes later, so that a slow disk does not end a leader that is well.
"""

from typing import Final

HUNG_AFTER: Final = 4.0
# Who waits for something else says so often that it is alive.
ALIVE_EVERY: Final = 1.0

SESSION: Final = f"""
SET idle_session_timeout = '{HUNG_AFTER:g}s'; SET client_connection_check_interval = '2s';
SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 3;
SELECT set_config('transaction_timeout', '30s', false)
WHERE current_setting('server_version_num')::int >= 170000
"""
