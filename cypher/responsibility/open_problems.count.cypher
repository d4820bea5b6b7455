// 未销号问题数 — Number of problems about an area, its households or its people, and of those not closed on a day.
// The rules and parameters are those of open_problems.
// @params areas, low, high, asOf, seq, overdue
// @returns total, eligible
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
MATCH (p)<-[:OF]-(s:ProblemState)
WHERE known(s)
WITH unsettled(s) AS unsettled,
  coalesce(head(COLLECT { MATCH (p)<-[r:RESPONSIBLE_FOR]-() WHERE holds(r) RETURN r.due
    ORDER BY coalesce(r.due, 99991231) LIMIT 1 }) < $asOf, false) AS late
RETURN sum(CASE WHEN unsettled AND ($overdue IS NULL OR late = $overdue) THEN 1 ELSE 0 END) AS total,
  count(*) AS eligible
