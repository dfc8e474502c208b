"""First words of what phone menus name without "for": departments and kinds of callers.

They tell where the name of a company ends when the recogniser wrote no marks: "thank you for calling big yellow trucks (reservations …)".
"""

from __future__ import annotations

from call_engine.core.vocabulary.words import word_set

DEPARTMENTS = word_set(
    "sales service services parts support billing accounts account payments payment reservations bookings appointments admissions "
    "reception receptionist operator directory orders returns refills prescriptions pharmacy patients physicians doctors doctors' nurses "
    "customer technical human accounting payroll shipping dispatch tracking warehouse marketing purchasing emergencies maintenance leasing "
    "tenants members membership tickets deliveries claims new existing current hours directions administration residential commercial "
    "rates employment careers department "
    "ventas servicio soporte recepcion reservaciones reservas citas urgencias administracion facturacion cobranza pagos caja laboratorio "
    "departamento farmacia almacen refacciones repuestos pedidos entregas operadora contabilidad "
    "reservation accueil comptabilite ventes commandes livraisons secretariat urgences atelier standard sav "
    "verkauf vertrieb kundendienst kundenservice werkstatt buchhaltung reservierung reservierungen termine rezepte anmeldung empfang "
    "zentrale vermittlung verwaltung technik bestellungen notdienst notfalle reparaturen ersatzteile personalabteilung sekretariat"
)
