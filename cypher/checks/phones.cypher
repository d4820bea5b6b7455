// 电话检查 — Households that share their telephone number with another household (DOMAIN §5, identity).
// The latest card up to the year of the day is checked. Other households count wherever they are.
// Shared numbers are looked up once for each number, not for each household, because thousands of households can share
// a fictitious one.
// @compares phone
// @params low, high, asOf, seq, year, codes
// @returns check, label, subject, value
MATCH (v:Village)
WHERE v.code >= $low AND v.code < $high AND v.recorded <= $seq
MATCH (v)<-[l:LIVES_IN]-(h:Household)
WHERE holds(l)
WITH h, head(COLLECT { MATCH (h)<-[:OF]-(c:HouseholdYear) WHERE known(c) AND c.year <= $year RETURN {phone: c.phone}
  ORDER BY c.year DESC LIMIT 1 }).phone AS phone
WHERE phone IS NOT NULL AND 'PHONE_SHARED' IN $codes
WITH phone, collect(h.card_no) AS cards
WITH cards, COLLECT {
  MATCH (d:HouseholdYear {phone: phone})-[:OF]->(g:Household)-[k:LIVES_IN]->(:Village)
  WHERE known(d) AND d.year <= $year AND holds(k)
    AND NOT EXISTS { MATCH (g)<-[:OF]-(e:HouseholdYear) WHERE known(e) AND e.year <= $year AND e.year > d.year }
  RETURN DISTINCT g.card_no AS number ORDER BY number LIMIT 2 } AS sharing
WHERE size(sharing) > 1
UNWIND cards AS card
RETURN 'PHONE_SHARED' AS check, 'Household' AS label, card AS subject, head([x IN sharing WHERE x <> card]) AS value
ORDER BY check, subject
