// 村的采集年度 — Of the village v: told, whether it was collected in $year (it has a card of it); former, the last year before in which it was, null where in none.
// Needs v, $seq, $year.
WITH v,
  EXISTS { MATCH (v)<-[k:LIVES_IN]-(:Household)<-[:OF]-(c:HouseholdYear) WHERE c.year = $year AND part(carded_there) } AS told,
  head(COLLECT { MATCH (v)<-[k:LIVES_IN]-(:Household)<-[:OF]-(c:HouseholdYear) WHERE c.year < $year AND part(carded_there) RETURN c.year ORDER BY c.year DESC LIMIT 1 }) AS former
