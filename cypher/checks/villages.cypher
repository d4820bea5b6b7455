// 村册检查 — Villages whose yearly record is incomplete or inconsistent (DOMAIN §5).
// The latest record up to the year of the day is checked; a village without a record is checked only for posts.
// Households that are still registered in a village merged into this one count as its own. A village that was merged
// into another is not checked.
// posts: posts whose holders must live in the village.
// @params low, high, asOf, seq, year, codes, posts
// @returns check, label, subject, value
MATCH (v:Village)
WHERE v.code >= $low AND v.code < $high AND v.recorded <= $seq AND NOT part(merged_away)
WITH v,
  head(COLLECT { MATCH (v)<-[:OF]-(b:VillageYear) WHERE known(b) AND b.year <= $year
    RETURN {collective_income: b.collective_income, hard_road: b.hard_road, clinic: b.clinic,
      culture_room: b.culture_room, network: b.network, land: b.cultivated_land}
    ORDER BY b.year DESC LIMIT 1 }) AS book,
  head(COLLECT { MATCH (v)<-[r:SERVES]-(c:Cadre)-[q:SERVES]->(w:Village)
    WHERE r.duty IN $posts AND holds(r) AND q.duty IN $posts AND holds(q) AND w.code <> v.code
      AND NOT EXISTS { MATCH (w)-[xs:PREDECESSOR_OF*1..4]->(v) WHERE merged(xs) }
    RETURN c.cadre_no ORDER BY c.cadre_no LIMIT 1 }) AS double_holder
WHERE book IS NOT NULL OR double_holder IS NOT NULL
WITH v, book, double_holder,
  CASE WHEN book IS NULL THEN null ELSE EXISTS {
    MATCH (v)<-[xs:PREDECESSOR_OF*0..4]-(:Area)<-[l:LIVES_IN]-(:Household)
    WHERE merged(xs) AND holds(l) } END AS lived_in,
  CASE WHEN book.land IS NULL THEN null ELSE reduce(sum = 0.0, land IN COLLECT {
    MATCH (v)<-[xs:PREDECESSOR_OF*0..4]-(:Area)<-[l:LIVES_IN]-(h:Household) WHERE merged(xs) AND holds(l)
    WITH DISTINCT h
    RETURN coalesce(head(COLLECT { MATCH (h)<-[:OF]-(c:HouseholdYear) WHERE known(c) AND c.year <= $year
      RETURN c.cultivated_land ORDER BY c.year DESC LIMIT 1 }), 0.0) } | sum + land) END AS land
UNWIND [
  {check: 'VILLAGE_EMPTY', broken: NOT lived_in, value: null},
  {check: 'VILLAGE_INCOME_BLANK', broken: book IS NOT NULL AND coalesce(book.collective_income, 0) = 0, value: null},
  {check: 'VILLAGE_NO_ROAD', broken: book.hard_road = false, value: null},
  {check: 'VILLAGE_NO_CLINIC', broken: book.clinic = false, value: null},
  {check: 'VILLAGE_NO_CULTURE_ROOM', broken: book.culture_room = false, value: null},
  {check: 'VILLAGE_NO_NETWORK', broken: book.network = false, value: null},
  {check: 'VILLAGE_LAND', broken: land > book.land + 0.001, value: toString(land)},
  {check: 'POST_IN_TWO_PLACES', broken: double_holder IS NOT NULL, value: double_holder}
] AS finding
WITH v, finding
WHERE finding.broken AND finding.check IN $codes
RETURN finding.check AS check, 'Village' AS label, v.code AS subject, finding.value AS value
ORDER BY check, subject
