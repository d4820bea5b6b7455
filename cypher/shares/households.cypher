// 村内农户 — Households that live in villages on a day, all or only the poor ones, with their number of people.
// @params villages, poor, asOf, seq
// @returns card_no, village, members
UNWIND $villages AS code
MATCH (v:Village {code: code})<-[l:LIVES_IN]-(h:Household)
WHERE holds(l) AND (NOT $poor OR EXISTS { MATCH (h)-[q:POOR_IN]->(:Village) WHERE holds(q) })
RETURN h.card_no AS card_no, v.code AS village,
  size(COLLECT { MATCH (h)<-[m:MEMBER_OF]-(x:Person) WHERE holds(m) RETURN x.person_no }) AS members
ORDER BY card_no
