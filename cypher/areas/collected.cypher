// 有户卡的年度 — The latest year until $year of which the areas have cards; null where there are none.
// Where the year itself has a card, the first one found tells it; else all cards of the areas are read.
// @params areas, low, high, seq, year
// @returns year
CALL () {
  MATCH (v:Village)
  WHERE part(in_area) AND v.recorded <= $seq AND EXISTS { MATCH (v)<-[k:LIVES_IN]-(:Household)<-[:OF]-(c:HouseholdYear) WHERE c.year = $year AND part(carded_there) }
  RETURN $year AS year LIMIT 1
UNION ALL
  MATCH (v:Village)
  WHERE part(in_area) AND v.recorded <= $seq
  MATCH (v)<-[k:LIVES_IN]-(:Household)<-[:OF]-(c:HouseholdYear)
  WHERE c.year <= $year AND part(carded_there)
  RETURN max(c.year) AS year
}
WITH year LIMIT 1
RETURN year
