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
    RETURN [b.collective_income, b.hard_road, b.clinic, b.culture_room, b.network, b.cultivated_land]
      ORDER BY b.year DESC LIMIT 1 }) AS b,
  head(COLLECT { MATCH (v)<-[r:SERVES]-(c:Cadre)-[q:SERVES]->(w:Village)
    WHERE r.duty IN $posts AND holds(r) AND q.duty IN $posts AND holds(q) AND w.code <> v.code
      AND NOT EXISTS { MATCH (w)-[xs:PREDECESSOR_OF*1..4]->(v) WHERE merged(xs) }
    RETURN c.cadre_no ORDER BY c.cadre_no LIMIT 1 }) AS twice
WHERE b IS NOT NULL OR twice IS NOT NULL
WITH v, b, twice,
  CASE WHEN b IS NULL THEN null ELSE EXISTS {
    MATCH (v)<-[xs:PREDECESSOR_OF*0..4]-(:Area)<-[l:LIVES_IN]-(:Household)
    WHERE merged(xs) AND holds(l) } END AS lived_in,
  CASE WHEN b[5] IS NULL THEN null ELSE reduce(sum = 0.0, one IN COLLECT {
    MATCH (v)<-[xs:PREDECESSOR_OF*0..4]-(:Area)<-[l:LIVES_IN]-(h:Household) WHERE merged(xs) AND holds(l)
    WITH DISTINCT h
    RETURN coalesce(head(COLLECT { MATCH (h)<-[:OF]-(c:HouseholdYear) WHERE known(c) AND c.year <= $year
      RETURN c.cultivated_land ORDER BY c.year DESC LIMIT 1 }), 0.0) } | sum + one) END AS land
UNWIND [
  ['VILLAGE_EMPTY', NOT lived_in, null],
  ['VILLAGE_INCOME_BLANK', b IS NOT NULL AND coalesce(b[0], 0) = 0, null],
  ['VILLAGE_NO_ROAD', b[1] = false, null],
  ['VILLAGE_NO_CLINIC', b[2] = false, null],
  ['VILLAGE_NO_CULTURE_ROOM', b[3] = false, null],
  ['VILLAGE_NO_NETWORK', b[4] = false, null],
  ['VILLAGE_LAND', land > b[5] + 0.001, toString(land)],
  ['POST_IN_TWO_PLACES', twice IS NOT NULL, twice]
] AS one
WITH v, one
WHERE one[1] AND one[0] IN $codes
RETURN one[0] AS check, 'Village' AS label, v.code AS subject, one[2] AS value
ORDER BY check, subject
