// 有户卡的年度 — Latest year up to $year in which the areas have household cards; null if there is none.
// If $year itself has a card, the first card found is enough; otherwise all cards of the areas are read.
// @params areas, low, high, seq, year
// @returns year
CALL () {
  MATCH (v:Village)
  WHERE part(in_area) AND v.recorded <= $seq AND EXISTS {
    MATCH (v)<-[k:LIVES_IN]-(:Household)<-[:OF]-(c:HouseholdYear) WHERE c.year = $year AND part(home_of_card) }
  RETURN $year AS year LIMIT 1
UNION ALL
  MATCH (v:Village)
  WHERE part(in_area) AND v.recorded <= $seq
  MATCH (v)<-[k:LIVES_IN]-(:Household)<-[:OF]-(c:HouseholdYear)
  WHERE c.year <= $year AND part(home_of_card)
  RETURN max(c.year) AS year
}
WITH year LIMIT 1
RETURN year
