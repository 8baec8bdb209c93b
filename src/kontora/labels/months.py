"""Titles without their dates: what stays the same from month to month."""

from __future__ import annotations

from kontora.labels.normalising import plain

_MONTHS = frozenset(
    plain(
        """
        styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik listopad grudzień
        stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia
        sty lut mar kwi cze lip sie wrz paź lis gru
        enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre setiembre
        ene feb abr may jun jul ago sep set oct nov dic
        gener febrer març maig juny juliol agost setembre octubre novembre desembre
        xaneiro febreiro maio xuño xullo setembro outubro novembro decembro
        urtarrila otsaila martxoa apirila maiatza ekaina uztaila abuztua iraila urria azaroa abendua
        janeiro fevereiro março junho julho dezembro jan fev mai out dez
        leden únor březen duben květen červen červenec srpen září říjen listopad prosinec
        ledna února března dubna května června července srpna října listopadu prosince
        led úno bře dub kvě čer čvc srp zář říj lis pro
        january february march april june july august september october november december
        apr aug dec
        """
    ).split()
)


def undated(title: str) -> str:
    """Return a normalised title without numbers and months: "PAYROLL MAY 2026 ACME" -> "PAYROLL ACME"."""
    return " ".join(word for word in title.split() if word.isalpha() and word not in _MONTHS)
