// 问题现状 — Current values of a problem: content, state, subject, responsible holders and supervision rounds.
// about: label by which its subject is found. subject: card number, person number or area code. found_on: first day on
// which the problem is about this subject.
// holders: map of label, key, since, until, due of each term. inspections: numbers of the supervision rounds that
// found it.
// @params problem, seq
// @returns content, state, state_text, closed_on, evidence, note, about, subject, found_on, holders, inspections
MATCH (p:Problem {problem_no: $problem})<-[:OF]-(s:ProblemState)
WHERE known(s)
WITH p, s, head(COLLECT { MATCH (p)-[a:ABOUT]->(x) WHERE known(a)
  RETURN {label: CASE WHEN x:Household THEN 'Household' WHEN x:Person THEN 'Person' ELSE 'Area' END,
    key: coalesce(x.card_no, x.person_no, x.code), since: a.since}
  ORDER BY a.until DESC, coalesce(x.card_no, x.person_no, x.code) LIMIT 1 }) AS about
RETURN s.content AS content, s.state AS state, s.state_text AS state_text, s.closed_on AS closed_on,
  s.evidence AS evidence, s.note AS note,
  about.label AS about, about.key AS subject, about.since AS found_on,
  COLLECT { MATCH (p)<-[r:RESPONSIBLE_FOR]-(w) WHERE known(r)
    RETURN {label: CASE WHEN w:Cadre THEN 'Cadre' ELSE 'Department' END, key: coalesce(w.cadre_no, w.department_no),
      since: r.since, until: r.until, due: r.due}
    ORDER BY r.since, coalesce(w.cadre_no, ''), coalesce(w.department_no, '') } AS holders,
  COLLECT { MATCH (p)<-[f:FOUND]-(i:Inspection) WHERE known(f) RETURN i.inspection_no
    ORDER BY i.inspection_no } AS inspections
