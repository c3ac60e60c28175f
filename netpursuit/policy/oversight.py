"""What the log's own commands go by: how long an opening may wait, how long an export is kept, and what use of the
program a supervisor is shown as unusual. Compiled in; every figure is stated with what is shown by it.

None of the figures says that anything was wrong: they are set where ordinary work seldom comes, so that a supervisor
reads a page a week and not a log."""

from __future__ import annotations

from datetime import time, timedelta

# Opening typed values: a request made on a Friday can be approved on Monday; what was approved is opened within a day,
# once, so that an approval is no standing permission.
REQUEST_WAITS = timedelta(days=3)
APPROVAL_LASTS = timedelta(hours=24)

# An export of the log names users, reasons, leads and entries. A quarter is what an outside audit takes; a year the
# longest one that is planned for.
EXPORT_DAYS = 90
EXPORT_DAYS_MOST = 366

SHOWN_MOST = 1_000  # consultations that are shown at a time: more is an export, not a view
SIGN_IDS = 20  # consultations that a sign names; the count says how many there are

PERIOD_DAYS = 28  # what is looked at where nobody states a period: a roster of four weeks

# One's own name. A first look may be a namesake at the door; that it is one is for the supervisor to ask.
OWN_NAME_LOOKS = 1

# A sweep. A person is typed or opened, read and left in half a minute at the quickest; twenty different ones at that
# pace are ten minutes without a pause, which no door, counter or review of leads asks for.
SWEEP_LOOKS = 20
SWEEP_WITHIN = timedelta(minutes=10)

# One reason. A CODE:TASK stands for one piece of work and is chosen for a shift of twelve hours; what goes on longer
# than three days, or takes fifty looks, is work for a case with members, purpose and expiry.
REASON_DAYS = 4
REASON_LOOKS = 50

# Volume. Only ever against the same user's own earlier weeks: three times the middle of them, and thirty looks at
# least, so that a week after leave or a first week says nothing.
VOLUME_TIMES = 3
VOLUME_LOOKS = 30
VOLUME_WEEKS = 8  # weeks before, looked back to
VOLUME_WEEKS_LEAST = 3  # of them with any look: fewer are no habit to compare with

# Night. Work at night is work: it counts only for somebody who seldom looks at night, one look in ten or fewer.
NIGHT_FROM = time(23)
NIGHT_UNTIL = time(5)
NIGHT_LOOKS = 5
NIGHT_SHARE = 10  # one in so many of the looks before
NIGHT_BEFORE_LEAST = 20  # fewer looks before are no habit to compare with

# Refusals in a row, nothing allowed between them: one or two are slips, five are somebody who tries the limits.
REFUSALS = 5

# Ids that are none, in a day, of leads or cases. Ids are copied and not typed; ten wrong ones are somebody who tries.
UNKNOWN_IDS = 10

# Refused sign-ins of a day, for one user or for names that are nobody's: a forgotten password is given up after a few.
SIGN_INS = 10
