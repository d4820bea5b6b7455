// 未销号问题 — Problems of an area, its households or people not closed on a day, with holder and due date.
// The problem of a household or person that has left the register is listed at the last location and still has to be
// closed.
// If several holders are responsible, the one with the earliest due date is returned. A problem is overdue if its due
// date is before the day.
// areas: ranges of codes; low, high: range that they span, for the index. overdue: only overdue problems; null for all.
// after: [problem].
// @params areas, low, high, asOf, seq, overdue, after, limit
// @returns problem_no, due, overdue, cadre_no, department_no, inspection_no
MATCH (a:Area)
WHERE within(a) AND a.recorded <= $seq
CALL (a) {
  MATCH (a)<-[b:ABOUT]-(p:Problem) WHERE holds(b) RETURN p
UNION
  WITH a
  MATCH (a)<-[l:LIVES_IN]-(h:Household)<-[b:ABOUT]-(p:Problem) WHERE part(last_home) AND holds(b) RETURN p
UNION
  WITH a
  MATCH (a)<-[l:LIVES_IN]-(h:Household)<-[m:MEMBER_OF]-(p:Person)<-[b:ABOUT]-(q:Problem)
    WHERE part(last_home) AND part(last_household) AND holds(b) RETURN q AS p
}
WITH DISTINCT p
WHERE p.problem_no > $after[0] AND EXISTS { MATCH (p)<-[:OF]-(s:ProblemState) WHERE known(s) AND unsettled(s) }
WITH p.problem_no AS problem_no,
  head(COLLECT { MATCH (p)<-[r:RESPONSIBLE_FOR]-(w) WHERE holds(r)
    RETURN {due: r.due, cadre_no: w.cadre_no, department_no: w.department_no}
    ORDER BY coalesce(r.due, 99991231), coalesce(w.cadre_no, ''), coalesce(w.department_no, '') LIMIT 1 }) AS owner,
  head(COLLECT { MATCH (p)<-[f:FOUND]-(i:Inspection) WHERE known(f) AND f.since <= $asOf RETURN i.inspection_no
    ORDER BY f.since DESC, i.inspection_no LIMIT 1 }) AS inspection_no
WITH problem_no, owner.due AS due, coalesce(owner.due < $asOf, false) AS overdue, owner.cadre_no AS cadre_no,
  owner.department_no AS department_no, inspection_no
WHERE $overdue IS NULL OR overdue = $overdue
WITH problem_no, due, overdue, cadre_no, department_no, inspection_no ORDER BY problem_no LIMIT $limit
RETURN problem_no, due, overdue, cadre_no, department_no, inspection_no
ORDER BY problem_no
