// 户的贫困进出 — Poverty ledger entries of the household h in a year, each 1 or 0.
// [start, identified, returned, exited, removed, finish, unclear]: start, poor by its card of the year before; finish,
// poor by its card of the year; unclear, the status on its card is not recognized, so that it is neither poor nor
// exited.
// The rules are those from which the periods of poverty, and so the figures of the ledger, are derived. A card without
// a status keeps the status of the last card that has one. An exit without a year belongs to the first card that states
// it. A household that is poor by its card after an exit has returned to poverty, whatever the card says.
// Needs h, $seq, $year; told (whether the year has data for it: its village was collected, or it has left the
// register),
// former (last earlier year in which the village was collected; null if there is none, then the card of the year states
// since when it is poor).
WITH h, told, former,
  EXISTS { MATCH (h)<-[:OF]-(c:HouseholdYear) WHERE known(c) AND c.year = former } AS carded,
  coalesce(head(COLLECT { MATCH (h)<-[:OF]-(e:HouseholdYear) WHERE known(e) AND e.year < $year AND e.status IS NOT NULL
    RETURN e.status ORDER BY e.year DESC LIMIT 1 }), '') AS last,
  head(COLLECT { MATCH (h)<-[:OF]-(c:HouseholdYear) WHERE known(c) AND c.year = $year
    RETURN [c.status, c.exit_year, c.identified_year] LIMIT 1 }) AS b
WITH h, told, carded, last, b, CASE
  WHEN former IS NOT NULL THEN carded AND last IN ['POOR', 'EXIT_EXPECTED', 'RETURNED']
  WHEN last <> '' THEN last IN ['POOR', 'EXIT_EXPECTED', 'RETURNED']
  ELSE coalesce(b[2] < $year, true) AND coalesce(b[0] IN ['POOR', 'EXIT_EXPECTED']
    OR (b[0] = 'RETURNED' AND coalesce(b[1] >= $year, true)) OR (b[0] = 'EXITED' AND coalesce(b[1] = $year, true)),
    false) END AS was
WITH h, told, carded, last, b, was, CASE WHEN b IS NULL THEN was AND NOT told
  ELSE coalesce(b[0], CASE WHEN carded THEN last END, '') IN ['POOR', 'EXIT_EXPECTED', 'RETURNED'] END AS stays
WITH h, [CASE WHEN was THEN 1 ELSE 0 END, CASE
  WHEN NOT carded AND NOT was AND last <> 'EXITED'
  AND (b[0] IN ['POOR', 'EXIT_EXPECTED'] OR (b[0] = 'EXITED' AND b[1] = $year AND b[2] = $year)) THEN 1 ELSE 0 END,
  CASE WHEN NOT was AND (b[0] = 'RETURNED' OR (last = 'EXITED' AND b[0] IN ['POOR', 'EXIT_EXPECTED'])) THEN 1
    ELSE 0 END,
  CASE WHEN b[0] = 'EXITED' AND (b[1] = $year OR (b[1] IS NULL AND last <> 'EXITED')) THEN 1 ELSE 0 END, CASE
    WHEN was AND told AND b IS NULL THEN 1 ELSE 0 END, CASE WHEN stays THEN 1 ELSE 0 END,
  CASE WHEN CASE WHEN b IS NULL THEN last = 'OTHER' AND NOT told ELSE coalesce(b[0], last) = 'OTHER' END THEN 1
    ELSE 0 END] AS flow
