// 有户卡的年度 — The latest year until $year of which the areas have cards; null where there are none.
// Where the year itself has a card, the first one found tells it; else all cards of the areas are read.
// @params areas, low, high, seq, year
// @returns year
CALL () {
  MATCH (v:Village)
  WHERE part(in_area) AND v.recorded <= $seq AND EXISTS { MATCH (v)<-[l:LIVES_IN]-(:Household)<-[:OF]-(c:HouseholdYear) WHERE known(l) AND c.year = $year AND known(c) }
  RETURN $year AS year LIMIT 1
UNION ALL
  MATCH (v:Village)
  WHERE part(in_area) AND v.recorded <= $seq
  MATCH (v)<-[l:LIVES_IN]-(:Household)<-[:OF]-(c:HouseholdYear)
  WHERE known(l) AND known(c) AND c.year <= $year
  RETURN max(c.year) AS year
}
WITH year LIMIT 1
RETURN year
