"""Orders: who may call which product for what, with which key, and every answer that was delivered (DSL 33; norm 16)."""
