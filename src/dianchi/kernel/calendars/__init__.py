"""Working calendars as data, one JSON file a year: days off and make-up days as the notice of that year sets them."""
