"""The gate: nothing comes in but through `intake`, nothing goes out but through `release`."""
