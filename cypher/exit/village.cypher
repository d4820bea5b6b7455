// 村退出标准 — The exit standard of one village, predicate by predicate, with evidence.
// predicates: [predicate, comparison, threshold]; shares in millionths, money in fen. The poor are counted on the day; of how many, by the
// latest book: people where it has them, and all poor households have members on the register; else households.
// @params key, areas, low, high, asOf, seq, year, predicates
// @returns label, subject, judged
MATCH (v:Village {code: $key})
WHERE part(in_area)
WITH v,
  head(COLLECT { MATCH (v)<-[:OF]-(b:VillageYear) WHERE known(b) AND b.year <= $year
    RETURN [b.year, b.population, b.households, b.collective_income, b.hard_road, b.clinic, b.culture_room, b.network] ORDER BY b.year DESC LIMIT 1 }) AS b,
  COUNT { MATCH (v)<-[l:LIVES_IN]-(h:Household) WHERE holds(l) AND EXISTS { MATCH (h)-[p:POOR_IN]->(:Village) WHERE holds(p) } } AS households,
  EXISTS { MATCH (v)<-[l:LIVES_IN]-(h:Household) WHERE holds(l) AND EXISTS { MATCH (h)-[p:POOR_IN]->(:Village) WHERE holds(p) } AND NOT EXISTS { MATCH (h)<-[n:MEMBER_OF]-(:Person) WHERE holds(n) } } AS uncounted,
  COUNT { MATCH (v)<-[l:LIVES_IN]-(h:Household)<-[m:MEMBER_OF]-(:Person) WHERE holds(l) AND holds(m) AND EXISTS { MATCH (h)-[p:POOR_IN]->(:Village) WHERE holds(p) } } AS people
WITH v, b, households, CASE WHEN uncounted THEN null ELSE people END AS people, v.code + ':' + toString(b[0]) AS book
WITH v, [
  ['POOR_SHARE', CASE WHEN b[1] > 0 AND people IS NOT NULL THEN people * 1000000 / b[1] WHEN b[2] > 0 THEN households * 1000000 / b[2] END,
    [['VillageYear', book, CASE WHEN b[1] > 0 AND people IS NOT NULL THEN toString(people) + '/' + toString(b[1]) WHEN b[2] > 0 THEN toString(households) + '/' + toString(b[2]) END]]],
  ['COLLECTIVE_INCOME', b[3], [['VillageYear', book, null]]], ['HARD_ROAD', b[4], [['VillageYear', book, null]]], ['CLINIC', b[5], [['VillageYear', book, null]]],
  ['CULTURE_ROOM', b[6], [['VillageYear', book, null]]], ['NETWORK', b[7], [['VillageYear', book, null]]]] AS facts
WITH 'Village' AS label, v.code AS subject, part(judged) AS judged
RETURN label, subject, judged
