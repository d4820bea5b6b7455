// 户的贫困进出 — Of the household h: was it poor by its card of the year before (start), is it by that of the year (finish), and how it came or went: [start, identified,
// returned, exited, removed, finish, unclear (its card does not say what is understood: neither poor nor exited)]; each 1 or 0. Needs h, $seq, $year; told (whether the year tells of it: its village was collected, or it has left the register),
// former (the last year before in which the village was collected; null: never, then the card of the year tells since when it is poor). The rules are those by which its days of poverty are derived (and so of the ledger).
// A card without a status changes nothing: the status of the last card before it that has one goes on. An exit without a year is of the first card that tells it.
// Poor by the card after having exited is poor again, whatever the card calls it.
WITH h, told, former,
  EXISTS { MATCH (h)<-[:OF]-(c:HouseholdYear) WHERE known(c) AND c.year = former } AS carded,
  coalesce(head(COLLECT { MATCH (h)<-[:OF]-(e:HouseholdYear) WHERE known(e) AND e.year < $year AND e.status IS NOT NULL RETURN e.status ORDER BY e.year DESC LIMIT 1 }), '') AS last,
  head(COLLECT { MATCH (h)<-[:OF]-(c:HouseholdYear) WHERE known(c) AND c.year = $year RETURN [c.status, c.exit_year, c.identified_year] LIMIT 1 }) AS b
WITH h, told, carded, last, b, CASE
  WHEN former IS NOT NULL THEN carded AND last IN ['POOR', 'EXIT_EXPECTED', 'RETURNED']
  WHEN last <> '' THEN last IN ['POOR', 'EXIT_EXPECTED', 'RETURNED']
  ELSE coalesce(b[2] < $year, true) AND coalesce(b[0] IN ['POOR', 'EXIT_EXPECTED'] OR (b[0] = 'RETURNED' AND coalesce(b[1] >= $year, true)) OR (b[0] = 'EXITED' AND coalesce(b[1] = $year, true)), false) END AS was
WITH h, told, carded, last, b, was, CASE WHEN b IS NULL THEN was AND NOT told ELSE coalesce(b[0], CASE WHEN carded THEN last END, '') IN ['POOR', 'EXIT_EXPECTED', 'RETURNED'] END AS stays
WITH h, [CASE WHEN was THEN 1 ELSE 0 END, CASE WHEN NOT carded AND NOT was AND last <> 'EXITED' AND (b[0] IN ['POOR', 'EXIT_EXPECTED'] OR (b[0] = 'EXITED' AND b[1] = $year AND b[2] = $year)) THEN 1 ELSE 0 END,
  CASE WHEN NOT was AND (b[0] = 'RETURNED' OR (last = 'EXITED' AND b[0] IN ['POOR', 'EXIT_EXPECTED'])) THEN 1 ELSE 0 END,
  CASE WHEN b[0] = 'EXITED' AND (b[1] = $year OR (b[1] IS NULL AND last <> 'EXITED')) THEN 1 ELSE 0 END, CASE WHEN was AND told AND b IS NULL THEN 1 ELSE 0 END, CASE WHEN stays THEN 1 ELSE 0 END,
  CASE WHEN CASE WHEN b IS NULL THEN last = 'OTHER' AND NOT told ELSE coalesce(b[0], last) = 'OTHER' END THEN 1 ELSE 0 END] AS flow
