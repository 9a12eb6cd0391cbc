"""In charge of what the quick script in anybody's drawer would make of it: LOGIN, STATUS and LOGOUT by imaplib, in
threads. Run by refresh.py as `ACCOUNTS PORT THREADS [CA.pem]`, like sportello-bench; prints one line of JSON.
"""

import imaplib
import json
import ssl
import sys
import time
from concurrent.futures import ThreadPoolExecutor


def main(accounts, port, threads, authority=None):
    with open(accounts) as lines:
        pairs = [line.split() for line in lines]
    context = authority and ssl.create_default_context(cafile=authority)

    def visit(pair):
        try:
            box = (imaplib.IMAP4_SSL("localhost", int(port), ssl_context=context, timeout=60) if context
                   else imaplib.IMAP4("localhost", int(port), timeout=60))
            box.login(*pair)
            word, _ = box.status("INBOX", "(MESSAGES UNSEEN UIDNEXT UIDVALIDITY)")
            box.logout()
            return word == "OK"
        except (OSError, imaplib.IMAP4.error) as error:
            print(f"{pair[0]}: {error}", file=sys.stderr)
            return False

    begun = time.monotonic()
    with ThreadPoolExecutor(int(threads)) as pool:
        failed = sum(not well for well in pool.map(visit, pairs))
    print(json.dumps({"seconds": round(time.monotonic() - begun, 3), "failed": failed}))


if __name__ == "__main__":
    main(*sys.argv[1:])
