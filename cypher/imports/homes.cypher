// 户卡、住所与贫困期间 — Cards, homes, periods of poverty and of unclear status of households, as known now.
// households: {card_no, cards, homes, poor, unclear}. cards: {year, status, exit_year, identified_year, village_code}.
// homes, poor, unclear: {end_key, since, until, values, sequence, ended_as_missing}: the village; first and last day;
// its values; whether it was ended because a complete delivery did not contain it. The last is false once a card that
// was withdrawn with it has been delivered again.
// @params keys, open
// @returns households
UNWIND $keys AS key
MATCH (h:Household {card_no: key})
WITH h.card_no AS card_no,
  COLLECT { MATCH (h)<-[:OF]-(s:HouseholdYear) WHERE s.superseded = $open
    RETURN {year: s.year, status: s.status, exit_year: s.exit_year, identified_year: s.identified_year,
      village_code: s.village_code} ORDER BY s.year } AS cards,
  COLLECT { MATCH (h)-[l:LIVES_IN]->(v:Village) WHERE l.superseded = $open
    WITH v, l, l.source ENDS WITH '!lacking' AND NOT EXISTS {
      MATCH (w:HouseholdYear)-[:OF]->(h)<-[:OF]-(s:HouseholdYear)
      WHERE w.superseded = l.recorded AND s.superseded = $open AND s.year = w.year } AS ended_as_missing
    RETURN {end_key: v.code, since: l.since, until: l.until, values: {}, sequence: l.recorded,
      ended_as_missing: ended_as_missing} ORDER BY l.since } AS homes,
  COLLECT { MATCH (h)-[p:POOR_IN]->(v:Village) WHERE p.superseded = $open
    RETURN {end_key: v.code, since: p.since, until: p.until, values: {exited_in: p.exited_in}, sequence: p.recorded,
      ended_as_missing: false} ORDER BY p.since } AS poor,
  COLLECT { MATCH (h)-[u:UNCLEAR_IN]->(v:Village) WHERE u.superseded = $open
    RETURN {end_key: v.code, since: u.since, until: u.until, values: {}, sequence: u.recorded,
      ended_as_missing: false} ORDER BY u.since } AS unclear
RETURN collect({card_no: card_no, cards: cards, homes: homes, poor: poor, unclear: unclear}) AS households
