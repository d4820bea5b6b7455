// 户的贫困进出 — Of the household h: was it poor by its card of the year before (start), is it by that of the year (finish), and how it came or went: [start, identified,
// returned, exited, removed, finish]; each 1 or 0. Needs h, $seq, $year.
WITH h,
  head(COLLECT { MATCH (h)<-[:OF]-(c:HouseholdYear) WHERE known(c) AND c.year = $year - 1 RETURN [coalesce(c.status, '')] LIMIT 1 })[0] AS a,
  head(COLLECT { MATCH (h)<-[:OF]-(c:HouseholdYear) WHERE known(c) AND c.year = $year RETURN [coalesce(c.status, ''), c.exit_year] LIMIT 1 }) AS b
WITH h, coalesce(a, '') IN ['POOR', 'EXIT_EXPECTED', 'RETURNED'] AS was, coalesce(b[0], '') IN ['POOR', 'EXIT_EXPECTED', 'RETURNED'] AS stays, a, b
WITH h, [CASE WHEN was THEN 1 ELSE 0 END, CASE WHEN a IS NULL AND b[0] IN ['POOR', 'EXIT_EXPECTED'] THEN 1 ELSE 0 END, CASE WHEN b[0] = 'RETURNED' AND NOT was THEN 1 ELSE 0 END,
  CASE WHEN b[0] = 'EXITED' AND b[1] = $year THEN 1 ELSE 0 END, CASE WHEN was AND b IS NULL THEN 1 ELSE 0 END, CASE WHEN stays THEN 1 ELSE 0 END] AS flow
