// 户卡与贫困期间 — A household's cards, village and stretches of poverty, as they are known now.
// @params keys, open
// households: [card_no, village, last day there, cards, stretches].
// @returns households
UNWIND $keys AS key
MATCH (h:Household {card_no: key})
MATCH (h)-[l:LIVES_IN {superseded: $open}]->(v:Village)
WITH h.card_no AS card_no, v.code AS village, l.until AS left,
  COLLECT { MATCH (h)<-[:OF]-(s:HouseholdYear) WHERE s.superseded = $open RETURN [s.year, s.status, s.exit_year, s.identified_year] ORDER BY s.year } AS cards,
  COLLECT { MATCH (h)-[p:POOR_IN]->(o:Village) WHERE p.superseded = $open RETURN [p.since, p.until, p.exited_in, o.code, p.recorded] ORDER BY p.since } AS stretches
RETURN collect([card_no, village, left, cards, stretches]) AS households
