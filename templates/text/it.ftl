# In charge of every Italian word on screen. Does not know about markup: values are plain text, escaped by the template.
# Same keys as en.ftl, kebab-case, prefixed by the page or by what they name.

number = { $n }

## Frame of every page
header-skip = Vai al contenuto principale
header-sign-out = Esci
menu-label = Principale
menu-mailboxes = Caselle
menu-audit = Registro attività
menu-jobs = Lavori pianificati
crumb-label = Percorso
list-next = Mostra le successive
filters-button = Filtri
filters-apply = Applica
filters-clear = Azzera filtri

## Times
time-now = adesso
time-minutes = { $n } min fa
time-hours = { $n } h fa
time-yesterday = ieri
time-never = mai
time-never-message = nessuno
time-seconds-long = { $n } s
time-minutes-long = { $minutes } min { $seconds } s

## Live pages
live-lost = Connessione persa.
live-last = Ultimo aggiornamento alle
live-retry = Nuovo tentativo in corso…
live-updated = Aggiornato alle

## Forms
form-check = Controlla i dati inseriti
form-wrong-count =
    { $n ->
        [one] C’è un campo da correggere:
       *[other] Ci sono { $n } campi da correggere:
    }
form-error-prefix = Errore:
form-optional = (facoltativo)
form-cancel = Annulla

## Log-in
login-title = Accedi
login-heading = Accedi
login-lead = Caselle PEC presidiate e richieste di assistenza degli enti.
login-email-help = Quello registrato per il servizio, non l’indirizzo PEC.
login-submit = Accedi
login-session = La sessione si chiude dopo un periodo senza attività.
login-trouble = L’accesso non riesce?
login-trouble-email = Controlla l’indirizzo email: è quello a cui è arrivato l’invito.
login-trouble-password = Se la password è dimenticata, chiedi un nuovo collegamento con «Password dimenticata?».
login-trouble-password-ask = Se la password è dimenticata, chiedi un nuovo collegamento all’amministratore del servizio.
invalid-login = Indirizzo email o password non corretti. Controllali e riprova.

## People and organizations
menu-organizations = Enti
menu-people = Utenti
menu-settings = Impostazioni
import-csv = Importa CSV
import-th-what = Riga
list-change-search = Cambia la ricerca o azzera i filtri.
list-shown = { $n ->
    [one] 1 riga
   *[other] { $n } righe
 }
form-save = Salva
filters-search = Cerca
organizations-title = Enti
organizations-search = Cerca per nome, codice IPA o codice fiscale
organizations-table = Elenco degli enti
organizations-th-state = Stato
organizations-th-mailboxes = Caselle
organizations-th-people = Persone
organizations-none = Nessun ente
organizations-none-what = Aggiungi il primo ente o importa un elenco CSV.
organizations-none-matching = Nessun ente corrisponde alla ricerca
organizations-import-title = Importa enti
organizations-import-how = Le aree sono pec e pki; più valori nella stessa cella si separano con la virgola. Un codice già presente non viene sovrascritto.
organization-new-title = Aggiungi ente
organization-name = Nome dell’ente
organization-active = Attivo
organization-inactive = Disattivato
organization-inactive-what = Le sue caselle sono sospese e le sue persone non possono accedere.
organization-code-help = Codice IPA o altro codice con cui l’ente è conosciuto.
organization-read-only-view = Chi vede le richieste di tutto l’ente le legge soltanto
organization-read-only-view-help = Chi vede le richieste dei colleghi non può rispondervi né chiuderle. Le proprie, e quelle in copia, restano come sono.
organization-read-only = sola lettura delle richieste dei colleghi
organization-comments = risposte alle richieste dei colleghi
request-only-reads = Puoi leggere questa richiesta di un collega, ma non rispondere.
organization-domains-help = Quelli degli indirizzi ordinari delle persone dell’ente (non PEC), separati da virgole: serviranno a riconoscere l’ente di chi scrive all’assistenza per email.
organization-mailboxes = { $n ->
    [one] 1 casella
   *[other] { $n } caselle
 }
organization-people = { $n ->
    [one] 1 persona
   *[other] { $n } persone
 }
organization-deactivate = Disattiva ente
organization-activate = Attiva ente
organization-deactivate-mailboxes = { $n ->
    [0] L’ente non ha caselle presidiate.
    [one] Il presidio di 1 casella viene sospeso.
   *[other] Il presidio di { $n } caselle viene sospeso.
 }
organization-deactivate-people = { $n ->
    [0] L’ente non ha persone.
    [one] 1 persona non può più accedere, se non lavora anche per un altro ente.
   *[other] { $n } persone non possono più accedere, se non lavorano anche per un altro ente.
 }
organization-deactivate-back = Riattivando l’ente tutto torna come prima.
organization-activate-mailboxes = Riprende il presidio delle caselle sospese insieme all’ente; quelle sospese a mano restano sospese.
organization-activate-people = Le sue persone possono di nuovo accedere.
field-code = Codice
field-tax-code = Codice fiscale
field-areas = Aree
field-email-domains = Domini di posta
field-role = Ruolo
field-language = Lingua
field-visibility = Richieste visibili
field-level = Livello di competenza
field-restricted-to-groups = Solo le richieste dei propri gruppi
language-it = Italiano
language-en = English
visibility-own = Solo le proprie
visibility-organization = Tutte quelle dell’ente
level-1 = Primo livello
level-2 = Secondo livello
level-3 = Manutenzione
people-title = Utenti
people-search = Cerca per nome o email
people-table = Elenco degli utenti
people-all-roles = Tutti i ruoli
people-all-organizations = Tutti gli enti
people-all-states = Tutti gli stati
people-state = Stato
people-none-matching = Nessun utente corrisponde ai filtri
people-import-title = Importa utenti
people-import-how = I ruoli sono regional_admin, operator, org_admin, org_user e auditor; la visibilità è own oppure organization. L’invito parte al caricamento; senza posta in uscita il collegamento si genera dalla pagina di ogni utente.
person-new-title = Aggiungi utente
person-create = Crea e invita
person-email-help = L’indirizzo personale con cui accede, non quello PEC.
person-choose = Scegli il ruolo
person-no-organization = Nessun ente
person-of-organization = Ente
person-of-desk = Assistenza
person-area-pec = Area PEC
person-area-pki = Area PKI
person-areas-help = Nessuna area scelta significa tutte.
person-access = Accesso
person-active = Attivo
person-invited-state = Invito in attesa
person-inactive = Disattivato
person-invite-again = Invia di nuovo l’invito
person-give-link = Collegamento per una nuova password
person-end-sessions = Termina le sessioni
person-deactivate = Disattiva utente
person-activate = Attiva utente
person-deactivate-sessions = Le sessioni aperte finiscono subito.
person-deactivate-rights = Le chiavi API e i permessi sulle caselle non valgono più.
person-deactivate-back = Riattivando l’utente chiavi e permessi tornano a valere.
person-activate-what = L’utente può di nuovo accedere; chiavi API e permessi sulle caselle tornano a valere.
person-link-title = Collegamento per scegliere la password
person-link-lead = Consegna questo collegamento a { $name } ({ $email }): vale una volta sola.
person-link-label = Collegamento
person-link-once = Non viene mostrato di nuovo e non è registrato da nessuna parte. Un altro collegamento annulla questo.
person-link-back = Torna all’utente
flash-organization-created = Ente aggiunto.
flash-organization-activated = Ente attivo: le caselle sospese con l’ente sono di nuovo presidiate.
flash-organization-deactivated = Ente disattivato: il presidio delle sue caselle è sospeso.
flash-person-activated = Utente attivo.
flash-person-deactivated = Utente disattivato.
flash-person-invited = Utente creato: l’invito è stato inviato.
flash-person-link-sent = Collegamento inviato.
flash-sessions-ended = Sessioni terminate.
flash-session-ended = Sessione terminata.
flash-saved = Modifiche salvate.
flash-own-password-changed = Password cambiata. Le altre sessioni sono terminate.

## Profile
profile-title = Profilo
profile-preferences = Preferenze
profile-keys = Usa i tasti rapidi negli elenchi
profile-keys-help = Con j e k si scorre, con x si seleziona, con ? si vede l’elenco dei tasti.
profile-password = Password
profile-present = Password attuale
profile-new = Nuova password
profile-change-password = Cambia password
profile-password-ends = Tutte le altre sessioni vengono terminate.
profile-sessions = Sessioni aperte
profile-browser = Browser
profile-browser-unknown = Browser sconosciuto
profile-begun = Iniziata
profile-seen = Ultimo uso
profile-this = questa
profile-end = Termina
profile-end-others = Termina tutte le altre
profile-acts = Le mie attività recenti
profile-acts-what = Gli ultimi sette giorni. Le attività più vecchie sono consultabili dai revisori.
profile-acts-more = Sono mostrate le ultime 100.
profile-acts-none = Nessuna attività negli ultimi sette giorni.
rules-title = La nuova password:
rule-kept = rispettata
rule-too-short = ha da 12 a 128 caratteri, di qualunque tipo
rule-repeated = non ha più di due caratteri uguali di seguito
rule-too-common = non è una password comune, né il nome o l’indirizzo
rule-used-before = è diversa dalle ultime cinque
invalid-repeated = La password ha più di due caratteri uguali di seguito.
invalid-used-before = È una delle ultime cinque password: scegline una diversa.
invalid-wrong-password = La password attuale non è corretta.
invalid-too-many = Troppi tentativi. Riprova tra { $about } secondi.
invalid-https = Usa un indirizzo che inizia con https://.

## Settings
settings-title = Impostazioni
settings-contacts = Contatti
settings-contacts-what = Compaiono nelle pagine pubbliche: accesso, richiesta di assistenza, accessibilità e privacy.
settings-file = Impostazioni dell’installazione
settings-file-what = Si cambiano nel file Rocket.toml o con variabili d’ambiente, e valgono dal riavvio.
settings-th-what = Impostazione
settings-th-name = Nome
settings-th-value = Valore
contact-assistance-phone = Numero dell’assistenza
contact-accessibility-contact = Contatto per l’accessibilità
contact-accessibility-statement-url = Indirizzo della dichiarazione AgID
contact-privacy-controller = Titolare del trattamento
contact-privacy-contact = Contatto del titolare
contact-privacy-dpo = Responsabile della protezione dei dati
contact-missing = Contatto non ancora indicato dall’amministrazione.
setting-database-url = Banca dati
setting-data-dir = Cartella dei dati
setting-base-url = Indirizzo pubblico del servizio
setting-time-zone = Fuso orario
setting-locale = Lingua predefinita
setting-trusted-proxies = Proxy fidati
setting-smtp-url = Server per le notifiche
setting-mail-from = Mittente delle notifiche
setting-included-mailboxes = Caselle comprese
setting-block-size = Caselle per blocco di espansione
setting-refresh-schedule = Cadenza dell’aggiornamento
setting-refresh-concurrency = Aggiornamenti contemporanei
setting-connections-per-server = Connessioni per server
setting-imap-timeout = Attesa massima di una risposta
setting-session-idle = Durata della sessione senza attività
setting-session-max = Durata massima della sessione
setting-max-upload = Dimensione massima di un invio
setting-intake-max-size = Dimensione massima di un’email all’assistenza
setting-ca-file = Autorità aggiuntive
setting-allow-private-hosts = Server su reti private ammessi
setting-allow-plaintext-imap = Connessioni senza protezione ammesse
setting-admitted-domains = Domini ammessi

## Permissions
permissions-title = Chi può fare che cosa
permissions-lead = La tabella è ricavata dalla regola che il programma applica a ogni pagina e a ogni operazione delle API.
permissions-act = Operazione
reach-nothing = Nessuno
reach-everything = Tutto
reach-own = Il proprio ente
reach-granted = Solo concesse
reach-own-and-granted = Il proprio ente e le concesse
act-list-mailboxes = Vedere indirizzo e stato delle caselle
act-see-mailbox-figures = Vedere i numeri, il titolare e lo spazio delle caselle
act-see-mailbox-settings = Vedere come si raggiungono le caselle
act-manage-mailboxes = Aggiungere, modificare e rimuovere caselle
act-refresh-mailboxes = Aggiornare le caselle
act-open-mailbox = Aprire e leggere una casella
act-grant-mailboxes = Concedere l’accesso a una casella
act-see-capacity = Vedere la capienza
act-manage-capacity = Ampliare la capienza
act-see-organizations = Vedere gli enti
act-manage-organizations = Gestire gli enti
act-see-people = Vedere gli utenti
act-manage-people = Gestire gli utenti
act-see-jobs = Vedere i lavori pianificati
act-run-jobs = Avviare i lavori pianificati
act-manage-outbox = Vedere e ripetere gli invii di posta
act-manage-settings = Vedere e cambiare le impostazioni
act-read-trace = Consultare il registro attività

## About
accessibility-title = Accessibilità
accessibility-aim = Sportello è progettato secondo le Linee guida AgID e le WCAG 2.1, livello AA (norma EN 301 549, legge 4/2004).
accessibility-agid = Dichiarazione di accessibilità sul sito di AgID
accessibility-tested = Che cosa è stato verificato
accessibility-axe = Ogni pagina, con il controllo automatico axe (regole WCAG 2.0, 2.1 e 2.2 A e AA), su schermo grande e su telefono.
accessibility-keyboard = Le operazioni si fanno con la sola tastiera; il fuoco è sempre visibile.
accessibility-narrow = Le pagine si leggono senza scorrimento laterale fino a 320 pixel di larghezza.
accessibility-scripts = I moduli funzionano anche senza JavaScript.
accessibility-limits = Limiti noti
accessibility-mail = I messaggi ricevuti e i loro allegati sono mostrati come li ha scritti il mittente: la loro accessibilità non dipende da Sportello.
accessibility-report = Segnalazioni
accessibility-write = Per segnalare un problema di accessibilità scrivere a
accessibility-call = Oppure chiamare il numero
accessibility-defender = Se la risposta manca o non basta, ci si può rivolgere al Difensore civico per il digitale presso AgID.
privacy-title = Privacy
privacy-who = Titolare del trattamento
privacy-dpo = Responsabile della protezione dei dati:
privacy-what = Quali dati sono trattati
privacy-accounts = Di chi accede: nome, indirizzo email, ruolo, ente; delle sessioni, l’indirizzo di rete e il browser. La password è conservata solo come impronta.
privacy-mailboxes = Delle caselle presidiate: indirizzo, titolare, autorizzazione, stato e numero dei messaggi. Il testo dei messaggi non viene conservato.
privacy-trace = Delle attività: chi ha fatto che cosa, quando e da quale indirizzo di rete. Il registro non può essere modificato.
privacy-cookies = Sono usati solo cookie tecnici, per la sessione e per la sicurezza dei moduli. Nulla viene inviato a terzi.
privacy-why = Perché
privacy-basis = Per svolgere il servizio di presidio e assistenza delle caselle PEC affidato dall’ente, e per gli obblighi di sicurezza che ne derivano (art. 6, par. 1, lett. c ed e, GDPR).
privacy-how-long = Per quanto tempo
privacy-keep-trace = Il registro attività: 30 mesi.
privacy-keep-own = Le proprie attività: visibili per 7 giorni nel profilo.
privacy-keep-mail = Le credenziali di una casella: fino alla sua rimozione, poi cancellate.
privacy-keep-attempts = Gli accessi non riusciti: contati per 15 minuti; gli indirizzi di rete già usati, 30 giorni.
privacy-rights = Diritti
privacy-rights-what = Ogni persona può chiedere al titolare l’accesso ai propri dati, la rettifica, la limitazione e, dove la legge lo consente, la cancellazione, e può proporre reclamo al Garante per la protezione dei dati personali.

## The trace
audit-export = Esporta CSV
audit-verify = Verifica la catena
audit-sound = Catena integra: { $n } righe verificate, nessuna modificata o mancante.
audit-broken = La catena è interrotta dopo la riga { $n }: avvisare l’amministratore del sistema.
audit-wrong-days = Le date vanno indicate nella forma AAAA-MM-GG: il filtro per data non è stato applicato.
audit-days-turned = Il primo giorno viene dopo l’ultimo: scambia le due date.
action-grant-created = Accesso concesso
action-grant-changed = Accesso modificato
action-grant-removed = Accesso revocato
action-session-ended = Sessione terminata
action-user-preferences-changed = Preferenze cambiate
action-link-asked = Nuova password richiesta
action-view-created = Vista salvata
action-view-changed = Vista modificata
action-view-removed = Vista eliminata
action-setting-changed = Impostazione cambiata
action-audit-exported = Registro esportato
action-audit-verified = Catena verificata

## The console: views, selection, keys
views-saved = Viste salvate
views-shared = condivisa
views-save = Salva questa vista
views-remove = Elimina la vista
view-new-title = Salva la vista
view-name = Nome della vista
view-name-help = Per esempio «Le mie caselle critiche».
view-share = Visibile anche agli altri
flash-view-saved = Vista salvata.
flash-view-removed = Vista eliminata.
filters-active = Filtri attivi
filters-remove = Togli il filtro
overlay-refreshing = In aggiornamento
mailboxes-denied = { $n ->
    [one] 1 casella con accesso negato: serve la nuova password.
   *[other] { $n } caselle con accesso negato: serve la nuova password.
 }
mailboxes-denied-show = Mostra
mailboxes-try-password = Prova e riprendi
mailboxes-sort-holder = Titolare
refresh-ended = { $n ->
    [one] Aggiornata 1 casella.
   *[other] Aggiornate { $n } caselle.
 }
refresh-ended-failed = Aggiornate { $well } caselle su { $total }. { $n ->
    [one] 1 non riuscita: mostra.
   *[other] { $n } non riuscite: mostra.
 }
bulk-title = Esito
bulk-page = Seleziona tutte le righe della pagina
bulk-choose = Seleziona { $name }
bulk-chosen = Nessuna riga selezionata
bulk-count = Selezionate: { $n }
bulk-all = { $n ->
    [one] Seleziona l’unica che corrisponde
   *[other] Seleziona tutte le { $n }
 }
bulk-suspend = Sospendi
bulk-resume = Riprendi
bulk-group = Sposta
bulk-group-label = Nel gruppo
bulk-outcome = { $well } aggiornate, { $failed } non riuscite.
bulk-not-done = Non riuscita
bulk-done = Riuscita
bulk-back = Torna alle caselle
bulk-forbidden = Operazione non consentita su questa casella.
menu-dashboard = Cruscotto
dashboard-title = Cruscotto
dashboard-in-time = { $what } nei tempi
dashboard-open = Ancora aperte alla fine del periodo
dashboard-came-day = Richieste al giorno per canale
dashboard-came-week = Richieste alla settimana per canale
dashboard-came-month = Richieste al mese per canale
dashboard-came-label = Grafico delle richieste arrivate nel periodo per canale: { $n } in tutto. I numeri sono nella tabella qui sotto.
dashboard-backlog-day = Arretrato a fine giornata
dashboard-backlog-week = Arretrato a fine settimana
dashboard-backlog-month = Arretrato a fine mese
dashboard-backlog-label = Grafico delle richieste aperte: { $last } alla fine del periodo, { $most } al massimo. I numeri sono nella tabella qui sotto.
chart-scrolls = Grafico
dashboard-data = Dati in tabella
dashboard-unit-day = Giorno
dashboard-unit-week = Settimana
dashboard-unit-month = Mese
dashboard-sum = Totale
dashboard-total = Richieste nel periodo
dashboard-clocks = Scadenze rispettate
dashboard-first-response = Prima risposta
dashboard-resolution = Risoluzione
dashboard-kept = Rispettate
dashboard-missed = Mancate
dashboard-by-state = Per stato
dashboard-by-severity = Per gravità
dashboard-by-area = Per area
dashboard-by-channel = Per canale
dashboard-by-level = Per livello
dashboard-by-organization = Per ente
dashboard-no-organization = Nessun ente
dashboard-th-what = Che cosa
dashboard-th-value = Valore
dashboard-th-count = Richieste
dashboard-th-share = Quota
dashboard-none = Nessuna richiesta nel periodo.
dashboard-wrong-days = Il periodo non è valido: controlla le date, la prima non può seguire l’ultima.
queue-all = Tutte
presence-reading = { $name } sta leggendo
presence-writing = { $name } sta scrivendo
draft-keep = Salva bozza
draft-kept = Bozza salvata
flash-draft-kept = Bozza salvata: la ritrovi qui, anche da un altro computer.
tag = Etichetta
bulk-choose-head = Selezione
bulk-assign = Assegna
bulk-severity = Cambia gravità
bulk-group-ticket = Gruppo
bulk-tag = Aggiungi etichetta
bulk-back-queue = Torna alla coda
bulk-forbidden-ticket = Operazione non consentita su questa richiesta.
flash-bulk-all-done = Fatto per tutte le richieste selezionate.
flash-bulk-needs = Manca un dato: scegli o scrivi il valore accanto al pulsante, poi riprova.
mailbox-not-visited = La casella non viene controllata finché non è attiva o non riceve la nuova password.
flash-none-chosen = Nessuna casella selezionata.
flash-bulk-suspended = Presidio sospeso per le caselle selezionate.
flash-bulk-resumed = Presidio ripreso per le caselle selezionate.
keys-title = Tasti rapidi
keys-off = I tasti si disattivano dal profilo
keys-close = Chiudi
key-j = j
key-j-what = riga successiva
key-k = k
key-k-what = riga precedente
key-invio = Invio
key-invio-what = apre la riga
key-x = x
key-x-what = seleziona la riga
key-barra = /
key-barra-what = va alla ricerca
key-r = r
key-r-what = aggiorna tutte le caselle
key-gc = g c
key-gc-what = va alle caselle
key-ga = g a
key-ga-what = va al registro attività, o al profilo
key-aiuto = ?
key-aiuto-what = mostra questo elenco

## The card of a mailbox
card-since = dal
card-open = Apri la casella
card-edit = Modifica
card-suspend = Sospendi il presidio
card-resume = Riprendi il presidio
card-ask-holder = Per aprire la casella chiedere l’accesso a chi ne risponde.
card-data = Dati
card-access = Come si raggiunge
card-last-success = Ultimo controllo riuscito
card-next-try = Prossimo tentativo
card-history = Come è cambiato lo stato
card-history-none = Lo stato non è ancora cambiato.
card-grants = Chi può aprirla
card-grants-what = Oltre a chi può per ruolo. Nessuno vede la password; ogni accesso resta nel registro.
card-rights = Permessi
card-until = Fino al
card-over = Scaduto
card-no-end = Senza scadenza
card-take = Togli
card-grant-email = Email della persona
card-grant-until = Ultimo giorno
card-grant-until-help = Dal giorno dopo l’accesso non vale più.
card-give = Concedi l’accesso
card-acts = Ultime attività
card-trace = Tutte le attività nel registro
right-view = Leggere
right-write = Contrassegnare e spostare
right-send = Inviare
right-delete = Eliminare
invalid-not-grantable = Nessuna persona con questo indirizzo può ricevere l’accesso a questa casella.
flash-grant-given = Accesso concesso.
flash-grant-taken = Accesso tolto.
flash-mailbox-suspended = Presidio sospeso.
flash-mailbox-resumed = Presidio ripreso.
conflict-organization-inactive = L’ente della casella non è attivo: il presidio riprende quando l’ente viene riattivato.
mailbox-edit-title = Modifica la casella
mailbox-edit-password = La password serve solo se cambiano user-id o server: viene provata una volta.

## The session of an open page
session-ends = La sessione si chiude tra meno di due minuti.
session-stay = Resta collegato
session-over = La sessione è terminata
session-over-what = Accedi di nuovo per continuare: quello che è stato scritto è ancora qui, e viene inviato dopo l’accesso.
session-offline = Connessione assente: i dati non sono stati inviati e restano in questa pagina. Riprova tra poco.

## One-time link
welcome-title = Benvenuto
welcome-first-title = Primo amministratore
welcome-first-heading = Crea il primo amministratore
welcome-first-lead = Questa installazione non ha ancora utenti. Chi compila questo modulo la amministra.
welcome-heading = Scegli la password
welcome-lead = La password servirà per accedere con l’indirizzo
welcome-email-help = Serve per accedere. Non è un indirizzo PEC presidiato.
welcome-password-help = Almeno 12 caratteri. Si può incollare da un gestore di password.
welcome-first-submit = Crea e accedi
welcome-submit = Salva e accedi
welcome-rules = Come scegliere la password
welcome-rule-length = Usa almeno 12 caratteri: una frase di più parole è facile da ricordare e difficile da indovinare.
welcome-rule-free = Nessuna regola su maiuscole, cifre o simboli: sono ammessi tutti i caratteri, anche gli spazi.
welcome-rule-common = Le password più comuni, e quelle che ripetono poco più del nome o dell’indirizzo email, vengono rifiutate.
welcome-rule-link = Il collegamento vale una volta sola: dopo il salvataggio non funziona più.

## Console of mailboxes
mailboxes-title = Caselle
mailboxes-title-new = Caselle con nuovi messaggi
mailboxes-title-unread = Caselle con messaggi non letti
mailboxes-title-room = Caselle con poco spazio
mailboxes-title-trouble = Caselle con problemi
mailboxes-views = Viste
mailboxes-view-all = Tutte le caselle
mailboxes-view-new = Con nuovi messaggi
mailboxes-view-unread = Con messaggi non letti
mailboxes-view-room = Poco spazio
mailboxes-view-trouble = Con problemi
mailboxes-groups = Gruppi
mailboxes-group = Gruppo
mailboxes-all-groups = Tutti
mailboxes-status = Stato
mailboxes-all-statuses = Tutti gli stati
mailboxes-status-trouble = Con problemi
mailboxes-status-denied = Accesso negato
mailboxes-sort = Ordina per
mailboxes-sort-name = Casella
mailboxes-sort-new = Nuovi messaggi
mailboxes-sort-unread = Non letti
mailboxes-sort-last-message = Ultimo messaggio
mailboxes-sort-checked = Ultimo controllo
mailboxes-sort-status = Stato
mailboxes-sort-address = Indirizzo PEC
mailboxes-search = Cerca casella, indirizzo, ente o codice fiscale
mailboxes-refresh = Aggiorna
mailboxes-refreshing = Aggiornamento: { $done } di { $total } caselle
mailboxes-add = Aggiungi casella
mailboxes-import = Importa CSV
mailboxes-count-total =
    { $n ->
        [one] casella
       *[other] caselle
    }
mailboxes-count-new =
    { $n ->
        [one] nuovo messaggio
       *[other] nuovi messaggi
    }
mailboxes-count-unread =
    { $n ->
        [one] non letto
       *[other] non letti
    }
mailboxes-count-refused = accesso negato
mailboxes-count-late = in ritardo
mailboxes-new-word =
    { $n ->
        [one] nuovo
       *[other] nuovi
    }
mailboxes-unread-of = { $unread } non letti su { $total }
mailboxes-order-changed = L’ordine delle righe è cambiato.
mailboxes-reorder = Riordina
mailboxes-table = Elenco delle caselle
mailboxes-caption = Caselle presidiate con stato, messaggi nuovi e non letti, ultimo messaggio e ultimo controllo
mailboxes-th-status = Stato
mailboxes-th-name = Casella
mailboxes-th-address = Indirizzo PEC
mailboxes-th-holder = CF/P. IVA
mailboxes-th-new = Nuovi
mailboxes-th-unread = Non letti
mailboxes-new-help = Arrivati da quando qualcuno ha aperto la casella in Sportello l’ultima volta: il numero è lo stesso per tutti.
mailboxes-unread-help = Non ancora letti sul server del gestore: leggerli in Sportello non li segna.
mailboxes-th-last-message = Ultimo arrivo
mailboxes-th-checked = Ultimo controllo
mailboxes-put-password = Reinserisci password
mailboxes-after-activation = dopo l’attivazione
mailboxes-activation-late = il titolare completa l’attivazione presso il gestore
mailboxes-shown =
    { $matching ->
        [one] { $shown } di { $matching } casella
       *[other] { $shown } di { $matching } caselle
    }
mailboxes-show-all = Mostra tutte le caselle
mailboxes-none = Nessuna casella presidiata.
mailboxes-none-what = Aggiungi la prima casella o importa un elenco CSV.
mailboxes-none-ask = Le caselle compaiono qui quando l’amministratore del servizio le aggiunge o ne consente la lettura.
mailboxes-none-matching = Nessuna casella corrisponde ai filtri.
mailboxes-none-matching-what = Azzera i filtri o cambia la ricerca.
mailboxes-none-new = Nessun nuovo messaggio.
mailboxes-none-new-checked = Ultimo aggiornamento alle { $time }.

## A mailbox added, its password
mailbox-new-title = Aggiungi casella
mailbox-new-box = Casella
mailbox-new-address-help = L’indirizzo PEC da presidiare, per esempio protocollo@pec.comune.example.
mailbox-new-description-help = Il nome con cui la casella compare negli elenchi. Se manca, compare l’indirizzo.
mailbox-new-no-organization = Nessun ente
mailbox-new-group-help = Un’etichetta libera, per esempio Comuni.
mailbox-new-access = Accesso alla posta
mailbox-new-username-help = Di solito è l’indirizzo PEC stesso.
mailbox-new-host-help = Lo indica il gestore PEC. Se resta vuoto, viene compilato quando il gestore dell’indirizzo è tra quelli conosciuti.
mailbox-new-smtp-help = Serve per l’invio; non viene provato ora.
mailbox-new-provider = Gestore riconosciuto: { $name }. I suoi server sono compilati e si possono cambiare.
mailbox-new-provider-user-id = Gestore riconosciuto: { $name }. I suoi server sono compilati e si possono cambiare. Come user-id inserisci lo User ID assegnato dal gestore, non l’indirizzo.
mailbox-new-authorization = Titolare e autorizzazione
mailbox-new-authorization-why = Il presidio richiede l’autorizzazione del titolare della casella: indica chi l’ha data e quando.
mailbox-new-tax-code-help = Codice fiscale (16 caratteri) o Partita IVA (11 cifre) del titolare. Se è quello di un ente registrato e nessun ente è scelto, la casella viene collegata a quell’ente.
mailbox-new-holder-help = Nome e cognome di chi ha autorizzato il presidio.
mailbox-new-submit = Prova l’accesso e salva
mailbox-password-title = Reinserisci la password
mailbox-password-label = Password della casella
mailbox-new-password-label = Nuova password della casella
mailbox-password-help = Viene provata subito, una volta sola, e conservata cifrata. Non sarà più visibile a nessuno.
mailbox-password-submit = Prova e salva

## A mailbox removed
mailbox-remove = Rimuovi dal presidio
mailbox-remove-title = Rimuovi dal presidio
mailbox-remove-ask = Rimuovere «{ $name }» dal presidio?
mailbox-remove-effects = Che cosa succede
mailbox-remove-watch = Il presidio finisce: la casella non viene più controllata e non compare più negli elenchi.
mailbox-remove-password = La password cifrata viene cancellata. Per presidiare di nuovo la casella andrà inserita un’altra volta.
mailbox-remove-place = Si libera un posto della capacità.
mailbox-remove-stays = Che cosa resta
mailbox-remove-mail = La casella e i suoi messaggi presso il gestore non cambiano.
mailbox-remove-trace = Le attività già registrate restano nel registro.
mailbox-remove-submit = Rimuovi la casella

## Capacity
capacity-title = Capacità
capacity-header = Capacità: { capacity-of }
capacity-of =
    { $allowed ->
        [one] { $used } di { $allowed } casella
       *[other] { $used } di { $allowed } caselle
    }
capacity-full = nessun posto libero
capacity-full-heading = Nessun posto libero
capacity-full-what = Le caselle presidiate sono { $used } di { $allowed } ammesse. Per aggiungerne altre serve un blocco in più, oppure va rimossa una casella.
capacity-full-typed = La casella non è stata aggiunta: i dati inseriti restano qui sotto, la password va reinserita.
capacity-used = Caselle presidiate
capacity-included = Comprese
capacity-blocks = Blocchi
capacity-blocks-of = { $blocks } da { $size } caselle
capacity-allowed = Ammesse in tutto
capacity-counts = Ogni casella presidiata occupa un posto, anche se è in attivazione, sospesa o con un problema. Rimuovendola il posto si libera.
capacity-more = Posti in più
capacity-block-is =
    { $n ->
        [one] Un blocco aggiunge un posto a quelli compresi.
       *[other] Un blocco aggiunge { $n } posti a quelli compresi.
    }
capacity-block-does = Con un altro blocco le caselle ammesse passano da { $now } a { $then }. L’aggiunta resta nel registro attività e non si annulla da questa pagina.
capacity-add-block = Aggiungi un blocco
capacity-ask = I blocchi li aggiunge l’amministratore regionale.
## Mailboxes from a file
import-title = Importa caselle
import-lead = Aggiunge molte caselle da un file CSV. Prima prova il file: nessun server viene chiamato e niente viene salvato. Poi scegli di nuovo lo stesso file e caricalo.
import-file = File CSV
import-file-help = Fino a { $n } righe e 5 MB.
import-file-command = Per elenchi più lunghi c’è il comando «sportello { $what } import».
import-file-passwords = Il file contiene password: non viene conservato.
import-try = Prova soltanto
import-load = Carica
import-what = Il caricamento prova ogni accesso una volta sola e può durare qualche minuto. Le righe rifiutate non vengono salvate e non fermano le altre.
import-tried = Esito della prova
import-loaded = Esito del caricamento
import-tried-count =
    { $n ->
        [0] Nessuna riga sarebbe accettata. Niente è stato salvato.
        [one] { $n } riga sarebbe accettata. Niente è stato salvato.
       *[other] { $n } righe sarebbero accettate. Niente è stato salvato.
    }
import-loaded-count =
    { $n ->
        [0] Nessuna casella aggiunta.
        [one] { $n } casella aggiunta.
       *[other] { $n } caselle aggiunte.
    }
import-refused-count =
    { $n ->
        [one] { $n } riga rifiutata: correggila e carica un file con quella sola riga.
       *[other] { $n } righe rifiutate: correggile e carica un file con quelle sole righe.
    }
import-table = Esito riga per riga
import-th-line = Riga
import-th-outcome = Esito
import-th-why = Che cosa correggere
import-refused = Rifiutata
import-added = Aggiunta
import-acceptable = Accettabile
import-how = Come preparare il file
import-model = Scarica il modello vuoto
import-how-columns = La prima riga indica le colonne, separate da «;» o da «,». Servono sempre:
import-how-optional = Se servono, si aggiungono:
import-how-servers = Senza imap_host i server sono quelli del gestore, se il dominio dell’indirizzo è di un gestore conosciuto.
import-how-organization = L’ente si indica con il suo codice, in organization_code. Se manca, vale il codice fiscale del titolare quando è quello di un ente registrato.
import-how-activating = Con activating = sì la casella resta in attesa della password: nessun accesso viene provato.
import-how-text = I testi che contengono il separatore o virgolette vanno tra virgolette. Una data si scrive AAAA-MM-GG o GG/MM/AAAA.

## A file that is loaded
sheet-missing = Scegli il file da importare.
sheet-too-large = Il file supera 5 MB: dividilo in più parti.
sheet-empty = Il file è vuoto: la prima riga deve indicare le colonne.
sheet-not-text = Il file non è un testo CSV: salvalo dal foglio di calcolo come «CSV UTF-8».
sheet-no-header = La prima riga deve indicare le colonne. Servono: { $names }.
sheet-unknown-columns = Colonne non previste: { $names }. Correggi i nomi o togli le colonne.
sheet-doubled-columns = Colonne ripetute: { $names }. Lasciane una sola per nome.
sheet-missing-columns = Colonne mancanti: { $names }. Aggiungile alla prima riga.
sheet-too-many-lines = Il file ha più di { $names } righe: dividilo in più parti.

## A mailbox opened
mailbox-card = Casella
mailbox-checked = controllata
mailbox-since = { $status } dal { $since }.
mailbox-messages = Messaggi
mailbox-new = Nuovi
mailbox-unread = Non letti
mailbox-total = Totale
mailbox-space = Spazio
mailbox-space-used = Spazio usato
mailbox-space-of = { $used } di { $limit } · { $percent }%
mailbox-inbox = Posta in arrivo
mailbox-newest-first = Messaggi, dal più recente
mailbox-shown = { $shown } di { $total }
mailbox-unread-word = non letto
mailbox-empty = Nessun messaggio.
mailbox-empty-what = La posta in arrivo è vuota.
mailbox-choose = Scegli un messaggio
mailbox-choose-what = Il testo compare qui. La lettura non cambia lo stato del messaggio sul server.
mailbox-back = Torna ai messaggi
mailbox-fault-unreachable = Il server di posta non risponde: l’elenco dei messaggi non è disponibile. Riprova tra qualche minuto.
mailbox-fault-password = Il server di posta rifiuta la password: l’elenco dei messaggi non è disponibile finché non viene inserita quella nuova.
mailbox-fault-certificate = Il certificato del server di posta non è valido: la connessione è stata interrotta. Segnala il problema al gestore PEC.
mailbox-fault-stopped = Il presidio è fermo: l’elenco dei messaggi non è disponibile finché la casella non torna attiva.
mailbox-fault-busy = La casella o il suo server di posta sono occupati: riprova più tardi («{ $detail }»).
mailbox-busy-typed = La casella non è stata aggiunta: i dati inseriti restano qui sotto, la password va reinserita.
mailbox-busy-password = La password non è stata salvata: va reinserita.
mailbox-fault-other = L’elenco dei messaggi non è disponibile. Riprova tra qualche minuto.
message-from = Da
message-to = A
message-cc = Cc
message-date = Data
message-no-subject = (senza oggetto)
message-no-sender = (senza mittente)
message-no-text = Il messaggio non contiene testo leggibile qui. Aprilo con il programma di posta della casella.
message-truncated = Il testo è molto lungo: ne è mostrata solo la prima parte.
message-suspicious = Sembra un messaggio PEC ma non lo è: mancano i dati di certificazione. Non aprire collegamenti o allegati prima di averne verificato la provenienza.
message-renumbered = Il server di posta ha numerato di nuovo i messaggi: quello chiesto potrebbe essere un altro. Scegli di nuovo il messaggio dall’elenco.
message-unreadable = (messaggio illeggibile)
message-gone = Il messaggio non è più nella casella: potrebbe essere stato spostato o eliminato.

## States of a mailbox
status-never-checked = Mai controllata
status-activating = In attivazione
status-ok = Attiva
status-wrong-password = Password errata
status-password-expired = Password scaduta
status-account-blocked = Account bloccato
status-pin-required = PIN richiesto
status-secret-unreadable = Credenziali non leggibili
status-unreachable = Non raggiungibile
status-temporary-error = Errore temporaneo
status-certificate-invalid = Certificato non valido
status-expired = Scaduta
status-annulled = Annullata
status-suspended = Sospesa
overlay-late = In ritardo
overlay-low = Quasi piena
overlay-full = Piena
overlay-activation-late = Attivazione in ritardo
status-help-never-checked = Il primo controllo avviene al prossimo giro.
status-help-activating = Inserisci la password per iniziare il presidio.
status-help-activation-late = L’attivazione dura da oltre 24 ore: è probabile che si sia interrotta. Il titolare accede al sito del gestore PEC con le proprie credenziali, segue le indicazioni per completarla e comunica la password. Prima di allora non viene fatto nessun tentativo di accesso: bloccherebbe l’account.
status-help-ok = Il presidio è attivo.
status-help-wrong-password = Il titolare potrebbe averla cambiata. Inserisci la nuova password per riprendere il presidio: non vengono fatti altri tentativi.
status-help-password-expired = Il gestore chiede di cambiarla. Il titolare la rinnova sul sito del gestore; poi inserisci qui la nuova password. Non vengono fatti altri tentativi.
status-help-account-blocked = Il gestore ha bloccato l’account. Il titolare chiede lo sblocco al gestore; poi inserisci qui la password. Non vengono fatti altri tentativi.
status-help-pin-required = Il gestore chiede un secondo fattore che il presidio non può dare. Il titolare lo disattiva per l’accesso IMAP o ne ottiene una password dedicata.
status-help-secret-unreadable = La password conservata non si apre con la chiave di questa installazione. Inseriscila di nuovo e avvisa chi amministra il server.
status-help-unreachable = Il server di posta non risponde. Il controllo viene ritentato da solo.
status-help-temporary-error = Il server di posta ha risposto con un errore passeggero. Il controllo viene ritentato da solo.
status-help-certificate-invalid = L’identità del server di posta non è dimostrata: la password non è stata inviata. Segnala il problema al gestore PEC.
status-help-expired = Il contratto con il gestore è scaduto. Il titolare lo rinnova; poi riprendi il presidio.
status-help-annulled = La casella è stata chiusa dal gestore o dal titolare.
status-help-suspended = Il presidio è stato sospeso da una persona: nessun controllo viene fatto finché non lo riprende.
status-ask-activating = Il presidio inizia quando viene inserita la password.
status-ask-wrong-password = Il titolare potrebbe averla cambiata. Il presidio riprende quando viene inserita la nuova password: non vengono fatti altri tentativi.
status-ask-password-expired = Il gestore chiede di cambiarla. Il titolare la rinnova sul sito del gestore; il presidio riprende quando viene inserita la nuova password. Non vengono fatti altri tentativi.
status-ask-account-blocked = Il gestore ha bloccato l’account. Il titolare chiede lo sblocco al gestore; il presidio riprende quando viene inserita la password. Non vengono fatti altri tentativi.
status-ask-secret-unreadable = La password conservata non si apre con la chiave di questa installazione: va inserita di nuovo.
status-ask-expired = Il contratto con il gestore è scaduto. Il titolare lo rinnova; poi il presidio va ripreso.
status-ask-whom = Può farlo solo l’amministratore regionale: avvisalo con una richiesta, senza scrivere la password.
status-ask-request = Invia una richiesta su questa casella

## Kinds of message
kind-certified-message = Messaggio PEC
kind-anomaly = Messaggio non PEC
kind-acceptance = Accettazione
kind-non-acceptance = Non accettazione
kind-taken-in-charge = Presa in carico
kind-delivery = Consegna
kind-delivery-error = Mancata consegna
kind-delivery-warning = Preavviso di mancata consegna
kind-virus-detected = Virus rilevato
kind-rem-dispatch = Messaggio REM
kind-rem-receipt = Ricevuta REM
kind-suspicious = Sembra PEC ma non lo è
kind-ordinary = Messaggio non PEC

## People
role-regional-admin = amministratore regionale
role-operator = operatore
role-org-admin = amministratore dell’ente
role-org-user = utente dell’ente
role-auditor = revisore

## Trace
audit-title = Registro attività
audit-actor = Persona (indirizzo, anche solo una parte)
audit-subject = Su che cosa (anche solo una parte)
audit-action = Azione
audit-all-actions = Tutte le azioni
audit-from = Dal
audit-to = Al
audit-table = Righe del registro
audit-caption = Attività dalla più recente
audit-th-seq = Riga
audit-th-at = Quando
audit-th-actor = Chi
audit-th-action = Azione
audit-th-subject = Su che cosa
audit-th-ip = Indirizzo
audit-th-hash = Impronta
audit-shown =
    { $n ->
        [one] { $n } riga
       *[other] { $n } righe
    }
audit-next = Mostra le precedenti
audit-never = Nel registro non compaiono mai password né testo dei messaggi.
audit-none = Nessuna riga corrisponde ai filtri.
audit-none-what = Azzera i filtri o cambia la ricerca.
actor-system = Sistema
actor-command = Comando
trace-category = Categoria
trace-blocks = blocchi
trace-mailboxes = caselle
trace-members = componenti
trace-passwords = password
trace-bytes = byte
trace-mails-off = Email non volute
trace-keys-on = Tasti rapidi sì
trace-keys-off = Tasti rapidi no
action-mailbox-created = Casella aggiunta
action-mailbox-changed = Casella modificata
action-mailbox-removed = Casella rimossa
action-mailbox-opened = Casella aperta
action-mailbox-password-changed = Password della casella cambiata
action-mailbox-status-changed = Stato della casella cambiato
action-mailbox-refreshed = Aggiornamento chiesto
action-capacity-block-added = Blocco di caselle aggiunto
action-message-read = Messaggio letto
action-message-downloaded = Messaggio scaricato
action-folder-read = Cartella letta
action-folders-read = Cartelle elencate
action-session-opened = Accesso
action-session-refused = Accesso rifiutato
action-session-closed = Uscita
action-user-created = Utente creato
action-user-changed = Utente modificato
action-user-password-set = Password dell’utente impostata
action-organization-created = Ente creato
action-organization-changed = Ente modificato
action-token-created = Token creato
action-link-created = Collegamento creato
action-job-run = Lavoro avviato
action-audit-read = Registro consultato
action-installation-created = Installazione creata
action-key-rotated = Chiave rinnovata

## Jobs
jobs-title = Lavori pianificati
jobs-table = Elenco dei lavori
jobs-caption = Lavori pianificati con ultima e prossima esecuzione
jobs-th-name = Lavoro
jobs-th-schedule = Quando
jobs-th-last = Ultima esecuzione
jobs-th-duration = Durata
jobs-th-outcome = Esito
jobs-th-next = Prossima
jobs-th-actions = Azioni
jobs-tally = { $well } riuscite, { $failed } non riuscite
jobs-run = Esegui ora
jobs-never = mai eseguito
jobs-each-minute = ogni minuto
jobs-each-seconds = ogni { $n } secondi
jobs-each-minutes = ogni { $n } minuti
jobs-each-hour = ogni ora, al minuto { $n }
jobs-each-day = ogni giorno alle { $at }
jobs-disabled = disattivato
jobs-no-next = nessuna
jobs-late = in ritardo: doveva già essere eseguito
job-refresh-mailboxes = Aggiornamento delle caselle
outcome-ok = Riuscito
outcome-partial = Riuscito in parte
outcome-failed = Non riuscito
outcome-running = In corso

## Messages after an act
flash-mailbox-created = Casella aggiunta. L’accesso è riuscito.
flash-mailbox-removed = Casella rimossa dal presidio: la password cifrata è stata cancellata.
flash-block-added = Blocco aggiunto.
flash-block-not-added = Il blocco non è stato aggiunto: il numero dei blocchi è cambiato nel frattempo. Controlla i numeri e, se serve, riprova.
flash-mailbox-created-tied = Casella aggiunta e collegata all’ente che ha lo stesso codice fiscale. L’accesso è riuscito.
flash-password-changed = Password salvata: il presidio riprende.
flash-refresh-started = Aggiornamento avviato. I numeri cambiano da soli; si può lasciare la pagina.
flash-mailbox-unanswered = La casella non è stata aggiornata: il server di posta non ha risposto come atteso.
flash-mailbox-refreshed = Casella aggiornata.
flash-mailbox-not-refreshed = La casella non è stata aggiornata: il presidio è fermo.
flash-job-started = Lavoro avviato.
flash-signed-out = Sessione chiusa.

## What could not be done
error-number = Errore { $n }
error-home = Torna alla pagina iniziale
error-code = Codice da comunicare all’assistenza:
error-400-heading = Richiesta non valida
error-400-what = La richiesta non è comprensibile. Torna indietro e riprova.
error-401-heading = Accesso richiesto
error-401-token = Manca un token valido. Indicalo nell’intestazione Authorization, nella forma Bearer TOKEN.
error-403-heading = Azione non consentita
error-403-what = Il profilo in uso non consente questa azione. Se serve, chiedi il permesso all’amministratore del servizio.
error-stale-heading = La pagina è scaduta
error-stale-what = Torna indietro, ricaricala e riprova.
error-404-heading = Pagina non trovata
error-404-what = La pagina non esiste o non è visibile con il profilo in uso. Controlla l’indirizzo o torna alla pagina iniziale.
error-409-heading = Operazione non possibile ora
error-409-what = Qualcun altro ha modificato gli stessi dati. Ricarica la pagina e ripeti la modifica.
error-413-heading = Invio troppo grande
error-413-what = I dati inviati superano il limite. Riducili o dividili in più parti.
error-422-heading = Dati non validi
error-422-what = I dati inviati non sono nella forma attesa. Torna indietro, ricarica la pagina e riprova.
error-429-heading = Troppe richieste
error-429-what = Sono arrivate troppe richieste in poco tempo. Attendi qualche minuto e riprova.
error-500-heading = Qualcosa non ha funzionato
error-500-what = Riprova tra qualche minuto; se il problema continua, comunica il codice all’assistenza.
error-502-heading = Il server di posta non collabora
error-502-what = Il server di posta non ha risposto come atteso. Riprova tra qualche minuto.
error-503-heading = Servizio momentaneamente non disponibile
error-503-what = Il servizio è in avvio o in manutenzione. Riprova tra qualche minuto.
error-no-key = La chiave che protegge le password delle caselle non è al suo posto: la richiesta non è stata eseguita. Avvisa chi gestisce il servizio.
error-504-heading = Il server di posta non risponde
error-504-what = Il server di posta non ha risposto in tempo. Riprova tra qualche minuto.

## Calendars
calendar-assistenza = Assistenza
calendar-servizi = Servizi
holiday-new-year = Capodanno
holiday-epiphany = Epifania
holiday-easter = Pasqua
holiday-easter-monday = Lunedì dell’Angelo
holiday-liberation = Anniversario della Liberazione
holiday-labour = Festa del lavoro
holiday-republic = Festa della Repubblica
holiday-assumption = Assunzione
holiday-saint-francis = San Francesco d’Assisi
holiday-all-saints = Ognissanti
holiday-immaculate = Immacolata Concezione
holiday-christmas = Natale
holiday-saint-stephen = Santo Stefano

## Names of fields
field-email = Indirizzo email
field-password = Password
field-name = Nome e cognome
field-organization-id = Ente
field-address = Indirizzo PEC
field-description = Nome della casella
field-username = User-id
field-group = Gruppo
field-holder-tax-code = Codice fiscale o Partita IVA del titolare
field-imap-host = Server di posta (IMAP)
field-smtp-host = Server di invio (SMTP)
field-smtp-port = Porta per l’invio
field-smtp-security = Protezione per l’invio
field-imap-port = Porta
field-imap-security = Protezione
field-authorization-holder = Autorizzato da
field-authorization-date = Data dell’autorizzazione
security-tls = TLS (consigliata)
security-starttls = STARTTLS
security-none = Nessuna
secured-tls = TLS
secured-starttls = STARTTLS
secured-none = senza protezione

## What is wrong with a field
invalid-required = Compila questo campo.
invalid-email = Inserisci un indirizzo completo, per esempio nome@comune.example.
invalid-future = La data non può essere nel futuro.
invalid-too-long = Il testo è troppo lungo: accorcialo.
invalid-too-short = La password è troppo corta: usa almeno 12 caratteri.
invalid-not-a-number = Inserisci un numero intero tra quelli ammessi.
invalid-security = Scegli tra TLS, STARTTLS e nessuna protezione.
invalid-role = Scegli un ruolo tra quelli previsti.
invalid-visibility = Scegli una visibilità tra quelle previste.
invalid-unknown-field = Campo non previsto.
invalid-taken = Valore già in uso: scegline un altro.
invalid-email-taken = Questo indirizzo è già di un altro utente. Se la persona lavora anche per un altro ente, la aggiunge l’amministratore regionale.
invalid-not-found = Elemento inesistente o non visibile con il profilo in uso.
invalid-date = Inserisci una data valida, nella forma AAAA-MM-GG.
invalid-host = Inserisci il nome del server, per esempio imap.gestore.example.
invalid-mail-domain = Scrivi il dominio dopo la chiocciola, per esempio comune.borgosolare.example; più domini si separano con virgole.
invalid-password-refused = La password è stata rifiutata dal server di posta. Non vengono fatti altri tentativi: correggi la password e riprova.
invalid-password-refused-before = Il server di posta ha già rifiutato due volte questa password: per non bloccare la casella non viene provata di nuovo per un’ora. Controlla con il titolare qual è quella giusta.
invalid-password-expired = Il server di posta dice che la password è scaduta. Il titolare la cambia presso il gestore: poi inserisci qui quella nuova.
invalid-account-blocked = Il server di posta rifiuta l’accesso e rimanda al gestore: l’account può essere bloccato. Il titolare chiede lo sblocco, poi riprova.
invalid-unreachable = Il server di posta non risponde. Controlla il nome del server e la porta; se sono corretti, riprova tra qualche minuto.
invalid-certificate = Il certificato del server di posta non è valido: la password non è stata inviata. Controlla il nome del server.
invalid-certificate-expired = Il certificato del server di posta è scaduto: la password non è stata inviata. Chiedi al gestore di rinnovarlo.
invalid-certificate-not-yet-valid = Il certificato del server di posta non è ancora valido: la password non è stata inviata. Chiedi al gestore di sostituirlo.
invalid-certificate-wrong-name = Il certificato del server di posta è di un altro nome: la password non è stata inviata. Controlla il nome del server.
invalid-certificate-unknown-authority = Il certificato del server di posta è autofirmato o di un’autorità sconosciuta: la password non è stata inviata. Chiedi al gestore un certificato di un’autorità riconosciuta, o all’amministratore del servizio di aggiungere quella del gestore (ca_file).
invalid-certificate-own-authority = Il certificato del server di posta è quello di un’autorità (autofirmato): la password non è stata inviata. Chiedi al gestore di dare al server un certificato proprio, firmato dall’autorità.
invalid-certificate-revoked = Il certificato del server di posta è revocato: la password non è stata inviata. Chiedi al gestore di sostituirlo.
invalid-tls-old = Il server di posta offre solo TLS 1.1 o precedente, non più sicuro: la password non è stata inviata. Chiedi al gestore di offrire TLS 1.2 o successivo.
invalid-tls-none = Il server di posta non parla TLS su questa porta: la password non è stata inviata. Controlla porta e sicurezza.
invalid-not-allowed = Questo server non è ammesso: sono esclusi gli indirizzi privati o locali e le connessioni senza protezione.
invalid-plaintext-not-allowed = La connessione senza protezione non è consentita: scegli TLS o STARTTLS.
invalid-control-characters = Il testo contiene caratteri non ammessi: riscrivilo senza andare a capo.
invalid-not-a-list = Il valore deve essere un elenco.
invalid-not-an-object = Il valore deve essere un oggetto.
invalid-not-text = Il valore deve essere un testo.
invalid-not-boolean = Il valore deve essere vero o falso.
invalid-language = Scegli una lingua tra quelle disponibili.
invalid-area = Scegli un’area tra pec e pki.
invalid-tax-code-length = Il codice fiscale di una persona ha 16 caratteri, quello di un ente e la Partita IVA 11 cifre: controlla che non ne manchino.
invalid-tax-code-form = Il codice non ha la forma di un codice fiscale né di una Partita IVA: controlla lettere e cifre.
invalid-tax-code-month = La lettera del mese di nascita, il nono carattere del codice fiscale, non esiste: ricontrolla il codice.
invalid-tax-code-day = Il giorno di nascita, decimo e undicesimo carattere del codice fiscale, non esiste: ricontrolla il codice.
invalid-tax-code-check = L’ultimo carattere, quello di controllo, non torna: ricontrolla il codice, di solito un carattere è sbagliato o scambiato con un altro.
invalid-doubled = Già presente in una riga precedente del file.
invalid-line-too-long = La riga è troppo lunga: controlla che non manchino virgolette o a capo.
invalid-line-fields = La riga non ha tanti campi quanti ne indica la prima: controlla i separatori e metti tra virgolette i testi che li contengono.
invalid-line-quotes = La riga ha virgolette che non si chiudono: raddoppia quelle che fanno parte del testo. Un campo non può andare a capo.
invalid-login-refused-before = Non provata: l’accesso della stessa user-id è stato rifiutato in una riga precedente, e altri tentativi potrebbero bloccare l’account.
invalid-server-given-up = Non provata: il server di posta non ha risposto per le righe precedenti. Carica di nuovo la riga quando il server risponde.
invalid-too-common = La password è troppo comune o facile da indovinare: scegline un’altra.

invalid-domain = Il dominio dell’indirizzo non è tra quelli ammessi: { $about }.
invalid-not-json = Il contenuto inviato deve essere un oggetto JSON, con il tipo application/json.
invalid-cursor = Il cursore non è valido: riparti dall’inizio dell’elenco.
invalid-word = Scegli un valore tra quelli previsti.
invalid-organization-inactive = L’ente non è attivo: attivalo prima di presidiare le sue caselle.
invalid-moment = Inserisci data e ora nella forma RFC 3339, per esempio 2026-11-22T08:00:00Z.
invalid-right = Usa i diritti view, write, send, delete.
invalid-past = Indica un momento futuro.
invalid-role-beyond = Questo ruolo può essere assegnato solo dall’amministratore regionale.
conflict-last-admin = È l’ultimo amministratore regionale attivo: nominane un altro prima di cambiare questo.
conflict-not-kept = Il salvataggio non è riuscito: carica di nuovo la riga tra qualche minuto.
conflict-removed = La casella è stata rimossa nel frattempo.
conflict-capacity = Il numero dei blocchi è cambiato nel frattempo.
conflict-self = È la propria utenza: può disattivarla solo un altro amministratore.
conflict-changed-thing = Qualcun altro ha modificato questi dati nel frattempo. Ricarica la pagina e ripeti la modifica.
conflict-changed = Qualcun altro ha modificato la casella nel frattempo. Ricarica la pagina e ripeti la modifica.
institution = Presidio delle caselle PEC

## What to fill in, field by field; invalid-required is for the others
required-email = Inserisci l’indirizzo email.
required-password = Inserisci la password.
required-name = Inserisci il nome.
required-code = Inserisci il codice.
required-role = Scegli il ruolo.
required-organization-id = Scegli l’ente.
required-address = Inserisci l’indirizzo della casella.
required-username = Inserisci lo user-id della casella.
required-imap-host = Inserisci il server di posta.
required-imap-port = Inserisci la porta del server di posta.
required-authorization-holder = Indica chi ha autorizzato il presidio.
required-authorization-date = Indica la data dell’autorizzazione.

## What leaves by mail, and its page
menu-outbox = Posta in uscita
outbox-title = Posta in uscita
outbox-closed = Nessuna posta esce da qui: manca l’impostazione smtp_url. I collegamenti per le password si mostrano una volta a chi li crea.
outbox-state = Stato
outbox-all = Tutti
outbox-stuck = Da rivedere ({ $n })
outbox-waiting = In attesa ({ $n })
outbox-sent = Inviati
outbox-th-to = Destinatario
outbox-th-subject = Oggetto
outbox-th-at = Quando
outbox-th-attempts = Tentativi
outbox-th-next = Prossimo tentativo
outbox-retry = Riprova
outbox-none = Nessun messaggio in uscita
outbox-none-what = Qui compaiono gli inviti, le richieste di nuova password e gli avvisi che il servizio spedisce.
outbox-none-matching = Nessun messaggio in questo stato
mail-state-queued = In attesa
mail-state-sending = In invio
mail-state-handing-over = In consegna
mail-state-sent = Inviato
mail-state-failed = Non inviato
mail-state-uncertain = Invio incerto
mail-to-queued = In attesa: { $to }
mail-to-sending = In invio: { $to }
mail-to-handing-over = In consegna: { $to }
mail-to-sent = Inviato a { $to }
mail-to-failed = Non inviato a { $to }
mail-to-uncertain = Invio incerto a { $to }
mail-to-more = { $n ->
    [one] { $to } e un altro
   *[other] { $to } e altri { $n }
 }
mail-fault-unreachable = Il server di posta in uscita non risponde.
mail-fault-certificate = La connessione con il server di posta in uscita non è protetta come richiesto.
mail-fault-login = Il server di posta in uscita non accetta utente e password del servizio.
mail-fault-not-now = Il server di posta in uscita chiede di riprovare più tardi.
mail-fault-refused = Il server ha rifiutato il messaggio.
mail-fault-interrupted = La connessione è caduta durante la consegna: il messaggio può essere arrivato o no. Riprova solo se il destinatario non lo ha ricevuto.
mail-fault-unreadable = Il messaggio conservato non si apre.
mail-fault-unwritten = A questo indirizzo non si può spedire: non è scritto come un indirizzo email.
mail-fault-bounced = A questo indirizzo un’email precedente non è arrivata: per 60 giorni non gli si scrive più, a meno che scriva lui, che tu riprovi o segni che funziona di nuovo.
flash-mail-retried = Il messaggio viene inviato di nuovo.
flash-mail-not-retried = Il messaggio è già partito o sta partendo.
conflict-mail-left = Il messaggio è già partito o sta partendo.
action-mail-retried = Invio ripetuto
job-deliver-mail = Invio della posta
mail-others = Lo riceve anche: { $names }.
mail-footer = Messaggio automatico di Sportello ({ $site }): non rispondere a questo indirizzo.
mail-footer-answers = Messaggio automatico di Sportello ({ $site }). Puoi rispondere a questa email: la risposta arriva alla richiesta.
mail-footer-opens = Messaggio automatico di Sportello ({ $site }). Puoi rispondere a questa email, senza gli allegati: la risposta apre una richiesta.
mail-invitation-subject = Il tuo accesso a Sportello
mail-invitation-body =
    è stato creato per te un accesso a Sportello, il servizio di presidio delle caselle PEC e di assistenza. Il tuo nome utente è l’indirizzo a cui ricevi questo messaggio.

    Scegli la tua password con il collegamento qui sotto. Vale { $days } giorni e si usa una volta sola.

    Se non ti aspettavi questo messaggio, non fare nulla.
mail-invitation-action = Scegli la password
mail-new-password-subject = Scegli una nuova password per Sportello
mail-new-password-body =
    è stata chiesta una nuova password per il tuo accesso a Sportello.

    Scegli la nuova password con il collegamento qui sotto. Vale { $days ->
        [0] { $hours } ore
       *[other] { $days } giorni
    } e si usa una volta sola.

    Se non l’hai chiesta tu, non fare nulla: la password attuale resta valida.
mail-new-password-action = Scegli la nuova password
mail-password-changed-subject = La tua password di Sportello è cambiata
mail-password-changed-body =
    la password del tuo accesso a Sportello è appena cambiata e tutte le altre sessioni sono state chiuse.

    Se sei stato tu, non devi fare nulla. Altrimenti chiedi subito una nuova password con il collegamento qui sotto e avvisa l’amministratore del servizio.
mail-password-changed-action = Chiedi una nuova password
mail-address-changed-subject = Il tuo indirizzo su Sportello è cambiato
mail-address-changed-body =
    da adesso il tuo accesso a Sportello usa un altro indirizzo: { $address }. Le sessioni aperte sono state chiuse e i collegamenti inviati prima non valgono più.

    Se non lo aspettavi, avvisa subito chi amministra il servizio.

## Who has forgotten the password
login-forgotten = Password dimenticata?
forgotten-title = Password dimenticata
forgotten-lead = Scrivi l’indirizzo email con cui accedi: se è registrato, riceverai un collegamento per scegliere una nuova password.
forgotten-submit = Invia il collegamento
forgotten-closed = Da qui non è possibile inviare messaggi: chiedi un nuovo collegamento all’amministratore del servizio.
forgotten-back = Torna all’accesso
forgotten-help = Non arriva niente?
forgotten-help-time = Il collegamento arriva in pochi minuti e vale 2 ore.
forgotten-help-spam = Controlla anche la posta indesiderata.
forgotten-help-pec = L’indirizzo è quello registrato per il servizio, non la casella PEC.
flash-link-asked = Se l’indirizzo è registrato, il collegamento è in arrivo.

## The desk
act-ask-for-help = Chiedere assistenza e seguire le proprie richieste
act-work-tickets = Lavorare le richieste
act-manage-desk = Gestire i gruppi dell’assistenza
severity-critical = Critico/Bloccante
severity-high = Alto
severity-medium = Medio
severity-low = Basso
ticket-state-new = Nuova
ticket-state-open = In lavorazione
ticket-state-pending-requester = In attesa del richiedente
ticket-state-pending-conditions = In attesa di condizioni
ticket-state-pending-third-party = Presso il gestore
ticket-state-resolved = Risolta
ticket-state-closed = Chiusa
ticket-state-cancelled = Annullata
ticket-plain-new = Aperta
ticket-plain-open = In corso
ticket-plain-pending-requester = In corso: attendiamo una tua risposta
ticket-plain-pending-conditions = In corso: manca qualcosa
ticket-plain-pending-third-party = In corso: presso il gestore
ticket-plain-resolved = Completata: confermi?
ticket-plain-closed = Completata
ticket-plain-cancelled = Annullata
ticket-kind-consulting = Consulenza e formazione
ticket-kind-service-request = Richiesta di servizio
ticket-kind-maintenance = Manutenzione ordinaria
ticket-kind-incident = Malfunzionamento
channel-email = Email
channel-form = Modulo
channel-chat = Chat
channel-phone = Telefono
channel-portal = Portale
channel-api = API
channel-system = Sistema
ticket-event-created = Richiesta aperta
ticket-event-follows = Continua la richiesta { $old }
ticket-event-continued = Continua nella richiesta { $new }
ticket-event-opened = Ripresa in lavorazione
ticket-event-taken = Presa in carico
ticket-event-waiting-requester = In attesa di una risposta: { $why }
ticket-event-waiting-conditions = In attesa di condizioni: { $why }
ticket-event-waiting-third-party = Presso il gestore: { $why }
ticket-event-escalated = Passata dal livello { $old } al livello { $new }: { $why }
ticket-event-resolved = Risolta
ticket-event-reopened = Riaperta
ticket-event-closed = Chiusa
ticket-event-cancelled = Annullata: { $why }
ticket-event-restored = Ripristinata
ticket-event-merged = Unita a { $new }
ticket-event-unmerged = Unione annullata
ticket-event-joined = Unita qui la richiesta { $new }
ticket-event-parted = Separata da qui la richiesta { $new }
ticket-event-split = Alcuni messaggi spostati nella richiesta { $new }
ticket-event-split-from = Messaggi arrivati dalla richiesta { $old }
ticket-event-deleted = Eliminata: { $why }
ticket-event-subject = Oggetto: da «{ $old }» a «{ $new }»
ticket-event-severity = Gravità: da { $old } a { $new }
ticket-event-due = Scadenza: da { $old } a { $new }
ticket-event-area = Area: da { $old } a { $new }
ticket-event-kind = Tipo: da «{ $old }» a «{ $new }»
ticket-event-kind-given = Tipo: { $new }
ticket-event-kind-gone = Tipo: nessuno, prima «{ $old }»
ticket-event-category = Categoria: da «{ $old }» a «{ $new }»
ticket-event-category-given = Categoria: { $new }
ticket-event-category-gone = Categoria: nessuna, prima «{ $old }»
ticket-event-cc = In copia: da «{ $old }» a «{ $new }»
ticket-event-cc-given = In copia: { $new }
ticket-event-cc-gone = In copia: nessuno, prima «{ $old }»
ticket-event-tags = Etichette: da «{ $old }» a «{ $new }»
ticket-event-tags-given = Etichette: { $new }
ticket-event-tags-gone = Etichette: nessuna, prima «{ $old }»
ticket-event-group = Gruppo: da «{ $old }» a «{ $new }»
ticket-event-group-given = Gruppo: { $new }
ticket-event-group-gone = Gruppo: nessuno, prima «{ $old }»
ticket-event-assignee = Assegnatario: da «{ $old }» a «{ $new }»
ticket-event-assignee-given = Assegnatario: { $new }
ticket-event-assignee-gone = Assegnatario: nessuno, prima «{ $old }»
ticket-event-linked = Casella collegata: { $new }
ticket-event-unlinked = Casella scollegata: { $new }
action-ticket-created = Richiesta aperta
action-ticket-changed = Richiesta modificata
action-ticket-replied = Risposta a una richiesta
action-ticket-noted = Nota interna a una richiesta
action-ticket-taken = Richiesta presa in carico
action-ticket-waiting = Richiesta messa in attesa
action-ticket-escalated = Richiesta passata di livello
action-ticket-resolved = Richiesta risolta
action-ticket-reopened = Richiesta riaperta
action-ticket-closed = Richiesta chiusa
action-ticket-cancelled = Richiesta annullata
action-ticket-restored = Richiesta ripristinata
action-ticket-merged = Richiesta unita
action-ticket-unmerged = Unione annullata
action-ticket-split = Richiesta divisa
action-ticket-deleted = Richiesta eliminata
action-ticket-linked = Casella collegata a una richiesta
action-ticket-unlinked = Casella scollegata da una richiesta
action-group-created = Gruppo creato
action-group-changed = Gruppo modificato
conflict-ticket-state = Lo stato della richiesta non lo consente. Ricarica la pagina per vedere com’è adesso.
conflict-ticket-taken = Un collega l’ha presa in carico un momento fa. Ricarica la pagina per vedere chi.
conflict-newer-message = È arrivata una nuova risposta mentre scrivevi. Leggila prima di inviare.
invalid-emails = Indica indirizzi completi, separati da virgole, al massimo 50.
invalid-area-not-enabled = L’ente non è abilitato a questa area.
invalid-same-level = La richiesta è già a questo livello.
invalid-no-such-ticket = Non c’è un’altra richiesta con questo numero.
invalid-desk-mailbox = È un indirizzo dell’assistenza: la sua posta diventa richieste, e non si può presidiare.
invalid-certified = Le caselle PEC non accettano indirizzi con il più.
invalid-long-for-plus = Prima della @ l’indirizzo è troppo lungo: ce ne stanno 19 lettere al massimo.
invalid-watched-mailbox = È una casella presidiata: la sua posta è del titolare. Per l’assistenza serve una casella propria.
invalid-same-ticket = Questa è la richiesta stessa: indica il numero di un’altra.
invalid-other-organization = La richiesta indicata è di un altro ente.
invalid-key = La chiave deve avere da 1 a 200 caratteri stampabili.
invalid-key-reused = La stessa chiave è già stata usata con altri dati.
mail-greeting = Gentile { $name },
mail-ticket-burst-subject = [{ $number }] { $n } novità: { $subject }
mail-ticket-burst-body = ecco le ultime novità sulla richiesta { $number } «{ $subject }».
mail-public-action = Guarda a che punto è
mail-ticket-burst-action = Apri la richiesta
mail-ticket-created-subject = [{ $number }] { $subject }
mail-ticket-created-body =
    la richiesta { $number } «{ $subject }» è stata aperta. Stato: aperta.

    { $text }
mail-ticket-created-action = Segui la richiesta
mail-ticket-critical-subject = [{ $number }] Critico/Bloccante: { $subject }
mail-ticket-critical-body =
    la richiesta { $number } «{ $subject }» è critica e va presa in carico subito.

    { $text }
mail-ticket-critical-action = Apri la richiesta
mail-ticket-assigned-subject = [{ $number }] Ti è stata assegnata: { $subject }
mail-ticket-assigned-body =
    ti è stata assegnata la richiesta { $number } «{ $subject }».
mail-ticket-assigned-action = Apri la richiesta
mail-ticket-reply-subject = [{ $number }] Nuova risposta: { $subject }
mail-ticket-reply-body =
    c’è una nuova risposta alla richiesta { $number } «{ $subject }»:

    { $text }
mail-ticket-reply-body-by =
    c’è una nuova risposta di { $author } alla richiesta { $number } «{ $subject }»:

    { $text }
mail-ticket-reply-action = Leggi e rispondi
mail-ticket-taken-subject = [{ $number }] Presa in carico: { $subject }
mail-ticket-taken-body =
    la richiesta { $number } «{ $subject }» è stata presa in carico. Stato: in corso.
mail-ticket-taken-action = Segui la richiesta
mail-ticket-waiting-requester-subject = [{ $number }] Attendiamo una tua risposta: { $subject }
mail-ticket-waiting-requester-body =
    per andare avanti con la richiesta { $number } «{ $subject }» serve una tua risposta:

    { $text }
mail-ticket-waiting-requester-action = Rispondi
mail-ticket-waiting-conditions-subject = [{ $number }] Manca qualcosa: { $subject }
mail-ticket-waiting-conditions-body =
    la richiesta { $number } «{ $subject }» è in attesa. Manca:

    { $text }
mail-ticket-waiting-conditions-action = Apri la richiesta
mail-ticket-waiting-third-party-subject = [{ $number }] Presso il gestore: { $subject }
mail-ticket-waiting-third-party-body =
    la richiesta { $number } «{ $subject }» è presso il gestore:

    { $text }
mail-ticket-waiting-third-party-action = Segui la richiesta
mail-ticket-resolved-subject = [{ $number }] Risolta: { $subject }
mail-ticket-resolved-body =
    la richiesta { $number } «{ $subject }» è risolta:

    { $text }

    Se va bene, conferma. Se il problema resta, rispondi: la richiesta si riapre.
mail-ticket-resolved-action = Conferma o rispondi
mail-ticket-closed-subject = [{ $number }] Chiusa: { $subject }
mail-ticket-closed-body =
    la richiesta { $number } «{ $subject }» è chiusa.
mail-ticket-closed-action = Apri la richiesta
mail-ticket-cancelled-subject = [{ $number }] Annullata: { $subject }
mail-ticket-cancelled-body =
    la richiesta { $number } «{ $subject }» è stata annullata:

    { $text }
mail-ticket-cancelled-action = Apri la richiesta
mail-ticket-reopened-subject = [{ $number }] Riaperta: { $subject }
mail-ticket-reopened-body =
    la richiesta { $number } «{ $subject }» è stata riaperta.
mail-ticket-reopened-action = Apri la richiesta
mail-ticket-escalated-subject = [{ $number }] Passata al tuo livello: { $subject }
mail-ticket-escalated-body =
    la richiesta { $number } «{ $subject }» è stata passata al tuo livello:

    { $text }
mail-ticket-escalated-action = Apri la richiesta
area-pec = PEC
area-pki = PKI

## Requests on pages
menu-desk = Assistenza
menu-requests = Le mie attività
request = Richiesta
requests-title = Le mie attività
requests-lists = Elenchi di richieste
requests-mine = Richieste
requests-cc = In copia
requests-organization = Organizzazione
requests-search = Cerca per parola, numero o persona
requests-state = Stato
requests-all = Tutte
requests-aperte = Aperte
requests-in-corso = In corso
requests-completate = Completate
requests-caption = Richieste, dalla più recente
requests-updated = Aggiornata
requests-follows = Segue
requests-unassigned = in assegnazione
requests-none = Nessuna richiesta
requests-none-what = Qui si seguono le richieste di assistenza.
requests-none-matching = Nessuna richiesta corrisponde
requests-waiting =
    { $n ->
        [one] Una richiesta attende una tua risposta:
       *[other] { $n } richieste attendono una tua risposta:
    }
request-new = Invia una richiesta
request-new-title = Invia una richiesta
request-new-lead = I campi sono obbligatori salvo dove è scritto «facoltativo».
request-organization = Ente
request-area = Area
request-kind = Tipo di problema
request-priority = Priorità indicata
request-priority-other = Priorità indicata: { $priority }; la gravità è stabilita dall’assistenza.
request-priority-help = La gravità è stabilita dall’assistenza: una richiesta indicata come critica parte da Alto, finché un operatore non la conferma.
request-mailbox = Casella PEC interessata
request-no-mailbox = Nessuna in particolare
request-subject = Oggetto
request-body = Descrizione
request-body-help = Non scrivere password. Riporta il testo dell’errore, se compare.
request-cc = In copia
request-cc-help = Indirizzi email separati da virgole: vedono questa richiesta e nessun’altra.
request-cc-lost = Le email a { $to } non arrivano: controlla l’indirizzo e, se è sbagliato, scrivi quello giusto in una risposta.
request-send = Invia la richiesta
request-help = Serve una risposta subito?
desk-open = aperto ora
desk-closed = chiuso ora
desk-hours = Assistenza { $week }. Le richieste si inviano a qualsiasi ora.
choose = Scegli…
priority-critical = Non si può inviare o ricevere PEC, oppure c’è una scadenza di legge oggi.
priority-high = Una casella non è utilizzabile e non ci sono alternative.
priority-medium = Il servizio funziona in parte.
priority-low = Consiglio, formazione, richiesta senza fretta.
flash-request-sent = Richiesta inviata. La conferma è qui: il numero identifica la richiesta.
flash-request-followed = La richiesta era chiusa: la risposta ne ha aperta una nuova, collegata.
flash-request-closed = Richiesta chiusa.
flash-request-reopened = Richiesta riaperta.
flash-reply-sent = Risposta inviata.
flash-note-kept = Nota salvata: la vede solo l’assistenza.
flash-ticket-deleted = Richiesta spostata nel cestino.
request-reopen = Riapri
request-confirm = Conferma la soluzione
request-settled = Segna come risolta
request-work = Apri in Assistenza
request-merged = Questa richiesta è stata unita alla { $number }: si continua lì.
request-data = Riepilogo
request-now = Che cosa succede ora
request-number = Numero
request-opened = Aperta
request-taken = Presa in carico
request-follows = Continua
ticket-now-new = La richiesta è arrivata: presto qualcuno la prende in carico.
ticket-now-open = Qualcuno ci sta lavorando.
ticket-now-pending-requester = Il tempo di risoluzione è fermo: riprende quando rispondi.
ticket-now-pending-conditions = Il tempo di risoluzione è fermo finché non arriva quello che manca.
ticket-now-pending-third-party = La richiesta è presso il gestore; il tempo di risoluzione corre.
ticket-now-resolved = Se va bene, conferma. Se il problema resta, rispondi o riapri.
ticket-now-closed = La richiesta resta consultabile. Una risposta ne apre una nuova, collegata.
ticket-now-cancelled = La richiesta non viene lavorata.
ticket-you = tu
ticket-requester = Richiedente
ticket-desk = Assistenza
ticket-in-copy = In copia
ticket-colleague = Collega
message-automatic = Risposta automatica
message-named = Nell’email anche, senza ricevere nulla della richiesta: { $names }
ticket-note = Nota interna, non visibile al richiedente
ticket-message-of = Messaggio di { $name }
ticket-mail = Email:
ticket-mailboxes = Caselle collegate
ticket-no-mailbox = Nessuna casella collegata.
ticket-last-good = Ultimo controllo buono
ticket-unread = Non letti
ticket-space = Spazio usato
ticket-open-mailbox = Apri la casella
ticket-ask-holder = Per aprirla chiedi l’accesso al titolare.
ticket-actions = Azioni
ticket-into = Numero della richiesta che resta
history-older = Mostra i messaggi precedenti
history-latest = Torna agli ultimi messaggi
ticket-into-help = Chi ha aperto questa richiesta e chi è in copia leggeranno tutta l’altra; annullando l’unione non la vedono più.
ticket-others = Altre richieste dell’ente
ticket-in-bin = Nel cestino: { $why }
reply = Rispondi
reply-yours = La tua risposta
reply-follows = La richiesta è chiusa: la risposta ne apre una nuova, collegata a questa.
reply-no-password = Non scrivere qui la password della casella.
reply-send = Invia la risposta
reply-to-requester = Risposta al richiedente
reply-to = A: { $name }
reply-send-to-requester = Invia al richiedente
note-internal = Nota interna
note-text = Testo della nota
note-keep = Salva la nota
solution = Soluzione
solution-help = È il testo che il richiedente riceve.
reason = Motivo
severity = Gravità
channel = Canale
level = Livello
assignee = Assegnata a
nobody = Nessuno
tags = Etichette
all-f = Tutte
all-m = Tutti
due = Scadenza
due-first-response = Prima risposta entro
due-resolution = Risoluzione entro
due-next-update = Prossimo aggiornamento entro
due-how = Come si calcola
queue-open = Richieste aperte
queue-unassigned = Da prendere in carico
queue-mine = Mie
queue-waiting = In attesa
queue-done = Chiuse
queue-bin = Cestino
queue-search = Cerca numero, oggetto o richiedente
queue-caption = Richieste, dalla scadenza più vicina
queue-whose = Ente e richiedente
queue-mailboxes =
    { $n ->
        [one] casella collegata
       *[other] { $n } caselle collegate
    }
queue-narrowed = Solo: { $what }.
queue-none = Niente in coda
queue-none-what = Qui arrivano le richieste da lavorare.
verb-taken = Prendi in carico
verb-waiting-requester = Metti in attesa del richiedente
verb-waiting-conditions = Metti in attesa di condizioni
verb-waiting-third-party = Passa al gestore
verb-escalated = Passa di livello
verb-resolved = Risolvi
verb-reopened = Riapri
verb-closed = Chiudi
verb-cancelled = Annulla
verb-restored = Ripristina
verb-merged = Unisci a un’altra
verb-unmerged = Annulla l’unione
verb-deleted = Elimina
invalid-newer-message = È arrivata una nuova risposta mentre scrivevi: leggila qui sopra, poi invia di nuovo.
invalid-area-not-yours = Con il tuo profilo non lavori in quest’area: scegline un’altra.
invalid-ticket-taken = Un collega l’ha presa in carico un momento fa: guarda chi la segue, poi decidi se prenderla tu.
invalid-changed-meanwhile = Qualcun altro ha modificato questo dato nel frattempo: controlla e salva di nuovo.
invalid-call-not-added = A quella richiesta non si può più aggiungere nulla: è stata chiusa o affidata ad altri. Il testo è rimasto qui: scegline un’altra o apri una richiesta nuova.
invalid-call-not-opened = La richiesta non è stata aperta: qualcosa è cambiato mentre scrivevi. Il testo è rimasto qui: invia di nuovo.
invalid-place-unfilled = Nel testo è rimasto «{ $about }»: scrivi al suo posto ciò che intendi, o toglilo.
invalid-not-their-organization = Questa persona non lavora in questo ente: scegli uno dei suoi, o lascia vuoto.
invalid-ticket-state = La richiesta è cambiata nel frattempo e il suo stato non lo consente più: guarda com’è adesso. Il testo è rimasto qui.
views = Viste
time-left-minutes = { $more } min
time-left-hours = { $more } h { $less } min
time-left-days = { $more } g { $less } h
required-kind = Scegli il tipo di problema.
required-priority = Indica la priorità della richiesta.
required-subject = Scrivi l’oggetto.
required-body = Descrivi il problema.
required-body-text = Scrivi il testo.
required-solution = Scrivi la soluzione: è ciò che il richiedente riceve.
required-reason = Scrivi il motivo.
required-into = Scrivi il numero della richiesta che resta.
required-area = Scegli l’area.
required-requester-email = Scrivi l’indirizzo e-mail di chi chiama.
job-check-deadlines = Controllo delle scadenze
job-close-resolved = Chiusura delle richieste risolte
job-take-in-mail = Presa in carico della posta
job-retention = Conservazione
action-ticket-warned = Avviso di scadenza
action-ticket-undelivered = Ripresa: email non consegnata al richiedente
action-ticket-reminded = Promemoria al richiedente
ticket-event-reminded = Promemoria { $new } al richiedente
ticket-event-resolved-by-silence = Risolta: nessuna risposta dopo due promemoria
mail-ticket-reminder-subject = [{ $number }] Attendiamo una tua risposta: { $subject }
mail-ticket-reminder-body =
    la richiesta { $number } «{ $subject }» attende una tua risposta:

    { $text }
mail-ticket-reminder-action = Rispondi
mail-ticket-unanswered-subject = [{ $number }] Richiesta chiusa senza risposta: { $subject }
mail-ticket-unanswered-body =
    non abbiamo ricevuto la risposta che attendevamo sulla richiesta { $number } «{ $subject }», quindi la consideriamo risolta. Se serve ancora, rispondi: la riapriamo.

    { $text }
mail-ticket-unanswered-action = Apri la richiesta
ticket-event-deadline-first-response = Prima risposta: passato il { $new } % del tempo
ticket-event-deadline-next-update = Prossimo aggiornamento: passato il { $new } % del tempo
ticket-event-deadline-resolution = Risoluzione: passato il { $new } % del tempo
ticket-event-closed-by-time = Chiusa: nessuna risposta dopo la soluzione
mail-ticket-deadline-subject = [{ $number }] Scadenza al { $text } %: { $subject }
mail-ticket-deadline-body =
    per la richiesta { $number } «{ $subject }» è passato il { $text } % del tempo promesso.
mail-ticket-deadline-action = Apri la richiesta
action-attachment-created = File caricato
invalid-not-multipart = Invia il file come modulo multipart, nel campo «file».
invalid-blocked-type = Questo tipo di file non è ammesso: i programmi e gli script non si possono allegare.
attachments = Allegati
attachments-help = Fino a { $most } ciascuno. Programmi e script non si possono allegare. Puoi anche trascinare qui i file o incollarli.
file-kept = conservato
invalid-file-too-large = Un file supera la grandezza ammessa: allega un file più piccolo o dividilo in più parti.
card-requests = Richieste di assistenza
console-open-requests =
    { $n ->
        [one] { $n } richiesta
       *[other] { $n } richieste
    }
canned-answers = Risposte pronte
canned-use = Inserisci
phone-title = Registra una telefonata
phone-who = Chi chiama: nome, indirizzo, ente o numero di richiesta
phone-count = { $n ->
    [one] Un risultato
   *[other] { $n } risultati
}
phone-numbered = Richieste con questo numero
phone-found = Persone trovate
phone-nobody = Nessuno con questo nome, indirizzo, ente o numero: scrivi qui sotto chi è.
phone-name = Nome e cognome
phone-email = Indirizzo e-mail
phone-number = Numero a cui richiamare
phone-another = È un’altra persona
phone-organization-code = Codice dell’ente
phone-organization-code-help = Gli enti sono più di quelli in elenco: se manca, scrivi qui il suo codice IPA.
phone-first-organization = Il primo della persona, o nessuno
phone-body = Che cosa chiede
phone-body-help = Chi chiede lo legge nella sua richiesta, e lo riceve per e-mail.
phone-open = Apri la richiesta
phone-open-already = Forse già aperta
phone-open-others = Altre aperte dello stesso ente
phone-open-what = Se la telefonata riguarda una di queste, rispondi lì.
phone-open-none = Scegliendo la persona compaiono qui le richieste aperte del suo ente.
flash-request-logged = Richiesta aperta a nome di chi ha chiamato.

duplicates = Forse la stessa richiesta
duplicate-older = Forse già aperta:
duplicate-newer = Forse aperta di nuovo:
duplicate-mailbox = stessa casella
duplicate-subject = oggetto simile
duplicate-requester = stesso richiedente
duplicate-stays = Unendole resta { $number }.
duplicate-read-more = Chi ha aperto l’una o è in copia leggerà anche l’altra: { $who }.
duplicate-same-readers = Le leggono già le stesse persone.
duplicate-join = Unisci
duplicate-tell-apart = Non è la stessa
duplicates-joined = Richieste unite qui
duplicates-found = Forse già aperta: { $number }
duplicates-more =
    { $n ->
        [one] e un’altra
       *[other] e altre { $n }
    }
duplicates-look = Guarda se è già aperta
duplicates-none = Qui compaiono le richieste aperte da poco sulla stessa casella, o con un oggetto simile: per ora nessuna.
call-add = Aggiungi qui
call-add-what = «Aggiungi qui» non apre un’altra richiesta: quello che hai scritto entra in quella che scegli, a nome di chi chiama.
call-add-help = Lo legge chi la segue: { $who }.
ticket-event-told-apart = Non è la stessa richiesta di { $new }
ticket-event-phoned = Telefonata di { $new } annotata qui
action-ticket-told-apart = Richieste dichiarate diverse
flash-duplicate-joined = Richieste unite. Se è un errore, qui sotto si può annullare l’unione.
flash-duplicate-not-joined = Le richieste non si possono più unire: guarda come stanno ora.
flash-duplicate-told-apart = Segnate come richieste diverse: non vengono più proposte.
flash-call-added = Telefonata aggiunta a questa richiesta.
canned-answer-new = Nuova risposta pronta
canned-answer-title = Titolo
canned-answer-body = Testo
canned-answer-help = Questi campi si riempiono con i dati della richiesta: { $places }
canned-answer-remove = Elimina la risposta pronta
canned-answer-remove-what = La risposta pronta sparisce per tutti gli operatori.
canned-answers-none = Ancora nessuna risposta pronta
canned-answers-none-what = Un testo che si scrive spesso si prepara una volta e si inserisce nella risposta.
flash-canned-answer-removed = Risposta pronta eliminata.
groups-title = Gruppi di operatori
group-new = Nuovo gruppo
group-name = Nome del gruppo
group-leader = Responsabile
group-members = Componenti
group-members-help = Una richiesta assegnata al gruppo è nascosta agli operatori limitati ai propri gruppi che non ne fanno parte.
groups-none = Ancora nessun gruppo
groups-none-what = Un gruppo riunisce gli operatori che seguono le stesse richieste.
required-title = Scrivi il titolo.
action-canned-answer-created = Risposta pronta creata
action-canned-answer-changed = Risposta pronta modificata
action-canned-answer-removed = Risposta pronta rimossa
profile-notices = Email sulle richieste di assistenza
profile-notice-own = Sulle mie richieste
profile-notice-copies = Su quelle in cui sono in copia
profile-notice-work = Su quelle a cui lavoro, e sulle loro scadenze

## What went wrong with a mail server, in words of ours; the server’s own stay as they are
fault-message-unreadable = Il messaggio non si lascia leggere
fault-mailbox-in-use = La casella è già aperta da altri: riprovare tra poco
fault-login-withheld = Due accessi interrotti senza risposta: per non bloccare la casella si riprova dopo un’ora
fault-too-many-readings = Troppe letture insieme da questo server: riprovare tra poco
fault-count-failed = Conteggio non riuscito: { $words }
fault-no-folder = La cartella non è nella casella
fault-not-opened = La casella non si apre: { $words }
fault-message-gone = Il messaggio non è più nella casella
fault-reading-failed = Lettura non riuscita: { $words }
fault-no-text = Il server non dà il testo del messaggio
fault-renumbered = Il server ha numerato di nuovo i messaggi della cartella
fault-listing-failed = Elenco non riuscito: { $words }
fault-listing-empty = Il server non elenca i messaggi che dice di avere
fault-folders-failed = Elenco delle cartelle non riuscito: { $words }
fault-too-many-folders = La casella ha più di { $words } cartelle
fault-status-failed = STATUS non riuscito: { $words }
fault-status-incomplete = La risposta a STATUS non è completa
fault-unasked-continuation = Il server attende un seguito non dovuto
fault-no-answer = Il server non ha risposto
fault-no-imap = Il server non parla IMAP
fault-dismissed = Il server congeda: { $words }
fault-odd-credentials = Nome utente o password hanno un carattere non ammesso
fault-preauth = Il server saluta con PREAUTH
fault-no-starttls = Il server non offre STARTTLS
fault-starttls-refused = Il server non offre STARTTLS: { $words }
fault-no-password-login = Il server non ammette l’accesso con password
fault-refused-without-code = Rifiuto senza codice: { $words }
fault-login-not-understood = Il server non capisce l’accesso: { $words }
fault-login-too-early = Accesso dato prima del tempo
fault-wrong-size = Il server dice un numero di byte e il messaggio ne ha altri: { $words }
fault-not-fetched = Chi scarica il messaggio non lo ritira in tempo
fault-said = Il server risponde: { $words }
fault-no-smtp = Il server non parla SMTP
fault-further-roots = Autorità aggiunte: { $words }
fault-no-clear-text = Le connessioni in chiaro non sono ammesse
fault-no-connection-within = Nessuna connessione entro { $words }
fault-name-not-certifiable = Il nome del server non può stare in un certificato
fault-name-unknown = Il nome del server non esiste o non si risolve
fault-name-without-address = Il nome del server non ha indirizzi
fault-address-not-public = Il server è su un indirizzo non pubblico
fault-no-answer-to-connection = Nessuna risposta alla connessione
fault-spoke-before-tls = Il server ha parlato prima di TLS
fault-no-answer-within = Il server non ha risposto entro { $words }
fault-connection-closed = Il server ha chiuso la connessione
fault-too-much = Il server ha risposto più di quanto si è pronti a leggere
fault-connection-refused = Il server rifiuta la connessione
fault-connection-broken = Il server ha interrotto la connessione
fault-not-on-the-net = Il server non è in rete
fault-connection-failed = Connessione non riuscita: { $words }
fault-certificate-expired = Il certificato del server è scaduto: il gestore deve rinnovarlo
fault-certificate-not-yet-valid = Il certificato del server non è ancora valido: il gestore deve sostituirlo
fault-certificate-wrong-name = Il certificato del server è di un altro nome: controllare il nome del server
fault-not-kept = quel che arriva non si può conservare: il disco è pieno, oppure il database non risponde
fault-certificate-unknown-authority = Il certificato del server è autofirmato o di un’autorità sconosciuta: il gestore deve usarne uno di un’autorità riconosciuta, o la sua autorità va aggiunta a ca_file
fault-certificate-own-authority = Il certificato del server è quello di un’autorità (autofirmato): il gestore deve dare al server un certificato proprio, firmato da essa
fault-certificate-revoked = Il certificato del server è revocato: il gestore deve sostituirlo
fault-tls-old = Il server offre solo TLS 1.1 o precedente, non più sicuro: il gestore deve offrire TLS 1.2 o successivo
fault-tls-none = Il server non parla TLS su questa porta: controllare porta e sicurezza
fault-certificate-refused = Il certificato del server non è accettato: { $words }
fault-tls-failed = TLS non riuscito: { $words }

## Orari del servizio
hours-title = Orari e tempi del servizio
hours-what = Quando il servizio è aperto, quando è chiuso e in quanto tempo risponde. Prima di salvare vedi quali scadenze si spostano.
hours-closed = chiuso
hours-closures = Chiusure
hours-national = festività nazionali
hours-change = Modifica gli orari «{ $name }»
hours-week = Orario della settimana
hours-week-help = Per ogni giorno uno o più intervalli, per esempio 08:30-12:30, 15:00-18:00. Vuoto: chiuso.
hours-targets = Tempi per gravità
hours-targets-help = In ore e minuti di servizio, per esempio 4:00.
hours-closures-help = Le festività nazionali sono già comprese. Aggiungi il patrono o le ferie; per togliere una chiusura svuota i suoi campi.
hours-closure = Chiusura { $n }
hours-closure-name = Nome
hours-closure-first = Primo giorno
hours-closure-last = Ultimo giorno
hours-closure-yearly = Ogni anno
hours-preview = Vedi le scadenze che cambiano
hours-effect =
    { $n ->
        [0] Nessuna scadenza cambia
        [one] Cambiano le scadenze di una richiesta
       *[other] Cambiano le scadenze di { $n } richieste
    }
hours-moves = Scadenze
hours-saved = non più in ritardo
hours-lost = in ritardo
hours-saved-count =
    { $n ->
        [one] Una richiesta oggi in ritardo risulterebbe nei tempi.
       *[other] { $n } richieste oggi in ritardo risulterebbero nei tempi.
    }
hours-lost-count =
    { $n ->
        [one] Una richiesta oggi nei tempi risulterebbe in ritardo.
       *[other] { $n } richieste oggi nei tempi risulterebbero in ritardo.
    }
hours-more =
    { $n ->
        [one] e un’altra
       *[other] e altre { $n }
    }
weekday-1 = Lunedì
weekday-2 = Martedì
weekday-3 = Mercoledì
weekday-4 = Giovedì
weekday-5 = Venerdì
weekday-6 = Sabato
weekday-7 = Domenica
invalid-hours = Scrivi gli orari come 08:30-12:30, 15:00-18:00, senza sovrapposizioni.
invalid-hours-none = Con questi orari il servizio non apre abbastanza per rispettare i tempi: indica almeno un intervallo.
invalid-duration = Scrivi ore e minuti, per esempio 4:00; almeno un minuto.
invalid-day = Scegli una data valida.
invalid-closure-name = Dai un nome alla chiusura.
invalid-closure-first = Scegli il primo giorno della chiusura.
invalid-closure-order = L’ultimo giorno non può precedere il primo, né seguirlo di oltre un anno (sei mesi se si ripete ogni anno).
action-calendar-changed = Orari del servizio cambiati
trace-hours = orari
trace-closures = chiusure
trace-targets = tempi

## Regole di instradamento
routing-title = Regole di instradamento
routing-what = Dicono dove va da sola una richiesta. Vale la prima che corrisponde, nell’ordine indicato.
routing-new = Nuova regola
routing-name = Nome della regola
routing-position = Ordine
routing-position-help = Un numero da 1 a 999: la regola con il numero più basso viene provata per prima.
routing-active = Regola attiva
routing-off = non attiva
routing-occasion = Quando
occasion-opened = All’arrivo della richiesta
occasion-overdue = Alla scadenza di un tempo
routing-asks = Condizioni
routing-asks-help = Devono valere tutte. Nessuna condizione: vale per ogni richiesta.
routing-asks-all = Ogni richiesta
routing-any-f = Qualunque
routing-any-m = Qualunque
routing-mailbox = Casella
routing-mailbox-help = L’indirizzo di una casella presidiata collegata alla richiesta.
routing-words = Parole
routing-words-help = Separate da virgole: ne basta una, nell’oggetto o nel testo. Più parole insieme si cercano tutte: firma remota, rinnovo.
routing-does = Azioni
routing-does-help = Almeno una.
routing-as-is = Non cambia
routing-to-group = Assegna al gruppo
routing-to-assignee = Assegna a
routing-to-level = Porta al livello
routing-to-severity = Imposta la gravità
routing-to-tags = Aggiungi etichette
routing-to-tags-help = Separate da virgole.
routing-try = Prova sulle richieste passate
routing-tried =
    { $n ->
        [0] Non avrebbe toccato nessuna richiesta
        [one] Avrebbe toccato una richiesta
       *[other] Avrebbe toccato { $n } richieste
    }
routing-tried-what =
    { $n ->
        [one] Provata su una sola richiesta, l’unica presente, senza contare le altre regole. Non è stata salvata.
       *[other] Provata sulle { $n } richieste più recenti, senza contare le altre regole. Non è stata salvata.
    }
routing-tried-at = Aperta
routing-remove = Elimina la regola
routing-remove-what = La regola sparisce per tutti. Che cosa diceva resta scritto nel registro delle attività.
routing-gone = non esiste più
routing-none = Ancora nessuna regola
routing-none-what = Una regola assegna da sola le richieste: per esempio quelle dell’area PKI al gruppo Firma digitale.
flash-routing-rule-removed = Regola eliminata.
invalid-rule-does-nothing = Scegli almeno un’azione.
invalid-rule-severity-late = La gravità si imposta solo all’arrivo: alla scadenza non si cambia.
invalid-no-words = Scrivi parole fatte di lettere o cifre.
ticket-event-routed = Instradata dalla regola «{ $new }»
action-ticket-routed = Richiesta instradata da una regola
action-ticket-images-shown = Immagini remote di un’email mostrate
action-routing-rule-created = Regola di instradamento creata
action-routing-rule-changed = Regola di instradamento modificata
action-routing-rule-removed = Regola di instradamento eliminata

## Richieste collegate
relations = Richieste collegate
relations-none = Nessuna richiesta collegata.
relation-new = Collega una richiesta
relation-what = Questa richiesta è
relation-other = Numero dell’altra richiesta
relation-other-help = Per esempio TK-2026-000123. Chi l’ha aperta non lo vede.
relation-add = Collega
relation-remove = Togli il collegamento
relation-related = Correlata a
relation-child = Parte di
relation-parent = Principale di
relation-caused = Causata da
relation-cause = Causa di
ticket-group = Gruppo
ticket-event-related = Collegamento: { $old } { $new }
ticket-event-unrelated = Collegamento tolto: { $new }
action-ticket-related = Richieste collegate
action-ticket-unrelated = Collegamento tra richieste tolto

## Invio da annullare
flash-reply-held = La risposta parte tra dieci secondi.
flash-reply-gone = La risposta non è più in partenza: guarda la conversazione.
reply-leaving = Risposta in partenza
reply-leaving-soon = parte tra pochi secondi
reply-not-sent = Risposta non inviata
reply-files =
    { $n ->
        [one] 1 allegato
       *[other] { $n } allegati
    }
reply-undo = Annulla l’invio
reply-take-up = Riprendi il testo

## Allegati
file-remove = Togli
files-sending = Invio in corso…
files-failed = L’invio non è riuscito: controlla la connessione e premi di nuovo il pulsante.
files-drop = Puoi anche trascinare qui i file o incollarli.

## Mancato accesso a una casella
mail-mailbox-denied-subject = Accesso negato alla casella { $address }
mail-mailbox-denied-body =
    il server di posta rifiuta l’accesso alla casella { $address }: { $status }.

    Per non bloccare la casella non vengono fatti altri tentativi. Il titolare controlla la password presso il gestore; poi la nuova password si inserisce nella scheda della casella.
mail-mailbox-denied-action = Vedi le caselle con accesso negato

queue-unsent =
    { $n ->
        [one] Una tua risposta non è stata inviata:
       *[other] Alcune tue risposte non sono state inviate:
    }
conflict-file-gone = Un allegato non c’è più: allegalo di nuovo e invia.

invalid-rule-critical = Critico/Bloccante lo decide un operatore: scegli un’altra gravità.
flash-reply-taken-back = Risposta non inviata: il testo è di nuovo nel modulo.
ticket-no-group = Nessuno
view-name-help-tickets = Per esempio «Alte senza assegnatario».

## Mail that becomes requests
intake-title = Posta in arrivo
intake-what = Le email che arrivano a questi indirizzi diventano richieste. Non sono caselle presidiate: sono dell’assistenza.
intake-mailbox-new = Aggiungi un indirizzo
intake-checked = Letta
intake-off = Non attiva
intake-none = Nessun indirizzo
intake-none-what = Aggiungi la casella a cui si scrive per chiedere assistenza: ogni email diventa una richiesta.
intake-address = Indirizzo
intake-address-help = L’indirizzo a cui si scrive per chiedere assistenza.
intake-password-help = Viene provata subito e conservata cifrata: nessuno la rivede.
intake-password-kept = Lascia vuoto per tenere quella che c’è.
intake-authserv = Nome con cui il server firma i controlli sul mittente
intake-authserv-help = È la prima parola delle intestazioni «Authentication-Results» che quel server aggiunge. Vuoto: il nome del server IMAP o il dominio dell’indirizzo.
intake-flooded = Arriva troppa posta (da { $at }): finché non cala, nessuno riceve da solo il numero della sua richiesta. Tutto viene preso in carico come sempre.
intake-plus = Accetta indirizzi con il più
intake-plus-help = Ogni risposta torna alla sua richiesta anche da programmi di posta che perdono il filo: le nostre email ordinarie chiedono di rispondere a un indirizzo come assistenza+tk-2026-000123…@. Prima scrivi una prova a questo indirizzo con «+prova» prima della @: se non arriva qui, lascia spento, o le risposte tornerebbero indietro.
intake-becomes = Le richieste che ne nascono
intake-enabled = Leggi questa casella
intake-remove = Togli l’indirizzo
intake-remove-what = La posta di questo indirizzo non diventa più richieste. Quelle già nate restano, e nella casella non cambia nulla.
flash-intake-mailbox-removed = Indirizzo tolto.
action-intake-mailbox-created = Indirizzo dell’assistenza aggiunto
action-intake-mailbox-changed = Indirizzo dell’assistenza modificato
action-intake-mailbox-removed = Indirizzo dell’assistenza tolto
action-mail-accepted = Email trattenuta accettata
action-mail-discarded = Email scartata
action-mail-expired = Email trattenuta un mese e lasciata andare
action-mail-read-again = Email da rielaborare
conflict-mail-unreadable = Questa email non si può leggere.
conflict-mail-without-sender = Questa email non ha un mittente a cui si possa rispondere.
conflict-mail-settled = Di questa email qualcuno ha già deciso.
conflict-mail-above-limit = Questa email supera ancora il limite: resta nella sua casella.
conflict-made-for-others = È già stato fatto la prima volta, e ora ci lavora qualcun altro.
conflict-mail-gone = Questa email è rimasta in una casella che non è più letta: non si può riprendere da qui.
ticket-event-bounced = Non consegnata a { $new }
ticket-event-mails-paused = Molte email in un’ora: gli altri destinatari non ricevono più avvisi per email
ticket-event-came-too = Arrivata anche a { $new }
ticket-event-mail-let-in = Accettata l’email trattenuta di { $new }
ticket-event-perhaps-related = Forse collegata a { $new }, che l’email nomina
ticket-event-colleague-spoke = { $new } è dello stesso ente e ha scritto senza essere in copia: valuta se aggiungere questa persona
ticket-arrived-at = Arrivata a { $addresses }
ticket-queues = Anche nella coda di { $queues }
address-bounced = Le email a questo indirizzo non arrivano dal { $when }: sulle richieste non ne parte altra per 60 giorni, a meno che da qui qualcuno scriva o l’assistenza segni che l’indirizzo funziona di nuovo.
address-works = L’indirizzo funziona di nuovo
flash-address-works = A questo indirizzo si scrive di nuovo.
action-mail-address-works = Indirizzo che riceve di nuovo
ticket-event-files-left-out = File non ammessi, lasciati nell’email originale: { $new }
mail-ticket-received-subject = [{ $number }] Abbiamo ricevuto la tua richiesta
mail-ticket-received-body =
    abbiamo ricevuto la tua email: la richiesta ha il numero { $number }. Per aggiungere qualcosa rispondi a questo messaggio.
mail-ticket-received-action = Segui la richiesta
mail-intake-stopped-subject = L’assistenza non riceve più posta da { $address }
mail-intake-stopped-body =
    la posta che arriva a { $address } non diventa più richieste: { $status }. Niente va perso: resta nella casella, e viene presa in carico appena si può. Se il server rifiuta la password, inseriscine una nuova: per non bloccare la casella non vengono fatti altri tentativi.
mail-intake-stopped-action = Vedi gli indirizzi dell’assistenza
mail-intake-flooded-subject = Arriva troppa posta all’assistenza
mail-intake-flooded-body =
    nell’ultima ora sono arrivate almeno { $n } email agli indirizzi dell’assistenza: più di quante ne scrivano le persone, forse due programmi che si rispondono o un invio in massa. Tutto viene preso in carico come sempre, ma finché dura nessuno riceve da solo il numero della sua richiesta. Guarda da chi viene, e fai fermare chi scrive. Ti avviseremo quando sarà finita.
mail-intake-flooded-action = Vedi la posta in arrivo
mail-intake-calm-subject = La posta all’assistenza è tornata normale
mail-intake-calm-body =
    agli indirizzi dell’assistenza non arriva più troppa posta: chi scrive riceve di nuovo il numero della sua richiesta. Chi ha scritto nel frattempo non l’ha ricevuto: le sue richieste sono nella coda, come tutte.
mail-intake-calm-action = Vedi la posta in arrivo
mail-mail-too-large-subject = La tua email è troppo grande
mail-mail-too-large-body =
    la tua email all’assistenza pesa { $size } e non è stata presa in carico: il limite è { $limit }, e gli allegati in viaggio pesano circa un terzo in più. Dal modulo puoi inviare i file uno per volta.
mail-mail-too-large-action = Scrivi dal modulo
mail-ticket-bounced-subject = [{ $number }] Email non consegnata: { $subject }
mail-ticket-bounced-body =
    l’ultima email della richiesta { $number } non è stata consegnata a { $text }.
mail-ticket-bounced-action = Apri la richiesta
## The public form for a request
desk-call = Telefono dell’assistenza:
desk-closes = chiude { $when }
desk-opens = riapre { $when }
desk-at-time = alle { $time }
desk-at-weekday = { $day } alle { $time }
desk-at-day = il { $day } alle { $time }
on-weekday-1 = lunedì
on-weekday-2 = martedì
on-weekday-3 = mercoledì
on-weekday-4 = giovedì
on-weekday-5 = venerdì
on-weekday-6 = sabato
on-weekday-7 = domenica
short-weekday-1 = lun
short-weekday-2 = mar
short-weekday-3 = mer
short-weekday-4 = gio
short-weekday-5 = ven
short-weekday-6 = sab
short-weekday-7 = dom
assistance-closed = Da qui al momento non è possibile inviare richieste. Chiama l’assistenza oppure, se hai un accesso, accedi e invia la richiesta dal portale.
assistance-me = La richiesta è inviata a nome di
assistance-name = Nome e cognome
assistance-email = Email
assistance-email-help = A questo indirizzo arrivano il collegamento per confermare la richiesta e poi la risposta.
assistance-organization-help = Nome o codice. Chi non è ancora cliente lascia vuoto e spunta la casella qui sotto.
assistance-not-customer = Non sono ancora cliente
assistance-phone = Telefono
assistance-files-help = Fino a { $n } file, ciascuno fino a { $most }. Programmi e script non si possono allegare. Puoi anche trascinare qui i file o incollarli.
assistance-privacy = I dati servono a rispondere alla richiesta:
assistance-log-in = Hai già un accesso? Accedi: la richiesta parte subito e si segue dal portale.
assistance-trap = Lascia vuoto questo campo
assistance-sent-title = Conferma la richiesta
assistance-sent-lead = La richiesta non è ancora partita: all’indirizzo indicato è in arrivo un messaggio. Aprilo e conferma la richiesta con il collegamento che contiene.
assistance-sent-to = La richiesta non è ancora partita: all’indirizzo { $email } è in arrivo un messaggio. Aprilo e conferma la richiesta con il collegamento che contiene.
assistance-sent-days = Il collegamento vale 3 giorni; poi quanto è stato scritto viene cancellato.
assistance-sent-spam = Se non arriva in pochi minuti, controlla la posta indesiderata e l’indirizzo scritto.
assistance-another = Invia un’altra richiesta
assistance-confirm-title = Conferma la richiesta
assistance-confirm-lead = Controlla i dati e conferma: solo allora la richiesta arriva all’assistenza.
assistance-confirm = Conferma e invia la richiesta
assistance-confirm-not = Se la richiesta non è tua, non fare nulla: tra 3 giorni viene cancellata.
assistance-gone-title = Il collegamento non vale più
assistance-gone-lead = Il collegamento di conferma è scritto male, oppure è scaduto: vale 3 giorni da quando la richiesta è stata scritta.
assistance-gone-sent = Se la richiesta era già stata confermata, è partita: il suo numero è nel messaggio arrivato subito dopo.
assistance-gone-not-sent = Se non era stata confermata, quanto era stato scritto è stato cancellato: va scritta di nuovo.
assistance-gone-again = Scrivi una nuova richiesta
assistance-done-title = Richiesta inviata
assistance-done = Richiesta { $number } inviata. La risposta arriva all’indirizzo { $email }.
assistance-done-next = Lo stesso numero è nel messaggio appena inviato: serve per parlarne con l’assistenza.
assistance-standing = Guarda a che punto è la richiesta
assistance-standing-title = Richiesta { $number }
assistance-standing-bare = Questa pagina dice solo a che punto è la richiesta: quello che è stato scritto resta nelle email.
assistance-standing-log-in = Hai un accesso? Accedi per leggerla tutta.
assistance-now-new = La richiesta è arrivata: presto qualcuno la prende in carico, e la risposta arriva per email, all’indirizzo da cui ci hai scritto o che hai indicato.
assistance-now-working = L’assistenza se ne occupa: la risposta arriva per email, all’indirizzo da cui ci hai scritto o che hai indicato.
assistance-now-waiting = L’assistenza aspetta una tua risposta: quello che serve è nell’ultima email che hai ricevuto.
assistance-now-resolved = Per l’assistenza è risolta, e la soluzione è nell’ultima email che hai ricevuto. Se non è così, dillo entro 10 giorni lavorativi: la richiesta si riapre.
assistance-now-over = La richiesta è conclusa. Se serve altro, scrivici ancora: ne nasce una nuova, collegata a questa.
assistance-now-conditions = È ferma finché non arriva quello che manca: è scritto nell’ultima email che hai ricevuto.
assistance-now-cancelled = La richiesta è stata annullata: il motivo è nell’ultima email che hai ricevuto. Se serve altro, scrivici ancora.
assistance-add-by-mail = Per rispondere o aggiungere qualcosa, rispondi a una delle nostre email.
assistance-add-by-phone = Per rispondere o aggiungere qualcosa, chiama l’assistenza e indica il numero { $number }.
assistance-said-organization = Ente indicato: { $text }
assistance-said-phone = Telefono: { $text }
assistance-said-mailbox = Casella indicata: { $text }
assistance-said-none = non ancora cliente
required-organization = Indica l’ente, oppure spunta «Non sono ancora cliente».
invalid-too-many-files = Si possono allegare al massimo 5 file: quelli in più non sono stati caricati.
invalid-no-room = Al momento non si possono conservare altri allegati: invia la richiesta senza, oppure riprova più tardi.
invalid-file-not-kept = I file scelti non sono stati presi: vanno scelti di nuovo.
invalid-file-gone = Un allegato non c’è più: allegalo di nuovo e invia.
invalid-too-many-requests = Troppe richieste di seguito. Quanto è stato scritto è ancora qui: riprova tra { $about } secondi.
invalid-too-many-for-address = Da questa pagina oggi non si possono inviare altre richieste per questo indirizzo: riprova domani, o telefona.
invalid-too-many-unconfirmed = Da qui sono già partite per questo indirizzo tre richieste da confermare: apri i messaggi arrivati e confermale, oppure riprova domani.
action-ticket-asked = Richiesta da confermare
mail-request-confirm-subject = Conferma la richiesta di assistenza
mail-request-confirm-body =
    con questo indirizzo è stata scritta una richiesta di assistenza. Per inviarla aprila con il collegamento qui sotto, controllala e conferma. Il collegamento vale { $days } giorni.

    Se non hai scritto tu, non fare nulla: la richiesta viene cancellata e nessuno la vede.
mail-request-confirm-action = Controlla e conferma la richiesta
privacy-keep-requests = Le richieste inviate senza accesso e non confermate: 3 giorni.
mails-title = Posta da decidere
mails-held = Trattenuti
mails-unprocessed = Non elaborati
mails-held-what = Email che non diventano richieste da sole. Accettandola, ogni email finisce nella richiesta a cui risponde, o ne apre una: dove ne nomina una di altri, la sua pagina fa scegliere. Ciò che nessuno decide resta qui 30 giorni.
mails-unprocessed-what = Email che non si sono potute leggere. L’originale è conservato; ciò che è troppo grande resta nella sua casella, e qui c’è che cosa se ne sa.
mails-from = Da
mails-envelope = Busta
mails-why = Perché
mails-at = Arrivata
mails-about = L’email
mails-to = A
mails-cc = In copia
mails-mailbox = Casella
mails-size = Grandezza
mails-limit = Limite
mails-limit-set = Lo stabilisce chi gestisce il programma, con l’impostazione intake_max_size.
mails-limit-of-all = Nessuna email può essere più grande, nemmeno certificata.
mails-limit-fits = Ora questa email passerebbe: Riprova la riprende dalla sua casella.
mails-sender = Mittente
mails-sender-told = Avvisato che l’email non è stata presa in carico:
mails-sender-not-told = Non è stato avvisato: da sola l’assistenza risponde solo a chi conosce, e non a messaggi automatici o sospetti.
mails-says = Che cosa dice
mails-unread = Il testo non si può mostrare: apri l’originale.
mails-left = L’email è rimasta nella casella { $address }: qui c’è solo ciò che ne dicono le intestazioni.
mails-left-gone = L’email è rimasta in una casella che non è più letta: qui c’è solo ciò che ne dicono le intestazioni.
mails-wordless = L’email non ha testo: guarda gli allegati.
mails-empty = L’email non ha testo né allegati.
mails-accept = Accetta
mails-accept-into = Accetta nella richiesta { $number }
mails-accept-new = Accetta come nuova richiesta
mails-names = Questa email nomina la richiesta
mails-names-answers = Accettata, ci finisce dentro; oppure apre una richiesta nuova, collegata a quella.
mails-names-stranger = Chi scrive non ne fa parte: decidi se l’email va lì o apre una richiesta nuova, collegata a quella.
mails-names-unseen = Chi scrive non ne fa parte: accettata, l’email apre una richiesta nuova, collegata a quella.
mails-proposed = Accettata, la richiesta è di { $organization }, e così le prossime di questa persona
mails-retry = Riprova
mails-original = Originale
mails-discard = Scarta
mails-discarded = Scartate
mails-discarded-what = Email scartate a mano. Restano qui fino a 30 giorni da quando sono arrivate, e si possono ancora accettare.
mails-none-discarded = Nessuna email scartata
mails-none-discarded-what = Qui resta per un po’ ciò che si scarta, se serve ripensarci.
mails-none = Niente da decidere
mails-none-what = Qui arrivano le email di chi non conosciamo, quelle sospette e quelle che non si leggono.
flash-mail-accepted = Email accettata: è in questa richiesta.
flash-mail-accepted-in = Email accettata: è nella richiesta { $value }, che è di altri.
flash-assistance-sent = La richiesta aspetta una conferma: il collegamento è in arrivo a { $value }.
flash-mail-settled = Di questa email qualcuno ha già deciso.
flash-mail-settled-here = Questa email è già stata accettata: è in questa richiesta.
flash-mail-settled-in = Questa email è già stata accettata: è nella richiesta { $value }, che è di altri.
flash-mail-discarded = Email scartata. Per un po’ resta tra le «Scartate»: da lì si può ancora accettare.
flash-mail-discarded-unread = Email scartata. Resta tra le «Scartate» fino a 30 giorni da quando è arrivata.
flash-mail-read-again = L’email verrà riletta tra poco.
mail-reason-unknown-sender = Mittente sconosciuto
mail-reason-new-colleague = Nuova persona di un ente che conosciamo
mail-reason-stranger = Risponde a una richiesta di cui non fa parte
mail-reason-suspicious = Il mittente non è verificato: potrebbe non essere chi dice
mail-reason-altered = La firma del gestore PEC non è valida: il contenuto è stato alterato
mail-reason-automatic = Messaggio automatico
mail-reason-bounce = Mancata consegna di un’email che non riconosciamo
mail-reason-staff = Porta l’indirizzo di un operatore, che può essere falso. Se l’ha scritta davvero, si risponde dalla pagina della richiesta
mail-reason-no-sender = Senza un mittente a cui rispondere
mail-reason-too-large = Troppo grande
mail-reason-too-many-parts = Troppe parti, o troppo annidate
mail-reason-unreadable = Non leggibile
mail-reason-duplicate = Già arrivata
mail-reason-receipt = Ricevuta PEC
mail-reason-own = È una delle nostre
mail-reason-discarded = Scartata
mail-reason-expired = Trattenuta un mese senza una decisione
quote-show = Mostra citazione
message-original = Email originale
mail-body-show = Mostra com’è stata scritta
mail-body-title = Corpo del messaggio
mail-body-images = { $n ->
    [one] 1 immagine remota bloccata.
   *[other] { $n } immagini remote bloccate.
 }
mail-body-images-show = Mostra le immagini
mail-body-whole = Apri a tutta pagina
decorations-show = Mostra le immagini decorative ({ $n })
file-picture = Immagine: { $name }
pec-label = PEC
pec-label-ordinary = Posta ordinaria
pec-signature-valid = firma del gestore verificata: { $provider }
pec-signature-unknown-provider = messaggio integro, gestore non riconosciuto
pec-signature-invalid = firma del gestore non valida: contenuto alterato
pec-signature-obsolete = algoritmo obsoleto
pec-signature-absent = senza firma del gestore
pec-signature-unverifiable = firma del gestore non verificabile

## Campi dei moduli per area
asked-title = Campi dei moduli
asked-what = Che cosa chiede in più il modulo di una richiesta, per area: un campo dell’area PKI compare solo a chi sceglie PKI. Togliere o cambiare un campo non tocca le risposte già date.
asked-new = Nuovo campo
asked-none = Ancora nessun campo
asked-none-what = Un campo chiede un dato che serve sempre: per esempio il numero di serie del dispositivo, a chi scrive per la PKI.
asked-label = Etichetta
asked-label-help = Il nome del dato, come lo legge chi compila il modulo.
asked-label-en = Etichetta in inglese
asked-label-en-help = Per chi usa le pagine in inglese; senza, si legge quella italiana.
asked-kind = Tipo di risposta
asked-kind-text = Una riga di testo
asked-kind-long-text = Più righe di testo
asked-kind-choice = Scelta da un elenco
asked-kind-date = Data
asked-kind-yes-no = Sì o no
asked-options = Voci dell’elenco
asked-options-help = Una per riga, solo per «Scelta da un elenco».
asked-required = Obbligatorio
asked-required-yes = obbligatorio
asked-required-no = facoltativo
asked-required-help = Chi annota una telefonata può sempre lasciarlo vuoto.
asked-help = Aiuto
asked-help-help = Una frase sotto il campo: dove si trova il dato, come si scrive.
asked-position-help = Un numero da 1 a 999: il campo con il numero più basso sta più in alto nella sua area.
asked-active = Campo attivo
asked-off = non attivo
asked-remove = Elimina il campo
asked-remove-what = Il campo non viene più chiesto a nessuno. Le risposte già date restano nelle loro richieste.
asked-of-area = Dati per l’area { $area }
asked-of-area-help = Solo per chi sceglie l’area { $area }.
answer-true = Sì
answer-false = No
request-answers = Dati della richiesta
flash-request-field-removed = Campo eliminato.
action-request-field-created = Campo dei moduli creato
action-request-field-changed = Campo dei moduli modificato
action-request-field-removed = Campo dei moduli eliminato
invalid-answer-required = Compila il campo «{ $about }».
invalid-options = Al massimo 30 voci, ciascuna fino a 100 caratteri.
invalid-options-few = Scrivi almeno due voci, una per riga.
invalid-too-many-fields = I moduli hanno già 40 campi: eliminane uno prima.

## Password smarrita
ticket-kind-password-lost = Password smarrita
password-lost-help = Password smarrita: il recupero richiede circa { $n } giorni lavorativi (chiesto adesso, entro { $day }). Non scrivere password nella richiesta.
password-lost-by = entro { $day } ({ $n } giorni lavorativi)
long-day = { $weekday } { $day } { $month }
month-1 = gennaio
month-2 = febbraio
month-3 = marzo
month-4 = aprile
month-5 = maggio
month-6 = giugno
month-7 = luglio
month-8 = agosto
month-9 = settembre
month-10 = ottobre
month-11 = novembre
month-12 = dicembre
