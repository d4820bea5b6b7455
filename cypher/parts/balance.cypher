// 户的贫困进出 — Of the household h: was it poor by its card of the year before (start), is it by that of the year (finish), and how it came or went: [start, identified,
// returned, exited, removed, finish]; each 1 or 0. Needs h, $seq, $year.
// A card without a status changes nothing: the status of the last card before it that has one goes on, as it does for the days of poverty.
WITH h,
  head(COLLECT { MATCH (h)<-[:OF]-(c:HouseholdYear) WHERE known(c) AND c.year = $year - 1
    RETURN [coalesce(c.status, head(COLLECT { MATCH (h)<-[:OF]-(e:HouseholdYear) WHERE known(e) AND e.year < $year - 1 AND e.status IS NOT NULL RETURN e.status ORDER BY e.year DESC LIMIT 1 }), '')] LIMIT 1 })[0] AS a,
  head(COLLECT { MATCH (h)<-[:OF]-(c:HouseholdYear) WHERE known(c) AND c.year = $year RETURN [c.status, c.exit_year] LIMIT 1 }) AS b
WITH h, a, b, coalesce(a, '') IN ['POOR', 'EXIT_EXPECTED', 'RETURNED'] AS was, CASE WHEN b IS NULL THEN false ELSE coalesce(b[0], a, '') IN ['POOR', 'EXIT_EXPECTED', 'RETURNED'] END AS stays
WITH h, [CASE WHEN was THEN 1 ELSE 0 END, CASE WHEN a IS NULL AND b[0] IN ['POOR', 'EXIT_EXPECTED'] THEN 1 ELSE 0 END, CASE WHEN b[0] = 'RETURNED' AND NOT was THEN 1 ELSE 0 END,
  CASE WHEN b[0] = 'EXITED' AND b[1] = $year THEN 1 ELSE 0 END, CASE WHEN was AND b IS NULL THEN 1 ELSE 0 END, CASE WHEN stays THEN 1 ELSE 0 END] AS flow
