// 户的贫困进出 — Poverty ledger entries of the household h in a year: flow, a map of figures, each 1 or 0.
// {start, identified, returned, exited, removed, finish, unclear}: start, poor by its card of the year before; finish,
// poor by its card of the year; unclear, the status on its card is not recognized, so that it is neither poor nor
// exited.
// The rules are those from which the periods of poverty, and so the figures of the ledger, are derived. A card without
// a status keeps the status of the last card that has one. An exit without a year belongs to the first card that states
// it. A household that is poor by its card after an exit has returned to poverty, whatever the card says.
// Needs h, $seq, $year, collected (whether the year has data for it: its village was collected, or it has left the
// register), former_year (last earlier year in which the village was collected; null if there is none, then the card
// of the year states since when it is poor).
CALL (h, collected, former_year) {
  WITH h, collected, former_year,
    EXISTS { MATCH (h)<-[:OF]-(c:HouseholdYear) WHERE known(c) AND c.year = former_year } AS carded,
    coalesce(head(COLLECT { MATCH (h)<-[:OF]-(e:HouseholdYear)
      WHERE known(e) AND e.year < $year AND e.status IS NOT NULL
      RETURN e.status ORDER BY e.year DESC LIMIT 1 }), '') AS last,
    head(COLLECT { MATCH (h)<-[:OF]-(c:HouseholdYear) WHERE known(c) AND c.year = $year
      RETURN {status: c.status, exit_year: c.exit_year, identified_year: c.identified_year} LIMIT 1 }) AS card
  WITH h, collected, carded, last, card, CASE
    WHEN former_year IS NOT NULL THEN carded AND last IN ['POOR', 'EXIT_EXPECTED', 'RETURNED']
    WHEN last <> '' THEN last IN ['POOR', 'EXIT_EXPECTED', 'RETURNED']
    ELSE coalesce(card.identified_year < $year, true) AND coalesce(card.status IN ['POOR', 'EXIT_EXPECTED']
      OR (card.status = 'RETURNED' AND coalesce(card.exit_year >= $year, true))
      OR (card.status = 'EXITED' AND coalesce(card.exit_year = $year, true)), false) END AS was_poor
  WITH h, collected, carded, last, card, was_poor, CASE WHEN card IS NULL THEN was_poor AND NOT collected
    ELSE coalesce(card.status, CASE WHEN carded THEN last END, '') IN ['POOR', 'EXIT_EXPECTED', 'RETURNED'] END
    AS is_poor
  WITH h, {
    start: CASE WHEN was_poor THEN 1 ELSE 0 END,
    identified: CASE WHEN NOT carded AND NOT was_poor AND last <> 'EXITED'
      AND (card.status IN ['POOR', 'EXIT_EXPECTED']
        OR (card.status = 'EXITED' AND card.exit_year = $year AND card.identified_year = $year)) THEN 1 ELSE 0 END,
    returned: CASE WHEN NOT was_poor
      AND (card.status = 'RETURNED' OR (last = 'EXITED' AND card.status IN ['POOR', 'EXIT_EXPECTED'])) THEN 1
      ELSE 0 END,
    exited: CASE WHEN card.status = 'EXITED' AND (card.exit_year = $year
      OR (card.exit_year IS NULL AND last <> 'EXITED')) THEN 1 ELSE 0 END,
    removed: CASE WHEN was_poor AND collected AND card IS NULL THEN 1 ELSE 0 END,
    finish: CASE WHEN is_poor THEN 1 ELSE 0 END,
    unclear: CASE WHEN CASE WHEN card IS NULL THEN last = 'OTHER' AND NOT collected
      ELSE coalesce(card.status, last) = 'OTHER' END THEN 1 ELSE 0 END} AS flow
  RETURN flow
}
