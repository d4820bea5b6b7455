// 有户卡的年度 — The latest year until $year of which the areas have cards; null where there are none.
// Asked of every question that compares years, so it is read off the first thirty villages with households, not off all cards.
// @params areas, low, high, seq, year
// @returns year
MATCH (v:Village)
WHERE part(in_area) AND v.recorded <= $seq AND EXISTS { MATCH (v)<-[l:LIVES_IN]-(:Household) WHERE known(l) }
WITH v ORDER BY v.code LIMIT 30
WITH v, head(COLLECT { MATCH (v)<-[l:LIVES_IN]-(:Household)<-[:OF]-(c:HouseholdYear) WHERE known(l) AND known(c) AND c.year <= $year RETURN c.year ORDER BY c.year DESC LIMIT 1 }) AS latest
RETURN max(latest) AS year
