"""Supply: one load of a resource into the lake, with its receipt and the verdict on its quality."""
