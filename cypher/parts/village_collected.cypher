// 村的采集年度 — told, whether the village v was collected in $year (it has a card of the year); former, the last earlier
// year with cards.
// former is null if there is none. Needs v, $seq, $year.
WITH v,
  EXISTS { MATCH (v)<-[k:LIVES_IN]-(:Household)<-[:OF]-(c:HouseholdYear)
    WHERE c.year = $year AND part(carded_there) } AS told,
  head(COLLECT { MATCH (v)<-[k:LIVES_IN]-(:Household)<-[:OF]-(c:HouseholdYear)
    WHERE c.year < $year AND part(carded_there) RETURN c.year ORDER BY c.year DESC LIMIT 1 }) AS former
