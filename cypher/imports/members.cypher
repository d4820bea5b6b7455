// 户内人口记录 — Persons of households and the given persons, with their records of all years.
// The persons of a household are those who belong to it or belonged to it before this import.
// keys: [card number, persons]. members: [card_no, person_no, records, memberships]. records: [year, household,
// relation, its original text, date of birth].
// memberships: [household, first day, last day, [relation, its original text], sequence, whether it was ended because a
// complete delivery did not contain it]. The last value is false once a record that was withdrawn with it has been
// delivered again.
// @params keys, open, seq
// @returns members
UNWIND $keys AS key
MATCH (h:Household {card_no: key[0]})
WITH h.card_no AS household, key[1] AS persons,
  COLLECT { MATCH (h)<-[m:MEMBER_OF]-(q:Person) WHERE m.superseded = $open OR m.superseded = $seq
    RETURN q.person_no } AS current_members
UNWIND persons + current_members AS number
WITH DISTINCT household, number
MATCH (p:Person {person_no: number})
WITH household, p.person_no AS person,
  COLLECT { MATCH (p)<-[:OF]-(y:PersonYear) WHERE y.superseded = $open
    RETURN [y.year, y.card_no, y.relation, y.relation_text, y.born_on] ORDER BY y.year } AS records,
  COLLECT { MATCH (p)-[m:MEMBER_OF]->(g:Household) WHERE m.superseded = $open
    RETURN [g.card_no, m.since, m.until, [m.relation, m.relation_text], m.recorded,
      m.source ENDS WITH '!lacking' AND NOT EXISTS {
        MATCH (w:PersonYear)-[:OF]->(p)<-[:OF]-(y:PersonYear)
        WHERE w.superseded = m.recorded AND y.superseded = $open AND y.year = w.year
      }] ORDER BY m.since } AS memberships
WITH household, person, records, memberships ORDER BY household, person
RETURN collect([household, person, records, memberships]) AS members
