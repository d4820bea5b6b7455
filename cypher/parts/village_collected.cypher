// 村的采集年度 — collected: whether v was collected in $year; former_year: the last earlier year with cards.
// It was collected if it has a card of the year. former_year is null if there is none. Needs v, $seq, $year.
CALL (v) {
  WITH v,
    EXISTS { MATCH (v)<-[k:LIVES_IN]-(:Household)<-[:OF]-(c:HouseholdYear)
      WHERE c.year = $year AND part(home_of_card) } AS collected,
    head(COLLECT { MATCH (v)<-[k:LIVES_IN]-(:Household)<-[:OF]-(c:HouseholdYear)
      WHERE c.year < $year AND part(home_of_card) RETURN c.year ORDER BY c.year DESC LIMIT 1 }) AS former_year
  RETURN collected, former_year
}
