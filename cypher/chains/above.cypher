// 资金来源 — All sources of money of some funds, banks, projects, operators or assets on a day.
// Each row has the facts from which the amounts are calculated.
// Money is followed over at most six stakes between operators, eight transfers between funds and four loans between
// banks.
// A row has kind, key and facts (see the part money_facts). The name of a node outside the scope is not returned.
// funds, banks, projects, operators ([label, code]), assets: keys of the nodes from which to trace back. scope: ranges
// that the user may see; null for all.
// @params funds, banks, projects, operators, assets, scope, asOf, seq
// @returns kind, key, facts
CALL () {
  UNWIND $assets AS no
  MATCH (s:Asset {asset_no: no})<-[m:FORMED]-(p:Project)
  WHERE holds(m)
  RETURN collect(DISTINCT p.project_no) AS formed
}
WITH formed + [no IN $projects WHERE NOT no IN formed] AS projects
CALL () {
  CALL () {
    UNWIND $assets AS no
    MATCH (s:Asset {asset_no: no})<-[m:OWNS|OPERATES]-(o)
    WHERE holds(m) AND o.uscc IS NOT NULL
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
    UNWIND projects AS no
    MATCH (:Project {project_no: no})-[m:FORMED]->(s:Asset)
    WHERE holds(m)
    RETURN s.asset_no AS no
  UNION
    UNWIND $assets AS no
    RETURN no
  }
  RETURN collect(DISTINCT no) AS assets
}
CALL (operators) {
  CALL (operators) {
    UNWIND operators AS operator
    MATCH (:Enterprise {uscc: operator[1]})<-[t:INVESTED|LENT]-(b:Bank)
    WHERE operator[0] = 'Enterprise' AND holds(t)
    RETURN b.bank_no AS no
  UNION
    UNWIND operators AS operator
    MATCH (:Cooperative {uscc: operator[1]})<-[t:INVESTED|LENT]-(b:Bank)
    WHERE operator[0] = 'Cooperative' AND holds(t)
    RETURN b.bank_no AS no
  UNION
    UNWIND $banks AS no
    RETURN no
  }
  RETURN collect(DISTINCT no) AS lending
}
CALL (lending) {
  UNWIND lending AS no
  MATCH (b:Bank {bank_no: no})<-[passed:LENT*0..4]-(g:Bank)
  WHERE all(t IN passed WHERE holds(t))
  RETURN collect(DISTINCT g.bank_no) AS banks
}
CALL (projects, operators, banks) {
  CALL (projects, operators, banks) {
    UNWIND projects AS no
    MATCH (:Project {project_no: no})<-[t:ALLOCATED]-(f:Fund)
    WHERE holds(t)
    RETURN f
  UNION
    UNWIND operators AS operator
    MATCH (:Enterprise {uscc: operator[1]})<-[t:INVESTED|LENT]-(f:Fund)
    WHERE operator[0] = 'Enterprise' AND holds(t)
    RETURN f
  UNION
    UNWIND operators AS operator
    MATCH (:Cooperative {uscc: operator[1]})<-[t:INVESTED|LENT]-(f:Fund)
    WHERE operator[0] = 'Cooperative' AND holds(t)
    RETURN f
  UNION
    UNWIND banks AS no
    MATCH (:Bank {bank_no: no})<-[t:LENT]-(f:Fund)
    WHERE holds(t)
    RETURN f
  UNION
    UNWIND $funds AS no
    MATCH (f:Fund {fund_no: no})
    WHERE f.recorded <= $seq
    RETURN f
  }
  MATCH (f)<-[passed:TRANSFERRED*0..8]-(g:Fund)
  WHERE all(t IN passed WHERE holds(t))
  RETURN collect(DISTINCT g.fund_no) AS funds
}
part(money_facts)
WITH kind, key, facts
RETURN kind, key, facts
ORDER BY kind, key
