#!/usr/bin/python3
"""In charge of the steps of script/demo that are more than a command: `demo_data.py STEP FOLDER …`.

Does not know what is in them (demo_mail.py, demo_program.py) nor in which order they come (demo).
"""

import signal
import sys
from pathlib import Path

import demo_mail
import demo_program
from mail import client
from mail.home import Home

# A driver that is ended between two messages has nothing to clear up, and nothing to say.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))


def accounts(_folder):
    for role, email, *_ in demo_program.CAST:
        print(f"  {role:15} {email}")
    print(f"  {'password':15} {demo_program.PASSWORD}")


STEPS = {
    "mail": lambda folder: demo_mail.prepare(folder, demo_program.with_mail()),
    "smtp-url": lambda folder: print(demo_mail.smtp_url(folder)),
    "cut": lambda folder: client.switch(Home(folder / "mail"), {"imap": "off"}),
    "is-filled": lambda folder: sys.exit(not demo_program.is_filled(folder)),
    "fill": demo_program.fill,
    "wait": demo_program.wait,
    "again": demo_program.again,
    "pages": lambda _folder, address: sys.exit(not demo_program.pages(address)),
    "accounts": accounts,
    "drive": demo_mail.drive,
    "write": demo_mail.write_by_hand,
    "desk": demo_mail.second_address,
}

if __name__ == "__main__":
    step, folder, *rest = sys.argv[1:]
    STEPS[step](Path(folder), *rest)
