"""In charge of the invented bodies of the demo and of the tests: who they are and which mailboxes they have.

Does not know about messages or servers. No name is that of a real body; all domains are under .example (RFC 2606).
"""

import unicodedata
from dataclasses import dataclass

COMUNI, UNIONI, SANITA, ALTRI = "Comuni", "Unioni di Comuni", "Sanità", "Altri enti"


@dataclass(frozen=True)
class Entity:
    """A public body: `code` as in the IPA index, `offices` the mailboxes' names, each its local part's title."""

    code: str
    name: str
    group: str
    label: str  # of its mail domain
    offices: tuple

    @property
    def domain(self):
        return f"pec.{self.label}.example"

    @property
    def tax_code(self):
        """Eleven digits with the check digit of pec.md section 7; bodies' codes often begin with 8 or 9."""
        first = f"8{sum(ord(c) * (i + 7) for i, c in enumerate(self.label)) % 10**6:06d}{len(self.name) % 100:02d}4"
        total = 0
        for place, digit in enumerate(map(int, first)):
            twice = 2 * digit
            total += digit if place % 2 == 0 else twice - 9 * (twice > 9)
        return first + str(-total % 10)

    def mailboxes(self):
        """(address, name) of each mailbox."""
        return [(f"{_local_part(office)}@{self.domain}", f"{office} – {self.name}") for office in self.offices]


def _local_part(office):
    plain = unicodedata.normalize("NFD", office.lower().replace(" ", ""))
    return plain.encode("ascii", "ignore").decode()


def _comune(code, name, *offices):
    return Entity(f"c_{code}", f"Comune di {name}", COMUNI, name.lower().replace(" ", ""), ("Protocollo", *offices))


ENTITIES = (
    _comune("x101", "Borgo Solare", "Suap", "Tributi", "Anagrafe"),
    _comune("x102", "Pieve Lunga", "Ragioneria", "Segreteria"),
    _comune("x103", "Ripa Alta", "Suap", "Tributi"),
    _comune("x104", "Lago Chiaro", "Polizia locale", "Ragioneria"),
    _comune("x105", "San Tito Marina", "Anagrafe", "Demanio"),
    _comune("x106", "Fonte Vecchia", "Tributi"),
    _comune("x107", "Torre Bassa", "Lavori pubblici"),
    _comune("x108", "Valle Scura", "Ragioneria"),
    _comune("x109", "Castel Rovere", "Tributi"),
    _comune("x110", "Monte Olmo", "Suap"),
    _comune("x111", "Campo Largo", "Suap"),
    _comune("x112", "Poggio Sereno", "Edilizia"),
    Entity("uc_alta", "Unione dei Comuni Alta Cerreta", UNIONI, "altacerreta", ("Protocollo", "Suap", "Forestazione")),
    Entity("uc_vser", "Unione dei Comuni Val Serena", UNIONI, "comunivalserena", ("Segreteria", "Polizia locale")),
    Entity("uc_coll", "Unione dei Comuni Colline del Vento", UNIONI, "collinedelvento",
           ("Protocollo", "Servizi sociali")),
    Entity("uc_maca", "Unione dei Comuni Macchia Antica", UNIONI, "macchiaantica", ("Protocollo", "Personale")),
    Entity("asl_cn", "Azienda Sanitaria Costa Nord", SANITA, "sanitariacostanord",
           ("Protocollo", "Anagrafe", "Prevenzione", "Gare")),
    Entity("asl_vi", "Azienda Sanitaria Valli Interne", SANITA, "sanitariavalliinterne",
           ("Protocollo", "Veterinaria", "Personale")),
    Entity("ao_smt", "Azienda Ospedaliera Santa Marta", SANITA, "ospedalesantamarta",
           ("Direzione", "Farmacia", "Gare")),
    Entity("p_mfo", "Provincia di Montefosco", ALTRI, "provincia.montefosco", ("Protocollo", "Viabilità", "Ambiente")),
    Entity("p_acq", "Provincia di Acquaviva Tirrena", ALTRI, "provincia.acquavivatirrena", ("Protocollo", "Scuole")),
    Entity("cb_pia", "Consorzio di Bonifica del Piano", ALTRI, "bonificapiano", ("Protocollo", "Catasto")),
    Entity("pk_gin", "Parco delle Ginestre", ALTRI, "parcodelleginestre", ("Segreteria", "Sorveglianza")),
    Entity("er_cas", "Azienda Casa Alta Toscana", ALTRI, "casaalta", ("Direzione", "Utenza")),
)
