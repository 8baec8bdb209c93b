"""Spain: euro, account numbers with two control digits."""

from __future__ import annotations

from kontobank.account_numbers import spanish_iban
from kontobank.countries.country import Country, Phrase

_IN, _OUT, _OWN, _DEBIT = "TRANSFERENCIA RECIBIDA", "TRANSFERENCIA EMITIDA", "TRASPASO", "ADEUDO RECIBO"
_CARD, _ATM, _CASH, _FEE, _BIZUM = (
    "PAGO CON TARJETA",
    "REINTEGRO CAJERO",
    "INGRESO EN EFECTIVO",
    "COMISION",
    "BIZUM",
)

_PHRASES: dict[str, tuple[Phrase, ...]] = {
    "salary": (Phrase("NOMINA", "AZULEJOS LEVANTE S.L.", _IN, 185000, 185000),),
    "bonus": (Phrase("PAGA EXTRA", "AZULEJOS LEVANTE S.L.", _IN, 90000, 140000),),
    "rent": (Phrase("ALQUILER VIVIENDA", "CARMEN ORTEGA VIDAL", _OUT, 72000, 95000),),
    "benefit": (Phrase("PRESTACION HIJO A CARGO", "TESORERIA GENERAL SEGURIDAD SOCIAL", _IN, 10000, 10000),),
    "phone": (Phrase("RECIBO MOVISTAR {n}", "TELEFONICA DE ESPANA SAU", _DEBIT, 3900, 6900),),
    "energy": (Phrase("RECIBO LUZ {n}", "IBERDROLA CLIENTES SAU", _DEBIT, 5500, 11000),),
    "gas": (Phrase("RECIBO GAS {n}", "NATURGY IBERIA SA", _DEBIT, 3500, 9000),),
    "insurance": (Phrase("SEGURO COCHE POLIZA {n}", "MAPFRE ESPANA SA", _DEBIT, 28000, 46000),),
    "savings": (Phrase("TRASPASO A CUENTA AHORRO", None, _OWN, 0, 0),),
    "card payment": (Phrase("LIQUIDACION TARJETA", None, _OWN, 0, 0),),
    "gift": (Phrase("BIZUM REGALO CUMPLE", "LUCIA RAMOS GIL", _BIZUM, 2500, 5000),),
    "refund": (Phrase("BIZUM NOCHEVIEJA", "PABLO SANZ RUIZ", _BIZUM, 1500, 1500),),
    "split": (Phrase("BIZUM CENA GRUPO", "MARTA VEGA CANO", _BIZUM, 2800, 6500),),
    "verification": (Phrase("VERIFICACION CUENTA", None, _OUT, 1, 1),),
    "delivery": (Phrase("GLOVO PEDIDO {n}", "GLOVOAPP SPAIN", _CARD, 1390, 2890, has_iban=False),),
    "shop": (
        Phrase("AMAZON EU {n}", "AMAZON EU SARL", _CARD, 990, 14900, has_iban=False),
        Phrase("REDSYS EL CORTE INGLES {n}", "EL CORTE INGLES SA", _CARD, 1990, 12900, has_iban=False),
    ),
    "grocery": (
        Phrase("MERCADONA {n} VALENCIA", None, _CARD, 1200, 12000, "5411"),
        Phrase("CONSUM {n} VALENCIA", None, _CARD, 900, 7800, "5411"),
        Phrase("DIA {n} MADRID", None, _CARD, 700, 5200, "5411"),
    ),
    "fuel": (Phrase("REPSOL E.S. {n}", None, _CARD, 3500, 7900, "5541"),),
    "restaurant": (Phrase("BAR LA PARRA VALENCIA", None, _CARD, 900, 4800, "5812"),),
    "pharmacy": (Phrase("FARMACIA LDA {n}", None, _CARD, 600, 4200, "5912"),),
    "ticket": (Phrase("METRO VALENCIA BILLETE", None, _CARD, 150, 150, "4111"),),
    "deposit": (Phrase("INGRESO EN EFECTIVO", None, _CASH, 20000, 20000),),
    "atm": (Phrase("CAJERO {n} VALENCIA", None, _ATM, 4000, 12000, "6011"),),
    "streaming": (Phrase("HBO MAX", None, _CARD, 999, 1399, "4899"),),
    "sale": (Phrase("FACTURA {n}", "CONSTRUCCIONES TURIA SL", _IN, 90000, 620000),),
    "supplier": (Phrase("PAGO FACTURA {n}", "SUMINISTROS NORTE SA", _OUT, 70000, 410000),),
    "payroll": (Phrase("NOMINA EMPLEADO", "RAUL CANO DIAZ", _OUT, 145000, 175000),),
    "social": (Phrase("SEGUROS SOCIALES", "TGSS COTIZACION", _DEBIT, 58000, 82000),),
    "tax": (Phrase("MODELO 303 IVA", "AEAT", _OUT, 60000, 190000),),
    "fee": (Phrase("COMISION MANTENIMIENTO", None, _FEE, 500, 500),),
}

SPAIN = Country(
    code="es",
    currency="EUR",
    bank="0983",
    bic="KNTBESMM",
    other_banks=("0049", "0081", "0182", "2100", "2080"),
    make_iban=spanish_iban,
    first_names=(
        ("José", "Antonio", "Javier", "Daniel", "Carlos", "Miguel", "Álvaro", "Diego"),
        ("María", "Carmen", "Laura", "Lucía", "Ana", "Paula", "Elena", "Sofía"),
    ),
    last_names=(
        ("García López", "García López"),
        ("Fernández Ruiz", "Fernández Ruiz"),
        ("Martín Soler", "Martín Soler"),
        ("Navarro Gil", "Navarro Gil"),
        ("Romero Vidal", "Romero Vidal"),
        ("Iglesias Peña", "Iglesias Peña"),
    ),
    streets=("Calle Mayor", "Calle Colón", "Avenida del Puerto", "Calle del Sol", "Plaza Nueva"),
    towns=("46001 Valencia", "28002 Madrid", "08003 Barcelona", "41004 Sevilla"),
    address="{street} {house}, {flat}, {town}",
    companies=("CERAMICAS DEL TURIA SL", "PANADERIA EL HORNO SL"),
    account_names=("Cuenta Nómina", "Cuenta Ahorro", "Cuenta Vacaciones", "Cuenta Joven", "Cuenta Premium"),
    display_names=("Mi cuenta", "Ahorro", "Vacaciones", "Para Lucía", "Casa"),
    card_names=("Visa", "Mastercard Oro"),
    phrases=_PHRASES,
    credit_limit=250_000,
)
