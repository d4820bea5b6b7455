// 资金去向 — All nodes that money of funds, banks, projects, operators or assets reaches on a day, down to assets.
// Each row has the facts from which the amounts are calculated.
// Money is followed over at most six stakes between operators, eight transfers between funds and four loans between
// banks.
// A row has kind, key and facts (see the part money_facts). The name of a node outside the scope is not returned.
// funds, banks, projects, operators ([label, code]), assets: keys of the nodes from which to trace. scope: ranges that
// the user may see; null for all.
// @params funds, banks, projects, operators, assets, scope, asOf, seq
// @returns kind, key, facts
CALL () {
  UNWIND $funds AS no
  MATCH (f:Fund {fund_no: no})-[passed:TRANSFERRED*0..8]->(g:Fund)
  WHERE f.recorded <= $seq AND all(t IN passed WHERE holds(t))
  RETURN collect(DISTINCT g.fund_no) AS funds
}
CALL (funds) {
  UNWIND funds AS no
  MATCH (g:Fund {fund_no: no})-[l:LENT]->(b:Bank)
  WHERE holds(l)
  RETURN collect(DISTINCT b.bank_no) AS lending
}
WITH funds, lending + [no IN $banks WHERE NOT no IN lending] AS lending
CALL (lending) {
  UNWIND lending AS no
  MATCH (g:Bank {bank_no: no})-[passed:LENT*0..4]->(b:Bank)
  WHERE all(t IN passed WHERE holds(t))
  RETURN collect(DISTINCT b.bank_no) AS banks
}
CALL (funds) {
  UNWIND funds AS no
  MATCH (g:Fund {fund_no: no})-[a:ALLOCATED]->(p:Project)
  WHERE holds(a)
  RETURN collect(DISTINCT p.project_no) AS paid
}
WITH funds, banks, paid + [no IN $projects WHERE NOT no IN paid] AS projects
CALL (funds, banks) {
  CALL (funds, banks) {
    UNWIND funds AS no
    MATCH (g:Fund {fund_no: no})-[l:INVESTED|LENT]->(o)
    WHERE holds(l) AND o.uscc IS NOT NULL
    RETURN o
  UNION
    UNWIND banks AS no
    MATCH (g:Bank {bank_no: no})-[l:INVESTED|LENT]->(o)
    WHERE holds(l) AND o.uscc IS NOT NULL
    RETURN o
  UNION
    UNWIND $operators AS operator
    MATCH (o:Enterprise {uscc: operator[1]})
    WHERE operator[0] = 'Enterprise'
    RETURN o
  UNION
    UNWIND $operators AS operator
    MATCH (o:Cooperative {uscc: operator[1]})
    WHERE operator[0] = 'Cooperative'
    RETURN o
  }
  MATCH (o)-[stakes:INVESTS_IN*0..6]-(b)
  WHERE all(i IN stakes WHERE holds(i))
  RETURN collect(DISTINCT [head(labels(b)), b.uscc]) AS operators
}
CALL (projects, operators) {
  CALL (projects, operators) {
    UNWIND projects AS no
    MATCH (:Project {project_no: no})-[m:FORMED]->(s:Asset)
    WHERE holds(m)
    RETURN s.asset_no AS no
  UNION
    UNWIND operators AS operator
    MATCH (:Enterprise {uscc: operator[1]})-[o:OWNS|OPERATES]->(s:Asset)
    WHERE operator[0] = 'Enterprise' AND holds(o)
    RETURN s.asset_no AS no
  UNION
    UNWIND operators AS operator
    MATCH (:Cooperative {uscc: operator[1]})-[o:OWNS|OPERATES]->(s:Asset)
    WHERE operator[0] = 'Cooperative' AND holds(o)
    RETURN s.asset_no AS no
  UNION
    UNWIND $assets AS no
    RETURN no
  }
  RETURN collect(DISTINCT no) AS assets
}
part(money_facts)
WITH kind, key, facts
RETURN kind, key, facts
ORDER BY kind, key
