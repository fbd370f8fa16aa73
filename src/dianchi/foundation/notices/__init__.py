"""Notices: who is told what, in the site and by mail, each tied to an act and its article; and calendars of deadlines."""
