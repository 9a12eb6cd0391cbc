# In charge of every English word on screen. Does not know about markup: values are plain text, escaped by the template.
# Same keys as it.ftl, kebab-case, prefixed by the page or by what they name.

number = { $n }

## Frame of every page
header-skip = Skip to main content
header-sign-out = Sign out
menu-label = Main
menu-mailboxes = Mailboxes
menu-audit = Activity log
menu-jobs = Scheduled jobs
crumb-label = Breadcrumb
list-next = Show the next ones
filters-button = Filters
filters-apply = Apply
filters-clear = Clear filters

## Times
time-now = now
time-minutes = { $n } min ago
time-hours = { $n } h ago
time-yesterday = yesterday
time-never = never
time-never-message = none
time-seconds-long = { $n } s
time-minutes-long = { $minutes } min { $seconds } s

## Live pages
live-lost = Connection lost.
live-last = Last updated at
live-retry = Trying again…
live-updated = Updated at

## Forms
form-check = Check the data entered
form-wrong-count =
    { $n ->
        [one] There is one field to correct:
       *[other] There are { $n } fields to correct:
    }
form-error-prefix = Error:
form-optional = (optional)
form-cancel = Cancel

## Log-in
login-title = Sign in
login-heading = Sign in
login-lead = Watched certified mailboxes and support requests of public bodies.
login-email-help = The one registered for this service, not the certified mailbox.
login-submit = Sign in
login-session = The session ends after a time without activity.
login-trouble = Cannot sign in?
login-trouble-email = Check the email address: it is the one the invitation was sent to.
login-trouble-password = If you have forgotten your password, ask for a new link with “Forgotten your password?”.
login-trouble-password-ask = If you have forgotten the password, ask the administrator of the service for a new link.
invalid-login = Wrong email address or password. Check them and try again.

## People and organizations
menu-organizations = Organizations
menu-people = Users
menu-settings = Settings
import-csv = Import CSV
import-th-what = Line
list-change-search = Change the search or clear the filters.
list-shown = { $n ->
    [one] 1 row
   *[other] { $n } rows
 }
form-save = Save
filters-search = Search
organizations-title = Organizations
organizations-search = Search by name, IPA code or tax code
organizations-table = List of organizations
organizations-th-state = State
organizations-th-mailboxes = Mailboxes
organizations-th-people = People
organizations-none = No organization
organizations-none-what = Add the first organization or import a CSV list.
organizations-none-matching = No organization matches the search
organizations-import-title = Import organizations
organizations-import-how = Areas are pec and pki; several values in one cell are separated by commas. A code that is there already is not written over.
organization-new-title = Add organization
organization-name = Name of the organization
organization-active = Active
organization-inactive = Deactivated
organization-inactive-what = Its mailboxes are suspended and its people cannot sign in.
organization-code-help = IPA code or another code by which it is known.
organization-read-only-view = Who sees the requests of the whole organization only reads them
organization-read-only-view-help = Who sees colleagues’ requests cannot reply to them or close them. Their own, and those they are copied on, stay as they are.
organization-read-only = colleagues’ requests are read only
organization-comments = replies to colleagues’ requests
request-only-reads = You may read this colleague’s request, but not reply to it.
organization-domains-help = Those of the ordinary addresses of the organization’s people (not certified mail), with commas between: they will tell the organization of who writes to the help desk by e-mail.
organization-mailboxes = { $n ->
    [one] 1 mailbox
   *[other] { $n } mailboxes
 }
organization-people = { $n ->
    [one] 1 person
   *[other] { $n } people
 }
organization-deactivate = Deactivate organization
organization-activate = Activate organization
organization-deactivate-mailboxes = { $n ->
    [0] It has no watched mailboxes.
    [one] The watch of 1 mailbox is suspended.
   *[other] The watch of { $n } mailboxes is suspended.
 }
organization-deactivate-people = { $n ->
    [0] It has no people.
    [one] 1 person can no longer sign in, unless working for another organization too.
   *[other] { $n } people can no longer sign in, unless working for another organization too.
 }
organization-deactivate-back = Activating it again brings everything back.
organization-activate-mailboxes = The watch of the mailboxes suspended with it goes on; those suspended by hand stay so.
organization-activate-people = Its people can sign in again.
field-code = Code
field-tax-code = Tax code
field-areas = Areas
field-email-domains = Mail domains
field-role = Role
field-language = Language
field-visibility = Requests seen
field-level = Level of competence
field-restricted-to-groups = Only requests of the own groups
language-it = Italiano
language-en = English
visibility-own = Own requests only
visibility-organization = All of the organization
level-1 = First level
level-2 = Second level
level-3 = Maintenance
people-title = Users
people-search = Search by name or e-mail
people-table = List of users
people-all-roles = All roles
people-all-organizations = All organizations
people-all-states = All states
people-state = State
people-none-matching = No user matches the filters
people-import-title = Import users
people-import-how = Roles are regional_admin, operator, org_admin, org_user and auditor; visibility is own or organization. The invitation leaves on loading; without outgoing mail the link is made from each user’s page.
person-new-title = Add user
person-create = Create and invite
person-email-help = The personal address to sign in with, not the PEC address.
person-choose = Choose the role
person-no-organization = No organization
person-of-organization = Organization
person-of-desk = Help desk
person-area-pec = PEC area
person-area-pki = PKI area
person-areas-help = No area chosen means all.
person-access = Access
person-active = Active
person-invited-state = Invitation pending
person-inactive = Deactivated
person-invite-again = Send the invitation again
person-give-link = Link for a new password
person-end-sessions = End the sessions
person-deactivate = Deactivate user
person-activate = Activate user
person-deactivate-sessions = Open sessions end at once.
person-deactivate-rights = API keys and grants on mailboxes no longer work.
person-deactivate-back = Activating the user again brings keys and grants back.
person-activate-what = The user can sign in again; API keys and grants on mailboxes work again.
person-link-title = Link to choose the password
person-link-lead = Hand this link to { $name } ({ $email }): it works once.
person-link-label = Link
person-link-once = It is not shown again and is written nowhere. Another link makes this one worthless.
person-link-back = Back to the user
flash-organization-created = Organization added.
flash-organization-activated = Organization active: the mailboxes suspended with it are watched again.
flash-organization-deactivated = Organization deactivated: the watch of its mailboxes is suspended.
flash-person-activated = User active.
flash-person-deactivated = User deactivated.
flash-person-invited = User created: the invitation was sent.
flash-person-link-sent = Link sent.
flash-sessions-ended = Sessions ended.
flash-session-ended = Session ended.
flash-saved = Changes saved.
flash-own-password-changed = Password changed. The other sessions are over.

## Profile
profile-title = Profile
profile-preferences = Preferences
profile-keys = Use single keys in lists
profile-keys-help = j and k move, x selects, ? lists the keys.
profile-password = Password
profile-present = Present password
profile-new = New password
profile-change-password = Change password
profile-password-ends = All other sessions end.
profile-sessions = Open sessions
profile-browser = Browser
profile-browser-unknown = Unknown browser
profile-begun = Begun
profile-seen = Last used
profile-this = this one
profile-end = End
profile-end-others = End all others
profile-acts = My recent activity
profile-acts-what = The last seven days. Older activity can be read by auditors.
profile-acts-more = The last 100 are shown.
profile-acts-none = No activity in the last seven days.
rules-title = The new password:
rule-kept = kept
rule-too-short = has 12 to 128 characters of any kind
rule-repeated = has no more than two equal characters in a row
rule-too-common = is not a common password, nor the name or the address
rule-used-before = differs from the last five
invalid-repeated = The password has more than two equal characters in a row.
invalid-used-before = It is one of the last five passwords: choose another.
invalid-wrong-password = The present password is not right.
invalid-too-many = Too many attempts. Try again in { $about } seconds.
invalid-https = Use an address that begins with https://.

## Settings
settings-title = Settings
settings-contacts = Contacts
settings-contacts-what = They stand on the public pages: log-in, request for help, accessibility and privacy.
settings-file = Settings of the installation
settings-file-what = They are changed in the file Rocket.toml or by environment variables, and hold from the next start.
settings-th-what = Setting
settings-th-name = Name
settings-th-value = Value
contact-assistance-phone = Assistance number
contact-accessibility-contact = Accessibility contact
contact-accessibility-statement-url = Address of the AgID statement
contact-privacy-controller = Data controller
contact-privacy-contact = Contact of the controller
contact-privacy-dpo = Data protection officer
contact-missing = The administration has not given a contact yet.
setting-database-url = Database
setting-data-dir = Data folder
setting-base-url = Public address of the service
setting-time-zone = Time zone
setting-locale = Default language
setting-trusted-proxies = Trusted proxies
setting-smtp-url = Server for notifications
setting-mail-from = Sender of notifications
setting-included-mailboxes = Mailboxes included
setting-block-size = Mailboxes in an expansion block
setting-refresh-schedule = Refresh schedule
setting-refresh-concurrency = Refreshes at once
setting-connections-per-server = Connections per server
setting-imap-timeout = Longest wait for an answer
setting-session-idle = Session without activity
setting-session-max = Longest session
setting-max-upload = Largest upload
setting-intake-max-size = Largest email to the desk
setting-ca-file = Further authorities
setting-allow-private-hosts = Servers on private networks allowed
setting-allow-plaintext-imap = Unprotected connections allowed
setting-admitted-domains = Admitted domains

## Permissions
permissions-title = Who may do what
permissions-lead = This table is made from the rule that the program applies to every page and every operation of the API.
permissions-act = Operation
reach-nothing = Nobody’s
reach-everything = Everything
reach-own = Own organization
reach-granted = Granted only
reach-own-and-granted = Own organization and granted
act-list-mailboxes = See address and status of mailboxes
act-see-mailbox-figures = See figures, holder and space of mailboxes
act-see-mailbox-settings = See how mailboxes are reached
act-manage-mailboxes = Add, change and remove mailboxes
act-refresh-mailboxes = Refresh mailboxes
act-open-mailbox = Open and read a mailbox
act-grant-mailboxes = Grant access to a mailbox
act-see-capacity = See the capacity
act-manage-capacity = Enlarge the capacity
act-see-organizations = See organizations
act-manage-organizations = Manage organizations
act-see-people = See users
act-manage-people = Manage users
act-see-jobs = See scheduled jobs
act-run-jobs = Run scheduled jobs
act-manage-outbox = See and repeat outgoing mail
act-manage-settings = See and change settings
act-read-trace = Read the activity register

## About
accessibility-title = Accessibility
accessibility-aim = Sportello follows the AgID guidelines and WCAG 2.1, level AA (EN 301 549, Italian law 4/2004).
accessibility-agid = Accessibility statement on AgID’s site
accessibility-tested = What was tested
accessibility-axe = Every page, with the automatic check axe (WCAG 2.0, 2.1 and 2.2 rules, A and AA), on a large screen and on a phone.
accessibility-keyboard = Operations can be done with the keyboard alone; the focus is always visible.
accessibility-narrow = Pages read without sideways scrolling down to a width of 320 pixels.
accessibility-scripts = Forms work without JavaScript too.
accessibility-limits = Known limits
accessibility-mail = Received messages and their attachments are shown as their sender wrote them: their accessibility does not depend on Sportello.
accessibility-report = Reports
accessibility-write = To report an accessibility problem write to
accessibility-call = Or call
accessibility-defender = If there is no answer or it does not help, one can turn to the Difensore civico per il digitale at AgID.
privacy-title = Privacy
privacy-who = Data controller
privacy-dpo = Data protection officer:
privacy-what = Which data are processed
privacy-accounts = Of who signs in: name, e-mail, role, organization; of sessions, network address and browser. The password is kept only as a hash.
privacy-mailboxes = Of watched mailboxes: address, holder, authorisation, status and number of messages. The text of messages is not kept.
privacy-trace = Of activity: who did what, when and from which network address. The register cannot be changed.
privacy-cookies = Only technical cookies are used, for the session and the safety of forms. Nothing is sent to others.
privacy-why = Why
privacy-basis = To run the service of watching and assisting PEC mailboxes that the organization has entrusted, and for the duties of security that follow (art. 6(1)(c) and (e) GDPR).
privacy-how-long = For how long
privacy-keep-trace = The activity register: 30 months.
privacy-keep-own = Own activity: shown for 7 days in the profile.
privacy-keep-mail = Credentials of a mailbox: until it is removed, then erased.
privacy-keep-attempts = Failed log-ins: counted for 15 minutes; network addresses used before, 30 days.
privacy-rights = Rights
privacy-rights-what = Everybody may ask the controller for access to their data, correction, restriction and, where the law allows it, erasure, and may complain to the Garante per la protezione dei dati personali.

## The trace
audit-export = Export CSV
audit-verify = Verify the chain
audit-sound = The chain is sound: { $n } rows verified, none changed or missing.
audit-broken = The chain is broken after row { $n }: tell the system’s administrator.
audit-wrong-days = Dates are written YYYY-MM-DD: the filter by date was not applied.
audit-days-turned = The first day comes after the last: swap the two dates.
action-grant-created = Access granted
action-grant-changed = Access changed
action-grant-removed = Access revoked
action-session-ended = Session ended
action-user-preferences-changed = Preferences changed
action-link-asked = New password asked for
action-view-created = View saved
action-view-changed = View changed
action-view-removed = View removed
action-setting-changed = Setting changed
action-audit-exported = Register exported
action-audit-verified = Chain verified

## The console: views, selection, keys
views-saved = Saved views
views-shared = shared
views-save = Save this view
views-remove = Remove the view
view-new-title = Save the view
view-name = Name of the view
view-name-help = For instance “My critical mailboxes”.
view-share = Others may see it too
flash-view-saved = View saved.
flash-view-removed = View removed.
filters-active = Active filters
filters-remove = Remove the filter
overlay-refreshing = Refreshing
mailboxes-denied = { $n ->
    [one] 1 mailbox denies access: it needs the new password.
   *[other] { $n } mailboxes deny access: they need the new password.
 }
mailboxes-denied-show = Show
mailboxes-try-password = Try and resume
mailboxes-sort-holder = Holder
refresh-ended = { $n ->
    [one] 1 mailbox refreshed.
   *[other] { $n } mailboxes refreshed.
 }
refresh-ended-failed = { $well } of { $total } mailboxes refreshed. { $n ->
    [one] 1 failed: show.
   *[other] { $n } failed: show.
 }
bulk-title = Outcome
bulk-page = Select all rows of the page
bulk-choose = Select { $name }
bulk-chosen = No row selected
bulk-count = Selected: { $n }
bulk-all = { $n ->
    [one] Select the only one that matches
   *[other] Select all { $n }
 }
bulk-suspend = Suspend
bulk-resume = Resume
bulk-group = Move
bulk-group-label = To group
bulk-outcome = { $well } done, { $failed } failed.
bulk-not-done = Failed
bulk-done = Done
bulk-back = Back to the mailboxes
bulk-forbidden = Not allowed on this mailbox.
menu-dashboard = Dashboard
dashboard-title = Dashboard
dashboard-in-time = { $what } in time
dashboard-open = Still open at the end of the period
dashboard-came-day = Requests a day by channel
dashboard-came-week = Requests a week by channel
dashboard-came-month = Requests a month by channel
dashboard-came-label = Chart of the requests that came in the period by channel: { $n } in all. The numbers are in the table below.
dashboard-backlog-day = Backlog at the end of the day
dashboard-backlog-week = Backlog at the end of the week
dashboard-backlog-month = Backlog at the end of the month
dashboard-backlog-label = Chart of the open requests: { $last } at the end of the period, { $most } at most. The numbers are in the table below.
chart-scrolls = Chart
dashboard-data = Data as a table
dashboard-unit-day = Day
dashboard-unit-week = Week
dashboard-unit-month = Month
dashboard-sum = Total
dashboard-total = Requests in the period
dashboard-clocks = Deadlines kept
dashboard-first-response = First response
dashboard-resolution = Solution
dashboard-kept = Kept
dashboard-missed = Missed
dashboard-by-state = By state
dashboard-by-severity = By severity
dashboard-by-area = By area
dashboard-by-channel = By channel
dashboard-by-level = By level
dashboard-by-organization = By organization
dashboard-no-organization = No organization
dashboard-th-what = What
dashboard-th-value = Value
dashboard-th-count = Requests
dashboard-th-share = Share
dashboard-none = No requests in the period.
dashboard-wrong-days = The period is not valid: check the days, the first one cannot come after the last.
queue-all = All
presence-reading = { $name } is reading
presence-writing = { $name } is writing
draft-keep = Save draft
draft-kept = Draft saved
flash-draft-kept = Draft saved: you find it here again, on another computer too.
tag = Tag
bulk-choose-head = Selection
bulk-assign = Assign
bulk-severity = Change severity
bulk-group-ticket = Group
bulk-tag = Add tag
bulk-back-queue = Back to the queue
bulk-forbidden-ticket = Not allowed on this request.
flash-bulk-all-done = Done for all the chosen requests.
flash-bulk-needs = Something is missing: choose or type the value beside the button, then try again.
mailbox-not-visited = The mailbox is not checked until it is active or gets its new password.
flash-none-chosen = No mailbox selected.
flash-bulk-suspended = The watch of the selected mailboxes is suspended.
flash-bulk-resumed = The watch of the selected mailboxes goes on.
keys-title = Keys
keys-off = Keys can be turned off in the profile
keys-close = Close
key-j = j
key-j-what = next row
key-k = k
key-k-what = previous row
key-invio = Enter
key-invio-what = opens the row
key-x = x
key-x-what = selects the row
key-barra = /
key-barra-what = goes to the search
key-r = r
key-r-what = refreshes all mailboxes
key-gc = g c
key-gc-what = goes to the mailboxes
key-ga = g a
key-ga-what = goes to the activity register, or to the profile
key-aiuto = ?
key-aiuto-what = shows this list

## The card of a mailbox
card-since = since
card-open = Open the mailbox
card-edit = Edit
card-suspend = Suspend the watch
card-resume = Resume the watch
card-ask-holder = To open the mailbox ask whoever answers for it for access.
card-data = Data
card-access = How it is reached
card-last-success = Last successful check
card-next-try = Next try
card-history = How its status has changed
card-history-none = Its status has not changed yet.
card-grants = Who may open it
card-grants-what = Besides those who may by role. Nobody sees the password; every access is registered.
card-rights = Rights
card-until = Until
card-over = Over
card-no-end = No end
card-take = Take away
card-grant-email = The person’s e-mail
card-grant-until = Last day
card-grant-until-help = From the next day on the access is over.
card-give = Grant access
card-acts = Latest activity
card-trace = All activity in the register
right-view = Read
right-write = Mark and move
right-send = Send
right-delete = Delete
invalid-not-grantable = Nobody with this address can be given access to this mailbox.
flash-grant-given = Access granted.
flash-grant-taken = Access taken away.
flash-mailbox-suspended = Watch suspended.
flash-mailbox-resumed = Watch resumed.
conflict-organization-inactive = The mailbox’s organization is not active: the watch goes on when it is activated.
mailbox-edit-title = Edit the mailbox
mailbox-edit-password = The password is needed only when user or servers change: it is tried once.

## The session of an open page
session-ends = The session ends in less than two minutes.
session-stay = Stay signed in
session-over = The session is over
session-over-what = Sign in again to go on: what was typed is still here, and is sent after signing in.
session-offline = No connection: nothing was sent, and what was typed stays on this page. Try again shortly.

## One-time link
welcome-title = Welcome
welcome-first-title = First administrator
welcome-first-heading = Create the first administrator
welcome-first-lead = This installation has no users yet. Whoever fills in this form administers it.
welcome-heading = Choose a password
welcome-lead = The password will be used to sign in with the address
welcome-email-help = Used to sign in. It is not a watched certified mailbox.
welcome-password-help = At least 12 characters. Pasting from a password manager is allowed.
welcome-first-submit = Create and sign in
welcome-submit = Save and sign in
welcome-rules = How to choose a password
welcome-rule-length = Use at least 12 characters: a sentence of several words is easy to remember and hard to guess.
welcome-rule-free = There are no rules on capitals, digits or symbols: every character is allowed, spaces too.
welcome-rule-common = The commonest passwords, and those that say little more than the name or the email address, are refused.
welcome-rule-link = The link works once: after saving it no longer does.

## Console of mailboxes
mailboxes-title = Mailboxes
mailboxes-title-new = Mailboxes with new messages
mailboxes-title-unread = Mailboxes with unread messages
mailboxes-title-room = Mailboxes short of space
mailboxes-title-trouble = Mailboxes with problems
mailboxes-views = Views
mailboxes-view-all = All mailboxes
mailboxes-view-new = With new messages
mailboxes-view-unread = With unread messages
mailboxes-view-room = Short of space
mailboxes-view-trouble = With problems
mailboxes-groups = Groups
mailboxes-group = Group
mailboxes-all-groups = All
mailboxes-status = State
mailboxes-all-statuses = All states
mailboxes-status-trouble = With problems
mailboxes-status-denied = Access denied
mailboxes-sort = Sort by
mailboxes-sort-name = Mailbox
mailboxes-sort-new = New messages
mailboxes-sort-unread = Unread
mailboxes-sort-last-message = Last message
mailboxes-sort-checked = Last check
mailboxes-sort-status = State
mailboxes-sort-address = Address
mailboxes-search = Search mailbox, address, organization or tax code
mailboxes-refresh = Refresh
mailboxes-refreshing = Refreshing: { $done } of { $total } mailboxes
mailboxes-add = Add a mailbox
mailboxes-import = Import CSV
mailboxes-count-total =
    { $n ->
        [one] mailbox
       *[other] mailboxes
    }
mailboxes-count-new =
    { $n ->
        [one] new message
       *[other] new messages
    }
mailboxes-count-unread =
    { $n ->
        [one] unread
       *[other] unread
    }
mailboxes-count-refused = access denied
mailboxes-count-late = late
mailboxes-new-word =
    { $n ->
        [one] new
       *[other] new
    }
mailboxes-unread-of = { $unread } unread out of { $total }
mailboxes-order-changed = The order of the rows has changed.
mailboxes-reorder = Reorder
mailboxes-table = List of mailboxes
mailboxes-caption = Watched mailboxes with their state, new and unread messages, last message and last check
mailboxes-th-status = State
mailboxes-th-name = Mailbox
mailboxes-th-address = Address
mailboxes-th-holder = Tax code
mailboxes-th-new = New
mailboxes-th-unread = Unread
mailboxes-new-help = Arrived since somebody last opened the mailbox in Sportello: the number is the same for everybody.
mailboxes-unread-help = Not yet read on the provider’s server: reading them in Sportello does not mark them.
mailboxes-th-last-message = Last message
mailboxes-th-checked = Last check
mailboxes-put-password = Enter password again
mailboxes-after-activation = after activation
mailboxes-activation-late = the holder completes the activation with the provider
mailboxes-shown =
    { $matching ->
        [one] { $shown } of { $matching } mailbox
       *[other] { $shown } of { $matching } mailboxes
    }
mailboxes-show-all = Show all mailboxes
mailboxes-none = No mailbox is watched.
mailboxes-none-what = Add the first mailbox or import a CSV list.
mailboxes-none-ask = Mailboxes appear here when the administrator of the service adds them or allows them to be read.
mailboxes-none-matching = No mailbox matches the filters.
mailboxes-none-matching-what = Clear the filters or change the search.
mailboxes-none-new = No new messages.
mailboxes-none-new-checked = Last updated at { $time }.

## A mailbox added, its password
mailbox-new-title = Add a mailbox
mailbox-new-box = Mailbox
mailbox-new-address-help = The certified address to watch, for example protocollo@pec.comune.example.
mailbox-new-description-help = The name shown in lists. Without it, the address is shown.
mailbox-new-no-organization = No organization
mailbox-new-group-help = A free label, for example Municipalities.
mailbox-new-access = Access to the mail
mailbox-new-username-help = Usually the certified address itself.
mailbox-new-host-help = The certified mail provider tells it. Empty, it is filled in when the address’s provider is a known one.
mailbox-new-smtp-help = Needed to send; it is not tried now.
mailbox-new-provider = Provider recognised: { $name }. Its servers are filled in and can be changed.
mailbox-new-provider-user-id = Provider recognised: { $name }. Its servers are filled in and can be changed. As user id enter the one given by the provider, not the address.
mailbox-new-authorization = Holder and authorisation
mailbox-new-authorization-why = Watching needs the authorisation of the mailbox’s holder: enter who gave it and when.
mailbox-new-tax-code-help = The holder’s personal tax code (16 characters) or VAT number (11 digits). When it is that of a registered organization and no organization is chosen, the mailbox is tied to that organization.
mailbox-new-holder-help = First and last name of who authorised the watch.
mailbox-new-submit = Try the access and save
mailbox-password-title = Enter the password again
mailbox-password-label = Password of the mailbox
mailbox-new-password-label = New password of the mailbox
mailbox-password-help = It is tried at once, only once, and kept encrypted. Nobody will be able to see it again.
mailbox-password-submit = Try and save

## A mailbox removed
mailbox-remove = Remove from the watch
mailbox-remove-title = Remove from the watch
mailbox-remove-ask = Remove “{ $name }” from the watch?
mailbox-remove-effects = What happens
mailbox-remove-watch = The watch ends: the mailbox is no longer checked and no longer listed.
mailbox-remove-password = The encrypted password is erased. To watch the mailbox again it must be entered once more.
mailbox-remove-place = One place of the capacity becomes free.
mailbox-remove-stays = What stays
mailbox-remove-mail = The mailbox and its messages at the provider do not change.
mailbox-remove-trace = The activities recorded so far stay in the log.
mailbox-remove-submit = Remove the mailbox

## Capacity
capacity-title = Capacity
capacity-header = Capacity: { capacity-of }
capacity-of =
    { $allowed ->
        [one] { $used } of { $allowed } mailbox
       *[other] { $used } of { $allowed } mailboxes
    }
capacity-full = no place free
capacity-full-heading = No place free
capacity-full-what = The mailboxes watched are { $used } of { $allowed } allowed. Adding more takes another block, or a mailbox to be removed.
capacity-full-typed = The mailbox was not added: the data entered are kept below, the password must be entered again.
capacity-used = Mailboxes watched
capacity-included = Included
capacity-blocks = Blocks
capacity-blocks-of = { $blocks }, of { $size } mailboxes each
capacity-allowed = Allowed in all
capacity-counts = Every watched mailbox takes a place, also while it is being activated, suspended or in trouble. Removing it frees the place.
capacity-more = More places
capacity-block-is =
    { $n ->
        [one] A block adds one place to those included.
       *[other] A block adds { $n } places to those included.
    }
capacity-block-does = With another block the mailboxes allowed go from { $now } to { $then }. The addition stays in the activity log and cannot be undone from this page.
capacity-add-block = Add a block
capacity-ask = Blocks are added by the regional administrator.
## Mailboxes from a file
import-title = Import mailboxes
import-lead = Adds many mailboxes from a CSV file. First try the file: no server is called and nothing is saved. Then choose the same file again and load it.
import-file = CSV file
import-file-help = Up to { $n } rows and 5 MB.
import-file-command = For longer lists there is the command «sportello { $what } import».
import-file-passwords = The file holds passwords: it is not kept.
import-try = Only try
import-load = Load
import-what = Loading tries each login once and may take some minutes. Refused rows are not saved and do not stop the others.
import-tried = Outcome of the trial
import-loaded = Outcome of the load
import-tried-count =
    { $n ->
        [0] No row would be accepted. Nothing was saved.
        [one] { $n } row would be accepted. Nothing was saved.
       *[other] { $n } rows would be accepted. Nothing was saved.
    }
import-loaded-count =
    { $n ->
        [0] No mailbox added.
        [one] { $n } mailbox added.
       *[other] { $n } mailboxes added.
    }
import-refused-count =
    { $n ->
        [one] { $n } row refused: correct it and load a file with that row only.
       *[other] { $n } rows refused: correct them and load a file with those rows only.
    }
import-table = Outcome row by row
import-th-line = Row
import-th-outcome = Outcome
import-th-why = What to correct
import-refused = Refused
import-added = Added
import-acceptable = Acceptable
import-how = How to prepare the file
import-model = Download the empty model
import-how-columns = The first row names the columns, separated by «;» or «,». Always needed:
import-how-optional = To be added if needed:
import-how-servers = Without imap_host the servers are those of the provider, when the domain of the address is a known provider’s.
import-how-organization = The organization is named by its code, in organization_code. Without it the holder’s tax code counts, when it is that of a registered organization.
import-how-activating = With activating = yes the mailbox waits for its password: no login is tried.
import-how-text = Texts that hold the separator or quotes stand between quotes. A date is written YYYY-MM-DD or DD/MM/YYYY.

## A file that is loaded
sheet-missing = Choose the file to import.
sheet-too-large = The file is larger than 5 MB: split it into several.
sheet-empty = The file is empty: the first row must name the columns.
sheet-not-text = The file is not CSV text: save it from the spreadsheet as «CSV UTF-8».
sheet-no-header = The first row must name the columns. Needed: { $names }.
sheet-unknown-columns = Unknown columns: { $names }. Correct their names or remove them.
sheet-doubled-columns = Columns that stand twice: { $names }. Keep each once.
sheet-missing-columns = Missing columns: { $names }. Add them to the first row.
sheet-too-many-lines = The file has more than { $names } rows: split it into several.

## A mailbox opened
mailbox-card = Mailbox
mailbox-checked = checked
mailbox-since = { $status } since { $since }.
mailbox-messages = Messages
mailbox-new = New
mailbox-unread = Unread
mailbox-total = Total
mailbox-space = Space
mailbox-space-used = Space used
mailbox-space-of = { $used } of { $limit } · { $percent }%
mailbox-inbox = Inbox
mailbox-newest-first = Messages, newest first
mailbox-shown = { $shown } of { $total }
mailbox-unread-word = unread
mailbox-empty = No messages.
mailbox-empty-what = The inbox is empty.
mailbox-choose = Choose a message
mailbox-choose-what = Its text appears here. Reading does not change the message’s state on the server.
mailbox-back = Back to the messages
mailbox-fault-unreachable = The mail server does not answer: the list of messages is not available. Try again in a few minutes.
mailbox-fault-password = The mail server refuses the password: the list of messages is not available until the new one is put.
mailbox-fault-certificate = The mail server’s certificate is not valid: the connection was dropped. Report it to the certified mail provider.
mailbox-fault-stopped = The watch is stopped: the list of messages is not available until the mailbox is active again.
mailbox-fault-busy = The mailbox or its mail server is busy: try again later (“{ $detail }”).
mailbox-busy-typed = The mailbox was not added: the data entered are kept below, the password must be entered again.
mailbox-busy-password = The password was not saved: it must be entered again.
mailbox-fault-other = The list of messages is not available. Try again in a few minutes.
message-from = From
message-to = To
message-cc = Cc
message-date = Date
message-no-subject = (no subject)
message-no-sender = (no sender)
message-no-text = The message holds no text that can be read here. Open it with the mailbox’s mail program.
message-truncated = The text is very long: only its first part is shown.
message-suspicious = It looks like a certified message but is not: the certification data are missing. Do not open links or attachments before checking where it comes from.
message-renumbered = The mail server has numbered its messages anew: the one asked for may be another. Choose the message from the list again.
message-unreadable = (message that cannot be read)
message-gone = The message is no longer in the mailbox: it may have been moved or deleted.

## States of a mailbox
status-never-checked = Never checked
status-activating = Being activated
status-ok = Active
status-wrong-password = Wrong password
status-password-expired = Password expired
status-account-blocked = Account blocked
status-pin-required = PIN required
status-secret-unreadable = Credentials unreadable
status-unreachable = Unreachable
status-temporary-error = Temporary error
status-certificate-invalid = Invalid certificate
status-expired = Expired
status-annulled = Annulled
status-suspended = Suspended
overlay-late = Late
overlay-low = Nearly full
overlay-full = Full
overlay-activation-late = Activation late
status-help-never-checked = The first check is made on the next round.
status-help-activating = Enter the password to start watching.
status-help-activation-late = The activation has lasted more than 24 hours: it has probably been interrupted. The holder signs in on the provider’s site with their own credentials, follows the instructions to complete it, and tells the password. Until then no access is tried: it would block the account.
status-help-ok = The mailbox is being watched.
status-help-wrong-password = The holder may have changed it. Enter the new password to resume watching: no further attempts are made.
status-help-password-expired = The provider asks for it to be changed. The holder renews it on the provider’s site; then enter the new password here. No further attempts are made.
status-help-account-blocked = The provider has blocked the account. The holder asks the provider to unblock it; then enter the password here. No further attempts are made.
status-help-pin-required = The provider asks for a second factor that the watch cannot give. The holder turns it off for IMAP access or gets a dedicated password.
status-help-secret-unreadable = The stored password does not open with the key of this installation. Enter it again and tell whoever runs the server.
status-help-unreachable = The mail server does not answer. It is tried again by itself.
status-help-temporary-error = The mail server answered with a passing error. The check is tried again by itself.
status-help-certificate-invalid = The mail server’s identity is not proven: the password was not sent. Report it to the certified mail provider.
status-help-expired = The contract with the provider has expired. The holder renews it; then resume watching.
status-help-annulled = The mailbox was closed by the provider or by its holder.
status-help-suspended = A person suspended the watch: no check is made until it is resumed.
status-ask-activating = The watch begins when the password is put.
status-ask-wrong-password = Its holder may have changed it. The watch goes on when the new password is put: there are no further attempts.
status-ask-password-expired = The provider asks for it to be changed. Its holder renews it on the provider’s site; the watch goes on when the new password is put. There are no further attempts.
status-ask-account-blocked = The provider has blocked the account. Its holder asks the provider to unblock it; the watch goes on when the password is put. There are no further attempts.
status-ask-secret-unreadable = The stored password does not open with the key of this installation: it has to be put again.
status-ask-expired = The contract with the provider has expired. Its holder renews it; then the watch has to be resumed.
status-ask-whom = Only the regional administrator can do it: send a request, without writing the password.
status-ask-request = Send a request about this mailbox

## Kinds of message
kind-certified-message = Certified message
kind-anomaly = Not certified
kind-acceptance = Acceptance
kind-non-acceptance = Non-acceptance
kind-taken-in-charge = Taken in charge
kind-delivery = Delivery
kind-delivery-error = Delivery failed
kind-delivery-warning = Delivery warning
kind-virus-detected = Virus detected
kind-rem-dispatch = REM message
kind-rem-receipt = REM receipt
kind-suspicious = Looks certified, is not
kind-ordinary = Not certified

## People
role-regional-admin = regional administrator
role-operator = operator
role-org-admin = organization administrator
role-org-user = organization user
role-auditor = auditor

## Trace
audit-title = Activity log
audit-actor = Person (address, or a part of it)
audit-subject = On what (or a part of it)
audit-action = Action
audit-all-actions = All actions
audit-from = From
audit-to = To
audit-table = Rows of the log
audit-caption = Activities, newest first
audit-th-seq = Row
audit-th-at = When
audit-th-actor = Who
audit-th-action = Action
audit-th-subject = On what
audit-th-ip = Address
audit-th-hash = Hash
audit-shown =
    { $n ->
        [one] { $n } row
       *[other] { $n } rows
    }
audit-next = Show the earlier ones
audit-never = The log never holds passwords or the text of messages.
audit-none = No row matches the filters.
audit-none-what = Clear the filters or change the search.
actor-system = System
actor-command = Command
trace-category = Category
trace-blocks = blocks
trace-mailboxes = mailboxes
trace-members = members
trace-passwords = passwords
trace-bytes = bytes
trace-mails-off = E-mails not wanted
trace-keys-on = Single keys on
trace-keys-off = Single keys off
action-mailbox-created = Mailbox added
action-mailbox-changed = Mailbox changed
action-mailbox-removed = Mailbox removed
action-mailbox-opened = Mailbox opened
action-mailbox-password-changed = Mailbox password changed
action-mailbox-status-changed = Mailbox state changed
action-mailbox-refreshed = Refresh asked for
action-capacity-block-added = Block of mailboxes added
action-message-read = Message read
action-message-downloaded = Message downloaded
action-folder-read = Folder read
action-folders-read = Folders listed
action-session-opened = Sign-in
action-session-refused = Sign-in refused
action-session-closed = Sign-out
action-user-created = User created
action-user-changed = User changed
action-user-password-set = User password set
action-organization-created = Organization created
action-organization-changed = Organization changed
action-token-created = Token created
action-link-created = Link created
action-job-run = Job started
action-audit-read = Log consulted
action-installation-created = Installation created
action-key-rotated = Key rotated

## Jobs
jobs-title = Scheduled jobs
jobs-table = List of jobs
jobs-caption = Scheduled jobs with their last and next run
jobs-th-name = Job
jobs-th-schedule = When
jobs-th-last = Last run
jobs-th-duration = Duration
jobs-th-outcome = Outcome
jobs-th-next = Next
jobs-th-actions = Actions
jobs-tally = { $well } done, { $failed } failed
jobs-run = Run now
jobs-never = never run
jobs-each-minute = every minute
jobs-each-seconds = every { $n } seconds
jobs-each-minutes = every { $n } minutes
jobs-each-hour = every hour, at minute { $n }
jobs-each-day = every day at { $at }
jobs-disabled = off
jobs-no-next = none
jobs-late = late: it should have run already
job-refresh-mailboxes = Refresh of the mailboxes
outcome-ok = Done
outcome-partial = Partly done
outcome-failed = Failed
outcome-running = Running

## Messages after an act
flash-mailbox-created = Mailbox added. The sign-in to the mail server worked.
flash-mailbox-removed = Mailbox removed from the watch: its encrypted password was erased.
flash-block-added = Block added.
flash-block-not-added = The block was not added: the number of blocks has changed meanwhile. Check the numbers and, if needed, try again.
flash-mailbox-created-tied = Mailbox added and tied to the organization that has the same tax code. The access works.
flash-password-changed = Password saved: watching resumes.
flash-refresh-started = Refresh started. The numbers change by themselves; leaving the page is fine.
flash-mailbox-unanswered = The mailbox was not refreshed: the mail server did not answer as expected.
flash-mailbox-refreshed = Mailbox refreshed.
flash-mailbox-not-refreshed = The mailbox was not refreshed: the watch is stopped.
flash-job-started = Job started.
flash-signed-out = Session closed.

## What could not be done
error-number = Error { $n }
error-home = Back to the home page
error-code = Code to give to support:
error-400-heading = Bad request
error-400-what = The request cannot be understood. Go back and try again.
error-401-heading = Sign-in needed
error-401-token = A valid token is missing. Give it in the header Authorization, as Bearer TOKEN.
error-403-heading = Action not allowed
error-403-what = The profile in use does not allow this action. If it is needed, ask the administrator of the service for permission.
error-stale-heading = The page has expired
error-stale-what = Go back, reload it and try again.
error-404-heading = Page not found
error-404-what = The page does not exist or cannot be seen with the profile in use. Check the address or go back to the home page.
error-409-heading = Not possible now
error-409-what = Somebody else changed the same data. Reload the page and make the change again.
error-413-heading = Too much data
error-413-what = The data sent are over the limit. Reduce them or split them into more parts.
error-422-heading = Data not valid
error-422-what = The data sent are not in the expected form. Go back, reload the page and try again.
error-429-heading = Too many requests
error-429-what = Too many requests arrived in a short time. Wait a few minutes and try again.
error-500-heading = Something did not work
error-500-what = Try again in a few minutes; if it goes on, give the code to support.
error-502-heading = The mail server does not cooperate
error-502-what = The mail server did not answer as expected. Try again in a few minutes.
error-503-heading = Service not available for the moment
error-503-what = The service is starting or under maintenance. Try again in a few minutes.
error-no-key = The key that protects the mailboxes’ passwords is not in its place: the request was not carried out. Tell whoever runs the service.
error-504-heading = The mail server does not answer
error-504-what = The mail server did not answer in time. Try again in a few minutes.

## Calendars
calendar-assistenza = Help desk
calendar-servizi = Services
holiday-new-year = New Year’s Day
holiday-epiphany = Epiphany
holiday-easter = Easter Sunday
holiday-easter-monday = Easter Monday
holiday-liberation = Liberation Day
holiday-labour = Labour Day
holiday-republic = Republic Day
holiday-assumption = Assumption of Mary
holiday-saint-francis = Saint Francis of Assisi
holiday-all-saints = All Saints’ Day
holiday-immaculate = Immaculate Conception
holiday-christmas = Christmas Day
holiday-saint-stephen = Saint Stephen’s Day

## Names of fields
field-email = Email address
field-password = Password
field-name = First and last name
field-organization-id = Organization
field-address = Certified address
field-description = Name of the mailbox
field-username = User id
field-group = Group
field-holder-tax-code = Tax code or VAT number of the holder
field-imap-host = Mail server (IMAP)
field-smtp-host = Outgoing server (SMTP)
field-smtp-port = Port for sending
field-smtp-security = Protection for sending
field-imap-port = Port
field-imap-security = Protection
field-authorization-holder = Authorised by
field-authorization-date = Date of the authorisation
security-tls = TLS (recommended)
security-starttls = STARTTLS
security-none = None
secured-tls = TLS
secured-starttls = STARTTLS
secured-none = unprotected

## What is wrong with a field
invalid-required = Fill in this field.
invalid-email = Enter a full address, for example name@comune.example.
invalid-future = The date cannot be in the future.
invalid-too-long = The text is too long: shorten it.
invalid-too-short = The password is too short: use at least 12 characters.
invalid-not-a-number = Enter a whole number among those allowed.
invalid-security = Choose among TLS, STARTTLS and no protection.
invalid-role = Choose one of the known roles.
invalid-visibility = Choose one of the known visibilities.
invalid-unknown-field = Unknown field.
invalid-taken = Already in use: choose another.
invalid-email-taken = Another user has this address already. A person who also works for another organization is added by the regional administrator.
invalid-not-found = It does not exist or cannot be seen with the profile in use.
invalid-date = Enter a valid date, in the form YYYY-MM-DD.
invalid-host = Enter the name of the server, for example imap.gestore.example.
invalid-mail-domain = Write the domain that comes after the at sign, for example comune.borgosolare.example; several with commas between.
invalid-password-refused = The mail server refused the password. No further attempts are made: correct the password and try again.
invalid-password-refused-before = The mail server has already refused this password twice: so as not to block the mailbox it is not tried again for an hour. Check with the holder which one is right.
invalid-password-expired = The mail server says that the password has expired. The holder changes it with the provider: then enter the new one here.
invalid-account-blocked = The mail server refuses access and refers to the provider: the account may be blocked. The holder asks to unblock it, then try again.
invalid-unreachable = The mail server does not answer. Check the server’s name and the port; if they are right, try again in a few minutes.
invalid-certificate = The mail server’s certificate is not valid: the password was not sent. Check the server’s name.
invalid-certificate-expired = The mail server’s certificate has expired: the password was not sent. Ask the provider to renew it.
invalid-certificate-not-yet-valid = The mail server’s certificate is not valid yet: the password was not sent. Ask the provider to replace it.
invalid-certificate-wrong-name = The mail server’s certificate is for another name: the password was not sent. Check the server’s name.
invalid-certificate-unknown-authority = The mail server’s certificate is self-signed or of an unknown authority: the password was not sent. Ask the provider for a certificate of a recognised authority, or the service’s administrator to add the provider’s own (ca_file).
invalid-certificate-own-authority = The mail server’s certificate is that of an authority (self-signed): the password was not sent. Ask the provider to give the server a certificate of its own, signed by the authority.
invalid-certificate-revoked = The mail server’s certificate is revoked: the password was not sent. Ask the provider to replace it.
invalid-tls-old = The mail server offers only TLS 1.1 or older, which is no longer safe: the password was not sent. Ask the provider to offer TLS 1.2 or newer.
invalid-tls-none = The mail server does not speak TLS on this port: the password was not sent. Check port and security.
invalid-not-allowed = This server is not allowed: private or local addresses and connections without protection are left out.
invalid-plaintext-not-allowed = A connection without protection is not allowed: choose TLS or STARTTLS.
invalid-control-characters = The text holds characters that are not allowed: write it again on one line.
invalid-not-a-list = The value must be a list.
invalid-not-an-object = The value must be an object.
invalid-not-text = The value must be text.
invalid-not-boolean = The value must be true or false.
invalid-language = Choose one of the available languages.
invalid-area = Choose between pec and pki.
invalid-tax-code-length = A person’s tax code has 16 characters, an organization’s tax code or a VAT number 11 digits: check that none is missing.
invalid-tax-code-form = This has the form neither of a tax code nor of a VAT number: check its letters and digits.
invalid-tax-code-month = The letter of the month of birth, the ninth character of the tax code, does not exist: check the code again.
invalid-tax-code-day = The day of birth, tenth and eleventh character of the tax code, does not exist: check the code again.
invalid-tax-code-check = The last character, the check character, does not fit: check the code again, usually one character is wrong or swapped with another.
invalid-doubled = Already in an earlier row of the file.
invalid-line-too-long = The row is too long: check that no quote or line break is missing.
invalid-line-fields = The row has not as many fields as the first row tells: check the separators, and quote the texts that hold one.
invalid-line-quotes = The row has quotes that do not close: double those that belong to the text. A field cannot span lines.
invalid-login-refused-before = Not tried: the login of the same user id was refused in an earlier row, and more attempts could block the account.
invalid-server-given-up = Not tried: the mail server did not answer for the rows before. Load the row again when it answers.
invalid-too-common = The password is too common or easy to guess: choose another.

invalid-domain = The domain of the address is not among those admitted: { $about }.
invalid-not-json = What is sent must be a JSON object, with the type application/json.
invalid-cursor = The cursor is not valid: begin the list again.
invalid-word = Choose one of the values there are.
invalid-organization-inactive = This organization is not active: activate it before its mailboxes are watched.
invalid-moment = Enter date and time as RFC 3339 has it, for instance 2026-11-22T08:00:00Z.
invalid-right = Use the rights view, write, send, delete.
invalid-past = Enter a moment in the future.
invalid-role-beyond = Only the regional administrator can give this role.
conflict-last-admin = This is the last active regional administrator: make another one before changing this one.
conflict-not-kept = It could not be saved: load the row again in a few minutes.
conflict-removed = The mailbox was removed meanwhile.
conflict-capacity = The number of blocks has changed meanwhile.
conflict-self = This is your own account: only another administrator can deactivate it.
conflict-changed-thing = Somebody else has changed this meanwhile. Reload the page and make the change again.
conflict-changed = Somebody else changed the mailbox meanwhile. Reload the page and make the change again.
institution = Watch over PEC mailboxes

## What to fill in, field by field; invalid-required is for the others
required-email = Enter the email address.
required-password = Enter the password.
required-name = Enter the name.
required-code = Enter the code.
required-role = Choose the role.
required-organization-id = Choose the organization.
required-address = Enter the mailbox’s address.
required-username = Enter the user id of the mailbox.
required-imap-host = Enter the mail server.
required-imap-port = Enter the port of the mail server.
required-authorization-holder = Enter who authorised the watch.
required-authorization-date = Enter the date of the authorisation.

## What leaves by mail, and its page
menu-outbox = Outgoing mail
outbox-title = Outgoing mail
outbox-closed = No mail leaves from here: the setting smtp_url is missing. Links for passwords are shown once to whoever makes them.
outbox-state = State
outbox-all = All
outbox-stuck = To be looked at ({ $n })
outbox-waiting = Waiting ({ $n })
outbox-sent = Sent
outbox-th-to = Recipient
outbox-th-subject = Subject
outbox-th-at = When
outbox-th-attempts = Attempts
outbox-th-next = Next attempt
outbox-retry = Try again
outbox-none = No outgoing mail
outbox-none-what = Invitations, links for new passwords and notices that the service sends appear here.
outbox-none-matching = No mail in this state
mail-state-queued = Waiting
mail-state-sending = Being sent
mail-state-handing-over = Being handed over
mail-state-sent = Sent
mail-state-failed = Not sent
mail-state-uncertain = Uncertain
mail-to-queued = Waiting: { $to }
mail-to-sending = Being sent: { $to }
mail-to-handing-over = Being handed over: { $to }
mail-to-sent = Sent to { $to }
mail-to-failed = Not sent to { $to }
mail-to-uncertain = Perhaps not sent to { $to }
mail-to-more = { $n ->
    [one] { $to } and one more
   *[other] { $to } and { $n } more
 }
mail-fault-unreachable = The outgoing mail server does not answer.
mail-fault-certificate = The connection to the outgoing mail server is not protected as required.
mail-fault-login = The outgoing mail server does not accept the service’s user and password.
mail-fault-not-now = The outgoing mail server asks to try again later.
mail-fault-refused = The server has refused the message.
mail-fault-interrupted = The connection broke while the message was handed over: it may have arrived or not. Try again only if the recipient has not got it.
mail-fault-unreadable = The stored message does not open.
mail-fault-unwritten = Nothing can be sent to this address: it is not written as an e-mail address is.
mail-fault-bounced = An earlier e-mail to this address did not arrive: for 60 days nothing more is sent to it, unless it writes, you try again or mark that it works again.
flash-mail-retried = The message is being sent again.
flash-mail-not-retried = The message has left already or is leaving.
conflict-mail-left = The message has left already or is leaving.
action-mail-retried = Mail tried again
job-deliver-mail = Mail delivery
mail-others = Also sent to: { $names }.
mail-footer = Automatic message of Sportello ({ $site }): do not reply to this address.
mail-footer-answers = Automatic message of Sportello ({ $site }). You may answer this e-mail: your answer comes to the request.
mail-footer-opens = Automatic message of Sportello ({ $site }). You may answer this e-mail, without the attachments: your answer opens a request.
mail-invitation-subject = Your account on Sportello
mail-invitation-body =
    an account on Sportello, the service that watches certified mailboxes and answers requests for help, was made for you. Your user name is the address at which you receive this message.

    Choose your password with the link below. It is good for { $days } days and works once.

    If you did not expect this message, do nothing.
mail-invitation-action = Choose your password
mail-new-password-subject = Choose a new password for Sportello
mail-new-password-body =
    a new password was asked for your account on Sportello.

    Choose the new password with the link below. It is good for { $days ->
        [0] { $hours } hours
       *[other] { $days } days
    } and works once.

    If it was not you who asked, do nothing: the present password stays.
mail-new-password-action = Choose the new password
mail-password-changed-subject = Your password of Sportello was changed
mail-password-changed-body =
    the password of your account on Sportello was changed just now, and all other sessions were ended.

    If it was you, there is nothing to do. Otherwise ask for a new password at once with the link below, and tell the service’s administrator.
mail-password-changed-action = Ask for a new password
mail-address-changed-subject = Your address on Sportello has changed
mail-address-changed-body =
    from now on your account on Sportello uses another address: { $address }. Open sessions were ended, and links sent before are worth nothing any more.

    If you did not expect this, tell whoever administers the service at once.

## Who has forgotten the password
login-forgotten = Forgotten your password?
forgotten-title = Forgotten password
forgotten-lead = Write the e-mail address with which you log in: if it is registered, you will get a link to choose a new password.
forgotten-submit = Send the link
forgotten-closed = No mail can be sent from here: ask the service’s administrator for a new link.
forgotten-back = Back to log-in
forgotten-help = Nothing arrives?
forgotten-help-time = The link arrives within a few minutes and is good for 2 hours.
forgotten-help-spam = Look into your spam folder too.
forgotten-help-pec = The address is the one registered for the service, not the certified mailbox.
flash-link-asked = If the address is registered, the link is on its way.

## The desk
act-ask-for-help = Ask for help and follow one’s own requests
act-work-tickets = Work on requests
act-manage-desk = Manage the groups of the desk
severity-critical = Critical/Blocking
severity-high = High
severity-medium = Medium
severity-low = Low
ticket-state-new = New
ticket-state-open = In progress
ticket-state-pending-requester = Waiting for the requester
ticket-state-pending-conditions = Waiting for conditions
ticket-state-pending-third-party = With the provider
ticket-state-resolved = Solved
ticket-state-closed = Closed
ticket-state-cancelled = Cancelled
ticket-plain-new = Open
ticket-plain-open = In progress
ticket-plain-pending-requester = In progress: we wait for your answer
ticket-plain-pending-conditions = In progress: something is missing
ticket-plain-pending-third-party = In progress: with the provider
ticket-plain-resolved = Done: do you confirm?
ticket-plain-closed = Done
ticket-plain-cancelled = Cancelled
ticket-kind-consulting = Advice and training
ticket-kind-service-request = Service request
ticket-kind-maintenance = Ordinary maintenance
ticket-kind-incident = Malfunction
channel-email = E-mail
channel-form = Form
channel-chat = Chat
channel-phone = Phone
channel-portal = Portal
channel-api = API
channel-system = System
ticket-event-created = Request opened
ticket-event-follows = Goes on with request { $old }
ticket-event-continued = Goes on in request { $new }
ticket-event-opened = Taken up again
ticket-event-taken = Taken in charge
ticket-event-waiting-requester = Waiting for an answer: { $why }
ticket-event-waiting-conditions = Waiting for conditions: { $why }
ticket-event-waiting-third-party = With the provider: { $why }
ticket-event-escalated = Passed from level { $old } to level { $new }: { $why }
ticket-event-resolved = Solved
ticket-event-reopened = Opened again
ticket-event-closed = Closed
ticket-event-cancelled = Cancelled: { $why }
ticket-event-restored = Restored
ticket-event-merged = Merged into { $new }
ticket-event-unmerged = Merge undone
ticket-event-joined = Request { $new } merged into this one
ticket-event-parted = Request { $new } no longer merged into this one
ticket-event-split = Some messages moved to request { $new }
ticket-event-split-from = Messages came from request { $old }
ticket-event-deleted = Deleted: { $why }
ticket-event-subject = Subject: from “{ $old }” to “{ $new }”
ticket-event-severity = Severity: from { $old } to { $new }
ticket-event-due = Deadline: from { $old } to { $new }
ticket-event-area = Area: from { $old } to { $new }
ticket-event-kind = Kind: from “{ $old }” to “{ $new }”
ticket-event-kind-given = Kind: { $new }
ticket-event-kind-gone = Kind: none, before «{ $old }»
ticket-event-category = Category: from “{ $old }” to “{ $new }”
ticket-event-category-given = Category: { $new }
ticket-event-category-gone = Category: none, before «{ $old }»
ticket-event-cc = In copy: from “{ $old }” to “{ $new }”
ticket-event-cc-given = In copy: { $new }
ticket-event-cc-gone = In copy: none, before «{ $old }»
ticket-event-tags = Tags: from “{ $old }” to “{ $new }”
ticket-event-tags-given = Tags: { $new }
ticket-event-tags-gone = Tags: none, before «{ $old }»
ticket-event-group = Group: from “{ $old }” to “{ $new }”
ticket-event-group-given = Group: { $new }
ticket-event-group-gone = Group: none, before «{ $old }»
ticket-event-assignee = Assignee: from “{ $old }” to “{ $new }”
ticket-event-assignee-given = Assignee: { $new }
ticket-event-assignee-gone = Assignee: none, before «{ $old }»
ticket-event-linked = Mailbox linked: { $new }
ticket-event-unlinked = Mailbox unlinked: { $new }
action-ticket-created = Request opened
action-ticket-changed = Request changed
action-ticket-replied = Reply to a request
action-ticket-noted = Internal note in a request
action-ticket-taken = Request taken in charge
action-ticket-waiting = Request put on hold
action-ticket-escalated = Request passed to another level
action-ticket-resolved = Request solved
action-ticket-reopened = Request opened again
action-ticket-closed = Request closed
action-ticket-cancelled = Request cancelled
action-ticket-restored = Request restored
action-ticket-merged = Request merged
action-ticket-unmerged = Merge undone
action-ticket-split = Request split
action-ticket-deleted = Request deleted
action-ticket-linked = Mailbox linked to a request
action-ticket-unlinked = Mailbox unlinked from a request
action-group-created = Group made
action-group-changed = Group changed
conflict-ticket-state = The state of the request does not allow it. Reload the page to see how it stands now.
conflict-ticket-taken = A colleague took charge of it a moment ago. Reload the page to see who.
conflict-newer-message = A new reply came while you were writing. Read it before you send.
invalid-emails = Give whole addresses, with commas between, 50 at most.
invalid-area-not-enabled = The organization is not enabled for this area.
invalid-same-level = The request is at this level already.
invalid-no-such-ticket = There is no other request of this number.
invalid-desk-mailbox = It is an address of the help desk: its mail becomes requests, and it cannot be watched.
invalid-certified = Certified (PEC) mailboxes take no addresses with a plus.
invalid-long-for-plus = Before the @ the address is too long: there is room for 19 letters.
invalid-watched-mailbox = It is a watched mailbox: its mail is its holder’s. The help desk needs a mailbox of its own.
invalid-same-ticket = This is the request itself: give the number of another one.
invalid-other-organization = That request is another organization’s.
invalid-key = The key must have 1 to 200 printable characters.
invalid-key-reused = The same key was used with other data.
mail-greeting = Dear { $name },
mail-ticket-burst-subject = [{ $number }] { $n } updates: { $subject }
mail-ticket-burst-body = here is the latest news on the request { $number } “{ $subject }”.
mail-public-action = See how it stands
mail-ticket-burst-action = Open the request
mail-ticket-created-subject = [{ $number }] { $subject }
mail-ticket-created-body =
    request { $number } “{ $subject }” was opened. State: open.

    { $text }
mail-ticket-created-action = Follow the request
mail-ticket-critical-subject = [{ $number }] Critical/Blocking: { $subject }
mail-ticket-critical-body =
    request { $number } “{ $subject }” is critical and must be taken in charge at once.

    { $text }
mail-ticket-critical-action = Open the request
mail-ticket-assigned-subject = [{ $number }] Assigned to you: { $subject }
mail-ticket-assigned-body =
    request { $number } “{ $subject }” was assigned to you.
mail-ticket-assigned-action = Open the request
mail-ticket-reply-subject = [{ $number }] New reply: { $subject }
mail-ticket-reply-body =
    there is a new reply to request { $number } “{ $subject }”:

    { $text }
mail-ticket-reply-body-by =
    there is a new reply by { $author } to request { $number } «{ $subject }»:

    { $text }
mail-ticket-reply-action = Read and reply
mail-ticket-taken-subject = [{ $number }] Taken in charge: { $subject }
mail-ticket-taken-body =
    request { $number } “{ $subject }” was taken in charge. State: in progress.
mail-ticket-taken-action = Follow the request
mail-ticket-waiting-requester-subject = [{ $number }] We wait for your answer: { $subject }
mail-ticket-waiting-requester-body =
    to go on with request { $number } “{ $subject }” we need your answer:

    { $text }
mail-ticket-waiting-requester-action = Answer
mail-ticket-waiting-conditions-subject = [{ $number }] Something is missing: { $subject }
mail-ticket-waiting-conditions-body =
    request { $number } “{ $subject }” is on hold. What is missing:

    { $text }
mail-ticket-waiting-conditions-action = Open the request
mail-ticket-waiting-third-party-subject = [{ $number }] With the provider: { $subject }
mail-ticket-waiting-third-party-body =
    request { $number } “{ $subject }” is with the provider:

    { $text }
mail-ticket-waiting-third-party-action = Follow the request
mail-ticket-resolved-subject = [{ $number }] Solved: { $subject }
mail-ticket-resolved-body =
    request { $number } “{ $subject }” is solved:

    { $text }

    If all is well, confirm. If the problem stays, reply: the request is opened again.
mail-ticket-resolved-action = Confirm or reply
mail-ticket-closed-subject = [{ $number }] Closed: { $subject }
mail-ticket-closed-body =
    request { $number } “{ $subject }” is closed.
mail-ticket-closed-action = Open the request
mail-ticket-cancelled-subject = [{ $number }] Cancelled: { $subject }
mail-ticket-cancelled-body =
    request { $number } “{ $subject }” was cancelled:

    { $text }
mail-ticket-cancelled-action = Open the request
mail-ticket-reopened-subject = [{ $number }] Opened again: { $subject }
mail-ticket-reopened-body =
    request { $number } “{ $subject }” was opened again.
mail-ticket-reopened-action = Open the request
mail-ticket-escalated-subject = [{ $number }] Passed to your level: { $subject }
mail-ticket-escalated-body =
    request { $number } “{ $subject }” was passed to your level:

    { $text }
mail-ticket-escalated-action = Open the request
area-pec = PEC
area-pki = PKI

## Requests on pages
menu-desk = Help desk
menu-requests = My requests
request = Request
requests-title = My requests
requests-lists = Lists of requests
requests-mine = Requests
requests-cc = In copy
requests-organization = Organization
requests-search = Search by word, number or person
requests-state = State
requests-all = All
requests-aperte = Open
requests-in-corso = In progress
requests-completate = Done
requests-caption = Requests, newest first
requests-updated = Updated
requests-follows = Handled by
requests-unassigned = being assigned
requests-none = No requests
requests-none-what = Requests for help are followed here.
requests-none-matching = No request matches
requests-waiting =
    { $n ->
        [one] One request waits for your answer:
       *[other] { $n } requests wait for your answer:
    }
request-new = Send a request
request-new-title = Send a request
request-new-lead = Fields are required unless they say “optional”.
request-organization = Organization
request-area = Area
request-kind = Kind of problem
request-priority = Priority given
request-priority-other = Stated priority: { $priority }; the help desk sets the severity.
request-priority-help = The help desk sets the severity: a request stated as critical begins as High, until an operator confirms it.
request-mailbox = Certified mailbox concerned
request-no-mailbox = None in particular
request-subject = Subject
request-body = Description
request-body-help = Write no password. Give the text of the error, if there is one.
request-cc = In copy
request-cc-help = E-mail addresses with commas between: they see this request and no other.
request-cc-lost = E-mails to { $to } do not arrive: check the address and, if it is wrong, write the right one in a reply.
request-send = Send the request
request-help = Need an answer at once?
desk-open = open now
desk-closed = closed now
desk-hours = Help desk { $week }. Requests can be sent at any hour.
choose = Choose…
priority-critical = Certified mail can be neither sent nor received, or a legal term ends today.
priority-high = A mailbox cannot be used, and there is no other way.
priority-medium = The service works in part.
priority-low = Advice, training, nothing urgent.
flash-request-sent = Request sent. This page is the confirmation: the number identifies the request.
flash-request-followed = The request was closed: your reply opened a new one, linked to it.
flash-request-closed = Request closed.
flash-request-reopened = Request opened again.
flash-reply-sent = Reply sent.
flash-note-kept = Note kept: only the help desk sees it.
flash-ticket-deleted = Request moved to the bin.
request-reopen = Open again
request-confirm = Confirm the solution
request-settled = Mark as solved
request-work = Open in Help desk
request-merged = This request was merged into { $number }: it goes on there.
request-data = Summary
request-now = What happens now
request-number = Number
request-opened = Opened
request-taken = Taken in charge
request-follows = Goes on with
ticket-now-new = The request has arrived: somebody will take it soon.
ticket-now-open = Somebody is working on it.
ticket-now-pending-requester = The time for the solution stands still: it goes on when you answer.
ticket-now-pending-conditions = The time for the solution stands still until what is missing arrives.
ticket-now-pending-third-party = The request is with the provider; the time for the solution runs.
ticket-now-resolved = If all is well, confirm. If the problem stays, reply or open it again.
ticket-now-closed = The request can still be read. A reply opens a new one, linked to it.
ticket-now-cancelled = The request is not worked on.
ticket-you = you
ticket-requester = Requester
ticket-desk = Help desk
ticket-in-copy = In copy
ticket-colleague = Colleague
message-automatic = Automatic reply
message-named = Also named in the mail, and getting nothing of the request: { $names }
ticket-note = Internal note, not visible to the requester
ticket-message-of = Message of { $name }
ticket-mail = E-mail:
ticket-mailboxes = Linked mailboxes
ticket-no-mailbox = No mailbox is linked.
ticket-last-good = Last good check
ticket-unread = Unread
ticket-space = Space used
ticket-open-mailbox = Open the mailbox
ticket-ask-holder = To open it, ask its holder for access.
ticket-actions = Actions
ticket-into = Number of the request that stays
history-older = Show earlier messages
history-latest = Back to the latest messages
ticket-into-help = Whoever opened this request and those in copy will read all of the other one; undoing the merge takes that away again.
ticket-others = Other requests of the organization
ticket-in-bin = In the bin: { $why }
reply = Reply
reply-yours = Your reply
reply-follows = The request is closed: the reply opens a new one, linked to it.
reply-no-password = Do not write the mailbox’s password here.
reply-send = Send the reply
reply-to-requester = Reply to the requester
reply-to = To: { $name }
reply-send-to-requester = Send to the requester
note-internal = Internal note
note-text = Text of the note
note-keep = Keep the note
solution = Solution
solution-help = This is the text that the requester receives.
reason = Reason
severity = Severity
channel = Channel
level = Level
assignee = Assigned to
nobody = Nobody
tags = Tags
all-f = All
all-m = All
due = Due
due-first-response = First response by
due-resolution = Solution by
due-next-update = Next update by
due-how = How it is reckoned
queue-open = Open requests
queue-unassigned = To be taken
queue-mine = Mine
queue-waiting = Waiting
queue-done = Closed
queue-bin = Bin
queue-search = Search number, subject or requester
queue-caption = Requests, nearest deadline first
queue-whose = Organization and requester
queue-mailboxes =
    { $n ->
        [one] mailbox linked
       *[other] { $n } mailboxes linked
    }
queue-narrowed = Only: { $what }.
queue-none = Nothing in the queue
queue-none-what = Requests to be worked on arrive here.
verb-taken = Take in charge
verb-waiting-requester = Wait for the requester
verb-waiting-conditions = Wait for conditions
verb-waiting-third-party = Pass to the provider
verb-escalated = Pass to another level
verb-resolved = Solve
verb-reopened = Open again
verb-closed = Close
verb-cancelled = Cancel
verb-restored = Restore
verb-merged = Merge into another
verb-unmerged = Undo the merge
verb-deleted = Delete
invalid-newer-message = A new reply came while you were writing: read it above, then send again.
invalid-area-not-yours = Your profile does not work in this area: choose another one.
invalid-ticket-taken = A colleague took charge of it a moment ago: see who works on it, then decide whether to take it over.
invalid-changed-meanwhile = Somebody else has changed this meanwhile: check it and save again.
invalid-call-not-added = Nothing can be added to that request any longer: it was closed or passed on to others. The text is still here: choose another one or open a new request.
invalid-call-not-opened = The request was not opened: something has changed while you wrote. The text is still here: send it again.
invalid-place-unfilled = «{ $about }» is still in the text: write what you mean in its place, or take it out.
invalid-not-their-organization = This person does not work in this organization: choose one of theirs, or leave it empty.
invalid-ticket-state = The request has changed meanwhile and its state does not allow this any more: see how it stands now. Your text is kept here.
views = Views
time-left-minutes = { $more } min
time-left-hours = { $more } h { $less } min
time-left-days = { $more } d { $less } h
required-kind = Choose the kind of problem.
required-priority = Say how urgent the request is.
required-subject = Write the subject.
required-body = Describe the problem.
required-body-text = Write the text.
required-solution = Write the solution: it is what the requester receives.
required-reason = Write the reason.
required-into = Write the number of the request that stays.
required-area = Choose the area.
required-requester-email = Write the e-mail address of who calls.
job-check-deadlines = Check of deadlines
job-close-resolved = Closing of solved requests
job-take-in-mail = Taking in of mail
job-retention = Retention
action-ticket-warned = Deadline warning
action-ticket-undelivered = Taken up again: e-mail not delivered to the requester
action-ticket-reminded = Requester reminded
ticket-event-reminded = Reminder { $new } to the requester
ticket-event-resolved-by-silence = Solved: no answer after two reminders
mail-ticket-reminder-subject = [{ $number }] We wait for your answer: { $subject }
mail-ticket-reminder-body =
    request { $number } “{ $subject }” waits for your answer:

    { $text }
mail-ticket-reminder-action = Answer
mail-ticket-unanswered-subject = [{ $number }] Request closed without an answer: { $subject }
mail-ticket-unanswered-body =
    we have not had the answer that we waited for on request { $number } “{ $subject }”, so we take it to be solved. If you still need it, answer: we open it again.

    { $text }
mail-ticket-unanswered-action = Open the request
ticket-event-deadline-first-response = First response: { $new }% of the time has gone by
ticket-event-deadline-next-update = Next update: { $new }% of the time has gone by
ticket-event-deadline-resolution = Solution: { $new }% of the time has gone by
ticket-event-closed-by-time = Closed: no answer after the solution
mail-ticket-deadline-subject = [{ $number }] Deadline at { $text }%: { $subject }
mail-ticket-deadline-body =
    of the time promised for request { $number } “{ $subject }” { $text }% has gone by.
mail-ticket-deadline-action = Open the request
action-attachment-created = File uploaded
invalid-not-multipart = Send the file as a multipart form, in the field “file”.
invalid-blocked-type = This kind of file is not admitted: programs and scripts cannot be attached.
attachments = Attachments
attachments-help = Up to { $most } each. Programs and scripts cannot be attached. Files may also be dropped here or pasted.
file-kept = kept
invalid-file-too-large = A file is larger than allowed: attach a smaller one, or split it.
card-requests = Requests for help
console-open-requests =
    { $n ->
        [one] { $n } request
       *[other] { $n } requests
    }
canned-answers = Canned answers
canned-use = Insert
phone-title = Log a phone call
phone-who = Who calls: name, address, organization or number of a request
phone-count = { $n ->
    [one] One result
   *[other] { $n } results
}
phone-numbered = Requests with this number
phone-found = People found
phone-nobody = Nobody with this name, address, organization or number: write below who it is.
phone-name = Name and surname
phone-email = E-mail address
phone-number = Number to call back
phone-another = It is somebody else
phone-organization-code = Code of the organization
phone-organization-code-help = There are more organizations than the list has: if it is missing, write its code (IPA) here.
phone-first-organization = The person’s first one, or none
phone-body = What is asked
phone-body-help = Whoever asks reads it in the request, and gets it by e-mail.
phone-open = Open the request
phone-open-already = Perhaps open already
phone-open-others = Others open of the same organization
phone-open-what = If the call is about one of these, answer there.
phone-open-none = Once the person is chosen, the open requests of its organization show here.
flash-request-logged = Request opened in the name of who called.

duplicates = Perhaps the same request
duplicate-older = Perhaps open already:
duplicate-newer = Perhaps opened again:
duplicate-mailbox = same mailbox
duplicate-subject = like subject
duplicate-requester = same requester
duplicate-stays = If they are merged { $number } stays.
duplicate-read-more = Whoever opened one or is in copy of it will read the other too: { $who }.
duplicate-same-readers = The same people read both already.
duplicate-join = Merge
duplicate-tell-apart = Not the same
duplicates-joined = Requests merged into this one
duplicates-found = Perhaps open already: { $number }
duplicates-more =
    { $n ->
        [one] and one more
       *[other] and { $n } more
    }
duplicates-look = Look whether it is open already
duplicates-none = Requests opened lately about the same mailbox, or with a like subject, show here: none so far.
call-add = Add here
call-add-what = “Add here” opens no other request: what you have written goes into the one you choose, in the name of who calls.
call-add-help = Read by those who follow it: { $who }.
ticket-event-told-apart = Not the same request as { $new }
ticket-event-phoned = Call of { $new } written down here
action-ticket-told-apart = Requests said to be different
flash-duplicate-joined = Requests merged. If that is a mistake, the merge can be undone below.
flash-duplicate-not-joined = The requests can no longer be merged: look how they stand now.
flash-duplicate-told-apart = Said to be different requests: they are not proposed any more.
flash-call-added = Call added to this request.
canned-answer-new = New canned answer
canned-answer-title = Title
canned-answer-body = Text
canned-answer-help = These fields are filled with what the request says: { $places }
canned-answer-remove = Remove the canned answer
canned-answer-remove-what = The canned answer goes away for every operator.
canned-answers-none = No canned answers yet
canned-answers-none-what = A text that is written often is prepared once and put into the answer.
flash-canned-answer-removed = Canned answer removed.
groups-title = Groups of operators
group-new = New group
group-name = Name of the group
group-leader = Leader
group-members = Members
group-members-help = A request given to the group is hidden from operators restricted to their own groups who are not in it.
groups-none = No groups yet
groups-none-what = A group brings together the operators who work on the same requests.
required-title = Write the title.
action-canned-answer-created = Canned answer made
action-canned-answer-changed = Canned answer changed
action-canned-answer-removed = Canned answer removed
profile-notices = E-mails about requests for help
profile-notice-own = About my own requests
profile-notice-copies = About those in which I am in copy
profile-notice-work = About those that I work on, and their deadlines

## What went wrong with a mail server, in words of ours; the server’s own stay as they are
fault-message-unreadable = The message cannot be read
fault-mailbox-in-use = Others have the mailbox open already: try again in a moment
fault-login-withheld = Two log-ins broke off without an answer: so as not to lock the mailbox the next one waits for an hour
fault-too-many-readings = Too many readings from this server at once: try again in a moment
fault-count-failed = Counting failed: { $words }
fault-no-folder = The folder is not in the mailbox
fault-not-opened = The mailbox does not open: { $words }
fault-message-gone = The message is no longer in the mailbox
fault-reading-failed = Reading failed: { $words }
fault-no-text = The server does not give the text of the message
fault-renumbered = The server has numbered the messages of the folder anew
fault-listing-failed = Listing failed: { $words }
fault-listing-empty = The server does not list the messages that it says it has
fault-folders-failed = Listing the folders failed: { $words }
fault-too-many-folders = The mailbox has more than { $words } folders
fault-status-failed = STATUS failed: { $words }
fault-status-incomplete = The answer to STATUS is not complete
fault-unasked-continuation = The server waits for more where nothing is due
fault-no-answer = The server has not answered
fault-no-imap = The server does not speak IMAP
fault-dismissed = The server says goodbye: { $words }
fault-odd-credentials = The user name or the password has a character that is not admitted
fault-preauth = The server greets with PREAUTH
fault-no-starttls = The server does not offer STARTTLS
fault-starttls-refused = The server does not offer STARTTLS: { $words }
fault-no-password-login = The server does not admit log-in by password
fault-refused-without-code = Refused without a code: { $words }
fault-login-not-understood = The server does not understand the log-in: { $words }
fault-login-too-early = Log-in granted before its time
fault-wrong-size = The server says one number of bytes and the message has another: { $words }
fault-not-fetched = Whoever downloads the message does not take it in time
fault-said = The server answers: { $words }
fault-no-smtp = The server does not speak SMTP
fault-further-roots = Further authorities: { $words }
fault-no-clear-text = Connections in clear are not admitted
fault-no-connection-within = No connection within { $words }
fault-name-not-certifiable = The name of the server cannot stand in a certificate
fault-name-unknown = The name of the server does not exist or cannot be resolved
fault-name-without-address = The name of the server has no addresses
fault-address-not-public = The server is at an address that is not public
fault-no-answer-to-connection = No answer to the connection
fault-spoke-before-tls = The server spoke before TLS
fault-no-answer-within = The server has not answered within { $words }
fault-connection-closed = The server has closed the connection
fault-too-much = The server has answered more than we are ready to read
fault-connection-refused = The server refuses the connection
fault-connection-broken = The server has broken the connection
fault-not-on-the-net = The server is not on the network
fault-connection-failed = The connection failed: { $words }
fault-certificate-expired = The certificate of the server has expired: the provider must renew it
fault-certificate-not-yet-valid = The certificate of the server is not valid yet: the provider must replace it
fault-certificate-wrong-name = The certificate of the server is of another name: check the name of the server
fault-not-kept = what comes cannot be kept: the disk is full, or the database does not answer
fault-certificate-unknown-authority = The certificate of the server is self-signed or of an unknown authority: the provider must use one of a recognised authority, or its authority must be added to ca_file
fault-certificate-own-authority = The certificate of the server is that of an authority (self-signed): the provider must give the server a certificate of its own, signed by it
fault-certificate-revoked = The certificate of the server is revoked: the provider must replace it
fault-tls-old = The server offers only TLS 1.1 or older, which is no longer safe: the provider must offer TLS 1.2 or newer
fault-tls-none = The server does not speak TLS on this port: check port and security
fault-certificate-refused = The certificate of the server is not accepted: { $words }
fault-tls-failed = TLS failed: { $words }

## Service hours
hours-title = Service hours and times
hours-what = When the service is open, when it is closed and how fast it answers. Before saving you see which deadlines move.
hours-closed = closed
hours-closures = Closures
hours-national = national holidays
hours-change = Change the hours “{ $name }”
hours-week = Hours of the week
hours-week-help = For each day one or more intervals, for instance 08:30-12:30, 15:00-18:00. Empty: closed.
hours-targets = Times by severity
hours-targets-help = In hours and minutes of service, for instance 4:00.
hours-closures-help = National holidays are already counted. Add the patron saint’s day or a summer break; to remove a closure empty its fields.
hours-closure = Closure { $n }
hours-closure-name = Name
hours-closure-first = First day
hours-closure-last = Last day
hours-closure-yearly = Every year
hours-preview = See which deadlines change
hours-effect =
    { $n ->
        [0] No deadline changes
        [one] The deadlines of one request change
       *[other] The deadlines of { $n } requests change
    }
hours-moves = Deadlines
hours-saved = no longer late
hours-lost = late
hours-saved-count =
    { $n ->
        [one] One request that is late today would be on time.
       *[other] { $n } requests that are late today would be on time.
    }
hours-lost-count =
    { $n ->
        [one] One request that is on time today would be late.
       *[other] { $n } requests that are on time today would be late.
    }
hours-more =
    { $n ->
        [one] and one more
       *[other] and { $n } more
    }
weekday-1 = Monday
weekday-2 = Tuesday
weekday-3 = Wednesday
weekday-4 = Thursday
weekday-5 = Friday
weekday-6 = Saturday
weekday-7 = Sunday
invalid-hours = Write the hours as 08:30-12:30, 15:00-18:00, without overlaps.
invalid-hours-none = With these hours the service is not open long enough to keep its times: give at least one interval.
invalid-duration = Write hours and minutes, for instance 4:00; at least one minute.
invalid-day = Choose a valid date.
invalid-closure-name = Give the closure a name.
invalid-closure-first = Choose the first day of the closure.
invalid-closure-order = The last day can neither come before the first, nor more than a year after it (six months if it repeats every year).
action-calendar-changed = Service hours changed
trace-hours = hours
trace-closures = closures
trace-targets = times

## Routing rules
routing-title = Routing rules
routing-what = They say where a request goes by itself. The first one that suits counts, in the order given.
routing-new = New rule
routing-name = Name of the rule
routing-position = Order
routing-position-help = A number from 1 to 999: the rule with the lowest number is asked first.
routing-active = Rule in force
routing-off = not in force
routing-occasion = When
occasion-opened = As the request comes in
occasion-overdue = As a deadline passes
routing-asks = Conditions
routing-asks-help = All of them must hold. No condition: it suits every request.
routing-asks-all = Every request
routing-any-f = Any
routing-any-m = Any
routing-mailbox = Mailbox
routing-mailbox-help = The address of a watched mailbox linked to the request.
routing-words = Words
routing-words-help = Separated by commas: one is enough, in subject or text. Several words together are all looked for: remote signature, renewal.
routing-does = Actions
routing-does-help = At least one.
routing-as-is = Stays as it is
routing-to-group = Give to the group
routing-to-assignee = Assign to
routing-to-level = Bring to the level
routing-to-severity = Set the severity
routing-to-tags = Add tags
routing-to-tags-help = Separated by commas.
routing-try = Try on past requests
routing-tried =
    { $n ->
        [0] It would have touched no request
        [one] It would have touched one request
       *[other] It would have touched { $n } requests
    }
routing-tried-what =
    { $n ->
        [one] Tried on one request, the only one there is, without counting other rules. It has not been saved.
       *[other] Tried on the newest { $n } requests, without counting other rules. It has not been saved.
    }
routing-tried-at = Opened
routing-remove = Delete the rule
routing-remove-what = The rule goes away for everybody. What it said stays written in the activity log.
routing-gone = no longer there
routing-none = No rule yet
routing-none-what = A rule assigns requests by itself: for example those of the PKI area to the group Digital signature.
flash-routing-rule-removed = Rule deleted.
invalid-rule-does-nothing = Choose at least one action.
invalid-rule-severity-late = The severity is set as the request comes in only: when a deadline passes it does not change.
invalid-no-words = Write words made of letters or digits.
ticket-event-routed = Routed by the rule “{ $new }”
action-ticket-routed = Request routed by a rule
action-ticket-images-shown = Remote images of an e-mail shown
action-routing-rule-created = Routing rule created
action-routing-rule-changed = Routing rule changed
action-routing-rule-removed = Routing rule deleted

## Related requests
relations = Related requests
relations-none = No related request.
relation-new = Relate a request
relation-what = This request is
relation-other = Number of the other request
relation-other-help = For example TK-2026-000123. Who opened it does not see this.
relation-add = Relate
relation-remove = Remove the relation
relation-related = Related to
relation-child = Part of
relation-parent = Parent of
relation-caused = Caused by
relation-cause = Cause of
ticket-group = Group
ticket-event-related = Relation: { $old } { $new }
ticket-event-unrelated = Relation removed: { $new }
action-ticket-related = Requests related
action-ticket-unrelated = Relation between requests removed

## A reply to be taken back
flash-reply-held = The reply leaves in ten seconds.
flash-reply-gone = The reply is no longer about to leave: look at the conversation.
reply-leaving = Reply about to leave
reply-leaving-soon = leaves in a few seconds
reply-not-sent = Reply not sent
reply-files =
    { $n ->
        [one] 1 attachment
       *[other] { $n } attachments
    }
reply-undo = Undo
reply-take-up = Take the text up again

## Attachments
file-remove = Remove
files-sending = Sending…
files-failed = The sending has failed: check the connection and press the button again.
files-drop = Files may also be dropped here or pasted.

## A mailbox lets nobody in
mail-mailbox-denied-subject = Access denied to the mailbox { $address }
mail-mailbox-denied-body =
    the mail server refuses access to the mailbox { $address }: { $status }.

    So as not to lock the mailbox, no further attempts are made. The holder checks the password with the provider; then the new password is entered on the mailbox’s card.
mail-mailbox-denied-action = See the mailboxes with access denied

queue-unsent =
    { $n ->
        [one] A reply of yours was not sent:
       *[other] Some replies of yours were not sent:
    }
conflict-file-gone = An attachment is no longer there: attach it again and send.

invalid-rule-critical = Critical is for an operator to say: choose another severity.
flash-reply-taken-back = Reply not sent: the text is in its form again.
ticket-no-group = None
view-name-help-tickets = For instance “High, unassigned”.

## Mail that becomes requests
intake-title = Incoming mail
intake-what = E-mails that come to these addresses become requests. They are not watched mailboxes: they are the help desk’s own.
intake-mailbox-new = Add an address
intake-checked = Read
intake-off = Off
intake-none = No address
intake-none-what = Add the mailbox to which people write for help: each e-mail becomes a request.
intake-address = Address
intake-address-help = The address to which people write for help.
intake-password-help = It is tried at once and kept encrypted: nobody sees it again.
intake-password-kept = Leave it empty to keep the one there is.
intake-authserv = Name under which the server signs its checks of senders
intake-authserv-help = It is the first word of the “Authentication-Results” headers that this server adds. Empty: the IMAP server’s name or the address’s domain.
intake-flooded = Too much mail comes (since { $at }): until it is less, nobody gets the number of their request by itself. All of it is taken in as always.
intake-plus = Takes addresses with a plus
intake-plus-help = Every answer comes back to its request, even from mail programs that lose the thread: our ordinary e-mails ask to be answered at an address like assistance+tk-2026-000123…@. First write a trial to this address with “+trial” before the @: if it does not arrive here, leave this off, or answers would come back undelivered.
intake-becomes = The requests that come of it
intake-enabled = Read this mailbox
intake-remove = Remove the address
intake-remove-what = Mail to this address becomes requests no longer. Those that were born stay, and nothing changes in the mailbox.
flash-intake-mailbox-removed = Address removed.
action-intake-mailbox-created = Help desk address added
action-intake-mailbox-changed = Help desk address changed
action-intake-mailbox-removed = Help desk address removed
action-mail-accepted = Held e-mail accepted
action-mail-discarded = E-mail discarded
action-mail-expired = E-mail held for a month and let go
action-mail-read-again = E-mail to be read again
conflict-mail-unreadable = This e-mail cannot be read.
conflict-mail-without-sender = This e-mail has no sender who can be answered.
conflict-mail-settled = Somebody has decided about this e-mail already.
conflict-mail-above-limit = This e-mail is still above the limit: it stays in its mailbox.
conflict-made-for-others = It was done the first time, and others work on it now.
conflict-mail-gone = This e-mail stayed in a mailbox that is no longer read: it cannot be fetched from here.
ticket-event-bounced = Not delivered to { $new }
ticket-event-mails-paused = Many e-mails in an hour: the others get no more notices by e-mail
ticket-event-came-too = Came to { $new } too
ticket-event-mail-let-in = Accepted the held e-mail of { $new }
ticket-event-perhaps-related = Perhaps related to { $new }, which the e-mail names
ticket-event-colleague-spoke = { $new } is of the same organization and wrote without being in copy: consider adding this person
ticket-arrived-at = Came to { $addresses }
ticket-queues = In the queue of { $queues } too
address-bounced = E-mail to this address does not arrive since { $when }: for 60 days none is sent about requests, unless it writes or the desk marks that the address works again.
address-works = The address works again
flash-address-works = E-mail is sent to this address again.
action-mail-address-works = Address that takes e-mail again
ticket-event-files-left-out = Files that are not admitted, left in the original e-mail: { $new }
mail-ticket-received-subject = [{ $number }] We have received your request
mail-ticket-received-body =
    we have received your e-mail: the request has the number { $number }. To add something, answer this message.
mail-ticket-received-action = Follow the request
mail-intake-stopped-subject = The desk gets no more mail from { $address }
mail-intake-stopped-body =
    mail to { $address } becomes requests no more: { $status }. Nothing is lost: it stays in the mailbox and is taken in as soon as it can be. If the server refuses the password, enter a new one: so as not to lock the mailbox, no further attempts are made.
mail-intake-stopped-action = See the desk’s addresses
mail-intake-flooded-subject = Too much mail comes to the help desk
mail-intake-flooded-body =
    in the last hour at least { $n } e-mails have come to the help desk’s addresses: more than people write, perhaps two programs that answer each other or a mass mailing. All of it is taken in as always, but while it lasts nobody gets the number of their request by itself. See from whom it comes, and have it stopped. We will tell you when it is over.
mail-intake-flooded-action = See the mail that has come
mail-intake-calm-subject = Mail to the help desk is back to normal
mail-intake-calm-body =
    the flood of mail to the help desk’s addresses is over: those who write get the number of their request again. Who has written meanwhile did not get it: their requests are in the queue, like all others.
mail-intake-calm-action = See the mail that has come
mail-mail-too-large-subject = Your e-mail is too large
mail-mail-too-large-body =
    your e-mail to the desk is of { $size } and was not taken in: the limit is { $limit }, and attachments weigh about a third more on their way. In the form you can send the files one by one.
mail-mail-too-large-action = Write in the form
mail-ticket-bounced-subject = [{ $number }] E-mail not delivered: { $subject }
mail-ticket-bounced-body =
    the last e-mail about the request { $number } was not delivered to { $text }.
mail-ticket-bounced-action = Open the request
## The public form for a request
desk-call = Help desk’s number:
desk-closes = closes { $when }
desk-opens = opens again { $when }
desk-at-time = at { $time }
desk-at-weekday = on { $day } at { $time }
desk-at-day = on { $day } at { $time }
on-weekday-1 = Monday
on-weekday-2 = Tuesday
on-weekday-3 = Wednesday
on-weekday-4 = Thursday
on-weekday-5 = Friday
on-weekday-6 = Saturday
on-weekday-7 = Sunday
short-weekday-1 = Mon
short-weekday-2 = Tue
short-weekday-3 = Wed
short-weekday-4 = Thu
short-weekday-5 = Fri
short-weekday-6 = Sat
short-weekday-7 = Sun
assistance-closed = No request can be sent from here at the moment. Call the help desk or, if you have an account, log in and send the request from the portal.
assistance-me = The request is sent in the name of
assistance-name = Name and surname
assistance-email = E-mail
assistance-email-help = The link to confirm the request, and then the answer, arrive at this address.
assistance-organization-help = Name or code. Who is not a customer yet leaves it empty and ticks the box below.
assistance-not-customer = I am not a customer yet
assistance-phone = Telephone
assistance-files-help = Up to { $n } files of { $most } each. Programs and scripts cannot be attached. Files can also be dropped here or pasted.
assistance-privacy = These data serve to answer the request:
assistance-log-in = Do you have an account? Log in: the request leaves at once, and you follow it in the portal.
assistance-trap = Leave this field empty
assistance-sent-title = Confirm the request
assistance-sent-lead = The request has not left yet: a message is on its way to the address given. Open it and confirm the request with the link in it.
assistance-sent-to = The request has not left yet: a message is on its way to { $email }. Open it and confirm the request with the link in it.
assistance-sent-days = The link is good for 3 days; then what was written is deleted.
assistance-sent-spam = If it does not arrive in a few minutes, look among unwanted mail and check the address.
assistance-another = Send another request
assistance-confirm-title = Confirm the request
assistance-confirm-lead = Check the data and confirm: only then does the request reach the help desk.
assistance-confirm = Confirm and send the request
assistance-confirm-not = If the request is not yours, do nothing: it is deleted after 3 days.
assistance-gone-title = The link is no longer valid
assistance-gone-lead = The confirmation link is mistyped, or has expired: it is good for 3 days from when the request was written.
assistance-gone-sent = If the request had been confirmed, it has been sent: its number is in the message that came right after.
assistance-gone-not-sent = If it had not been confirmed, what was written has been deleted: it has to be written again.
assistance-gone-again = Write a new request
assistance-done-title = Request sent
assistance-done = Request { $number } sent. The answer comes to { $email }.
assistance-done-next = The same number is in the message that was just sent: use it when you speak with the help desk.
assistance-standing = See how the request stands
assistance-standing-title = Request { $number }
assistance-standing-bare = This page only says how the request stands: what was written stays in the e-mails.
assistance-standing-log-in = Do you have an account? Log in to read all of it.
assistance-now-new = The request has arrived: somebody takes charge of it soon, and the answer comes by e-mail, to the address from which you wrote or that you gave.
assistance-now-working = The help desk is at it: the answer comes by e-mail, to the address from which you wrote or that you gave.
assistance-now-waiting = The help desk waits for your answer: what is needed is in the last e-mail that you got.
assistance-now-resolved = For the help desk it is solved, and the solution is in the last e-mail that you got. If it is not, say so within 10 working days: the request opens again.
assistance-now-over = The request is over. If you need anything else, write to us again: a new one is opened, which names this one.
assistance-now-conditions = It stands still until what is missing arrives: it is in the last e-mail that you got.
assistance-now-cancelled = The request was cancelled: why is in the last e-mail that you got. If you need anything else, write to us again.
assistance-add-by-mail = To answer or to add something, reply to one of our e-mails.
assistance-add-by-phone = To answer or to add something, call the help desk and say the number { $number }.
assistance-said-organization = Organization stated: { $text }
assistance-said-phone = Telephone: { $text }
assistance-said-mailbox = Mailbox stated: { $text }
assistance-said-none = not a customer yet
required-organization = Give the organization, or tick «I am not a customer yet».
invalid-too-many-files = At most 5 files can be attached: the others were not kept.
invalid-no-room = No more attachments can be kept at the moment: send the request without, or try again later.
invalid-file-not-kept = The chosen files were not taken: choose them again.
invalid-file-gone = An attachment is no longer there: attach it again and send.
invalid-too-many-requests = Too many requests one after another. What was written is still here: try again in { $about } seconds.
invalid-too-many-for-address = No more requests can be sent from this page for this address today: try again tomorrow, or call.
invalid-too-many-unconfirmed = Three requests for this address were sent from here and wait for confirmation already: open the messages that came and confirm them, or try again tomorrow.
action-ticket-asked = Request to be confirmed
mail-request-confirm-subject = Confirm the request for help
mail-request-confirm-body =
    a request for help was written with this address. To send it, open it with the link below, check it and confirm. The link is good for { $days } days.

    If you did not write it, do nothing: the request is deleted and nobody sees it.
mail-request-confirm-action = Check and confirm the request
privacy-keep-requests = Requests sent without logging in and not confirmed: 3 days.
mails-title = Mail to decide
mails-held = Held
mails-unprocessed = Not read
mails-held-what = E-mails that do not become requests by themselves. Accepted, each goes to the request that it answers, or opens one: where it names a request of others, its page lets you choose. What nobody decides stays here for 30 days.
mails-unprocessed-what = E-mails that could not be read. The original is kept; what is too large stays in its mailbox, and here is what is known of it.
mails-from = From
mails-envelope = Envelope
mails-why = Why
mails-at = Came
mails-about = The e-mail
mails-to = To
mails-cc = In copy
mails-mailbox = Mailbox
mails-size = Size
mails-limit = Limit
mails-limit-set = Whoever runs the program sets it, with the setting intake_max_size.
mails-limit-of-all = No e-mail may be larger, not even certified mail.
mails-limit-fits = Now this e-mail would pass: Try again takes it from its mailbox.
mails-sender = Sender
mails-sender-told = Told that the e-mail was not taken in:
mails-sender-not-told = Was not told: by itself the desk answers only whom it knows, and no automatic or suspicious messages.
mails-says = What it says
mails-unread = Its text cannot be shown: open the original.
mails-left = The e-mail has stayed in the mailbox { $address }: here is only what its headers say.
mails-left-gone = The e-mail has stayed in a mailbox that is read no longer: here is only what its headers say.
mails-wordless = The e-mail has no text: look at its attachments.
mails-empty = The e-mail has neither text nor attachments.
mails-accept = Accept
mails-accept-into = Accept into request { $number }
mails-accept-new = Accept as a new request
mails-names = This e-mail names the request
mails-names-answers = Accepted, it goes there; or it opens a new request, related to that one.
mails-names-stranger = Whoever writes has no part in it: decide whether the e-mail goes there or opens a new request, related to that one.
mails-names-unseen = Whoever writes has no part in it: accepted, the e-mail opens a new request, related to that one.
mails-proposed = Accepted, the request is of { $organization }, and so are this person’s next ones
mails-retry = Try again
mails-original = Original
mails-discard = Discard
mails-discarded = Discarded
mails-discarded-what = E-mails that somebody discarded. They stay here for up to 30 days from when they came, and can still be accepted.
mails-none-discarded = No discarded e-mail
mails-none-discarded-what = What is discarded stays here for a while, in case one thinks again.
mails-none = Nothing to decide
mails-none-what = E-mails of people we do not know, suspicious ones and those that cannot be read come here.
flash-mail-accepted = E-mail accepted: it is in this request.
flash-mail-accepted-in = E-mail accepted: it is in request { $value }, which others look after.
flash-assistance-sent = The request waits to be confirmed: the link is on its way to { $value }.
flash-mail-settled = Somebody has decided about this e-mail already.
flash-mail-settled-here = This e-mail has been accepted already: it is in this request.
flash-mail-settled-in = This e-mail has been accepted already: it is in request { $value }, which others look after.
flash-mail-discarded = E-mail discarded. For a while it is among the «Discarded» ones: from there it can still be accepted.
flash-mail-discarded-unread = E-mail discarded. It stays among the «Discarded» ones for up to 30 days from when it came.
flash-mail-read-again = The e-mail will be read again shortly.
mail-reason-unknown-sender = Unknown sender
mail-reason-new-colleague = New person of an organization that we know
mail-reason-stranger = Answers a request in which they have no part
mail-reason-suspicious = The sender is not verified, and may not be who it says
mail-reason-altered = The PEC provider’s signature is not valid: the content was changed
mail-reason-automatic = Automatic message
mail-reason-bounce = Failed delivery of an e-mail that we do not recognise
mail-reason-staff = It bears an operator’s address, which may be forged. If the operator did write it, one replies on the request’s page
mail-reason-no-sender = Without a sender who can be answered
mail-reason-too-large = Too large
mail-reason-too-many-parts = Too many parts, or too deeply nested
mail-reason-unreadable = Not readable
mail-reason-duplicate = Came before
mail-reason-receipt = PEC receipt
mail-reason-own = One of our own
mail-reason-discarded = Discarded
mail-reason-expired = Held for a month without a decision
quote-show = Show quoted text
message-original = Original e-mail
mail-body-show = Show as it was written
mail-body-title = Message body
mail-body-images = { $n ->
    [one] 1 remote image blocked.
   *[other] { $n } remote images blocked.
 }
mail-body-images-show = Show the images
mail-body-whole = Open on a whole page
decorations-show = Show decorative images ({ $n })
file-picture = Image: { $name }
pec-label = PEC
pec-label-ordinary = Ordinary mail
pec-signature-valid = provider’s signature verified: { $provider }
pec-signature-unknown-provider = message intact, provider not recognised
pec-signature-invalid = provider’s signature not valid: the content was changed
pec-signature-obsolete = obsolete algorithm
pec-signature-absent = without the provider’s signature
pec-signature-unverifiable = provider’s signature cannot be verified

## Fields of the forms by area
asked-title = Fields of the forms
asked-what = What else the form for a request asks, by area: a field for PKI is seen only by who chooses PKI. Removing or changing a field leaves given answers as they are.
asked-new = New field
asked-none = No fields yet
asked-none-what = A field asks for what is always needed: the serial number of the device, say, of who writes about PKI.
asked-label = Label
asked-label-help = The name of what is asked, in Italian, as who fills in the form reads it.
asked-label-en = Label in English
asked-label-en-help = For who uses the pages in English; without it the Italian one is read.
asked-kind = Kind of answer
asked-kind-text = One line of text
asked-kind-long-text = Several lines of text
asked-kind-choice = Choice from a list
asked-kind-date = Date
asked-kind-yes-no = Yes or no
asked-options = Items of the list
asked-options-help = One on each line, only for “Choice from a list”.
asked-required = Required
asked-required-yes = required
asked-required-no = optional
asked-required-help = Who writes down a phone call may always leave it empty.
asked-help = Help
asked-help-help = A sentence under the field: where to find it, how to write it.
asked-position-help = A number from 1 to 999: the field with the lowest number stands first in its area.
asked-active = Field in use
asked-off = not in use
asked-remove = Remove the field
asked-remove-what = Nobody is asked for it any more. Given answers stay in their requests.
asked-of-area = Details for the area { $area }
asked-of-area-help = Only if you choose the area { $area }.
answer-true = Yes
answer-false = No
request-answers = Details of the request
flash-request-field-removed = Field removed.
action-request-field-created = Field of the forms created
action-request-field-changed = Field of the forms changed
action-request-field-removed = Field of the forms removed
invalid-answer-required = Fill in “{ $about }”.
invalid-options = 30 items at most, each of up to 100 characters.
invalid-options-few = Write two items at least, one on each line.
invalid-too-many-fields = The forms have 40 fields already: remove one first.

## Lost password
ticket-kind-password-lost = Lost password
password-lost-help = Lost password: a new one takes about { $n } working days (asked for now, by { $day }). Write no password in the request.
password-lost-by = by { $day } ({ $n } working days)
long-day = { $weekday } { $day } { $month }
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
