// 户卡与贫困期间 — A household's cards, village, stretches of poverty and of unclear standing, as they are known now.
// @params keys, open
// households: [card_no, village, last day there, cards, poor, unclear]; the last two as [village, first day, last day, …].
// @returns households
UNWIND $keys AS key
MATCH (h:Household {card_no: key})
MATCH (h)-[l:LIVES_IN {superseded: $open}]->(v:Village)
WITH h.card_no AS card_no, v.code AS village, l.until AS left,
  COLLECT { MATCH (h)<-[:OF]-(s:HouseholdYear) WHERE s.superseded = $open RETURN [s.year, s.status, s.exit_year, s.identified_year] ORDER BY s.year } AS cards,
  COLLECT { MATCH (h)-[p:POOR_IN]->(o:Village) WHERE p.superseded = $open RETURN [o.code, p.since, p.until, p.exited_in] ORDER BY p.since } AS poor,
  COLLECT { MATCH (h)-[u:UNCLEAR_IN]->(o:Village) WHERE u.superseded = $open RETURN [o.code, u.since, u.until] ORDER BY u.since } AS unclear
RETURN collect([card_no, village, left, cards, poor, unclear]) AS households
