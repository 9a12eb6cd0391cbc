"""In charge of the words of the generated messages: providers, correspondents, subjects, bodies, attachments.

Does not know how a message is built. All names are invented, all domains under .example.
"""

from dataclasses import dataclass

from mail.entities import ENTITIES


@dataclass(frozen=True)
class Provider:
    name: str
    domain: str


PROVIDERS = (
    Provider("Gestore Esempio S.p.A.", "gestore.example"),
    Provider("Posta Certa Toscana S.r.l.", "postacerta.example"),
    Provider("Recapito Digitale S.p.A.", "recapitodigitale.example"),
)

# (address, signature)
OTHERS = (
    ("edil.marchetti@pec.edilmarchetti.example", "Edil Marchetti S.r.l. – Ufficio gare"),
    ("studio.bandinelli@pec.studiobandinelli.example", "Studio tecnico geom. Lapo Bandinelli"),
    ("avv.fiorella.conti@pec.avvocaticonti.example", "Avv. Fiorella Conti"),
    ("fatture@pec.lucegasarno.example", "Luce Gas Arno S.p.A. – Fatturazione"),
    ("protocollo@pec.prefettura-montefosco.example", "Prefettura – Ufficio territoriale di Montefosco"),
    ("direzione@pec.scuolagiottino.example", "Istituto comprensivo Giottino – La dirigente scolastica"),
    ("cooperativa@pec.coopilrovo.example", "Cooperativa sociale Il Rovo"),
    ("assemblea@pec.aziendaagricolafontesecca.example", "Azienda agricola Fontesecca"),
)

ORDINARY = (
    ("Marta Innocenti <marta.innocenti@posta.example>", "Marta Innocenti"),
    ("Newsletter Enti locali <notizie@entilocali.example>", "La redazione"),
    ("Gestore Esempio <assistenza@gestore.example>", "Servizio clienti"),
    ("Paolo Fé <paolo.fe@posta.example>", "Paolo Fé"),
)

# (subject, what is asked, attachment)
MATTERS = (
    ("Richiesta di accesso agli atti – pratica edilizia n. {n}/2026",
     "si chiede, ai sensi della legge 241/1990, l’accesso agli atti della pratica edilizia n. {n}/2026, "
     "con rilascio di copia semplice degli elaborati grafici.", "istanza_accesso_{n}.pdf"),
    ("SCIA per attività di somministrazione – via della Fonte {n}",
     "si trasmette la segnalazione certificata di inizio attività relativa all’esercizio di via della Fonte {n}, "
     "completa della documentazione prevista.", "SCIA_{n}.pdf"),
    ("Trasmissione determinazione dirigenziale n. {n} del 2026",
     "si trasmette, per gli adempimenti di competenza, la determinazione dirigenziale n. {n}, "
     "esecutiva ai sensi di legge.",
     "determina_{n}.pdf"),
    ("Convocazione conferenza dei servizi – lotto {n}",
     "è convocata la conferenza dei servizi in forma simultanea, in modalità telematica, per l’esame del progetto "
     "definitivo del lotto {n}. Si prega di comunicare il nominativo del rappresentante unico.",
     "convocazione_{n}.pdf"),
    ("Sollecito pagamento fattura n. {n}/PA",
     "dalle nostre scritture contabili la fattura n. {n}/PA risulta ancora aperta. Si chiede di conoscere la data "
     "prevista per la liquidazione.", "estratto_conto_{n}.pdf"),
    ("Istanza di rimborso TARI – utenza {n}",
     "si chiede il rimborso della somma versata in eccesso per l’utenza {n}. In allegato le ricevute dei versamenti.",
     "ricevute_{n}.pdf"),
    ("Ordinanza n. {n}: regolamentazione temporanea della circolazione",
     "si trasmette l’ordinanza in oggetto, con preghiera di darne adeguata pubblicità.", "ordinanza_{n}.pdf"),
    ("Comunicazione di avvio del procedimento – prot. {n}",
     "si comunica l’avvio del procedimento in oggetto. È possibile presentare memorie scritte entro dieci giorni.",
     "avvio_procedimento_{n}.pdf"),
    ("Manifestazione di interesse – servizio di mensa scolastica, CIG Z{n}A",
     "l’operatore economico manifesta il proprio interesse a partecipare alla procedura e dichiara di possedere i "
     "requisiti richiesti dall’avviso.", "dichiarazioni_{n}.pdf"),
    ("Segnalazione dissesto sulla strada provinciale {n}, km 4+300",
     "si segnala il cedimento della scarpata di valle. Si chiede un sopralluogo con urgenza perché il transito dei "
     "mezzi pubblici non è più sicuro.", "foto_sopralluogo_{n}.pdf"),
    ("Richiesta nulla osta mobilità – matricola {n}",
     "si chiede il rilascio del nulla osta alla mobilità volontaria per la matricola {n}, con decorrenza dal primo "
     "giorno del mese successivo.", "richiesta_mobilita_{n}.pdf"),
    ("Esito controllo ufficiale – verbale n. {n}",
     "si trasmette il verbale del controllo ufficiale effettuato presso lo stabilimento. Le prescrizioni vanno "
     "ottemperate entro trenta giorni.", "verbale_{n}.pdf"),
)


def correspondents():
    """(address, signature) of everybody who writes certified mail: the bodies themselves and others."""
    return [(box, name) for entity in ENTITIES for box, name in entity.mailboxes()] + list(OTHERS)
