"""Settings: `base` is production on the store named by DIANCHI_VAR; `test` is the same on a throw-away store."""
