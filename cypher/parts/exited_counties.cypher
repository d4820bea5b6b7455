// 当年摘帽县 — Number of counties in the area code that exited in the year up to the day, by their latest report.
// The area can be a county itself.
// Needs code, $asOf, $seq, $year.
COUNT { MATCH (c:Area) WHERE c.code >= code AND c.code < code + ':' AND c.level = 'COUNTY'
  AND $year * 10000 + 1231 <= $asOf
  AND head(COLLECT { MATCH (c)<-[:OF]-(y:AreaYear) WHERE known(y) AND y.year <= $year RETURN y.exit_year
    ORDER BY y.year DESC LIMIT 1 }) = $year }
