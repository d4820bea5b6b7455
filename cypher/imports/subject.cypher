// 对象所在 — What is known of a finding, and where a subject of findings and waivers lies: an area, a household, a person.
// finding: its number, or null. subject: a village's code, a card number, a person's number; told by the finding where there is one.
// state, check, value, day, seen_on: the finding's; about: the label under which the subject is found; place: the code of its village.
// @params finding, subject, about, seq
// @returns state, check, value, day, seen_on, about, subject, place
OPTIONAL MATCH (f:Finding {finding_no: $finding})-[a:ABOUT]->(x)
WHERE known(a)
WITH f, CASE WHEN x IS NULL THEN $about WHEN x:Household THEN 'Household' WHEN x:Person THEN 'Person' ELSE 'Area' END AS about,
  coalesce(x.card_no, x.person_no, x.code, $subject) AS subject
WITH about, subject,
  head(COLLECT { MATCH (f)<-[:OF]-(s:FindingState) WHERE known(s) RETURN [s.state, s.check, s.value, s.day, s.seen_on] }) AS s,
  CASE about
    WHEN 'Area' THEN head(COLLECT { MATCH (v:Area {code: subject}) RETURN v.code })
    WHEN 'Household' THEN head(COLLECT { MATCH (:Household {card_no: subject})-[l:LIVES_IN]->(v:Village) WHERE known(l) RETURN v.code })
    ELSE head(COLLECT { MATCH (:Person {person_no: subject})-[m:MEMBER_OF]->(:Household)-[l:LIVES_IN]->(v:Village) WHERE known(m) AND known(l) RETURN v.code })
  END AS place
RETURN s[0] AS state, s[1] AS check, s[2] AS value, s[3] AS day, s[4] AS seen_on, about, subject, place
