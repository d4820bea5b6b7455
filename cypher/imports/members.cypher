// 户内人口记录 — Persons of households and the given persons, with their records of all years.
// The persons of a household are those who belong to it or belonged to it before this import.
// keys: {household, persons}. members: {household, person, records, memberships}. records: {year, card_no, relation,
// relation_text}.
// memberships: {end_key, since, until, values, sequence, ended_as_missing}: the household; first and last day; its
// values; whether it was ended because a complete delivery did not contain it. The last is false once a record that was
// withdrawn with it has been delivered again.
// @params keys, open, seq
// @returns members
UNWIND $keys AS key
MATCH (h:Household {card_no: key.household})
WITH h.card_no AS household, key.persons AS persons,
  COLLECT { MATCH (h)<-[m:MEMBER_OF]-(q:Person) WHERE m.superseded = $open OR m.superseded = $seq
    RETURN q.person_no } AS current_members
UNWIND persons + current_members AS number
WITH DISTINCT household, number
MATCH (p:Person {person_no: number})
WITH household, p.person_no AS person,
  COLLECT { MATCH (p)<-[:OF]-(y:PersonYear) WHERE y.superseded = $open
    RETURN {year: y.year, card_no: y.card_no, relation: y.relation, relation_text: y.relation_text}
    ORDER BY y.year } AS records,
  COLLECT { MATCH (p)-[m:MEMBER_OF]->(g:Household) WHERE m.superseded = $open
    WITH g, m, m.source ENDS WITH '!lacking' AND NOT EXISTS {
      MATCH (w:PersonYear)-[:OF]->(p)<-[:OF]-(y:PersonYear)
      WHERE w.superseded = m.recorded AND y.superseded = $open AND y.year = w.year } AS ended_as_missing
    RETURN {end_key: g.card_no, since: m.since, until: m.until,
      values: {relation: m.relation, relation_text: m.relation_text}, sequence: m.recorded,
      ended_as_missing: ended_as_missing} ORDER BY m.since } AS memberships
WITH household, person, records, memberships ORDER BY household, person
RETURN collect({household: household, person: person, records: records, memberships: memberships}) AS members
