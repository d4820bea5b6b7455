// 持有人所在 — Given holders on a day, if they exist: location, whether they are poor, and number of people.
// holders: {position, cardNo, personNo, villageCode, uscc}, of which one number is given and the others are null.
// village: code of the village of a household or person on the day, or of the last village; null for operators.
// members: number of people in a household on the day; 1 for a person; null for others.
// @params holders, asOf, seq
// @returns position, kind, holder, village, poor, members
UNWIND $holders AS reference
OPTIONAL MATCH (h:Household {card_no: reference.cardNo})
OPTIONAL MATCH (p:Person {person_no: reference.personNo})
OPTIONAL MATCH (v:Village {code: reference.villageCode})
OPTIONAL MATCH (e:Enterprise {uscc: reference.uscc})
OPTIONAL MATCH (c:Cooperative {uscc: reference.uscc})
WITH reference.position AS position, h, p, v, coalesce(h.card_no, p.person_no, v.code, e.uscc, c.uscc) AS holder,
  CASE WHEN h IS NOT NULL THEN 'Household' WHEN p IS NOT NULL THEN 'Person' WHEN v IS NOT NULL THEN 'Village'
    WHEN e IS NOT NULL THEN 'Enterprise' WHEN c IS NOT NULL THEN 'Cooperative' ELSE null END AS kind
RETURN position AS position, kind AS kind, holder AS holder,
  CASE kind
    WHEN 'Household' THEN head(COLLECT { MATCH (h)-[l:LIVES_IN]->(w:Village) WHERE known(l) AND l.since <= $asOf
      RETURN w.code ORDER BY l.until DESC, w.code LIMIT 1 })
    WHEN 'Person' THEN head(COLLECT { MATCH (p)-[m:MEMBER_OF]->(:Household)-[l:LIVES_IN]->(w:Village)
      WHERE known(m) AND known(l) AND m.since <= $asOf AND l.since <= $asOf RETURN w.code
      ORDER BY m.until DESC, l.until DESC, w.code LIMIT 1 })
    ELSE v.code END AS village,
  CASE kind
    WHEN 'Household' THEN EXISTS { MATCH (h)-[q:POOR_IN]->(:Village) WHERE holds(q) }
    WHEN 'Person' THEN EXISTS { MATCH (p)-[m:MEMBER_OF]->(:Household)-[q:POOR_IN]->(:Village)
      WHERE holds(m) AND holds(q) }
    ELSE null END AS poor,
  CASE kind
    WHEN 'Household' THEN size(COLLECT { MATCH (h)<-[m:MEMBER_OF]-(x:Person) WHERE holds(m) RETURN x.person_no })
    WHEN 'Person' THEN 1
    ELSE null END AS members
ORDER BY position
