"""The one door: nothing changes the state of a case but `perform` (design: get, require, change, save, record)."""
