"""In charge of making the requests of the demo older: as they are opened all at once and all through the API, each is given its day
in the last three months and the door that it came by, and what was said and done in it the time that such things take.

The only part of the demo that writes rows beside the program, which cannot be told another time. Deadlines follow from the new
times as `docs` of the service hours say; what would differ (an Easter Monday) the program's own `check-deadlines` puts right. The
trace is not touched: there all acts are of today.
"""

import random
import sqlite3
from contextlib import closing
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Rome")
DAYS = 90
HOLIDAYS = {(1, 1), (1, 6), (4, 25), (5, 1), (6, 2), (8, 15), (10, 4), (11, 1), (12, 8), (12, 25), (12, 26)}
# Hours to the first answer, to the next word, to the solution.
TARGETS = {"critical": (0.5, 2, 4), "high": (1, 4, 8), "medium": (4, 11, 24), "low": (8, 33, 40)}
# Working hours that the desk takes until its last word, at least and at most; some take longer than is promised.
TAKES = {"critical": (1, 5), "high": (2, 9), "medium": (3, 28), "low": (5, 44)}
# By which doors requests come, of a hundred.
CHANNELS = {"portal": 62, "phone": 20, "email": 18}
# So many of them came in the last days.
LATEST, LATELY = 60, 5
MOVED = ("created_at", "updated_at", "first_responded_at", "next_update_since", "resolved_at", "paused_at")
# Working days after which what is solved is taken to be accepted; the program would close it at its next round.
ACCEPTED = timedelta(days=8)


def spread(database, today):
    """Gives all requests but the last `today`, which stay as they are, their times."""
    now, dice = datetime.now(ZONE), random.Random(90)
    with closing(sqlite3.connect(database, timeout=60)) as wire, wire:
        wire.row_factory = sqlite3.Row
        tickets = wire.execute("SELECT * FROM tickets ORDER BY id").fetchall()
        tickets = tickets[:len(tickets) - today]
        older = len(tickets) - LATEST
        ages = [dice.uniform(LATELY, DAYS) if number < older else dice.uniform(0, LATELY) for number in range(len(tickets))]
        days = sorted(_open_before(now - timedelta(days=age), dice) for age in ages)
        for ticket, day in zip(tickets, days):
            _move(wire, dice, ticket, day, now)


def _move(wire, dice, ticket, begins, now):
    sql = "SELECT id, created_at FROM ticket_messages WHERE ticket_id = ? ORDER BY id"
    said = wire.execute(sql, (ticket["id"],)).fetchall()
    really = (said[-1]["created_at"] - ticket["created_at"]) or 1
    takes = timedelta(hours=dice.uniform(*TAKES[ticket["severity"]]))

    def moved(at):
        """In its turn of the working hours that it takes, the first things soon; and never in the future."""
        share = min(max(at - ticket["created_at"], 0) / really, 1)
        return min(due(begins, takes * share ** 2), now)

    new = {name: None if ticket[name] is None else _ms(moved(ticket[name])) for name in MOVED}
    new["created_at"] = _ms(begins)
    new["channel"] = dice.choices(*zip(*CHANNELS.items()))[0]
    first, update, solution = (timedelta(hours=hours) for hours in TARGETS[ticket["severity"]])
    new["first_response_due_at"] = _ms(due(begins, first))
    if ticket["resolution_due_at"] is not None:
        new["resolution_due_at"] = _ms(due(begins, solution))
    if ticket["next_update_due_at"] is not None:
        new["next_update_due_at"] = _ms(due(moved(ticket["next_update_since"]), update))
    if ticket["state"] == "resolved" and now - moved(ticket["resolved_at"]) > ACCEPTED:
        new["state"] = "closed"
    names = ", ".join(f"{name} = ?" for name in new)
    wire.execute(f"UPDATE tickets SET {names} WHERE id = ?", (*new.values(), ticket["id"]))
    for number, one in enumerate(said):
        at = _ms(moved(one["created_at"])) + number
        wire.execute("UPDATE ticket_messages SET created_at = ? WHERE id = ?", (at, one["id"]))
    wire.execute("UPDATE ticket_messages SET channel = ? WHERE id = ?", (new["channel"], said[0]["id"]))
    if ticket["resolved_at"] is not None and new["resolved_at"] > _ms(due(begins, solution)):
        wire.execute("INSERT INTO ticket_warnings (ticket_id, clock, since, percent, severity, given_at)"
                     " VALUES (?, 'resolution', 0, 100, ?, ?)", (ticket["id"], ticket["severity"], _ms(due(begins, solution))))


def _ms(moment):
    return int(moment.timestamp() * 1000)


def _hours(day):
    """When the desk is open on a day: Monday to Friday from 8 to 19, on Saturdays until 14."""
    if day.weekday() == 6 or (day.month, day.day) in HOLIDAYS:
        return None
    ends = time(14) if day.weekday() == 5 else time(19)
    return datetime.combine(day, time(8), ZONE), datetime.combine(day, ends, ZONE)


def _open_before(moment, dice):
    """This moment, or one in the last hours in which the desk was open."""
    hours = _hours(moment.date())
    if hours and hours[0] <= moment < hours[1]:
        return moment
    day = moment.date() if hours and moment >= hours[1] else moment.date() - timedelta(days=1)
    while not _hours(day):
        day -= timedelta(days=1)
    return _hours(day)[1] - timedelta(minutes=dice.uniform(0, 240))


def due(begins, takes):
    """The moment at which so much open time has passed."""
    day = begins.date()
    while True:
        if hours := _hours(day):
            start = max(begins, hours[0])
            if start < hours[1]:
                if takes <= hours[1] - start:
                    return start + takes
                takes -= hours[1] - start
        day += timedelta(days=1)
