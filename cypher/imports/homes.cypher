// 户卡、住所与贫困期间 — Cards, homes, and periods of poverty and of unclear status of households, as known now.
// households: [card_no, cards, homes, poor, unclear]. cards: [year, status, exit year, year of identification,
// village].
// homes, poor, unclear: [village, first day, last day, further values, sequence, whether it was ended because a
// complete delivery did not contain it]. The last value is false once a card that was withdrawn with it has been
// delivered again.
// @params keys, open
// @returns households
UNWIND $keys AS key
MATCH (h:Household {card_no: key})
WITH h.card_no AS card_no,
  COLLECT { MATCH (h)<-[:OF]-(s:HouseholdYear) WHERE s.superseded = $open
    RETURN [s.year, s.status, s.exit_year, s.identified_year, s.village_code] ORDER BY s.year } AS cards,
  COLLECT { MATCH (h)-[l:LIVES_IN]->(v:Village) WHERE l.superseded = $open
    RETURN [v.code, l.since, l.until, [], l.recorded, l.source ENDS WITH '!lacking' AND NOT EXISTS {
      MATCH (w:HouseholdYear)-[:OF]->(h)<-[:OF]-(s:HouseholdYear)
      WHERE w.superseded = l.recorded AND s.superseded = $open AND s.year = w.year
    }] ORDER BY l.since } AS homes,
  COLLECT { MATCH (h)-[p:POOR_IN]->(v:Village) WHERE p.superseded = $open
    RETURN [v.code, p.since, p.until, [p.exited_in], p.recorded, false] ORDER BY p.since } AS poor,
  COLLECT { MATCH (h)-[u:UNCLEAR_IN]->(v:Village) WHERE u.superseded = $open
    RETURN [v.code, u.since, u.until, [], u.recorded, false] ORDER BY u.since } AS unclear
RETURN collect([card_no, cards, homes, poor, unclear]) AS households
