// 人口所在户 — Households to which persons belong by a record of any year, or belonged before this import changed it.
// pairs: [person_no, card numbers].
// @params keys, open, seq
// @returns pairs
UNWIND $keys AS key
MATCH (p:Person {person_no: key})
WITH p.person_no AS number,
  COLLECT { MATCH (p)<-[:OF]-(y:PersonYear) WHERE y.superseded = $open AND y.card_no IS NOT NULL RETURN y.card_no } +
  COLLECT { MATCH (p)-[m:MEMBER_OF]->(h:Household) WHERE m.superseded = $open OR m.superseded = $seq
    RETURN h.card_no } AS households
RETURN collect([number, households]) AS pairs
