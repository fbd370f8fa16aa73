"""Emergency plans: of each party on file and current, drilled every year, mended by what drills teach (NDR, 11, 30)."""
