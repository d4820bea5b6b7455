// 村的出列事实 — Facts for the exit standard of the village v: b, its latest yearly record; facts (part judged).
// Shares in millionths, money in fen. The poor are counted on the day, including households still registered under the
// code of a village that was merged into this one, also through several mergers.
// The denominator is from the latest yearly record: the population, if it is stated and all poor households have
// members in the register; otherwise the number of households. The share is unknown if the poverty status of a
// household is unclear.
// Needs v, $asOf, $seq, $year.
WITH v,
  head(COLLECT { MATCH (v)<-[:OF]-(b:VillageYear) WHERE known(b) AND b.year <= $year
    RETURN [b.year, b.population, b.households, b.collective_income, b.hard_road, b.clinic, b.culture_room, b.network,
      b.poor, b.exit_year] ORDER BY b.year DESC LIMIT 1 }) AS b,
  COUNT { MATCH (v)<-[l:LIVES_IN]-(h:Household)
    WHERE holds(l) AND EXISTS { MATCH (h)-[p:POOR_IN]->(:Village) WHERE holds(p) } } +
    size(COLLECT { MATCH (v)<-[xs:PREDECESSOR_OF*1..4]-(:Area)<-[l:LIVES_IN]-(h:Household)
      WHERE merged(xs) AND holds(l) AND EXISTS { MATCH (h)-[p:POOR_IN]->(:Village) WHERE holds(p) }
      RETURN DISTINCT h.card_no }) AS households,
  EXISTS { MATCH (v)<-[l:LIVES_IN]-(h:Household)
    WHERE holds(l) AND EXISTS { MATCH (h)-[p:POOR_IN]->(:Village) WHERE holds(p) } AND NOT EXISTS {
    MATCH (h)<-[n:MEMBER_OF]-(:Person) WHERE holds(n) } }
    OR EXISTS { MATCH (v)<-[xs:PREDECESSOR_OF*1..4]-(:Area)<-[l:LIVES_IN]-(h:Household)
      WHERE merged(xs) AND holds(l) AND EXISTS { MATCH (h)-[p:POOR_IN]->(:Village) WHERE holds(p) } AND NOT EXISTS {
      MATCH (h)<-[n:MEMBER_OF]-(:Person) WHERE holds(n) } } AS uncounted,
  COUNT { MATCH (v)<-[l:LIVES_IN]-(h:Household)<-[m:MEMBER_OF]-(:Person)
    WHERE holds(l) AND holds(m) AND EXISTS { MATCH (h)-[p:POOR_IN]->(:Village) WHERE holds(p) } } +
    size(COLLECT { MATCH (v)<-[xs:PREDECESSOR_OF*1..4]-(:Area)<-[l:LIVES_IN]-(h:Household)<-[m:MEMBER_OF]-(q:Person)
      WHERE merged(xs) AND holds(l) AND holds(m) AND EXISTS { MATCH (h)-[p:POOR_IN]->(:Village) WHERE holds(p) }
      RETURN DISTINCT q.person_no }) AS people,
  EXISTS { MATCH (v)<-[u:UNCLEAR_IN]-(:Household) WHERE holds(u) }
    OR EXISTS { MATCH (v)<-[xs:PREDECESSOR_OF*1..4]-(:Area)<-[u:UNCLEAR_IN]-(:Household)
      WHERE merged(xs) AND holds(u) } AS doubtful
WITH v, b, CASE WHEN doubtful THEN [null, null] WHEN b[1] > 0 AND NOT uncounted THEN [people, b[1]]
  WHEN b[2] > 0 THEN [households, b[2]] ELSE [null, null] END AS poor, v.code + ':' + toString(b[0]) AS book
WITH v, b, [
  ['POOR_SHARE', poor[0] * 1000000, [['VillageYear', book, toString(poor[0]) + '/' + toString(poor[1])]], poor[1],
    null],
  ['COLLECTIVE_INCOME', b[3], [['VillageYear', book, null]], null, null],
    ['HARD_ROAD', b[4], [['VillageYear', book, null]], null, null],
    ['CLINIC', b[5], [['VillageYear', book, null]], null, null],
  ['CULTURE_ROOM', b[6], [['VillageYear', book, null]], null, null],
    ['NETWORK', b[7], [['VillageYear', book, null]], null, null]] AS facts
